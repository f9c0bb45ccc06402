"""Special audit, acceptance and rectification: in their order, in their time, by other hands."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from django.utils import timezone

from approvals import stops
from tests.factories import project_at
from tests.law import counties
from tests.law.stages import Stage, refused_by
from workflows.models import Acceptance, Case, SpecialAudit
from workflows.states import AcceptanceState, SpecialAuditState
from workflows.states import ProjectState as S


class UnderAudit(Stage):
    state = S.UNDER_AUDIT

    def notify(self) -> SpecialAudit:
        return self.t.open(SpecialAudit, seat="audit", data={"scope": "专项审计"})  # type: ignore[return-value]

    def come_on(self, day: dt.date) -> None:
        self.t.at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))

    def in_the_field(self) -> SpecialAudit:
        audit = self.notify()
        self.t.wait(14)
        self.t.do("begin_fieldwork", on=audit, seat="audit")
        return audit

    def sign(self, audit: Case, office: str, hand: int = 0) -> None:
        by = self.official(office, hand)
        self.t.do("sign_section", on=audit, seat=office, by=by, reason="未发现问题。", data={"agrees": True})

    def drafted(self) -> SpecialAudit:
        audit = self.in_the_field()
        for office in ("audit", "finance", "discipline"):
            self.sign(audit, office)
        self.t.do("draft", on=audit, seat="audit", reason="送审稿", data={"audited_fen": 40_000_000})
        return audit

    def report(self, audit: Case) -> None:
        self.t.do("conclude", on=audit, seat="audit", reason="出具报告。")

    @refused_by("A-01")
    def test_an_audit_concluded_without_a_report(self) -> None:
        self.t.do("pass_audit", seat="audit")

    @refused_by("A-02")
    def test_a_second_audit_beside_the_first(self) -> None:
        self.notify()
        self.notify()

    def test_fieldwork_waits_three_working_days(self) -> None:
        audit = self.notify()
        self.come_on(timezone.localdate(self.t.at) + dt.timedelta(days=7))
        self.t.do("begin_fieldwork", on=audit, seat="audit")
        assert audit.typed().state == SpecialAuditState.FIELDWORK

    @refused_by("A-03")
    def test_fieldwork_on_the_second_day_after_the_notice(self) -> None:
        audit = self.notify()
        self.come_on(timezone.localdate(self.t.at) + dt.timedelta(days=2))
        self.t.do("begin_fieldwork", on=audit, seat="audit")

    @refused_by("A-04")
    def test_a_draft_without_the_section_of_the_discipline_inspection(self) -> None:
        audit = self.in_the_field()
        self.sign(audit, "audit")
        self.sign(audit, "finance")
        self.t.do("draft", on=audit, seat="audit", reason="送审稿", data={"audited_fen": 1})

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

    @refused_by("A-06")
    def test_a_colleagues_second_section_for_the_same_office(self) -> None:
        audit = self.in_the_field()
        self.sign(audit, "finance")
        self.sign(audit, "finance", hand=1)


class AcceptanceStage(Stage):
    state = S.UNDER_ACCEPTANCE

    def request(self) -> Acceptance:
        return self.t.open(Acceptance, seat="village", data={"done": "完成硬化3公里"})  # type: ignore[return-value]

    def at_the_last_level(self) -> Acceptance:
        acceptance = self.request()
        self.t.do("pass_level", on=acceptance, seat="township", reason="初验合格。")
        self.t.papers("acceptance.conclude", seat="programme", on=acceptance)
        return acceptance

    def conclude(self, acceptance: Case, *, members: int = 5, beneficiaries: int = 0) -> None:
        group = {"members": members, "beneficiaries": beneficiaries}
        self.t.do("conclude", on=acceptance, seat="programme", reason="验收合格。", data=group)


class UnderAcceptance(AcceptanceStage):
    @refused_by("X-01")
    def test_a_project_accepted_without_an_acceptance(self) -> None:
        self.t.do("pass_acceptance", seat="programme", reason="合格")

    @refused_by("X-02")
    def test_a_project_accepted_with_an_order_open(self) -> None:
        stops.rectify(self.t)
        stops.hold_acceptance(self.t)
        self.t.do("pass_acceptance", seat="programme", reason="合格")

    @refused_by("X-03")
    def test_a_rectification_without_an_order(self) -> None:
        self.t.do("send_to_rectify", seat="programme", reason="整改")

    @refused_by("X-04")
    def test_a_second_acceptance_beside_the_first(self) -> None:
        self.request()
        self.request()

    def test_a_second_acceptance_after_the_first_has_failed(self) -> None:
        self.t.do("fail", on=self.request(), seat="township", reason="厚度不足。")
        assert self.request().state == AcceptanceState.REQUESTED

    @refused_by("X-05")
    def test_a_group_of_four(self) -> None:
        self.conclude(self.at_the_last_level(), members=4)

    @refused_by("X-05")
    def test_a_group_of_eight(self) -> None:
        self.conclude(self.at_the_last_level(), members=8)

    def test_a_group_of_seven(self) -> None:
        acceptance = self.at_the_last_level()
        self.conclude(acceptance, members=7)
        assert acceptance.typed().state == AcceptanceState.PASSED

    @refused_by("X-06")
    def test_the_last_level_passed_as_if_another_followed(self) -> None:
        self.t.do("pass_level", on=self.at_the_last_level(), seat="programme", reason="合格")

    @refused_by("X-07")
    def test_the_township_concluding_for_the_county(self) -> None:
        acceptance = self.request()
        self.t.papers("acceptance.conclude", seat="township", on=acceptance)
        group = {"members": 5, "beneficiaries": 0}
        self.t.do("conclude", on=acceptance, seat="township", reason="合格", data=group)

    @refused_by("O-03")
    def test_the_county_passing_the_townships_level(self) -> None:
        self.t.do("pass_level", on=self.request(), seat="programme", reason="合格")


class WhereThoseWhoBenefitAreHeard(AcceptanceStage):
    rulebook = "henan-county"

    @refused_by("X-05")
    def test_a_group_without_a_beneficiary(self) -> None:
        self.conclude(self.at_the_last_level(), beneficiaries=0)

    def test_a_group_with_one_beneficiary(self) -> None:
        acceptance = self.at_the_last_level()
        self.conclude(acceptance, beneficiaries=1)
        assert acceptance.typed().state == AcceptanceState.PASSED


class BeforeThePlan(Stage):
    state = S.PIPELINE

    @refused_by("Z-01")
    def test_an_order_before_the_plan_is_issued(self) -> None:
        stops.rectify(self.t)


class WhereRetentionIsNeverSpent(Stage):
    state = S.ACCEPTED

    @classmethod
    def setUpTestData(cls) -> None:
        with tempfile.TemporaryDirectory() as folder:
            book = counties.rulebook(Path(folder), "strict-county", retention={"then": "release"})
            cls.t = project_at(cls.state, rulebook=book)

    @refused_by("M-07")
    def test_a_repair_from_the_retention(self) -> None:
        repair = {"amount_fen": 1, "payee": "演练村维修队"}
        self.t.do("repair_from_retention", seat="finance", reason="修补路面", data=repair)
