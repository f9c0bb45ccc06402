"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path

from approvals.public import data, pages, speaking

app_name = "public"
urlpatterns = [
    path("", pages.home, name="home"),
    path("notices.json", data.notices_json, name="notices-json"),
    path("notices/<slug:number>/", pages.notice, name="notice"),
    path("notices/<slug:number>/object/", speaking.objection, name="object"),
    path("supervision/", pages.supervision, name="supervision"),
    path("receipt/", speaking.receipt, name="receipt"),
    path("projects.csv", data.projects_csv, name="projects-csv"),
    path("projects.json", data.projects_json, name="projects-json"),
    path("projects/", pages.project_list, name="projects"),
    path("projects/<slug:number>.json", data.project_json, name="project-json"),
    path("projects/<slug:number>/", pages.project, name="project"),
    path("projects/<slug:number>/complain/", speaking.complaint, name="complain"),
    path("projects/<slug:number>/board.pdf", pages.sign_board, name="board"),
    path("projects/<slug:number>/pictures/<int:pk>.jpg", pages.picture, name="picture"),
]
