"""A desk at which nobody sits: whatever is said of it reaches somebody, on every desk of the road, and once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from approvals import clockwork, desks, road
from approvals.models import WAITING, DeskTask, Vacancy
from approvals.notify import alarm, postman, urging, vacant
from approvals.notify.kinds import Kind
from approvals.notify.models import Notification
from approvals.traveller import Traveller
from tests.factories import fresh_application, official, project_at
from tests.journeys.clerk import clock_at
from workflows.models import Case, Person, Post, Unit
from workflows.offices import ADMINISTRATORS
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db
#: Past every rung of a term.
LONG = dt.timedelta(days=120)


@pytest.fixture
def t() -> Traveller:
    return project_at(S.FILED)


def vacate(t: Traveller, *offices: str, at: dt.datetime | None = None) -> None:
    for office in offices:
        empty(official(t, office).posts.get().unit, at=at or t.at)


def empty(unit: Unit, *, at: dt.datetime) -> None:
    Post.objects.filter(unit=unit).update(until=timezone.localdate(at) - dt.timedelta(days=1))


def fill(t: Traveller, office: str, *, at: dt.datetime) -> Person:
    person = Person.objects.create_user(f"new-{office}", name="新人")
    unit = official(t, office).posts.get().unit
    Post.objects.create(person=person, unit=unit, title="经办", since=timezone.localdate(at))
    return person


def sweep(at: dt.datetime) -> None:
    clockwork.sweep(at=at, tell=alarm.teller(at))


def told(person: Person, *kinds: str) -> list[str]:
    found = Notification.objects.filter(person=person, kind__in=kinds or Kind.values).order_by("id")
    return list(found.values_list("kind", flat=True))


def who(*kinds: str) -> set[str]:
    """The offices at which those sit who were told something of a kind."""
    people = Notification.objects.filter(kind__in=kinds).values("person")
    return set(Unit.objects.filter(posts__person__in=people).values_list("office", flat=True))


def test_whoever_leaves_a_desk_of_the_road_without_a_successor_somebody_hears_of_what_lies_there() -> None:
    """At every stage each waiting desk is left to nobody; reminder, report, urging and the vacancy reach people."""
    t = fresh_application()
    left = set()
    for reached in road.whole_road(t):
        for task in DeskTask.objects.filter(status__in=WAITING, unit__isnull=False).select_related("unit__area"):
            assert task.unit is not None
            if (task.seat, reached) not in left:
                left.add((task.seat, reached))
                leave_to_nobody(task, task.unit, at=t.at)
    assert {seat for seat, _state in left} >= {"village", "township", "programme", "finance", "leading_group"}


def leave_to_nobody(task: DeskTask, unit: Unit, *, at: dt.datetime) -> None:
    """Asserted in a savepoint that is taken back, so that the road goes on."""
    with transaction.atomic():
        empty(unit, at=at)
        before = set(Notification.objects.values_list("pk", flat=True))
        sitting = set(Post.objects.filter(unit=unit).values_list("person_id", flat=True))
        hub = Case.objects.get(pk=task.process.case_id)
        late = max(at, hub.due_at or at) + dt.timedelta(days=20)
        rings = any(rung.act in ("remind", "escalate") for rung in hub.ladder()[hub.alarm_no :]) and not hub.paused_at
        sweep(late)
        vacant.tell(late)
        postman.tell(late)
        found = Notification.objects.exclude(pk__in=before).filter(case__process=task.process)
        if rings:
            assert found.filter(kind__in=(Kind.REMINDER, Kind.ESCALATED)).exists(), (task.seat, task.state)
        if task.state != S.DRAFT:
            assert found.filter(kind__in=(Kind.VACANT, Kind.EMPTY)).exists(), (task.seat, task.state)
        assert not found.filter(person__in=sitting).exists()
        transaction.set_rollback(True)


def test_reminder_and_report_pass_over_two_empty_levels(t: Traveller) -> None:
    vacate(t, "township", "programme")
    sweep(t.at + LONG)
    assert who(Kind.REMINDER, Kind.ESCALATED) == {"leading_group"}
    note = Notification.objects.filter(kind=Kind.REMINDER).first()
    assert note is not None
    assert note.facts["empty"] == official(t, "township").posts.get().unit.name


def test_the_page_of_a_case_does_not_offer_an_empty_desk(t: Traveller) -> None:
    page = reverse("case", args=[t.project.pk])
    client = Client()
    client.force_login(official(t, "programme"))
    assert "该单位无人任职" not in client.get(page).content.decode()
    vacate(t, "township")
    assert "该单位无人任职" in client.get(page).content.decode()


def test_the_clock_run_twice_tells_once(t: Traveller) -> None:
    vacate(t, "township")
    moment = (t.at + LONG).isoformat()
    with clock_at(t.at + LONG):
        call_command("run_clock", at=moment)
        first = Notification.objects.count()
        call_command("run_clock", at=moment)
    assert Notification.objects.count() == first > 0


def test_where_the_whole_line_is_empty_the_security_administrator_hears_and_learns_of_no_case(t: Traveller) -> None:
    vacate(t, "township", "programme", "leading_group")
    sweep(t.at + LONG)
    vacant.tell(t.at + LONG)
    assert who(*Kind.values) == {"secadmin"}
    keeper = official(t, "secadmin")
    assert {Kind.REMINDER, Kind.ESCALATED, Kind.VACANT} == set(told(keeper))
    client = Client()
    client.force_login(keeper)
    for kind in ("reminder", "vacant"):
        page = client.get(reverse("notifications"), {"kind": kind}).content.decode()
        assert official(t, "township").posts.get().unit.name in page
        assert t.project.title not in page
        assert str(t.project.number) not in page


def test_the_rulebook_says_which_administrator_hears_first(t: Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = t.project.book.clock
    assert clock is not None
    assert clock.empty_line_office is not None
    monkeypatch.setitem(clock.empty_line_office.__dict__, "value", "sysadmin")
    vacate(t, "township", "programme", "leading_group")
    vacant.tell(t.at)
    assert who(Kind.VACANT) == {"sysadmin"}


def test_who_urges_an_empty_desk_is_answered_by_somebody_else(t: Traveller) -> None:
    vacate(t, "township")
    urging.urge(t.project, by=official(t, "village"), at=t.at)
    assert who(Kind.URGED) == {"programme"}
    clerk, head = official(t, "programme"), official(t, "programme", hand=1)
    Post.objects.filter(person=head).update(until=timezone.localdate(t.at))
    later = t.at + dt.timedelta(days=1)
    urging.urge(t.project, by=clerk, at=later)
    assert who(Kind.URGED) == {"programme", "secadmin"}
    assert Notification.objects.filter(person=clerk, kind=Kind.URGED).count() == 1


def test_over_an_empty_unit_the_next_one_above_may_urge(t: Traveller) -> None:
    head = official(t, "leading_group")
    lying = list(desks.waiting_on(t.project.pk))
    assert urging.why_not(t.project, lying, by=head, at=t.at)
    vacate(t, "township", "programme")
    assert urging.why_not(t.project, lying, by=head, at=t.at) == ""


def test_a_desk_told_before_its_post_fell_empty_is_told_above_once_with_its_cases(t: Traveller) -> None:
    postman.tell(t.at)
    assert vacant.tell(t.at) == 0
    vacate(t, "township")
    assert vacant.tell(t.at) == 1
    assert vacant.tell(t.at + dt.timedelta(days=1)) == 0
    postman.tell(t.at)
    clerk = official(t, "programme")
    [note] = Notification.objects.filter(person=clerk, kind__in=(Kind.VACANT, Kind.EMPTY))
    assert (note.kind, note.facts["count"], note.facts["cases"]) == (Kind.VACANT, 1, [t.project.number])


def test_when_it_is_held_again_the_new_holder_finds_his_tray_and_the_superior_hears(t: Traveller) -> None:
    postman.tell(t.at)
    vacate(t, "township")
    vacant.tell(t.at)
    sweep(t.at + LONG)
    newcomer = fill(t, "township", at=t.at)
    assert vacant.tell(t.at + LONG) == 1
    assert vacant.tell(t.at + LONG) == 0
    postman.tell(t.at + LONG)
    assert told(newcomer) == [Kind.TRAY]
    clerk = official(t, "programme")
    assert told(clerk, Kind.VACANT, Kind.FILLED) == [Kind.VACANT, Kind.FILLED]
    assert not Notification.objects.filter(person=clerk, kind=Kind.VACANT, over_at__isnull=True).exists()
    assert not Notification.objects.filter(facts__has_key="empty", over_at__isnull=True).exists()
    vacate(t, "township", at=t.at + LONG)
    assert vacant.tell(t.at + LONG) == 1
    assert Vacancy.objects.count() == 2
    assert told(clerk, Kind.VACANT) == [Kind.VACANT] * 2


def test_when_who_was_told_falls_away_too_the_next_one_is_told(t: Traveller) -> None:
    vacate(t, "township")
    vacant.tell(t.at)
    vacate(t, "programme")
    assert vacant.tell(t.at) == 1
    assert told(official(t, "leading_group"), Kind.VACANT) == [Kind.VACANT]
    assert vacant.tell(t.at) == 0


def test_a_unit_that_only_got_delays_reported_does_not_fall_empty_in_silence(t: Traveller) -> None:
    sweep(t.at + LONG)
    assert Case.objects.get(pk=t.project.pk).raised_to == official(t, "programme").posts.get().unit
    vacate(t, "programme")
    assert vacant.tell(t.at + LONG) == 1
    [note] = Notification.objects.filter(person=official(t, "leading_group"), kind=Kind.VACANT)
    assert (note.facts["count"], note.facts["raised"]) == (0, 1)


def test_an_office_that_the_county_has_not_is_told_of_above(t: Traveller) -> None:
    DeskTask.objects.update(unit=None)
    postman.tell(t.at)
    assert who(Kind.EMPTY) == {"programme"}


def test_a_whole_county_without_gaps_costs_three_queries(t: Traveller) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert vacant.tell(t.at) == 0
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) <= 4


def test_a_county_in_which_nobody_at_all_sits_fails_no_round(t: Traveller) -> None:
    vacate(t, "township", "programme", "leading_group", *ADMINISTRATORS)
    assert vacant.tell(t.at) == 0
    assert not Vacancy.objects.exists()


def test_a_village_that_only_has_drafts_does_not_fall_empty_in_silence() -> None:
    t = fresh_application()
    postman.tell(t.at)
    vacate(t, "village")
    assert vacant.tell(t.at) == 1
    [note] = Notification.objects.filter(person=official(t, "township"), kind=Kind.VACANT)
    assert (note.facts["count"], note.bare) == (1, True)
    assert t.project.title not in str(note.facts)
