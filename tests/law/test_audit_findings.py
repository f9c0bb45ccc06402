"""A special audit from its draft on: reply, response, report, and what each finding leads to."""

from __future__ import annotations

from typing import Any

from approvals import auditing, ordering, stops
from approvals.demo.sheets import sheet
from tests.law.auditing import UnderAudit
from tests.law.stages import refused_by
from workflows.models import AuditFinding, Case, Rectification, SpecialAudit
from workflows.states import SpecialAuditState


class FromTheDraftOn(UnderAudit):
    @refused_by("A-05")
    def test_a_report_before_the_auditee_has_replied(self) -> None:
        self.report(self.drafted())

    @refused_by("A-05")
    def test_a_report_on_the_last_day_of_the_reply(self) -> None:
        audit = self.drafted()
        due = audit.typed().due_at
        assert due is not None
        self.t.at = due - self.t.pace
        self.report(audit)

    def test_a_report_on_the_day_after_silence(self) -> None:
        audit = self.drafted()
        due = audit.typed().due_at
        assert due is not None
        self.t.at = due
        self.report(audit)
        assert audit.typed().state == SpecialAuditState.REPORTED

    def test_a_report_right_after_the_reply(self) -> None:
        audit = self.drafted()
        self.t.do("answer", on=audit, seat="village", reason="无异议。")
        self.report(audit)
        assert audit.typed().state == SpecialAuditState.REPORTED

    # The reply

    def reply(self, audit: Case, **replies: Any) -> None:
        self.t.do("answer", on=audit, seat="village", reason="有异议。", data=replies)

    @refused_by("A-11")
    def test_a_second_reply(self) -> None:
        audit = self.drafted()
        self.reply(audit)
        self.reply(audit)

    @refused_by("A-10")
    def test_a_reply_after_its_term(self) -> None:
        audit = self.drafted()
        auditing.wait_for_silence(self.t)
        self.reply(audit)

    @refused_by("A-12")
    def test_an_answer_to_a_finding_that_the_draft_does_not_have(self) -> None:
        self.reply(self.drafted(), replies={0: "不实。"})

    @refused_by("A-27")
    def test_a_file_for_a_finding_that_the_draft_does_not_have(self) -> None:
        paper = sheet(name="证明", lines=("证明",))
        self.t.do("support", on=self.drafted(), seat="village", data={"finding_id": 0}, files=[paper])

    @refused_by("A-13")
    def test_a_response_to_no_reply(self) -> None:
        self.t.do("respond", on=self.drafted(), seat="audit", reason="采纳。", data={"responses": {}})

    @refused_by("A-14")
    def test_an_answer_turned_down_without_grounds(self) -> None:
        audit, finding = self.found()
        self.reply(audit, replies={finding.pk: "不实。"})
        self.t.do("respond", on=audit, seat="audit", reason="不采纳。", data={"responses": {finding.pk: "rejected"}})

    @refused_by("A-15")
    def test_a_report_that_passes_over_an_answer(self) -> None:
        audit, finding = self.found()
        self.reply(audit, replies={finding.pk: "不实。"})
        self.report(audit)

    # After the report

    def reported(self) -> tuple[SpecialAudit, AuditFinding]:
        audit, finding = self.found()
        auditing.wait_for_silence(self.t)
        self.report(audit)
        return audit, finding

    def settle(self, audit: Case, finding: int, **outcome: Any) -> None:
        self.t.do("settle_finding", on=audit, seat="audit", reason="研究决定。", data={"finding_id": finding} | outcome)

    @refused_by("A-19")
    def test_a_finding_settled_twice(self) -> None:
        audit, finding = self.reported()
        self.settle(audit, finding.pk, outcome="nothing")
        self.settle(audit, finding.pk, outcome="nothing")

    @refused_by("A-20")
    def test_a_referral_to_nobody(self) -> None:
        audit, finding = self.reported()
        self.settle(audit, finding.pk, outcome="referral")

    @refused_by("A-20")
    def test_an_order_that_was_not_found_in_the_audit(self) -> None:
        audit, finding = self.reported()
        order = ordering.rectify(self.t)
        self.settle(audit, finding.pk, outcome="order", order_id=order.pk)

    def order(self, audit: Case, finding: int) -> Case:
        return ordering.rectify(self.t, seat="audit", origin="audit", found_in=audit.pk, audit_finding_id=finding)

    @refused_by("A-24")
    def test_an_order_on_a_finding_that_was_settled(self) -> None:
        audit, finding = self.reported()
        self.settle(audit, finding.pk, outcome="nothing")
        self.order(audit, finding.pk)

    def test_an_order_on_a_finding_settles_it_and_another_finding_can_join(self) -> None:
        audit, finding = self.reported()
        order = self.order(audit, finding.pk)
        assert isinstance(order, Rectification)
        assert order.audit_finding_id == finding.pk
        assert not audit.typed().unsettled  # type: ignore[attr-defined]

    @refused_by("A-21")
    def test_an_acceptance_passed_over_an_open_finding(self) -> None:
        self.reported()
        self.t.do("pass_audit", seat="audit")
        stops.hold_acceptance(self.t)
        self.t.do("pass_acceptance", seat="programme", reason="验收合格。")
