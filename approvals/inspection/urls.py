"""Addresses of the auditor's desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from approvals.inspection import checks

app_name = "inspection"
urlpatterns: list[URLPattern] = [
    path("checks/", checks.listing, name="checks"),
    path("checks.csv", checks.download, name="checks-export"),
]
