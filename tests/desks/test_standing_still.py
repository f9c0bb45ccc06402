"""What no clock brings on is listed, idle drafts are reminded, and no page names a past day as the next reminder."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals.notify import idle
from approvals.notify.kinds import Kind
from approvals.notify.models import Notification
from approvals.traveller import Traveller
from tests.desks.test_nobody_forgotten import vacate
from tests.factories import fresh_application, official, project_at
from tests.journeys.clerk import clock_at
from workflows import standstill
from workflows.models import Case
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


@pytest.fixture
def t() -> Traveller:
    return project_at(S.FILED)


def reasons(t: Traveller) -> list[str]:
    return [standstill.reason(case) for case in standstill.still(Case.objects.all(), on=timezone.localdate(t.at))]


def test_a_draft_stands_still_where_its_village_is_empty() -> None:
    t = fresh_application()
    assert reasons(t) == []
    vacate(t, "village")
    assert reasons(t) == ["empty_draft"]


def test_a_case_without_a_term_and_a_suspended_project_stand_still(t: Traveller) -> None:
    assert reasons(t) == []
    Case.objects.update(due_at=None)
    assert reasons(t) == ["no_term"]
    client = Client()
    client.force_login(official(t, "auditor"))
    with clock_at(t.at):
        page = client.get(reverse("inspection:overview")).content.decode()
    assert "无办理时限" in page
    Case.objects.update(state=S.SUSPENDED)
    assert reasons(t) == ["suspended"]


def test_who_made_an_idle_draft_is_reminded_three_times_and_no_more() -> None:
    t = fresh_application()
    maker = t.project.opened_by
    assert maker is not None
    days = standstill.idle_draft_days(t.project.book)
    assert days is not None
    counted = []
    for day in range(0, days * 6, 5):
        idle.remind(t.at + dt.timedelta(days=day))
        assert idle.remind(t.at + dt.timedelta(days=day)) == 0
        counted.append(Notification.objects.filter(kind=Kind.REMINDER).count())
    assert sorted(set(counted)) == [0, 1, 2, 3]
    assert set(Notification.objects.values_list("person_id", flat=True)) == {maker.pk}
    assert Notification.objects.latest("id").facts["idle"] >= 3 * days


def test_of_an_idle_draft_whose_village_is_empty_the_township_hears_without_its_title() -> None:
    t = fresh_application()
    vacate(t, "village")
    idle.remind(t.at + dt.timedelta(days=31))
    note = Notification.objects.filter(person=official(t, "township"), kind=Kind.REMINDER).get()
    assert note.bare


def test_what_the_clock_has_not_said_yet_shows_no_past_day(t: Traveller) -> None:
    client = Client()
    assert t.project.alarm_at is not None
    for moment, said in ((t.at, "下次自动办理"), (t.project.alarm_at + dt.timedelta(days=1), "下一轮")):
        with clock_at(moment):
            client.force_login(official(t, "township"))
            assert said in client.get(reverse("case", args=[t.project.pk])).content.decode()
