"""The papers of a special audit, to print."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from approvals import audit_papers, papers
from approvals.views.common import the_case
from workflows.models import SpecialAudit


@login_required
@require_safe
def notice_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice to serve on the auditee (审计通知书)."""
    return _paper(request, pk, audit_papers.notice)


@login_required
@require_safe
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft for the auditee's reply (征求意见稿), or the report (审计报告); there is none before the draft."""
    return _paper(request, pk, audit_papers.report)


def _paper(request: HttpRequest, pk: int, make: Callable[[SpecialAudit], bytes]) -> HttpResponse:
    row = the_case(request, pk)
    if not isinstance(row, SpecialAudit):
        raise Http404
    try:
        content = make(row)
    except LookupError as missing:
        raise Http404 from missing
    except papers.NoGlyph as lacking:
        messages.error(request, str(lacking))
        return redirect("case", pk)
    name = f'inline; filename="{make.__name__}-{row.number}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})
