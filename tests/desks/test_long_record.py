"""Beside a long record the flags are looked for by the worker, and the pages show what it last found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals.inspection import flags, looks, stays
from approvals.models import Look
from approvals.traveller import Traveller
from audit import paging
from tests.factories import official, project_at
from workflows.flags import look
from workflows.reach import Reach
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


@pytest.fixture
def t(monkeypatch: pytest.MonkeyPatch) -> Traveller:
    """A project with a flag, in a record that counts as long."""
    made = project_at(S.FILED)
    for _n in range(3):
        made.do("return_to", seat="township", reason="补正材料。", data={"stage": "village"})
        made.do("resubmit", seat="village", reason="已补正。")
    monkeypatch.setattr(looks, "LONG_ENTRIES_MIN", 1)
    return made


@pytest.fixture
def auditor(t: Traveller, client: Client) -> Client:
    client.force_login(official(t, "auditor"))
    client.cookies["fundtrail_language"] = "en"
    return client


def overview(reader: Client) -> str:
    return reader.get(reverse("inspection:overview")).content.decode()


def test_counting_what_came_since_stops_somewhere(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNTED_MAX", 2)
    assert "more than 2" in overview(auditor)
    assert "more than 2" in auditor.get(reverse("audit:checkpoints")).content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what it has counted")
def test_neither_other_countys_projects_nor_what_came_since_goes_through_all(t: Traveller) -> None:
    outside = Reach(official(t, "auditor"), at=timezone.now()).foreign_projects()
    assert "(area_id=?)" in outside.explain()
    assert "(rowid>?)" in stays._changed(5).order_by().explain()


def test_before_the_worker_has_looked_the_pages_say_so(auditor: Client) -> None:
    assert "has not finished yet" in overview(auditor)


def test_what_is_kept_is_what_a_look_finds(t: Traveller, auditor: Client) -> None:
    at = timezone.now()
    assert looks.keep(at) == 1
    hits = look.look(today=timezone.localdate(at))
    assert hits
    assert [(one.key, one.ids, one.print, str(one), one.rows) for one in looks.flags()] == [
        (hit.key, hit.ids, hit.print, str(hit), hit.rows) for hit in hits
    ]
    assert [one.hit.key for one in flags.seen_by(official(t, "auditor"), at=at)] == [hit.key for hit in hits]
    assert "as the worker last found them" in overview(auditor)
    shown = auditor.get(reverse("inspection:flag", args=[hits[0].flag.code, hits[0].print]))
    assert shown.status_code == 200


def test_the_worker_looks_again_only_when_something_came_and_after_a_rest(t: Traveller) -> None:
    at = timezone.now()
    assert (looks.keep(at), looks.keep(at + dt.timedelta(minutes=1))) == (1, 0)
    t.do("return_to", seat="township", reason="补正材料。", data={"stage": "village"})
    Look.objects.update(took_ms=60_000)
    assert looks.keep(at + dt.timedelta(minutes=9)) == 0
    assert looks.keep(at + dt.timedelta(minutes=11)) == 1


def test_a_look_under_way_says_how_far_it_has_come_and_one_that_was_killed_begins_anew(
    t: Traveller, auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, shown = timezone.now(), []

    def killed(*, progress: Any, **_given: Any) -> Any:
        progress(3)
        shown.append(overview(auditor))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(looks, "PROGRESS", dt.timedelta())
        patch.setattr(looks, "look", killed)
        with pytest.raises(KeyboardInterrupt):
            looks.keep(at)
    assert "A look is under way: 3 of" in shown[0]
    # As far as anybody knows it is still at work; when it has said nothing for long, another begins.
    assert looks.keep(at + dt.timedelta(minutes=1)) == 0
    assert looks.keep(at + dt.timedelta(minutes=6)) == 1
    assert "A look is under way" not in overview(auditor)
    assert "Looking took 1 second." in overview(auditor)


def test_a_short_record_is_left_to_the_page(t: Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "LONG_ENTRIES_MIN", 20_000)
    assert looks.keep(timezone.now()) == 0
    assert looks.told(timezone.now()) is None
