"""What waits where nobody sits: the unit above finds it in its queue, marked, and decides nothing in its place."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from approvals import desks, gaps
from approvals.models import DeskTask
from approvals.notify import postman
from approvals.notify.kinds import Kind
from approvals.notify.models import Notification
from approvals.traveller import Traveller
from tests.factories import official, project_at
from tests.journeys.clerk import clock_at
from workflows.law import Refused
from workflows.models import Person, Post
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db
ROW = re.compile(r"<tr.*?</tr>", re.DOTALL)


@pytest.fixture
def t() -> Traveller:
    return project_at(S.FILED)


def vacate(t: Traveller, *offices: str) -> None:
    for office in offices:
        unit = official(t, office).posts.get().unit
        Post.objects.filter(unit=unit).update(until=timezone.localdate(t.at) - dt.timedelta(days=1))


def above(t: Traveller) -> list[str]:
    found = gaps.gaps(timezone.localdate(t.at))
    return [gap.above.office if gap.above else "" for gap in found]


def page(person: Person, route: str = "queue", **asked: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse(route), asked).content.decode()


def test_where_somebody_sits_there_is_no_gap_and_one_query_says_so(t: Traveller) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert gaps.gaps(timezone.localdate(t.at)) == []
    assert len(asked) == 1


def test_it_climbs_to_the_unit_above_and_over_an_empty_one_further_up(t: Traveller) -> None:
    vacate(t, "township")
    assert above(t) == ["programme"]
    vacate(t, "programme")
    assert above(t) == ["leading_group"]
    vacate(t, "leading_group")
    assert above(t) == [""]


def test_a_lent_post_is_no_gap_but_a_retired_persons_is(t: Traveller) -> None:
    clerk, head = official(t, "township"), official(t, "township", hand=1)
    Person.objects.filter(pk=head.pk).update(retired_on=timezone.localdate(t.at))
    assert above(t) == []
    Person.objects.filter(pk=clerk.pk).update(retired_on=timezone.localdate(t.at))
    assert above(t) == ["programme"]


def test_an_office_that_the_county_has_not_climbs_too(t: Traveller) -> None:
    DeskTask.objects.update(unit=None)
    [gap] = gaps.gaps(timezone.localdate(t.at))
    assert (gap.office, gap.unit, gap.waiting) == ("township", None, 1)
    assert gap.above == official(t, "programme").posts.get().unit
    assert gaps.before_us([gap.above.pk], on=timezone.localdate(t.at)).count() == 1


def test_the_unit_above_reads_it_marked_in_its_queue_and_nobody_else_does(t: Traveller) -> None:
    assert "下级空岗" not in page(official(t, "programme"))
    vacate(t, "township")
    shown = page(official(t, "programme"), tab="below")
    assert t.project.title in shown
    assert "下级空岗" in shown
    assert "下级空岗" not in page(official(t, "finance"), tab="below")


@pytest.mark.parametrize("office", ["secadmin", "sysadmin"])
def test_the_administrators_read_which_posts_are_empty_and_how_much_waits_there(t: Traveller, office: str) -> None:
    keeper, clerk = official(t, office), official(t, "township")
    vacate(t, "township", "water")
    with clock_at(t.at):
        assert "1个单位空岗且有事项等待" in page(keeper, "people")
        first, second = [row for row in ROW.findall(page(keeper, "vacant")) if 'class="lead"' in row]
    assert [clerk.posts.get().unit.name in first, clerk.name in first, ">1<" in first] == [True] * 3
    assert [official(t, "water").posts.get().unit.name in second, ">0<" in second] == [True] * 2
    assert ("授予岗位" in first) == (office == "secadmin")


def test_the_list_of_empty_posts_asks_the_same_of_one_as_of_all(t: Traveller) -> None:
    costs = []
    for offices in (("township", "water"), ("roads", "finance", "village", "programme")):
        vacate(t, *offices)
        with CaptureQueriesContext(connection) as asked:
            assert gaps.vacant(timezone.localdate(t.at))
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 8


def test_climbing_gives_nobody_a_decision(t: Traveller) -> None:
    vacate(t, "township")
    with pytest.raises(Refused) as refused:
        desks.take("pass_township", on=t.project, by=official(t, "programme"), at=t.at, reason="同意。")
    assert [one.code for one in refused.value.refusals] == ["O-01"]


def test_who_sits_above_an_empty_post_is_told_once(t: Traveller) -> None:
    vacate(t, "township")
    postman.tell(t.at)
    DeskTask.objects.update(told=False)
    postman.tell(t.at)
    clerk = official(t, "programme")
    [note] = Notification.objects.filter(person=clerk, kind=Kind.EMPTY)
    assert note.facts["unit"] == official(t, "township").posts.get().unit.name
