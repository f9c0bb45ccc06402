"""The order of a project's archive (卷内目录): which folder a paper or a sub-case belongs to."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from workflows.cases import Kind
from workflows.states import ProjectState


class Folder(TextChoices):
    """The folders, in the order of the road."""

    INITIATION = "initiation", pgettext_lazy("archive", "Initiation")
    APPROVAL = "approval", pgettext_lazy("archive", "Approval")
    NOTICE = "notice", pgettext_lazy("archive", "Public notice")
    TENDER = "tender", pgettext_lazy("archive", "Tender")
    CONTRACT = "contract", pgettext_lazy("archive", "Contract")
    PROGRESS = "progress", pgettext_lazy("archive", "Progress")
    CLAIM = "claim", pgettext_lazy("archive", "Reimbursement")
    AUDIT = "audit", pgettext_lazy("archive", "Audit")
    ACCEPTANCE = "acceptance", pgettext_lazy("archive", "Acceptance")
    RECTIFICATION = "rectification", pgettext_lazy("archive", "Rectification")


#: Where a sub-case and all its papers go.
OF_KIND: Final[dict[str, Folder]] = {
    Kind.NOTICE: Folder.NOTICE,
    Kind.TENDER: Folder.TENDER,
    Kind.MEASUREMENT: Folder.PROGRESS,
    Kind.CLAIM: Folder.CLAIM,
    Kind.HOUSEHOLD_BATCH: Folder.CLAIM,
    Kind.SPECIAL_AUDIT: Folder.AUDIT,
    Kind.ACCEPTANCE: Folder.ACCEPTANCE,
    Kind.RECTIFICATION: Folder.RECTIFICATION,
    Kind.COMPLAINT: Folder.RECTIFICATION,
    Kind.RED_FLAG: Folder.AUDIT,
    # It puts the record right.
    Kind.LATE_ENTRY: Folder.RECTIFICATION,
}

#: Where a paper of the project itself goes, by what it is.
OF_PAPER: Final[dict[str, Folder]] = {
    "application_form": Folder.INITIATION,
    "design_document": Folder.INITIATION,
    "filing_form": Folder.INITIATION,
    "village_resolution": Folder.INITIATION,
    "approval_document": Folder.APPROVAL,
    "evidence": Folder.NOTICE,
    "contract": Folder.CONTRACT,
    "warranty": Folder.CONTRACT,
    "completion_report": Folder.PROGRESS,
    "photos": Folder.PROGRESS,
    "claim_form": Folder.CLAIM,
    "invoice": Folder.CLAIM,
    "receipt_sheet": Folder.CLAIM,
    "settlement_report": Folder.CLAIM,
    "audit_report": Folder.AUDIT,
    "audit_reply": Folder.AUDIT,
    "acceptance_form": Folder.ACCEPTANCE,
    "handover_list": Folder.ACCEPTANCE,
    "rectification_report": Folder.RECTIFICATION,
}

#: Where any other paper of the project goes, by where the project stood; before the plan is issued, the first.
OF_STATE: Final[dict[str, Folder]] = {
    ProjectState.APPROVED: Folder.APPROVAL,
    ProjectState.PROCURING: Folder.TENDER,
    ProjectState.CONTRACTED: Folder.CONTRACT,
    ProjectState.BUILDING: Folder.PROGRESS,
    ProjectState.SUSPENDED: Folder.PROGRESS,
    ProjectState.COMPLETED: Folder.PROGRESS,
    ProjectState.UNDER_AUDIT: Folder.AUDIT,
    ProjectState.UNDER_ACCEPTANCE: Folder.ACCEPTANCE,
    ProjectState.ACCEPTED: Folder.ACCEPTANCE,
    ProjectState.HANDED_OVER: Folder.ACCEPTANCE,
    ProjectState.CLOSED: Folder.ACCEPTANCE,
    ProjectState.RECTIFYING: Folder.RECTIFICATION,
}


def folder(*, kind: str, paper: str, state: str) -> Folder:
    """The folder of a paper that an act attached: to a case of that kind, which then stood in that state."""
    if kind == Kind.TENDER and paper == "contract":
        return Folder.CONTRACT
    return OF_KIND.get(kind) or OF_PAPER.get(paper) or OF_STATE.get(state, Folder.INITIATION)
