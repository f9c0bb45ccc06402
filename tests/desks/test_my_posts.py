"""Lending one's own post while away: in the browser, in the record, for a period, and taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals import desks, stops
from audit.models import Entry
from tests.factories import fresh_application, official, project_at
from workflows import register
from workflows.law import Refused
from workflows.models import Delegation, Person
from workflows.offices import Seat
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder() -> Person:
    return official(project_at(S.FILED), "programme")


def colleague(holder: Person) -> Person:
    unit = holder.posts.get().unit
    return Person.objects.filter(posts__unit=unit).exclude(pk=holder.pk).get()


def lend(holder: Person, **changed: object) -> tuple[int, str]:
    """Send the form as the holder; status and page."""
    client, today = Client(), timezone.localdate()
    client.force_login(holder)
    form = {"post": holder.posts.get().pk, "to": colleague(holder).pk, "since": f"{today}",
            "until": f"{today + dt.timedelta(days=5)}", "reason": "外出培训"}  # fmt: skip
    answer = client.post(reverse("my-posts"), form | changed)
    return answer.status_code, answer.content.decode()


def test_a_post_is_lent_by_its_holder_and_the_record_says_so(holder: Person) -> None:
    assert lend(holder)[0] == 302
    loan = Delegation.objects.get()
    assert (loan.post.person, loan.to, loan.reason) == (holder, colleague(holder), "外出培训")
    assert Entry.objects.filter(act="register.lend_post", actor_id=holder.pk).count() == 1


def test_the_stand_in_reads_on_whose_behalf_he_sits_there(holder: Person) -> None:
    lend(holder)
    client = Client()
    client.force_login(colleague(holder))
    assert f"代{holder.name}" in client.get(reverse("queue")).content.decode()
    assert holder.name in client.get(reverse("my-posts")).content.decode()


def test_what_the_stand_in_does_says_on_whose_behalf() -> None:
    t = project_at(S.FILED)
    holder = official(t, "township")
    away = Person.objects.create_user("stand-in", None, name="代办")
    today = timezone.localdate(t.at)
    register.lend_post(by=holder, post=holder.posts.get(), to=away, since=today, until=today, reason="培训", at=t.at)
    desks.take("pass_township", on=t.project, by=away, at=t.at, reason="同意。")
    entry = Entry.objects.filter(act="project.pass_township").get()
    assert (entry.actor_name, entry.behalf_name) == ("代办", holder.name)


@pytest.mark.parametrize("field", ["post", "to", "since", "until", "reason"])
def test_every_field_is_needed(holder: Person, field: str) -> None:
    assert lend(holder, **{field: ""})[0] == 422
    assert not Delegation.objects.exists()


def test_it_is_lent_once_at_a_time(holder: Person) -> None:
    lend(holder)
    status, page = lend(holder)
    assert status == 409
    assert "已出借" in page


def test_nobody_lends_anothers_post(holder: Person) -> None:
    assert lend(holder, post=colleague(holder).posts.get().pk)[0] == 422


def test_a_lent_post_is_not_lent_on(holder: Person) -> None:
    lend(holder)
    assert lend(colleague(holder), post=holder.posts.get().pk, to=holder.pk)[0] == 422
    assert Delegation.objects.count() == 1


def test_its_holder_takes_it_back_and_nobody_else(holder: Person) -> None:
    lend(holder)
    loan = Delegation.objects.get()
    client = Client()
    client.force_login(colleague(holder))
    assert client.post(reverse("take-back", args=[loan.pk])).status_code == 404
    client.force_login(holder)
    assert client.post(reverse("take-back", args=[loan.pk])).status_code == 302
    loan.refresh_from_db()
    assert loan.until == timezone.localdate()
    assert Entry.objects.filter(act="register.take_back", actor_id=holder.pk).count() == 1


def test_a_village_lends_to_its_township_and_the_borrower_does_not_review_what_he_filed() -> None:
    t = fresh_application()
    clerk, reviewer = official(t, "village"), official(t, "township")
    assert lend(clerk, to=reviewer.pk)[0] == 302
    today = timezone.localdate(t.at)
    Delegation.objects.update(since=today, until=today)
    if "village_entry" in t.project.book.notices:
        stops.run_notice(t, purpose="village_entry", seat="village")
    t.papers("project.file", seat="village")
    Delegation.objects.update(until=timezone.localdate(t.at))
    t.do("file", seat="village", by=reviewer)
    assert Entry.objects.get(act="project.file").behalf_name == clerk.name
    with pytest.raises(Refused, match="D-01"):
        desks.take("pass_township", on=t.project, by=reviewer, at=t.at, reason="同意。")


def test_nobody_further_away_borrows() -> None:
    t = fresh_application()
    assert lend(official(t, "village"), to=official(t, "finance").pk)[0] == 422


def test_a_loan_taken_back_before_it_begins_never_comes(holder: Person) -> None:
    later = timezone.localdate() + dt.timedelta(days=3)
    lend(holder, since=f"{later}")
    loan = Delegation.objects.get()
    register.take_back(by=holder, delegation=loan, at=timezone.now())
    assert len(Seat.of(colleague(holder), on=later)) == 1
    assert lend(holder, since=f"{later}")[0] == 302
