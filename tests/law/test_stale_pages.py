"""Two tabs, two clicks, two people, an hour too early: one act, and the second is told."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from approvals import desks, stops
from approvals.models import DeskProcess
from audit.models import Entry
from tests.law.stages import Stage, refused_by
from workflows import acts
from workflows.law import DoneAlready, Stale
from workflows.models import Case, Claim, Project
from workflows.states import ProjectState as S


class AtTheTownship(Stage):
    state = S.FILED

    def pass_on(self, *, shown: int, hand: int = 0) -> Case:
        """The township's decision from a page that showed a version."""
        return desks.take(
            "pass_township", on=self.t.project, by=self.official("township", hand), at=self.t.at + self.t.pace,
            reason="同意上报。", shown=shown,
        )  # fmt: skip

    def test_a_decision_on_what_the_page_shows_goes_through(self) -> None:
        assert self.pass_on(shown=self.t.project.family_version).state == S.JOINT_REVIEW

    def test_the_same_click_twice_is_one_act_and_the_second_is_told_so(self) -> None:
        shown = self.t.project.family_version
        self.pass_on(shown=shown)
        with pytest.raises(DoneAlready):
            self.pass_on(shown=shown)
        assert Entry.objects.filter(act="project.pass_township").count() == 1

    def test_two_colleagues_at_once_are_one_act(self) -> None:
        shown = self.t.project.family_version
        self.pass_on(shown=shown)
        with pytest.raises(DoneAlready):
            self.pass_on(shown=shown, hand=1)
        assert Entry.objects.filter(act="project.pass_township").count() == 1

    def test_a_page_opened_before_a_file_was_added_cannot_decide(self) -> None:
        shown = self.t.project.family_version
        self.t.paper("other", seat="village")
        with pytest.raises(Stale) as told:
            self.pass_on(shown=shown)
        assert not isinstance(told.value, DoneAlready)
        assert self.pass_on(shown=shown + 1).state == S.JOINT_REVIEW

    def test_in_bulk_each_case_answers_for_its_own_page(self) -> None:
        shown = self.t.project.family_version
        tickets: list[tuple[Case, int]] = [(self.t.project, shown), (self.t.project, shown)]
        first, second = desks.take_each(
            "pass_township", on=tickets, by=self.official("township"), at=self.t.at, reason="同意", data={}
        )
        assert first.done
        assert not second.done
        assert second.text

    def test_an_application_sent_twice_is_opened_once(self) -> None:
        key = str(uuid.uuid4())
        form = {"unit_id": self.t.project.unit_id, "title": "新开项目"}
        given: dict[str, Any] = {"by": self.official("village"), "at": self.t.at, "data": form, "key": key}
        first, second = desks.open_case(Project, **given), desks.open_case(Project, **given)
        assert first.pk == second.pk
        assert Entry.objects.filter(case_id=first.pk).count() == 1
        assert DeskProcess.objects.filter(case=first).count() == 1

    def test_another_key_opens_another_application(self) -> None:
        form = {"unit_id": self.t.project.unit_id, "title": "新开项目"}
        opened = [
            acts.open_case(Project, by=self.official("village"), at=self.t.at, data=form, key=str(uuid.uuid4()))
            for _ in range(2)
        ]
        assert opened[0].pk != opened[1].pk


class AtApproval(Stage):
    state = S.APPROVED

    def claim(self) -> Case:
        data = {"tranche": "start", "amount_fen": 100, "payee": "众兴建筑有限公司"}
        return self.t.open(Claim, seat="village", data=data)

    def test_what_happens_to_a_claim_makes_the_projects_page_old(self) -> None:
        shown = self.t.project.family_version
        self.claim()
        with pytest.raises(Stale):
            desks.take(
                "start_procurement", on=self.t.project, by=self.official("procurement"), at=self.t.at, shown=shown
            )

    def test_what_happens_to_the_project_makes_the_claims_page_old(self) -> None:
        claim = self.claim()
        shown = self.t.project.family_version
        self.t.do("start_procurement", seat="procurement")
        form = {"tranche": "start", "amount_fen": 200, "payee": "众兴建筑有限公司"}
        with pytest.raises(Stale):
            desks.take("correct", on=claim, by=self.official("village"), at=self.t.at, data=form, shown=shown)

    @refused_by("K-01")
    def test_a_claim_opened_before_its_project_was_approved(self) -> None:
        self.t.pace = dt.timedelta(days=-1)
        self.claim()

    @refused_by("K-01")
    def test_an_act_of_the_project_before_the_last_act_of_its_claim(self) -> None:
        self.t.wait(5)
        self.claim()
        self.t.pace = dt.timedelta(days=-1)
        self.t.do("start_procurement", seat="procurement")

    @refused_by("K-01")
    def test_an_act_of_a_claim_before_the_last_act_of_its_project(self) -> None:
        claim = self.claim()
        self.t.wait(5)
        self.t.do("start_procurement", seat="procurement")
        self.t.pace = dt.timedelta(days=-1)
        self.t.paper("claim_form", seat="village", on=claim)

    @refused_by("K-01")
    def test_an_act_of_a_claim_before_the_last_act_of_its_sibling(self) -> None:
        claim = self.claim()
        self.t.wait(5)
        stops.rectify(self.t)
        self.t.pace = dt.timedelta(days=-1)
        self.t.paper("claim_form", seat="village", on=claim)
