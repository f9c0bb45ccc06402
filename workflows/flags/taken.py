"""Which finding of a special audit took an adopted flag up, and which flags no finding has taken up yet."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.flags.verdicts import Verdict, adopted_flags
from workflows.lifecycles.audit_rows import AuditFinding


def taken_up(roots: Iterable[int]) -> dict[str, AuditFinding]:
    """The findings that stand, by the number of the flag that each took up."""
    rows = AuditFinding.objects.filter(audit__root__in=roots, withdrawn_at=None).exclude(flag_number="")
    return {one.flag_number: one for one in rows.select_related("audit")}


def left(root_id: int) -> list[Verdict]:
    """The flags adopted on a project that no finding has taken up, or whose finding was withdrawn."""
    taken = taken_up([root_id])
    return [one for one in adopted_flags(root_id) if one.case_number not in taken]
