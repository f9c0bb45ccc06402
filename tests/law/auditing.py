"""A project under special audit, and how its audit is brought to each stage."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from approvals import auditing
from tests.law.stages import Stage
from workflows.models import AuditFinding, Case, SpecialAudit
from workflows.states import ProjectState as S


class UnderAudit(Stage):
    state = S.UNDER_AUDIT

    def notify(self) -> SpecialAudit:
        return auditing.send_notice(self.t)  # type: ignore[return-value]

    def come_on(self, day: dt.date) -> None:
        self.t.at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))

    def in_the_field(self) -> SpecialAudit:
        audit = self.notify()
        self.t.wait(14)
        self.t.do("begin_fieldwork", on=audit, seat="audit")
        return audit

    def sign(self, audit: Case, office: str) -> None:
        by = auditing.member(audit, office)
        self.t.do("sign_section", on=audit, seat=office, by=by, reason="未发现问题。", data=auditing.IN_ORDER)

    def drafted(self) -> SpecialAudit:
        audit = self.in_the_field()
        for office in ("audit", "finance", "discipline"):
            self.sign(audit, office)
        self.t.do("draft", on=audit, seat="audit", reason="送审稿", data={"audited_fen": 40_000_000})
        return audit

    def report(self, audit: Case) -> None:
        self.t.do("conclude", on=audit, seat="audit", reason="出具报告。")

    def find(self, audit: Case, office: str = "audit") -> AuditFinding:
        by = auditing.member(audit, office)
        self.t.do("record_finding", on=audit, seat=office, by=by, data=auditing.FINDING)
        return audit.typed().found[-1]  # type: ignore[attr-defined, no-any-return]

    def found(self) -> tuple[SpecialAudit, AuditFinding]:
        """A draft with one finding."""
        audit = self.in_the_field()
        finding = self.find(audit)
        auditing.sign_sections(self.t, audit)
        self.t.do("draft", on=audit, seat="audit", reason="送审稿", data={"audited_fen": 40_000_000})
        return audit, finding
