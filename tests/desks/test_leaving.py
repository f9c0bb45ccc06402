"""Leaving: who follows is named post by post, nothing is orphaned, and both sign a sheet."""

from __future__ import annotations

import datetime as dt
import io
import json

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals import desks, leaving
from approvals.leaving import HAND_OVER, clear_left
from approvals.models import WAITING, DeskTask
from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import official, project_at
from tests.record.archival import breaches
from workflows import accounts, handover, register, vacancy
from workflows.models import Delegation, Person, Post, Unit
from workflows.offices import ADMINISTRATORS
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


@pytest.fixture
def t() -> Traveller:
    return project_at(S.FILED)


@pytest.fixture
def newcomer(t: Traveller) -> Person:
    return Person.objects.create_user("newcomer", None, name="新来")


def today(t: Traveller) -> dt.date:
    return timezone.localdate(t.at)


def yesterday(t: Traveller) -> dt.date:
    return today(t) - dt.timedelta(days=1)


def leave(t: Traveller, person: Person, to: Person | None, *, until: dt.date | None = None) -> Entry:
    """All posts of a person to one successor, from today on unless another day is given."""
    posts = list(person.posts.select_related("unit__area"))
    by = official(t, "secadmin", hand=1 if official(t, "secadmin") == person else 0)
    return handover.hand_over(
        by=by, person=person, to=dict.fromkeys(posts, to), until=until or yesterday(t), reason="调离", at=t.at
    )


def alone(t: Traveller, office: str) -> Person:
    """The last one at a desk: his colleague's post has ended."""
    clerk, head = official(t, office), official(t, office, hand=1)
    Post.objects.filter(person=head).update(until=yesterday(t))
    return clerk


def orphans(t: Traveller) -> list[DeskTask]:
    """What waits where nobody sits and nobody above sees to it, or is claimed by who sits there no more."""
    on = today(t)
    sits = set(vacancy.manned(on).values_list("unit_id", flat=True))
    lost = []
    for task in DeskTask.objects.filter(status__in=WAITING).select_related("unit__area", "owner"):
        assert task.unit is not None
        climbs = vacancy.climbing([(task.unit.office, task.unit.area)], on=on)
        held = task.owner is None or task.unit_id in desks.units_of(task.owner, at=t.at)
        if not held or (task.unit_id not in sits and not climbs):
            lost.append(task)
    return lost


def test_who_follows_decides_from_the_next_day_on_and_who_left_does_not(t: Traveller, newcomer: Person) -> None:
    clerk = alone(t, "township")
    leave(t, clerk, newcomer)
    assert not desks.units_of(clerk, at=t.at)
    desks.take("pass_township", on=t.project, by=newcomer, at=t.at, reason="同意。")


def test_on_his_last_day_he_still_sits_there(t: Traveller, newcomer: Person) -> None:
    clerk = alone(t, "township")
    leave(t, clerk, newcomer, until=today(t))
    assert desks.units_of(clerk, at=t.at)
    assert not desks.units_of(newcomer, at=t.at)
    assert desks.units_of(newcomer, at=t.at + dt.timedelta(days=1))


def test_whoever_leaves_nothing_is_orphaned(t: Traveller, newcomer: Person) -> None:
    """Each in his turn, the whole county: to a successor."""
    for task in DeskTask.objects.filter(status__in=WAITING):
        desks.claim(task, by=official(t, task.seat), at=t.at)
    for post in list(Post.objects.select_related("unit", "person").exclude(unit__office__in=ADMINISTRATORS)):
        if post.unit.office != "auditor":
            leave(t, post.person, newcomer)
            clear_left(t.at)
            assert orphans(t) == []


def test_whoever_leaves_to_nobody_his_work_climbs_or_he_may_not(t: Traveller) -> None:
    """The whole county leaves without anybody following, from the village up: the last one above may not."""
    refused = []
    for post in list(Post.objects.select_related("unit", "person").order_by("unit__area__level", "pk")):
        if post.unit.office in (*ADMINISTRATORS, "auditor"):
            continue
        try:
            leave(t, post.person, None)
        except register.NotAllowed:
            refused.append(post.unit.office)
        clear_left(t.at)
        assert orphans(t) == []
    assert refused == ["leading_group"]


def test_what_he_had_claimed_goes_back_into_the_tray_and_is_told_anew(t: Traveller, newcomer: Person) -> None:
    clerk = official(t, "township")
    task = DeskTask.objects.get(process__case=t.project, status__in=WAITING)
    desks.claim(task, by=clerk, at=t.at)
    DeskTask.objects.update(told=True)
    assert clear_left(t.at) == 0
    leave(t, clerk, newcomer)
    assert clear_left(t.at) == 1
    task = DeskTask.objects.get(pk=task.pk)
    assert (task.owner, task.status, task.told) == (None, "NEW", False)
    assert task in desks.tray(newcomer, at=t.at)


def test_a_borrower_keeps_what_he_has_claimed(t: Traveller, newcomer: Person) -> None:
    clerk = official(t, "township")
    register.lend_post(
        by=clerk, post=clerk.posts.get(), to=newcomer, since=today(t), until=today(t), reason="培训", at=t.at
    )
    task = DeskTask.objects.get(process__case=t.project, status__in=WAITING)
    desks.claim(task, by=newcomer, at=t.at)
    assert clear_left(t.at) == 0
    assert clear_left(t.at + dt.timedelta(days=1)) == 1


def test_a_retired_persons_claims_go_back(t: Traveller) -> None:
    clerk = official(t, "township")
    desks.claim(DeskTask.objects.get(process__case=t.project, status__in=WAITING), by=clerk, at=t.at)
    accounts.retire(by=official(t, "sysadmin"), person=clerk, on=today(t), at=t.at)
    assert clear_left(t.at) == 1


def test_the_last_one_at_a_desk_with_open_work_neither_ends_nor_retires_by_the_way(t: Traveller) -> None:
    clerk = alone(t, "township")
    with pytest.raises(register.NotAllowed, match="交接"):
        register.end_post(by=official(t, "secadmin"), post=clerk.posts.get(), until=today(t), at=t.at)
    with pytest.raises(register.NotAllowed, match="交接"):
        accounts.retire(by=official(t, "sysadmin"), person=clerk, on=today(t), at=t.at)


def test_the_last_administrator_neither(t: Traveller) -> None:
    clerk = alone(t, "sysadmin")
    with pytest.raises(register.NotAllowed):
        register.end_post(by=official(t, "secadmin"), post=clerk.posts.get(), until=today(t), at=t.at)


def test_only_the_security_administrator_hands_over_and_never_to_himself(t: Traveller, newcomer: Person) -> None:
    clerk = official(t, "township")
    posts: dict[Post, Person | None] = dict.fromkeys(clerk.posts.select_related("unit__area"), newcomer)
    for by in (official(t, "sysadmin"), official(t, "programme"), clerk):
        with pytest.raises(register.NotAllowed):
            handover.hand_over(by=by, person=clerk, to=posts, until=today(t), reason="调离", at=t.at)
    with pytest.raises(register.NotAllowed):
        leave(t, clerk, official(t, "secadmin"))
    assert not Entry.objects.filter(act=HAND_OVER).exists()


@pytest.mark.parametrize("office", ["sysadmin", "auditor"])
def test_nobody_follows_who_must_stand_apart(t: Traveller, office: str) -> None:
    with pytest.raises(register.NotAllowed):
        leave(t, official(t, "township"), official(t, office))
    assert official(t, "township").posts.get().until is None


def test_it_is_not_back_dated_and_not_about_anothers_posts(t: Traveller, newcomer: Person) -> None:
    clerk = official(t, "township")
    with pytest.raises(register.NotAllowed):
        leave(t, clerk, newcomer, until=today(t) - dt.timedelta(days=2))
    other = official(t, "finance").posts.select_related("unit__area").get()
    with pytest.raises(register.NotAllowed):
        handover.hand_over(
            by=official(t, "secadmin"), person=clerk, to={other: newcomer}, until=today(t), reason="调离", at=t.at
        )


def test_who_has_left_for_good_stands_in_for_nobody(t: Traveller, newcomer: Person) -> None:
    clerk, finance = official(t, "township"), official(t, "finance")
    later = today(t) + dt.timedelta(days=9)
    for since in (today(t), later):
        register.lend_post(
            by=finance, post=finance.posts.get(), to=clerk, since=since, until=max(since, today(t)), reason="培训",
            at=t.at,
        )  # fmt: skip
    leave(t, clerk, newcomer)
    assert not desks.units_of(clerk, at=t.at)
    assert not desks.units_of(clerk, at=t.at + dt.timedelta(days=9))
    assert Delegation.objects.count() == 2


# The page and the sheet


@pytest.fixture
def keeper(t: Traveller) -> Client:
    client = Client()
    client.force_login(official(t, "secadmin"))
    return client


def form(t: Traveller, person: Person, to: str) -> dict[str, str]:
    post = person.posts.get()
    return {f"post-{post.pk}": to, "until": f"{timezone.localdate() - dt.timedelta(days=1)}", "reason": "调离"}


def test_the_page_lists_his_desks_and_hands_them_over(t: Traveller, keeper: Client, newcomer: Person) -> None:
    clerk = alone(t, "township")
    address = reverse("leaving", args=[clerk.pk])
    page = keeper.get(address).content.decode()
    assert t.project.title in page
    assert "再无他人" in page
    assert keeper.post(address, form(t, clerk, f"{newcomer.pk}")).status_code == 302
    entry = Entry.objects.get(act=HAND_OVER)
    data = json.loads(entry.octets)["data"]
    assert data["person"] == clerk.username
    [row] = data["posts"]
    assert (row["to"], row["cases"]) == ("newcomer", [[t.project.pk, "filed"]])
    assert reverse("hand-over-sheet", args=[entry.pk]) in keeper.get(address).content.decode()


def test_to_nobody_the_sheet_names_the_unit_above(t: Traveller, keeper: Client) -> None:
    clerk = alone(t, "township")
    assert keeper.post(reverse("leaving", args=[clerk.pk]), form(t, clerk, "nobody")).status_code == 302
    [row] = leaving.sheet_of(Entry.objects.get(act=HAND_OVER)).rows
    assert (row["to"], row["above"]) == (None, Unit.objects.get(posts__person=official(t, "programme")))


def test_every_post_needs_an_answer_and_he_may_keep_one(t: Traveller, keeper: Client) -> None:
    clerk = official(t, "township")
    address = reverse("leaving", args=[clerk.pk])
    assert keeper.post(address, form(t, clerk, "")).status_code == 422
    assert keeper.post(address, form(t, clerk, "keeps")).status_code == 409
    assert keeper.post(address, form(t, clerk, f"{official(t, 'sysadmin').pk}")).status_code == 409
    assert not Entry.objects.filter(act=HAND_OVER).exists()


def test_the_sheet_prints(t: Traveller, keeper: Client, newcomer: Person) -> None:
    clerk = alone(t, "township")
    keeper.post(reverse("leaving", args=[clerk.pk]), form(t, clerk, f"{newcomer.pk}"))
    address = reverse("hand-over-sheet", args=[Entry.objects.get(act=HAND_OVER).pk])
    answer = keeper.get(address)
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as paper:
        assert len(paper.pages) == 1
    assert keeper.get(address).content == answer.content
    assert breaches(answer.content) == []
