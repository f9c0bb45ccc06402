"""The sign-board of a project for the officers who put it up; everybody finds the same one on the public site."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from approvals import papers
from approvals.public import board
from approvals.public.pages import pdf
from approvals.views.common import the_case
from workflows.models import Project


@login_required
@require_safe
def board_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The board of a project that the reader may see, also before it is public."""
    row = the_case(request, pk)
    if not isinstance(row, Project):
        raise Http404
    try:
        content = board.paper(row)
    except papers.NoGlyph as lacking:
        messages.error(request, str(lacking))
        return redirect("case", pk)
    return pdf(content, row.number or "")
