"""Returned to a named stage and straight back: clocks re-armed, signatures kept, dissent asked anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from approvals import desks
from approvals.demo import county
from tests.law.stages import Stage, refused_by
from workflows import calendar
from workflows.states import ProjectState as S


class Returning(Stage):
    def send_back(self, *, seat: str, stage: str) -> None:
        self.t.do("return_to", seat=seat, reason="资料不全,请补正。", data={"stage": stage})

    def resubmit(self, seat: str = "village") -> None:
        self.t.do("resubmit", seat=seat, reason="已补正。")

    def sign(self, seat: str, *, agrees: bool = True) -> None:
        self.t.do("sign_joint", seat=seat, reason="已审", data={"agrees": agrees})

    def save(self, **changes: Any) -> None:
        form = county.application(county.SPECIMENS[0], title=self.t.project.title, at=self.t.at)
        self.t.do("save_draft", seat="village", data=form | changes)

    def term(self, state: str) -> dt.datetime:
        """When the rulebook's term of a state ends that begins now."""
        term = self.t.project.book.deadlines[state]  # type: ignore[index]
        day = timezone.localdate(self.t.at)
        return calendar.end_of(calendar.add(day, days=term.days.value, day_kind=term.day_kind.value))

    def desks(self) -> set[str]:
        """The offices on whose desks it lies."""
        return set(desks.waiting_on(self.t.project.pk).values_list("unit__office", flat=True))


class AtJointReview(Returning):
    state = S.JOINT_REVIEW

    def test_it_lies_on_the_villages_desk_and_comes_straight_back(self) -> None:
        self.send_back(seat="programme", stage="village")
        assert self.t.project.state == S.RETURNED
        assert self.desks() == {"village"}
        self.resubmit()
        assert self.t.project.state == S.JOINT_REVIEW
        assert self.desks() == {"programme", "finance", "roads"}

    def test_it_goes_to_the_stage_that_was_named(self) -> None:
        self.send_back(seat="finance", stage="township")
        assert self.desks() == {"township"}
        self.resubmit("township")
        assert self.t.project.state == S.JOINT_REVIEW

    @refused_by("O-03")
    def test_a_resubmission_by_another_stage_than_the_one_named(self) -> None:
        self.send_back(seat="finance", stage="township")
        self.resubmit("village")

    def test_both_clocks_start_anew(self) -> None:
        self.t.wait(6)
        self.send_back(seat="programme", stage="village")
        assert self.t.project.due_at == self.term("returned")
        self.t.wait(6)
        self.resubmit()
        assert self.t.project.due_at == self.term("joint_review")
        assert self.t.project.state_since == self.t.at

    def test_signatures_already_given_still_count(self) -> None:
        round_no = self.t.project.round_no
        self.sign("finance")
        self.send_back(seat="programme", stage="village")
        self.resubmit()
        assert self.t.project.round_no == round_no
        assert self.t.project.unsigned() == ("programme", "department")
        self.sign("programme")
        self.sign("department")
        self.t.do("conclude_joint", seat="programme", reason="通过")
        assert self.t.project.state == S.PIPELINE
        assert self.t.project.round_no == round_no + 1

    @refused_by("J-01")
    def test_an_office_that_agreed_is_not_asked_again(self) -> None:
        self.sign("finance")
        self.send_back(seat="programme", stage="village")
        self.resubmit()
        self.sign("finance")

    def test_an_office_that_dissented_is_asked_again(self) -> None:
        self.sign("finance", agrees=False)
        self.sign("department")
        self.send_back(seat="programme", stage="village")
        self.resubmit()
        assert self.t.project.unsigned() == ("programme", "finance")
        self.sign("finance")
        self.sign("programme")
        self.t.do("conclude_joint", seat="programme", reason="通过")
        assert self.t.project.state == S.PIPELINE
        assert self.t.project.opinions.filter(seat="finance").count() == 2

    @refused_by("J-03")
    def test_an_office_that_dissents_twice(self) -> None:
        self.sign("finance", agrees=False)
        self.send_back(seat="programme", stage="village")
        self.resubmit()
        for seat, agrees in (("finance", False), ("programme", True), ("department", True)):
            self.sign(seat, agrees=agrees)
        self.t.do("conclude_joint", seat="programme", reason="通过")

    @refused_by("F-02")
    def test_a_resubmission_with_a_budget_that_no_longer_adds_up(self) -> None:
        self.send_back(seat="programme", stage="village")
        self.save(self_raised_fen=1)
        self.resubmit()

    @refused_by("F-03")
    def test_a_resubmission_after_an_assembly_that_was_not_quorate(self) -> None:
        self.send_back(seat="programme", stage="village")
        self.save(villagers_present=160)
        self.resubmit()


class InThePipeline(Returning):
    state = S.PIPELINE

    def test_the_leading_groups_return_comes_back_to_the_leading_group(self) -> None:
        for stage, seat in (("village", "village"), ("township", "township"), ("programme", "programme")):
            self.send_back(seat="leading_group", stage=stage)
            assert self.desks() == {seat}
            self.resubmit(seat)
            assert self.t.project.state == S.PIPELINE
            assert self.desks() == {"leading_group"}


class AtWork(Returning):
    state = S.BUILDING

    def test_a_suspended_project_resumes_where_it_stood(self) -> None:
        self.t.do("suspend", seat="programme", reason="汛期停工")
        assert self.t.project.state == S.SUSPENDED
        self.t.wait(60)
        self.t.do("resume", seat="programme", reason="复工")
        assert self.t.project.state == S.BUILDING
