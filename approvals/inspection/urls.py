"""Addresses of the auditor's desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from approvals.inspection import dossier_pages

app_name = "inspection"
urlpatterns: list[URLPattern] = [
    path("cases/<int:pk>/dossier.zip", dossier_pages.dossier_zip, name="dossier"),
]
