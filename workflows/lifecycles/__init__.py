"""The machines, one lifecycle a file; here they are listed by kind."""

from __future__ import annotations

from functools import cache
from typing import Any

from workflows.cases import Case
from workflows.law import Act
from workflows.lifecycles.acceptance import Acceptance
from workflows.lifecycles.audit_rows import AuditFinding, AuditMember, AuditSample, AuditSection, FindingFile
from workflows.lifecycles.claim import Claim
from workflows.lifecycles.complaint import Complaint
from workflows.lifecycles.household import HouseholdBatch
from workflows.lifecycles.late_entry import LateEntry
from workflows.lifecycles.measurement import MeasuredLine, Measurement
from workflows.lifecycles.notice import Notice
from workflows.lifecycles.notice_rows import Evidence, Objection
from workflows.lifecycles.project import BudgetLine, Project
from workflows.lifecycles.rectification import Rectification
from workflows.lifecycles.rectification_rows import ItemEvidence, RectificationItem
from workflows.lifecycles.red_flag import RedFlag
from workflows.lifecycles.special_audit import SpecialAudit
from workflows.lifecycles.tender import Tender
from workflows.lifecycles.vouchers import Invoice

__all__ = [
    "KINDS",
    "Acceptance",
    "AuditFinding",
    "AuditMember",
    "AuditSample",
    "AuditSection",
    "BudgetLine",
    "Claim",
    "Complaint",
    "Evidence",
    "FindingFile",
    "HouseholdBatch",
    "Invoice",
    "ItemEvidence",
    "LateEntry",
    "MeasuredLine",
    "Measurement",
    "Notice",
    "Objection",
    "Project",
    "Rectification",
    "RectificationItem",
    "RedFlag",
    "SpecialAudit",
    "Tender",
    "all_acts",
    "spec_of",
]

#: kind -> its machine, in the order of the road.
KINDS: dict[str, type[Case]] = {
    "project": Project,
    "notice": Notice,
    "tender": Tender,
    "measurement": Measurement,
    "claim": Claim,
    "household_batch": HouseholdBatch,
    "special_audit": SpecialAudit,
    "acceptance": Acceptance,
    "rectification": Rectification,
    "complaint": Complaint,
    "red_flag": RedFlag,
    "late_entry": LateEntry,
}


def spec_of(kind: type[Case], name: str) -> Act:
    """The act ``name`` of a machine.

    Raises:
        LookupError: the machine has no such act.
    """
    meta = _transitions(kind).get(name)
    if meta is None:
        raise LookupError(f"{kind.__name__} has no act {name}")
    act: Act = meta.custom["act"]
    return act


def all_acts(kind: type[Case]) -> list[Act]:
    """The acts of a machine, each once, in the order they are written in its file."""
    return [meta.custom["act"] for meta in _transitions(kind).values()]


@cache
def _transitions(kind: type[Case]) -> dict[str, Any]:
    """Act name -> one of its transitions, in the order of the class body."""
    found: dict[str, Any] = {}
    for layer in reversed(kind.__mro__):
        for name, method in vars(layer).items():
            meta = getattr(method, "_django_fsm", None)
            if meta is not None:
                found[name] = next(iter(meta.transitions.values()))
    return found
