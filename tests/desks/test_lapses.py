"""Whose a passed term was: of those who held the post on its last day, whoever ended it and whoever came after."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals import clockwork, ordering
from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import official, project_at
from workflows import calendar, handover, lapses
from workflows.models import Lapse, Person, Post, Rectification
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db

TERM = dt.timedelta(days=1)


@pytest.fixture
def t() -> Traveller:
    return project_at(S.FILED)


@pytest.fixture
def newcomer() -> Person:
    return Person.objects.create_user("newcomer", None, name="新来")


def due_on(t: Traveller) -> dt.date:
    assert t.project.due_at is not None
    return timezone.localdate(t.project.due_at)


def come(t: Traveller, day: dt.date) -> None:
    t.at = timezone.make_aware(dt.datetime.combine(day, dt.time(10)))


def sweep(t: Traveller, day: dt.date) -> None:
    """The clock's rounds of every morning up to a day."""
    while timezone.localdate(t.at) < day:
        come(t, timezone.localdate(t.at) + TERM)
        clockwork.sweep(at=t.at)
    t.project = t.project.typed()  # type: ignore[assignment]


def hand_over(t: Traveller, person: Person, to: Person, *, until: dt.date) -> None:
    posts = dict.fromkeys(person.posts.select_related("unit__area"), to)
    handover.hand_over(by=official(t, "secadmin"), person=person, to=posts, until=until, reason="调离", at=t.at)


def late(person: Person, t: Traveller) -> list[tuple[dt.date, int, bool, bool]]:
    """Last day, days late, taken over, still undone."""
    found = lapses.of_person(
        person.pk, seen=Entry.objects.all(), since=None, until=None, today=timezone.localdate(t.at)
    )  # fmt: skip
    return [(one.lapse.due_on, one.days, one.taken_over, one.still) for one in found]


def test_it_stays_with_whoever_bore_it_and_his_days_end_with_the_hand_over(t: Traveller, newcomer: Person) -> None:
    clerk, due = official(t, "township"), due_on(t)
    sweep(t, due + 6 * TERM)
    hand_over(t, clerk, newcomer, until=due + 6 * TERM)
    sweep(t, due + 10 * TERM)
    t.do("pass_township", seat="township", by=newcomer, reason="同意。")
    done = timezone.localdate(t.at)
    assert late(clerk, t) == [(due, 6, False, False)]
    assert late(newcomer, t) == [(due, (done - due).days - 6, True, False)]


def test_who_left_before_the_last_day_is_late_for_nothing(t: Traveller, newcomer: Person) -> None:
    clerk, due = official(t, "township"), due_on(t)
    come(t, due - TERM)
    hand_over(t, clerk, newcomer, until=due - TERM)
    sweep(t, due + 5 * TERM)
    assert late(clerk, t) == []
    assert late(newcomer, t) == [(due, 5, False, True)]
    assert late(official(t, "township", hand=1), t) == [(due, 5, False, True)]


def test_without_a_clock_the_act_that_comes_too_late_notes_it(t: Traveller) -> None:
    clerk, due = official(t, "township"), due_on(t)
    come(t, due + 9 * TERM)
    t.do("pass_township", seat="township", by=clerk, reason="同意。")
    assert late(clerk, t) == [(due, (timezone.localdate(t.at) - due).days, False, False)]
    assert Lapse.objects.count() == 1


def test_a_clock_that_was_away_for_a_week_notes_it_once(t: Traveller) -> None:
    due = due_on(t)
    come(t, due + 7 * TERM)
    clerk = official(t, "township")
    clockwork.sweep(at=t.at)
    sweep(t, due + 20 * TERM)
    t.do("return_to", seat="township", by=clerk, data={"stage": "village"}, reason="请补正。")
    assert [(one.due_on, one.unit.office) for one in Lapse.objects.all()] == [(due, "township")]


def test_what_is_done_on_the_last_day_is_late_for_nobody(t: Traveller) -> None:
    come(t, due_on(t))
    clockwork.sweep(at=t.at)
    t.do("pass_township", seat="township", by=official(t, "township"), reason="同意。")
    assert not Lapse.objects.exists()


def test_more_time_asked_for_before_the_hand_over_and_granted_after_it_ends_the_delay(
    t: Traveller, newcomer: Person
) -> None:
    clerk, due = official(t, "township"), due_on(t)
    come(t, due - TERM)
    t.do("ask_extension", seat="township", by=clerk, reason="材料未到。", data={"working_days": 5})
    sweep(t, due + 4 * TERM)
    hand_over(t, clerk, newcomer, until=due + 4 * TERM)
    sweep(t, due + 6 * TERM)
    t.do("grant_extension", seat="programme", reason="情况属实。")
    granted = timezone.localdate(t.at)
    sweep(t, granted + 30 * TERM)
    assert late(clerk, t) == [(due, 4, False, False)]
    [taken, own] = late(newcomer, t)
    assert taken == (due, (granted - due).days - 4, True, False)
    assert own[0] == calendar.add(granted, days=5, day_kind="working")
    assert own[2:] == (False, True)


def test_days_of_a_suspension_are_late_for_nobody_and_the_lapse_is_one() -> None:
    t = project_at(S.BUILDING)
    clerk, due = official(t, "village"), due_on(t)
    sweep(t, due + 3 * TERM)
    t.do("suspend", seat="programme", reason="汛期停工。")
    stopped = timezone.localdate(t.at)
    sweep(t, stopped + 40 * TERM)
    t.do("resume", seat="programme", reason="复工。")
    resumed = timezone.localdate(t.at)
    sweep(t, resumed + 5 * TERM)
    own = [one for one in late(clerk, t) if one[0] == due]
    assert own == [(due, (stopped - due).days + (timezone.localdate(t.at) - resumed).days, False, True)]
    assert Lapse.objects.filter(case=t.project, state=S.BUILDING).count() == 1


def test_without_a_clock_the_suspension_notes_what_had_passed_and_the_resumption_not_again() -> None:
    t = project_at(S.BUILDING)
    clerk, due = official(t, "village"), due_on(t)
    come(t, due + 3 * TERM)
    t.do("suspend", seat="programme", reason="汛期停工。")
    stopped = timezone.localdate(t.at)
    assert late(clerk, t) == [(due, (stopped - due).days, False, False)]
    t.wait(40)
    t.do("resume", seat="programme", reason="复工。")
    resumed = timezone.localdate(t.at)
    sweep(t, resumed + 20 * TERM)
    since = (timezone.localdate(t.at) - resumed).days
    assert late(clerk, t) == [(due, (stopped - due).days + since, False, True)]


def test_more_time_granted_after_the_resumption_may_lapse_in_its_turn() -> None:
    t = project_at(S.BUILDING)
    come(t, due_on(t) + 3 * TERM)
    t.do("suspend", seat="programme", reason="汛期停工。")
    t.wait(40)
    t.do("resume", seat="programme", reason="复工。")
    t.do("ask_extension", seat="village", reason="材料未到。", data={"working_days": 5})
    t.do("grant_extension", seat="township", reason="情况属实。")
    granted = due_on(t)
    sweep(t, granted + 5 * TERM)
    assert [one.due_on for one in Lapse.objects.filter(case=t.project, state=S.BUILDING)][1:] == [granted]


def test_an_order_is_late_for_its_addressee_but_not_while_the_verifier_has_it() -> None:
    t = project_at(S.BUILDING)
    order = ordering.rectify(t, to="township", seat="discipline").typed()
    assert isinstance(order, Rectification)
    clerk = official(t, "township")
    t.do("acknowledge", on=order, seat="township", by=clerk)
    due = order.deadline
    sweep(t, due + 4 * TERM)
    ordering.answer_order(t, order, seat="township")
    submitted = timezone.localdate(t.at)
    sweep(t, submitted + 2 * TERM)
    [(day, days, *rest)] = [one for one in late(clerk, t) if one[0] == due]
    assert (day, days, rest) == (due, (submitted - due).days, [False, False])


def test_the_page_and_the_paper_tell_it(t: Traveller, newcomer: Person, client: Client) -> None:
    clerk, due = official(t, "township"), due_on(t)
    sweep(t, due + 6 * TERM)
    hand_over(t, clerk, newcomer, until=due + 6 * TERM)
    client.force_login(official(t, "auditor"))
    page = client.get(reverse("statement", args=[clerk.pk]))
    assert page.context["sums"].overdue == 1
    assert calendar.last_day(due) in page.content.decode()
    assert client.get(reverse("statement", args=[newcomer.pk])).context["sums"].overdue == 0
    assert client.get(reverse("statement-pdf", args=[clerk.pk])).status_code == 200


def test_nobody_learns_of_it_who_may_not_read_the_case(t: Traveller) -> None:
    sweep(t, due_on(t) + 6 * TERM)
    clerk = official(t, "township")
    seen = Entry.objects.none()
    assert lapses.of_person(clerk.pk, seen=seen, since=None, until=None, today=timezone.localdate(t.at)) == []
    assert Post.objects.filter(person=clerk).exists()
