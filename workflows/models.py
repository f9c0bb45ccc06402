"""All tables of the law, for Django."""

from __future__ import annotations

from workflows.cases import Attachment, Case, Opinion
from workflows.criticism import Criticism
from workflows.editions import County, Edition
from workflows.held import HeldTerm
from workflows.household.rows import HouseholdLine, LineObjection, PaidMonth
from workflows.lapses import Lapse
from workflows.lifecycles import (
    Acceptance,
    AuditFinding,
    AuditMember,
    AuditSample,
    AuditSection,
    BudgetLine,
    Claim,
    Complaint,
    Evidence,
    FindingFile,
    HouseholdBatch,
    Invoice,
    LateEntry,
    MeasuredLine,
    Measurement,
    Notice,
    Objection,
    Project,
    Rectification,
    RectificationItem,
    RedFlag,
    SpecialAudit,
    Tender,
)
from workflows.offices import Area, Delegation, Person, Post, Unit
from workflows.payments.runs import PaymentFile, PaymentLine
from workflows.planning import PlanItem
from workflows.register import Register

__all__ = [
    "Acceptance",
    "Area",
    "Attachment",
    "AuditFinding",
    "AuditMember",
    "AuditSample",
    "AuditSection",
    "BudgetLine",
    "Case",
    "Claim",
    "Complaint",
    "County",
    "Criticism",
    "Delegation",
    "Edition",
    "Evidence",
    "FindingFile",
    "HeldTerm",
    "HouseholdBatch",
    "HouseholdLine",
    "Invoice",
    "Lapse",
    "LateEntry",
    "LineObjection",
    "MeasuredLine",
    "Measurement",
    "Notice",
    "Objection",
    "Opinion",
    "PaidMonth",
    "PaymentFile",
    "PaymentLine",
    "Person",
    "PlanItem",
    "Post",
    "Project",
    "Rectification",
    "RectificationItem",
    "RedFlag",
    "Register",
    "SpecialAudit",
    "Tender",
    "Unit",
]
