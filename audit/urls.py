"""Addresses of the auditor's pages."""

from __future__ import annotations

from django.urls import path

from audit import views

app_name = "audit"

urlpatterns = [
    path("", views.search, name="search"),
    path("export.csv", views.download, name="export"),
    path("entries/<int:entry_id>/", views.entry, name="entry"),
    path("cases/<int:case_id>/", views.case, name="case"),
]
