"""Addresses of the auditor's desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from approvals.inspection import asof, checks, dossier_pages, flags, overview, people, timeline, waiting

app_name = "inspection"
urlpatterns: list[URLPattern] = [
    path("", overview.overview, name="overview"),
    path("asof/", asof.listing, name="asof"),
    path("asof.csv", asof.download, name="asof-csv"),
    path("asof/money/", asof.money, name="asof-money"),
    path("asof/<int:case_id>/", asof.case, name="asof-case"),
    path("compare/<int:case_id>/", asof.two, name="compare"),
    path("checks/", checks.listing, name="checks"),
    path("checks.csv", checks.download, name="checks-export"),
    path("flags/", flags.flags, name="flags"),
    path("flags/flags.csv", flags.flags_csv, name="flags-csv"),
    path("flags/<slug:code>/<slug:print>/", flags.flag, name="flag"),
    path("timeline/<int:case_id>/", timeline.timeline, name="timeline"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("time/", waiting.time, name="time"),
    path("time/time.csv", waiting.time_csv, name="time-csv"),
    path("time/<slug:kind>/<slug:state>/", waiting.stage, name="time-stage"),
    path("time/<slug:kind>/<slug:state>/waits.csv", waiting.stage_csv, name="time-stage-csv"),
    path("cases/<int:pk>/dossier/", dossier_pages.dossier, name="dossier"),
    path("cases/<int:pk>/dossier.zip", dossier_pages.dossier_zip, name="dossier-zip"),
]
