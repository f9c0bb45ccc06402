"""The dossier on a page: asked for, made by the worker, taken; the access log notes who took it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from approvals.inspection import requested
from approvals.views.common import officer, the_case
from audit.views import RIGHT, only_with, readers_only
from workflows import access
from workflows.models import Case

#: While it is waited for, the browser asks again by itself, without a script.
AGAIN_SECONDS = 3


@only_with(RIGHT, "GET", "HEAD", "POST")
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the dossier of a project is; by POST it is asked for."""
    project, at = _project(request, pk), timezone.now()
    if request.method == "POST":
        requested.ask(project, by=officer(request), at=at)
        return redirect("inspection:dossier", project.pk)
    last = requested.last_of(project)
    context: dict[str, object] = {"project": project, "last": last, "kept_days": requested.KEPT.days}
    if last is not None:
        context |= {"file": requested.file_of(last), "written": requested.written_bytes(last),
                    "idle": requested.idle(last, at=at)}  # fmt: skip
    answer = render(request, "inspection/dossier.html", context)
    if last is not None and last.under_way:
        answer["Refresh"] = str(AGAIN_SECONDS)
    return answer


@readers_only
def dossier_zip(request: HttpRequest, pk: int) -> FileResponse:
    """The one that was made last."""
    project = _project(request, pk)
    last = requested.last_of(project)
    file = requested.file_of(last) if last else None
    if file is None:
        raise Http404
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=f"dossier-{project.number}.zip", content_type="application/zip"
    )


def _project(request: HttpRequest, pk: int) -> Case:
    """The project that a case is or belongs to, for who reads the record and sees all of it.

    Raises:
        PermissionDenied: the reader does not see each of the project's cases; a dossier leaves none out.
    """
    case = the_case(request, pk)
    family = Case.objects.filter(pk=case.project_id) | Case.objects.filter(root_id=case.project_id)
    seen = access.visible(officer(request), at=timezone.now())
    if family.exclude(pk__in=seen.values("pk")).exists():
        raise PermissionDenied
    return Case.objects.get(pk=case.project_id)
