"""An order that follows from a finding of a special audit begins with what the finding says."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from workflows import addressees, vacancy
from workflows.models import AuditFinding, Case


def order_to(project: Case, start: dict[str, Any]) -> dict[str, Any]:
    """What the form of an order starts with: whoever likely bears the failing, and who answers for that unit."""
    able = addressees.candidates(project)
    unit = addressees.responsible(project, able, finding=start.get("finding", ""))
    held = vacancy.manned(timezone.localdate()).filter(unit=unit).order_by("-id")
    post = held.values_list("pk", flat=True).first()
    return {"addressee_id": unit.pk, "accountable_post_id": post} | start


def ordered_by_finding(project: Case, number: int) -> dict[str, Any]:
    """What the form of the order starts with; nothing where the finding is not open on this project."""
    rows = AuditFinding.objects.filter(AuditFinding.left_open(), pk=number, audit__root=project.pk)
    finding = rows.first()
    if finding is None:
        return {}
    return {
        "finding": finding.finding, "origin": "audit", "found_in": finding.audit_id, "audit_finding_id": finding.pk,
        "breach": finding.facts[:200], "items": [{"demand": "", "article": finding.article}],
    }  # fmt: skip
