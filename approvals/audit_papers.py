"""The papers of a special audit: the notice (审计通知书), the draft for reply (征求意见稿), the report (审计报告)."""

from __future__ import annotations

from dataclasses import dataclass

from approvals import papers
from approvals.addresses import absolute
from audit.models import Entry
from audit.qr import drawing
from workflows.models import SpecialAudit
from workflows.states import SpecialAuditState as S

NOTICE, REPORT = "papers/audit_notice.html", "papers/audit_report.html"


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditPaper:
    """What a paper of an audit is made of: the row, and the entry by which it went out."""

    audit: SpecialAudit
    entry: Entry
    address: str

    @property
    def final(self) -> bool:
        """Whether it is the report and no draft."""
        return bool(self.audit.state == S.REPORTED)

    @property
    def number(self) -> str:
        """What runs along the head of its pages."""
        return self.audit.number or ""

    @property
    def qr(self) -> str:
        """The way to the audit's page, as a drawing."""
        return drawing(self.address)


def notice(row: SpecialAudit) -> bytes:
    """The notice as it is served on the auditee, with the team as it is now.

    Raises:
        papers.NoGlyph: it has a character that cannot be printed.
    """
    return papers.pdf(NOTICE, {"paper": _paper(row, "open")})


def report(row: SpecialAudit) -> bytes:
    """The draft while the auditee may reply, the report once it is issued.

    Raises:
        LookupError: there is no draft yet.
        papers.NoGlyph: it has a character that cannot be printed.
    """
    if row.state not in (S.DRAFTED, S.REPORTED):
        raise LookupError(f"{row.number} has no draft")
    return papers.pdf(REPORT, {"paper": _paper(row, "conclude" if row.state == S.REPORTED else "draft")})


def _paper(row: SpecialAudit, act: str) -> AuditPaper:
    entry = Entry.objects.filter(case_id=row.pk, act=f"special_audit.{act}").latest("seq")
    return AuditPaper(audit=row, entry=entry, address=absolute("case", row.pk))
