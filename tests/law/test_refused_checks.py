"""Acceptance and rectification: in their order, in their time, by other hands."""

from __future__ import annotations

import tempfile
from pathlib import Path

from approvals import stops
from tests.factories import project_at
from tests.law import counties
from tests.law.stages import Stage, refused_by
from workflows.models import Acceptance, Case
from workflows.states import AcceptanceState
from workflows.states import ProjectState as S


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
