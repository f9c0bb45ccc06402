"""The dossier as a download; that it was taken is noted in the access log like every file that leaves."""

from __future__ import annotations

from tempfile import TemporaryFile

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone

from approvals.inspection import dossier
from approvals.views.common import officer, the_case
from audit.views import readers_only
from workflows import access
from workflows.models import Case


@readers_only
def dossier_zip(request: HttpRequest, pk: int) -> FileResponse:
    """The dossier of the project that a case is or belongs to, for who reads the record and sees all of it.

    Raises:
        PermissionDenied: the reader does not see each of the project's cases; a dossier leaves none out.
    """
    case = the_case(request, pk)
    family = Case.objects.filter(pk=case.project_id) | Case.objects.filter(root_id=case.project_id)
    seen = access.visible(officer(request), at=timezone.now())
    if family.exclude(pk__in=seen.values("pk")).exists():
        raise PermissionDenied
    # Written to the disk first: a download never breaks off in the middle because of what is in it.
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        made = dossier.write(case.project_id, out)
    except dossier.NoSuchProject as error:
        out.close()
        raise Http404 from error
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"dossier-{made.number}.zip", content_type="application/zip")
