"""An order that follows from a finding of a special audit begins with what the finding says."""

from __future__ import annotations

from typing import Any

from workflows.models import AuditFinding, Case


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
