"""Addresses of the auditor's pages."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from audit import access_pages, checkpoint_pages, saved_pages, views


class CaseConverter(IntConverter):
    """A case's number; chains that belong to no case have zero or a negative one."""

    regex = "-?[0-9]{1,18}"


register_converter(CaseConverter, "case")
app_name = "audit"

urlpatterns = [
    path("", views.search, name="search"),
    path("export.csv", views.download, name="export"),
    path("export/<slug:form_name>/", views.download, name="export-as"),
    path("saved/", saved_pages.save, name="saved-new"),
    path("saved/<int:search_id>/", saved_pages.change, name="saved-change"),
    path("saved/<int:search_id>/drop/", saved_pages.drop, name="saved-drop"),
    path("models/", views.models, name="models"),
    path("models/<slug:kind>.<slug:suffix>", views.model, name="model"),
    path("access/", access_pages.access, name="access"),
    path("access.csv", access_pages.download, name="access-export"),
    path("entries/<int:entry_id>/", views.entry, name="entry"),
    path("entries/<int:entry_id>/proof.json", checkpoint_pages.entry_proof, name="proof"),
    path("checkpoints/", checkpoint_pages.listing, name="checkpoints"),
    path("checkpoints/<int:size>/", checkpoint_pages.one, name="checkpoint"),
    path("checkpoints/<int:size>.txt", checkpoint_pages.note, name="checkpoint-note"),
    path("cases/<case:case_id>/", views.case, name="case"),
]
