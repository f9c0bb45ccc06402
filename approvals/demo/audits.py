"""Special audits that lie half done in the demo county, by acts as every other."""

from __future__ import annotations

from approvals import auditing, ordering
from approvals.traveller import Traveller

#: Halts: the notice is out; findings and sections; the draft lies with the auditee; it has replied; findings are open.
HALTS = ("notified", "fieldwork", "drafted", "replied", "reported", "followed")


def leave(t: Traveller, *, halt: str) -> None:
    """Audit the project where it stands, and leave the audit at a halt."""
    if halt == "notified":
        auditing.send_notice(t)
        return
    audit = auditing.thorough(t, until="reported" if halt == "followed" else halt)
    if halt != "followed":
        return
    first, second = audit.typed().unsettled  # type: ignore[attr-defined]
    t.wait(1)
    ordering.rectify(t, seat="audit", origin="audit", found_in=audit.pk, audit_finding_id=first.pk)
    auditing.refer(t, audit, finding=second.pk)
