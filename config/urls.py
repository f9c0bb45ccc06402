"""Every address there is. No admin site: nothing may change a case but an act."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("approvals.urls")),
    path("audit/", include("audit.urls")),
    path("p/", include("approvals.public.urls")),
    path("language/", set_language, name="set_language"),
]
