"""The papers of a special audit, to print."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from approvals import audit_papers
from approvals.views.papers import case_paper
from workflows.models import SpecialAudit


@login_required
@require_safe
def notice_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice to serve on the auditee (审计通知书)."""
    return case_paper(request, pk, SpecialAudit, audit_papers.notice)


@login_required
@require_safe
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft for the auditee's reply (征求意见稿), or the report (审计报告); there is none before the draft."""
    return case_paper(request, pk, SpecialAudit, audit_papers.report)
