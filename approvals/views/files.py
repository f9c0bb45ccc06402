"""Papers leave the store only as downloads, and only to those who may see the case."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.views.common import the_case
from workflows import files


@login_required
@require_safe
def download(request: HttpRequest, pk: int, attachment: int) -> FileResponse:
    """The bytes as they were handed in."""
    case = the_case(request, pk)
    paper = get_object_or_404(case.attachments, pk=attachment)
    path = files.path_of(paper.sha256)
    if not path.exists():
        raise Http404(_("The file is not in the store."))
    response = FileResponse(path.open("rb"), as_attachment=True, filename=paper.name, content_type=paper.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
