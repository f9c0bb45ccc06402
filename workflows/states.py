"""Where a case may stand: the states of every machine, in the order of the road.

A state is a noun; the public sees :data:`PUBLIC_WORDS` instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _


class ProjectState(TextChoices):
    """A project, from the village's application to the archive."""

    DRAFT = "draft", _("Draft")
    FILED = "filed", _("Filed, township review")
    JOINT_REVIEW = "joint_review", _("Joint review")
    PIPELINE = "pipeline", _("Pipeline entry")
    ON_NOTICE = "on_notice", _("On public notice")
    APPROVED = "approved", _("Approved, plan issued")
    PROCURING = "procuring", _("Procuring")
    CONTRACTED = "contracted", _("Contracted")
    BUILDING = "building", _("Building")
    COMPLETED = "completed", _("Completed")
    UNDER_AUDIT = "under_audit", _("Under special audit")
    UNDER_ACCEPTANCE = "under_acceptance", _("Under acceptance")
    ACCEPTED = "accepted", _("Accepted")
    HANDED_OVER = "handed_over", _("Handed over")
    CLOSED = "closed", _("Closed")
    RETURNED = "returned", _("Returned for correction")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REJECTED = "rejected", _("Rejected")
    SUSPENDED = "suspended", _("Suspended")
    RECTIFYING = "rectifying", _("Rectifying")
    TERMINATED = "terminated", _("Terminated")


class NoticeState(TextChoices):
    """A public notice (公示)."""

    PREPARED = "prepared", _("Prepared")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed, term run")
    VOID = "void", _("Void, objection upheld")


class TenderState(TextChoices):
    """A procurement of one project (招标采购)."""

    PREPARED = "prepared", _("Prepared")
    ISSUED = "issued", _("Documents issued")
    OPENED = "opened", _("Bids opened")
    RANKED = "ranked", _("Candidates on notice")
    AWARDED = "awarded", _("Awarded")
    CLOSED = "closed", _("Contract agreed")
    FAILED = "failed", _("Failed")


class MeasurementState(TextChoices):
    """A measurement of the works (工程计量)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted, to be signed")
    SIGNED = "signed", _("Signed")
    RETURNED = "returned", _("Returned for correction")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ClaimState(TextChoices):
    """A claim for reimbursement (报账)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted, township check")
    TOWNSHIP_CHECKED = "township_checked", _("Township checked")
    DEPARTMENT_APPROVED = "department_approved", _("Department approved")
    FINANCE_APPROVED = "finance_approved", _("Finance approved")
    PAYING = "paying", _("Payment ordered")
    PAID = "paid", _("Paid")
    PAYMENT_FAILED = "payment_failed", _("Returned by the bank")
    RETURNED = "returned", _("Returned for correction")
    REJECTED = "rejected", _("Rejected")


class HouseholdBatchState(TextChoices):
    """A list of households that are paid or given something (一卡通)."""

    DRAFT = "draft", _("Draft")
    ON_NOTICE = "on_notice", _("On village notice")
    SUBMITTED = "submitted", _("Submitted, township check")
    TOWNSHIP_CHECKED = "township_checked", _("Township checked")
    DEPARTMENT_APPROVED = "department_approved", _("Department approved")
    FINANCE_APPROVED = "finance_approved", _("Finance checked")
    PAYING = "paying", _("Payment ordered")
    PAYMENT_FAILED = "payment_failed", _("Returned by the bank")
    HANDING_OUT = "handing_out", _("Handing out goods")
    PAID = "paid", _("Paid")
    RETURNED = "returned", _("Returned for correction")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REJECTED = "rejected", _("Rejected")


class SpecialAuditState(TextChoices):
    """The special audit of one completed project (专项审计)."""

    NOTIFIED = "notified", _("Notified")
    FIELDWORK = "fieldwork", _("Fieldwork")
    DRAFTED = "drafted", _("Draft report, auditee's reply")
    REPORTED = "reported", _("Reported")


class AcceptanceState(TextChoices):
    """The acceptance of one completed project (检查验收)."""

    REQUESTED = "requested", _("Requested")
    LOWER_PASSED = "lower_passed", _("Lower level passed")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")


class RectificationState(TextChoices):
    """A rectification order (限期整改)."""

    ISSUED = "issued", _("Issued")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged, being rectified")
    SUBMITTED = "submitted", _("Evidence submitted")
    VERIFIED = "verified", _("Verified, closed out")


class ComplaintState(TextChoices):
    """A complaint about a project (投诉举报)."""

    RECEIVED = "received", _("Received")
    INVESTIGATING = "investigating", _("Taken up, being investigated")
    ANSWERED = "answered", _("Answered")
    DECLINED = "declined", _("Not taken up")
    REFERRED = "referred", _("Referred")


class RedFlagState(TextChoices):
    """An auditor's word on a red flag."""

    RAISED = "raised", _("Being judged")
    DISMISSED = "dismissed", _("Dismissed")
    ADOPTED = "adopted", _("Adopted")


class LateEntryState(TextChoices):
    """A request to enter an act afterwards (补录)."""

    ASKED = "asked", _("Waiting for approval")
    APPROVED = "approved", _("Approved, to be entered")
    ENTERED = "entered", _("Entered afterwards")
    REFUSED = "refused", _("Late entry refused")
    LAPSED = "lapsed", _("Lapsed")


#: kind of case -> its states. The CHECK on the case table is made of this.
STATES: dict[str, type[TextChoices]] = {
    "project": ProjectState,
    "notice": NoticeState,
    "tender": TenderState,
    "measurement": MeasurementState,
    "claim": ClaimState,
    "household_batch": HouseholdBatchState,
    "special_audit": SpecialAuditState,
    "acceptance": AcceptanceState,
    "rectification": RectificationState,
    "complaint": ComplaintState,
    "red_flag": RedFlagState,
    "late_entry": LateEntryState,
}

_P = ProjectState

#: What the villager reads: a few plain words for the whole road, each under its code.
PUBLIC_STATES = {
    "preparing": (_("Being prepared"), (_P.DRAFT, _P.FILED, _P.JOINT_REVIEW, _P.PIPELINE, _P.RETURNED)),
    "on_notice": (_("On notice"), (_P.ON_NOTICE,)),
    "under_way": (_("Under way"), (_P.APPROVED, _P.PROCURING, _P.CONTRACTED, _P.BUILDING, _P.COMPLETED,
                                   _P.UNDER_AUDIT, _P.UNDER_ACCEPTANCE, _P.RECTIFYING, _P.SUSPENDED)),
    "finished": (_("Finished"), (_P.ACCEPTED, _P.HANDED_OVER, _P.CLOSED)),
    "stopped": (_("Stopped"), (_P.WITHDRAWN, _P.REJECTED, _P.TERMINATED)),
}  # fmt: skip
PUBLIC_WORDS = dict(PUBLIC_STATES.values())

#: A project under review, and whence it can be returned to an earlier stage.
REVIEWING = (_P.FILED, _P.JOINT_REVIEW, _P.PIPELINE)
RETURNABLE = (*REVIEWING, _P.ON_NOTICE)

#: States in which nothing is waiting for anybody.
ENDS: dict[str, frozenset[str]] = {
    "project": frozenset({_P.CLOSED, _P.WITHDRAWN, _P.REJECTED, _P.TERMINATED}),
    "notice": frozenset({NoticeState.CLOSED, NoticeState.VOID}),
    "tender": frozenset({TenderState.CLOSED, TenderState.FAILED}),
    "measurement": frozenset({MeasurementState.SIGNED, MeasurementState.WITHDRAWN}),
    "claim": frozenset({ClaimState.PAID, ClaimState.REJECTED}),
    "household_batch": frozenset(
        {HouseholdBatchState.PAID, HouseholdBatchState.WITHDRAWN, HouseholdBatchState.REJECTED}
    ),
    "special_audit": frozenset({SpecialAuditState.REPORTED}),
    "acceptance": frozenset({AcceptanceState.PASSED, AcceptanceState.FAILED}),
    "rectification": frozenset({RectificationState.VERIFIED}),
    "complaint": frozenset({ComplaintState.ANSWERED, ComplaintState.DECLINED, ComplaintState.REFERRED}),
    "red_flag": frozenset({RedFlagState.DISMISSED, RedFlagState.ADOPTED}),
    "late_entry": frozenset({LateEntryState.ENTERED, LateEntryState.REFUSED, LateEntryState.LAPSED}),
}


def label(kind: str, state: str) -> str:
    """The state's name in the reader's language; an unknown state is shown as it stands."""
    try:
        return str(STATES[kind](state).label)
    except (KeyError, ValueError):
        return state


def ended() -> Q:
    """The condition that a case has come to its end, of whichever kind it is."""
    return _in(ENDS)


def running() -> Q:
    """The condition that a case has not come to its end: by states, so that an index of them leaves out the ended."""
    return _in({kind: sorted({*states.values} - {*ENDS[kind]}) for kind, states in STATES.items()})


def known() -> Q:
    """The condition that a case's state is one of its kind's machine."""
    return _in({kind: states.values for kind, states in STATES.items()})


def _in(wanted: Mapping[str, Collection[str]]) -> Q:
    """The condition that a case is in one of the states wanted of its kind."""
    found = Q()
    for kind, states in wanted.items():
        found |= Q(kind=kind, state__in=states)
    return found
