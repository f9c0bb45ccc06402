"""Filing, review and approval: what is refused, and what just passes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from approvals import stops
from approvals.demo import county
from tests.law.stages import Stage, refused_by
from workflows.states import ProjectState as S


class AtDraft(Stage):
    state = S.DRAFT

    def file(self, **changes: Any) -> None:
        """File the specimen's application, changed, with its papers."""
        form = county.application(county.SPECIMENS[0], title=self.t.project.title, at=self.t.at)
        self.t.do("save_draft", seat="village", data=form | changes)
        self.t.papers("project.file", seat="village")
        self.t.do("file", seat="village")

    @refused_by("F-01")
    def test_an_application_without_its_benefit(self) -> None:
        self.file(benefit="")

    @refused_by("F-02")
    def test_a_budget_one_fen_below_the_contributions(self) -> None:
        self.file(labour_fen=county.SPECIMENS[0].labour_fen + 1)

    @refused_by("F-02")
    def test_a_budget_one_fen_above_the_contributions(self) -> None:
        self.file(labour_fen=county.SPECIMENS[0].labour_fen - 1)

    @refused_by("F-03")
    def test_an_assembly_of_exactly_half(self) -> None:
        self.file(villagers_entitled=320, villagers_present=160)

    def test_an_assembly_of_one_more_than_half_decides(self) -> None:
        self.file(villagers_entitled=320, villagers_present=161)
        assert self.t.project.state == S.FILED

    @refused_by("F-04")
    def test_works_that_end_the_day_before_they_start(self) -> None:
        self.file(starts_on=dt.date(2026, 6, 1), ends_on=dt.date(2026, 5, 31))

    def test_works_of_one_day_are_in_order(self) -> None:
        self.file(starts_on=dt.date(2026, 6, 1), ends_on=dt.date(2026, 6, 1))
        assert self.t.project.state == S.FILED

    @refused_by("P-01")
    def test_an_application_without_the_villages_resolution(self) -> None:
        self.t.paper("application_form", seat="village")
        self.t.do("file", seat="village")

    @refused_by("O-01")
    def test_a_township_that_files_for_the_village(self) -> None:
        self.t.do("file", seat="village", by=self.official("township"))

    @refused_by("O-02")
    def test_a_withdrawal_without_a_reason(self) -> None:
        self.t.do("withdraw", seat="village", reason=" ")

    @refused_by("S-01")
    def test_an_approval_of_a_draft(self) -> None:
        self.t.do("approve", seat="leading_group", reason="同意", data={"sources": dict(self.t.sources)})

    @refused_by("K-01")
    def test_an_act_a_second_before_the_last_entry(self) -> None:
        self.t.papers("project.file", seat="village")
        self.t.pace = dt.timedelta(seconds=-1)
        self.t.do("file", seat="village")

    def test_two_acts_at_the_same_moment_are_in_order(self) -> None:
        self.t.papers("project.file", seat="village")
        self.t.pace = dt.timedelta(0)
        self.t.do("file", seat="village")
        assert self.t.project.state == S.FILED


class AtJointReview(Stage):
    state = S.JOINT_REVIEW

    def sign(self, office: str, *, agrees: bool = True, hand: int = 0) -> None:
        by = self.official("roads" if office == "department" else office, hand)
        self.t.do("sign_joint", seat=office, by=by, reason="已审", data={"agrees": agrees})

    @refused_by("J-01")
    def test_a_colleagues_second_signature_for_the_same_office(self) -> None:
        self.sign("finance")
        self.sign("finance", hand=1)

    @refused_by("J-02")
    def test_a_joint_review_with_one_office_missing(self) -> None:
        self.sign("finance")
        self.sign("programme")
        self.t.do("conclude_joint", seat="programme", reason="通过")

    @refused_by("J-03")
    def test_a_joint_review_with_one_dissent(self) -> None:
        self.sign("finance")
        self.sign("programme")
        self.sign("department", agrees=False)
        self.t.do("conclude_joint", seat="programme", reason="通过")

    @refused_by("R-01")
    def test_a_return_to_the_stage_where_it_stands(self) -> None:
        self.t.do("return_to", seat="programme", reason="退回", data={"stage": "programme"})

    @refused_by("O-03")
    def test_a_rejection_by_the_office_whose_turn_comes_later(self) -> None:
        self.t.do("reject", seat="leading_group", reason="不予立项")


class OnNotice(Stage):
    state = S.ON_NOTICE

    def approve(self, sources: dict[int, int]) -> None:
        self.t.do("approve", seat="leading_group", reason="同意立项", data={"sources": sources})

    @refused_by("N-01")
    def test_an_approval_before_any_notice(self) -> None:
        self.approve(dict(self.t.sources))

    @refused_by("N-01")
    def test_an_approval_while_the_notice_runs(self) -> None:
        stops.post_notice(self.t, purpose="plan")
        self.approve(dict(self.t.sources))

    @refused_by("M-01")
    def test_sources_one_fen_above_the_grant(self) -> None:
        stops.run_notice(self.t, purpose="plan")
        ((source, fen),) = self.t.sources.items()
        self.approve({source: fen + 1})

    @refused_by("M-01")
    def test_sources_one_fen_below_the_grant(self) -> None:
        stops.run_notice(self.t, purpose="plan")
        ((source, fen),) = self.t.sources.items()
        self.approve({source: fen - 1})

    @refused_by("L-05")
    def test_a_source_that_nobody_knows(self) -> None:
        stops.run_notice(self.t, purpose="plan")
        self.approve({max(self.t.sources) + 999: self.t.project.grant_fen})
