"""The closed vocabularies of a rulebook.

A code that is not listed here is refused with the line it stands on: a misspelt office or
paper would otherwise be a rule that silently never applies.
"""

from __future__ import annotations

from typing import Literal, get_args

ReviewLevel = Literal["township", "joint", "leading_group"]
JointOffice = Literal["programme", "finance", "department"]
AuditOffice = Literal["audit", "finance", "discipline"]
AcceptanceLevel = Literal["implementer", "village", "township", "county"]
Approver = Literal["leading_group", "programme", "finance", "original_approver"]
EmptyLineOffice = Literal["secadmin", "sysadmin"]
#: Who supervises an office that has nobody above it.
Supervisor = Literal["discipline", "audit"]
DayKind = Literal["calendar", "working"]
Kind = Literal["works", "goods", "services"]
Route = Literal["open_tender", "negotiation", "inquiry", "capable_firm", "direct_contract", "self_build"]
#: In the order of the road; audit and acceptance as the county orders them.
Trigger = Literal[
    "plan_issued",
    "self_raised",
    "contract",
    "quantity",
    "near_completion",
    "completed",
    "township_checked",
    "audited",
    "accepted",
    "papers_filed",
]
Base = Literal["grant", "plan", "contract", "audited"]
Check = Literal["special_audit", "acceptance"]
#: Acts that may wait for the findings of an audit.
FindingsGate = Literal["project.pass_acceptance", "project.close"]
#: "repair": released when no defect showed, otherwise spent on the repair.
Then = Literal["release", "repair"]

NoticeKind = Literal["village_entry", "township_entry", "plan", "allocation", "contractor", "claim", "acceptance",
                     "household"]  # fmt: skip
#: What a notice must say; the engine fills each in from the case.
NoticeField = Literal[
    "title",
    "location",
    "task",
    "standard",
    "amount",
    "sources",
    "term",
    "unit",
    "responsible",
    "benefit",
    "procurement",
    "contractor",
    "price",
    "payee",
    "result",
    "households",
    "hotline",
    "address",
]
Place = Literal["county_site", "township_board", "village_board", "site_board", "media"]

Paper = Literal[
    "acceptance_form",
    "application_form",
    "approval_document",
    "audit_report",
    "claim_form",
    "completion_report",
    "contract",
    "design_document",
    "filing_form",
    "handover_list",
    "invoice",
    "photos",
    "receipt_sheet",
    "rectification_report",
    "settlement_report",
    "village_resolution",
    "warranty",
]

Act = Literal[
    "project.file",
    "project.pass_township",
    "project.sign_joint",
    "project.admit",
    "project.approve",
    "project.start_procurement",
    "project.sign_contract",
    "project.start",
    "project.complete",
    "project.hand_over",
    "project.close",
    "notice.ask_waiver",
    "notice.grant_waiver",
    "measurement.submit",
    "measurement.sign_off",
    "claim.submit",
    "claim.check_township",
    "claim.approve_department",
    "claim.approve_finance",
    "claim.pay",
    "claim.correct_payee",
    "household_batch.submit",
    "household_batch.check_township",
    "household_batch.approve_department",
    "household_batch.check_finance",
    "household_batch.pay",
    "household_batch.correct_account",
    "household_batch.record_receipts",
    "household_batch.close",
    "special_audit.sign_section",
    "special_audit.conclude",
    "acceptance.conclude",
    "rectification.open",
    "rectification.submit",
    "rectification.verify",
]

#: What a subsidy to households is counted by, and how often it is due.
PerUnit = Literal["person", "household", "mu", "head"]
Every = Literal["month", "once"]

#: What passing a term brings; each includes the ones before it, but an automatic act ends the wait.
Effect = Literal["none", "remind", "escalate", "criticise", "freeze", "automatic"]

#: States with a term: those of a project, a claim and a household batch by name, the others' with their kind.
TimedState = Literal[
    "filed",
    "joint_review",
    "pipeline",
    "on_notice",
    "approved",
    "procuring",
    "contracted",
    "building",
    "completed",
    "under_audit",
    "under_acceptance",
    "accepted",
    "handed_over",
    "returned",
    "submitted",
    "township_checked",
    "department_approved",
    "finance_approved",
    "rectifying",
    "suspended",
    "paying",
    "payment_failed",
    "handing_out",
    "notice.prepared",
    "tender.prepared",
    "tender.opened",
    "tender.ranked",
    "measurement.returned",
    "special_audit.notified",
    "special_audit.fieldwork",
    "acceptance.requested",
    "acceptance.lower_passed",
    "rectification.submitted",
    "red_flag.raised",
]

KINDS: tuple[Kind, ...] = get_args(Kind)
CHECKS: tuple[Check, ...] = get_args(Check)
TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)
#: Triggers that come by degrees; the others come or do not.
TRIGGERS_BY_DEGREE: tuple[Trigger, ...] = ("self_raised", "quantity")
#: Units that come in whole numbers only; land does not.
WHOLE_UNITS: tuple[PerUnit, ...] = ("person", "household", "head")
TIMED_STATES: tuple[TimedState, ...] = get_args(TimedState)
