"""The clock: what it does around the end of a term, once, through the door, and named automatic."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from approvals import clockwork, desks, stops
from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import MORNING, official, project_at
from tests.law.stages import refused_by
from workflows import acts, calendar, lawgraph, watch
from workflows.ladder import rungs
from workflows.law import Refused
from workflows.lifecycles import KINDS
from workflows.models import Case
from workflows.offices import outsider
from workflows.rulebook import load
from workflows.states import ENDS, STATES
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db

#: Kinds and states whose term is in the law or in the case itself, not among the rulebook's terms.
OWN_TERM = {
    ("notice", "running"), ("tender", "issued"), ("tender", "awarded"), ("measurement", "submitted"),
    ("special_audit", "drafted"), ("rectification", "issued"), ("rectification", "acknowledged"),
    ("household_batch", "on_notice"), ("complaint", "received"), ("complaint", "investigating"),
    ("late_entry", "asked"), ("late_entry", "approved"),
}  # fmt: skip


def morning(text: str) -> dt.datetime:
    return MORNING.replace(year=int(text[:4]), month=int(text[5:7]), day=int(text[8:]), hour=8)


def automatic(case: Case) -> list[tuple[str, str]]:
    """What the clock did to a case: day and act."""
    rows = Entry.objects.filter(case_id=case.pk, actor_id=None).order_by("seq")
    return [(f"{timezone.localtime(row.happened_at):%Y-%m-%d}", row.act.partition(".")[2]) for row in rows]


def now(t: Traveller) -> Case:
    """The project as the database knows it, past the traveller who did not do the clock's acts."""
    return t.project.typed()


def day_by_day(*, since: dt.datetime, days: int) -> None:
    for n in range(days):
        clockwork.sweep(at=since + dt.timedelta(days=n))


@pytest.mark.parametrize("kind", KINDS)
def test_every_waiting_state_has_a_term(kind: str) -> None:
    terms = load.load("default").deadlines
    for state in STATES[kind].values:
        if state in ENDS[kind] or state == "draft" or (kind, state) in OWN_TERM:
            continue
        bare = kind in ("project", "claim", "household_batch") and state in terms
        assert bare or f"{kind}.{state}" in terms, (kind, state)


@pytest.mark.parametrize("kind", KINDS)
def test_every_machine_knows_the_clocks_acts_until_the_case_ends(kind: str) -> None:
    living = tuple(state for state in STATES[kind].values if state not in ENDS[kind])
    known = {step.act.name: step for step in lawgraph.steps(KINDS[kind]) if step.act.name in watch.EVERYWHERE}
    assert set(known) == set(watch.EVERYWHERE)
    assert {(step.sources, step.targets) for step in known.values()} == {(living, ())}


class TestLadder:
    """Filed on Monday 2026-03-02, ten working days: the last day is Monday 2026-03-16."""

    def ladder(self, effect: str, automatic: str | None = None) -> list[tuple[str, str]]:
        book = load.load("default").clock
        assert book is not None
        due = MORNING.replace(day=16, hour=23, minute=59, second=59)
        found = rungs(due=due, since=MORNING, clock=book, effect=effect, automatic=automatic)
        return [(f"{rung.at:%m-%d %H:%M:%S}", rung.act) for rung in found]

    @pytest.mark.parametrize(
        ("effect", "expected"),
        [
            ("none", []),
            ("remind", ["03-13 r", "03-15 r", "03-17 r", "03-23 r"]),
            ("escalate", ["03-13 r", "03-15 r", "03-17 r", "03-19 e", "03-23 r"]),
            ("freeze", ["03-13 r", "03-15 r", "03-17 f", "03-17 r", "03-19 e", "03-23 r"]),
        ],
    )
    def test_the_rulebook_says_what_passing_brings(self, effect: str, expected: list[str]) -> None:
        assert [f"{at[:5]} {act[0]}" for at, act in self.ladder(effect)] == expected

    def test_an_automatic_act_comes_as_the_term_ends_and_nothing_after_it(self) -> None:
        assert self.ladder("automatic", "lapse")[-1] == ("03-17 00:00:00", "lapse")

    def test_where_the_state_knows_no_automatic_act_the_superior_is_told(self) -> None:
        assert self.ladder("automatic") == self.ladder("escalate")


class TestWaiting:
    @pytest.fixture(autouse=True)
    def filed(self, tmp_path: Any) -> None:
        self.t = project_at(S.FILED)

    def test_reminders_and_one_report_are_entries_named_automatic(self) -> None:
        day_by_day(since=self.t.at, days=40)
        assert f"{timezone.localtime(now(self.t).due_at):%Y-%m-%d}" == "2026-03-16"
        assert automatic(self.t.project) == [
            ("2026-03-13", "remind"), ("2026-03-15", "remind"), ("2026-03-17", "remind"),
            ("2026-03-19", "escalate"), ("2026-03-23", "remind"),
        ]  # fmt: skip
        entry = Entry.objects.filter(case_id=self.t.project.pk, actor_id=None).first()
        assert entry is not None
        assert (entry.actor_name, entry.post) == ("超时自动", "clock")

    def test_a_second_round_does_nothing_more(self) -> None:
        late = self.t.at + dt.timedelta(days=60)
        clockwork.sweep(at=late)
        before = automatic(self.t.project)
        assert before
        assert clockwork.sweep(at=late) == {}
        assert automatic(self.t.project) == before

    def test_after_downtime_one_reminder_stands_for_those_missed(self) -> None:
        clockwork.sweep(at=self.t.at + dt.timedelta(days=60))
        assert [act for _day, act in automatic(self.t.project)] == ["remind", "escalate", "remind"]

    def test_the_report_goes_to_the_superior_unit(self) -> None:
        clockwork.sweep(at=self.t.at + dt.timedelta(days=60))
        raised = now(self.t).raised_to
        assert raised is not None
        assert raised.office == "programme"

    def test_a_reminder_makes_no_open_page_stale(self) -> None:
        shown = self.t.project.family_version
        at = self.t.at + dt.timedelta(days=60)
        clockwork.sweep(at=at)
        person = official(self.t, "township")
        desks.take("pass_township", on=self.t.project, by=person, at=at, reason="同意。", shown=shown)
        assert now(self.t).state == S.JOINT_REVIEW

    def test_another_state_begins_another_term(self) -> None:
        at = self.t.at + dt.timedelta(days=60)
        clockwork.sweep(at=at)
        desks.take("pass_township", on=self.t.project, by=official(self.t, "township"), at=at, reason="同意。")
        fresh = now(self.t)
        assert (fresh.alarm_no, fresh.raised_to, fresh.extended) == (0, None, False)
        assert fresh.alarm_at is not None
        assert fresh.alarm_at > at

    def test_nothing_is_asked_of_cases_that_are_not_due(self) -> None:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            clockwork.sweep(at=self.t.at)
        assert len(asked) == 2  # which terms to count anew, and which rungs have come


class TestMoreTime:
    @pytest.fixture(autouse=True)
    def filed(self) -> None:
        self.t = project_at(S.FILED)
        self.due = self.t.project.due_at

    def ask(self, days: int = 5) -> None:
        self.t.do("ask_extension", seat="township", reason="汛期道路中断。", data={"working_days": days})

    def test_granted_by_the_superior_it_moves_the_last_day_and_the_ladder(self) -> None:
        self.ask()
        self.t.do("grant_extension", seat="programme", reason="情况属实。")
        assert self.due is not None
        assert self.t.project.due_at == self.due + dt.timedelta(days=7)
        assert self.t.project.extended

    def test_refused_the_term_stands(self) -> None:
        self.ask()
        self.t.do("refuse_extension", seat="programme", reason="应按期办结。")
        assert self.t.project.due_at == self.due

    @refused_by("K-02")
    def test_it_is_asked_for_once(self) -> None:
        self.ask()
        self.t.do("refuse_extension", seat="programme", reason="应按期办结。")
        self.ask()

    @refused_by("K-03")
    def test_for_no_more_days_than_the_rulebook_gives(self) -> None:
        self.ask(days=11)

    @refused_by("K-04")
    def test_by_those_whose_turn_it_is(self) -> None:
        self.t.do("ask_extension", seat="village", reason="请宽限。", data={"working_days": 1})

    @refused_by("K-06")
    def test_nothing_is_granted_that_nobody_asked_for(self) -> None:
        self.t.do("grant_extension", seat="programme", reason="同意。")

    @refused_by("K-07")
    def test_nobody_grants_it_to_himself(self) -> None:
        self.ask()
        self.t.do("grant_extension", seat="township", reason="同意。")


class TestPause:
    """Filed on Monday 2026-03-02 for ten working days: the last day is Monday 2026-03-16."""

    def test_a_paused_term_stands_still_and_goes_on_with_the_days_that_were_left(self) -> None:
        case = project_at(S.FILED).project
        assert case.due_at is not None
        due, thursday = case.due_at, MORNING + dt.timedelta(days=3)
        case.pause(thursday)
        assert case.alarm_at is None
        assert not case.overdue(at=due + dt.timedelta(days=9))
        assert case.due_rung(at=due + dt.timedelta(days=9)) is None
        # Seven working days were left; from Monday the 9th they end on Wednesday the 18th: a weekend adds none.
        case.unpause(thursday + dt.timedelta(days=4))
        assert f"{timezone.localdate(case.due_at)}" == "2026-03-18"
        assert case.alarm_at is not None

    def test_a_term_that_has_run_out_does_not_stand_still(self) -> None:
        case = project_at(S.FILED).project
        assert case.due_at is not None
        case.pause(case.due_at + dt.timedelta(seconds=1))
        assert case.paused_at is None

    def test_an_open_objection_stops_the_projects_own_term_until_the_last_one_is_answered(self) -> None:
        t = project_at(S.ON_NOTICE)
        notice, due = stops.post_notice(t, purpose="plan"), t.project.due_at
        assert due is not None
        for text in ("工程量不符。", "选址不当。"):
            t.do("raise_objection", on=notice, seat="village", data={"text": text})
        stopped = t.project
        assert (stopped.paused_at is not None, stopped.alarm_at, stopped.due_at) == (True, None, due)
        t.wait(9)
        for n, objection in enumerate(notice.objections.all()):
            assert t.project.paused_at is not None, n
            told = {"objection_id": objection.pk, "upheld": False}
            t.do("answer", on=notice, seat="programme", reason="经复核无误。", data=told)
        assert t.project.paused_at is None
        # Twenty days from the 16th end on Sunday 5 April, 清明; what was left of them is counted, not the days of rest.
        left = dt.date(2026, 4, 5) - timezone.localdate(stopped.paused_at)
        assert timezone.localdate(t.project.due_at) == calendar.off_rest(timezone.localdate(t.at) + left)
        assert t.project.alarm_at is not None

    def test_an_objection_upheld_lets_the_projects_term_go_on(self) -> None:
        t = project_at(S.ON_NOTICE)
        notice = stops.post_notice(t, purpose="plan")
        t.do("raise_objection", on=notice, seat="village", data={"text": "工程量不符。"})
        told = {"objection_id": notice.objections.get().pk, "upheld": True}
        t.do("answer", on=notice, seat="programme", reason="异议成立。", data=told)
        assert t.project.paused_at is None

    def test_a_claims_notice_stops_no_term_of_the_project(self) -> None:
        t = project_at(S.APPROVED)
        claim = stops.draw_up_claim(t, code="start")
        notice = stops.post_notice(t, purpose="claim", about=claim)
        t.do("raise_objection", on=notice, seat="village", data={"text": "金额有误。"})
        assert t.project.paused_at is None


def test_nobody_but_the_clock_does_its_acts() -> None:
    t = project_at(S.FILED)
    with pytest.raises(Refused) as told:
        desks.take("remind", on=t.project, by=official(t, "programme"), at=t.at,
                   data={"step": "before:1", "due_on": "2026-03-16"})  # fmt: skip
    assert [refusal.code for refusal in told.value.refusals] == ["O-01"]
    assert "remind" not in [act.name for act in acts.possible(t.project)]


def test_the_clock_does_no_act_of_an_office() -> None:
    t = project_at(S.FILED)
    with pytest.raises(Refused) as told:
        acts.perform("pass_township", on=t.project, by=outsider("clock"), at=t.at, reason="同意。")
    assert [refusal.code for refusal in told.value.refusals] == ["O-01"]
