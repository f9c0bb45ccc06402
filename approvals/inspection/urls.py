"""Addresses of the auditor's desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from approvals.inspection import flags

app_name = "inspection"
urlpatterns: list[URLPattern] = [
    path("flags/", flags.flags, name="flags"),
    path("flags/flags.csv", flags.flags_csv, name="flags-csv"),
    path("flags/<slug:code>/<slug:print>/", flags.flag, name="flag"),
]
