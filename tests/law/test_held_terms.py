"""What stops a term lawfully takes no day of it: suspended, or objected to, it goes on with the days that were left."""

from __future__ import annotations

import datetime as dt
import random

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from approvals import clockwork, stops
from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import project_at
from tests.law.stages import Stage
from tests.law.test_clock import automatic
from workflows import calendar
from workflows.models import Case, HeldTerm, Notice
from workflows.states import ProjectState as S
from workflows.waits import Wait, waits

KINDS = some.sampled_from(["working", "calendar"])
DAYS = some.dates(dt.date(2024, 1, 1), dt.date(2026, 6, 1)).filter(calendar.is_working)
#: So many days run, then so many stood still.
STOPS = some.lists(some.tuples(some.integers(0, 40), some.integers(0, 200)), max_size=5)


@given(start=DAYS, days=some.integers(1, 200), kind=KINDS, stops=STOPS)
def test_the_days_used_are_those_of_a_term_that_never_stood_still(
    start: dt.date, days: int, kind: str, stops: list[tuple[int, int]]
) -> None:
    last = calendar.add(start, days=days, day_kind=kind) if kind == "working" else start + dt.timedelta(days=days)
    used, runs_from = 0, start
    for run, stood in stops:
        stopped = min(runs_from + dt.timedelta(days=run), last)
        on = calendar.off_rest(stopped + dt.timedelta(days=stood))
        used += calendar.elapsed(runs_from, stopped, day_kind=kind)
        last, runs_from = calendar.goes_on(last, stopped=stopped, on=on, day_kind=kind), on
        assert used + calendar.elapsed(on, last, day_kind=kind) == days


@given(last=DAYS, late=some.integers(1, 60), stood=some.integers(0, 200), kind=KINDS)
def test_what_had_run_out_is_as_late_as_it_was(last: dt.date, late: int, stood: int, kind: str) -> None:
    stopped = last + dt.timedelta(days=late)
    on = stopped + dt.timedelta(days=stood)
    anew = calendar.goes_on(last, stopped=stopped, on=on, day_kind=kind)
    assert calendar.elapsed(anew, on, day_kind=kind) == calendar.elapsed(last, stopped, day_kind=kind)


def last_day(case: Case) -> dt.date:
    assert case.due_at is not None
    return timezone.localdate(case.due_at)


def stays(t: Traveller, state: S) -> list[Wait]:
    """The project's waits in a state, by the record."""
    told = waits(Entry.objects.filter(root_id=t.project.pk), today=timezone.localdate(t.at))
    return [wait for wait in told if wait.began.case_id == t.project.pk and wait.began.state_to == state]


class AtWork(Stage):
    """Building from 2026-04-27: 180 calendar days, the last day is Monday 2026-10-26."""

    state = S.BUILDING

    def setUp(self) -> None:
        self.term = self.t.project.book.deadlines["building"]
        self.due = last_day(self.t.project)

    def suspend(self) -> dt.date:
        self.t.do("suspend", seat="programme", reason="汛期停工。")
        return timezone.localdate(self.t.at)

    def resume(self) -> dt.date:
        self.t.do("resume", seat="programme", reason="复工。")
        return timezone.localdate(self.t.at)

    def come(self, day: str) -> None:
        self.t.at = timezone.make_aware(dt.datetime.fromisoformat(f"{day}T09:00"))

    def sweep(self, until: str) -> list[tuple[str, str]]:
        """The clock's rounds of every morning; what it has done to the project."""
        at, end = self.t.at, dt.date.fromisoformat(until)
        while timezone.localdate(at) <= end:
            clockwork.sweep(at=at)
            at += dt.timedelta(days=1)
        self.t.project = self.t.project.typed()  # type: ignore[assignment]
        self.t.at = max(self.t.at, at - dt.timedelta(days=1))
        return automatic(self.t.project)

    def test_a_suspended_stage_goes_on_with_the_days_that_were_left(self) -> None:
        since = self.t.project.state_since
        self.t.wait(20)
        stopped = self.suspend()
        left = self.term.days.value - (stopped - timezone.localdate(since)).days
        self.t.wait(60)
        resumed = self.resume()
        assert last_day(self.t.project) == calendar.add(resumed, days=left, day_kind="calendar")
        assert self.t.project.alarm_at is not None

    def test_while_suspended_another_term_says_how_long_it_may_last(self) -> None:
        stopped = self.suspend()
        term = self.t.project.book.deadlines["suspended"]
        assert last_day(self.t.project) == calendar.add(stopped, days=term.days.value, day_kind=term.day_kind.value)

    def test_days_before_and_after_add_up_however_often_it_is_suspended(self) -> None:
        for seed in range(6):
            with self.subTest(seed):
                t, chance = project_at(S.BUILDING), random.Random(seed)
                since = timezone.localdate(t.project.state_since)
                used = 0
                for _turn in range(chance.randint(1, 4)):
                    t.wait(chance.randint(0, 30))
                    t.do("suspend", seat="programme", reason="停工。")
                    used += (timezone.localdate(t.at) - since).days
                    t.wait(chance.randint(0, 90))
                    t.do("resume", seat="programme", reason="复工。")
                    since = timezone.localdate(t.at)
                left = dt.timedelta(days=self.term.days.value - used)
                assert last_day(t.project) == calendar.off_rest(since + left)
                t.wait(10)
                [wait] = stays(t, S.BUILDING)
                assert wait.days == used + (timezone.localdate(t.at) - since).days
                assert wait.due_on == last_day(t.project)

    def test_what_was_rung_is_not_rung_again_and_the_rest_comes_on_the_shifted_days(self) -> None:
        self.come("2026-10-22")
        assert self.sweep("2026-10-23") == [("2026-10-23", "remind")]
        self.suspend()
        self.come("2026-12-01")
        self.resume()
        # Of 180 days the last is Saturday 2026-10-24: one was left.
        assert f"{last_day(self.t.project)}" == "2026-12-02"
        assert self.sweep("2026-12-31")[1:] == [
            ("2026-12-03", "remind"), ("2026-12-07", "escalate"), ("2026-12-09", "remind"),
        ]  # fmt: skip

    def test_what_had_run_out_goes_on_as_late_as_it_was(self) -> None:
        self.come("2026-10-27")
        assert [act for _day, act in self.sweep("2026-10-27")] == ["remind"]
        self.suspend()
        assert not self.t.project.overdue(at=self.t.at)
        self.come("2026-12-01")
        self.resume()
        assert self.t.project.overdue(at=self.t.at)
        assert f"{last_day(self.t.project)}" == "2026-11-30"
        assert self.sweep("2026-12-31")[1:] == [("2026-12-03", "escalate"), ("2026-12-07", "remind")]

    def test_no_objection_prolongs_a_suspension(self) -> None:
        self.suspend()
        self.t.project.pause(self.t.at)
        assert self.t.project.paused_at is None

    def test_a_request_for_more_time_outlasts_the_suspension(self) -> None:
        self.t.do("ask_extension", seat="village", reason="材料未到。", data={"working_days": 5})
        self.suspend()
        assert self.t.project.asked_days is None
        self.t.wait(30)
        self.resume()
        due = last_day(self.t.project)
        self.t.do("grant_extension", seat="township", reason="情况属实。")
        assert last_day(self.t.project) == calendar.add(due, days=5, day_kind="working")

    def test_more_time_granted_before_is_kept_and_not_given_twice(self) -> None:
        self.t.do("ask_extension", seat="village", reason="材料未到。", data={"working_days": 5})
        self.t.do("grant_extension", seat="township", reason="情况属实。")
        due, stopped = last_day(self.t.project), self.suspend()
        self.t.wait(30)
        resumed = self.resume()
        assert (last_day(self.t.project) - resumed).days >= (due - stopped).days
        assert self.t.project.extended

    def test_the_record_measures_the_stage_without_the_days_of_suspension(self) -> None:
        since = timezone.localdate(self.t.project.state_since)
        self.t.wait(20)
        stopped = self.suspend()
        self.t.wait(200)
        assert [(wait.days, wait.over) for wait in stays(self.t, S.BUILDING)] == [((stopped - since).days, False)]
        resumed = self.resume()
        self.t.wait(10)
        [building], [suspended] = stays(self.t, S.BUILDING), stays(self.t, S.SUSPENDED)
        assert building.days == (stopped - since).days + (timezone.localdate(self.t.at) - resumed).days
        assert not building.over
        assert (building.ended, building.due_on) == (None, last_day(self.t.project))
        assert suspended.days == (resumed - stopped).days

    def test_what_it_was_laid_by_with_stands_in_the_record(self) -> None:
        self.suspend()
        [held] = HeldTerm.objects.filter(case=self.t.project)
        assert (held.state, timezone.localdate(held.due_at)) == (S.BUILDING, self.due)
        assert Entry.objects.get(case_id=self.t.project.pk, act="project.suspend")


class OnNotice(Stage):
    state = S.ON_NOTICE

    def objected(self) -> Notice:
        notice = stops.post_notice(self.t, purpose="plan").typed()
        self.t.do("raise_objection", on=notice, seat="village", data={"text": "工程量不符。"})
        assert isinstance(notice, Notice)
        return notice

    def answer(self, notice: Notice) -> None:
        told = {"objection_id": notice.objections.get().pk, "upheld": False}
        self.t.do("answer", on=notice, seat="programme", reason="经复核无误。", data=told)

    def test_the_record_measures_the_stage_without_the_days_of_an_objection(self) -> None:
        since = timezone.localdate(self.t.project.state_since)
        notice = self.objected()
        stopped = timezone.localdate(self.t.at)
        self.t.wait(9)
        assert [wait.days for wait in stays(self.t, S.ON_NOTICE)] == [(stopped - since).days]
        self.answer(notice)
        answered = timezone.localdate(self.t.at)
        self.t.wait(5)
        [wait] = stays(self.t, S.ON_NOTICE)
        assert wait.days == (stopped - since).days + (timezone.localdate(self.t.at) - answered).days
        assert wait.due_on == last_day(self.t.project)

    def test_what_the_clock_said_of_a_notice_before_an_objection_is_not_said_again(self) -> None:
        notice = stops.post_notice(self.t, purpose="plan").typed()
        assert notice.due_at is not None
        self.t.at = notice.due_at - dt.timedelta(days=2)
        clockwork.sweep(at=self.t.at)
        before = automatic(notice)
        assert [act for _day, act in before] == ["remind"]
        self.t.do("raise_objection", on=notice, seat="village", data={"text": "工程量不符。"})
        self.t.wait(1)
        self.answer(notice)  # type: ignore[arg-type]
        again = notice.typed()
        assert again.due_at is not None
        clockwork.sweep(at=again.due_at - dt.timedelta(days=2, hours=1))
        assert automatic(notice) == before

    def test_more_time_while_it_stands_still_is_counted_from_its_last_day(self) -> None:
        self.t.do("ask_extension", seat="programme", reason="核查需要时间。", data={"working_days": 3})
        due = last_day(self.t.project)
        self.objected()
        self.t.wait(60)
        self.t.do("grant_extension", seat="leading_group", reason="同意。")
        assert last_day(self.t.project) == calendar.add(due, days=3, day_kind="working")
