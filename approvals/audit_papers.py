"""The papers of a special audit: the notice (审计通知书), the draft for reply (征求意见稿), the report (审计报告)."""

from __future__ import annotations

from approvals import papers
from approvals.case_papers import CasePaper, entry_of
from audit import journal
from workflows.flags import taken
from workflows.flags.verdicts import Verdict
from workflows.models import SpecialAudit
from workflows.states import SpecialAuditState as S

NOTICE, REPORT = "papers/audit_notice.html", "papers/audit_report.html"


class AuditPaper(CasePaper):
    """A paper of an audit."""

    __slots__ = ()

    @property
    def final(self) -> bool:
        """Whether it is the report and no draft."""
        return bool(self.case.state == S.REPORTED)

    @property
    def reason(self) -> str:
        """Why adopted red flags led to no finding, as it was said with the report."""
        data = journal.readable_facts(self.entry).get("data")
        return str(data.get("flags_reason", "")).strip() if isinstance(data, dict) else ""

    @property
    def passed_over(self) -> list[Verdict]:
        """The flags that had been adopted by then, and led to no finding."""
        return [one for one in taken.left(self.case.project_id) if one.at <= self.entry.happened_at]


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
    return AuditPaper(case=row, entry=entry_of(row, act))
