"""Every address there is. No admin site: nothing may change a case but an act."""

from __future__ import annotations

from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

urlpatterns = [
    path("", include("approvals.urls")),
    path("audit/", include("audit.urls")),
    path("inspect/", include("approvals.inspection.urls")),
    path("p/", include("approvals.public.urls")),
    # Public pages set no cookie and so bring no token; whoever forges this request changes a language.
    path("language/", csrf_exempt(set_language), name="set_language"),
]
