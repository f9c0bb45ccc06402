"""Waits kept by the worker: exact after every act, resumed where it was killed, told with their age when far behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from approvals.inspection import looks, stays
from approvals.models import Look, Stay
from approvals.traveller import Traveller
from audit.models import Entry
from tests.desks.pages import browser_of
from tests.factories import fresh_application, official, project_at
from tests.plans import plan
from tests.staying import alone, assert_kept, keep_all
from workflows.states import ProjectState as S
from workflows.waits import waits

pytestmark = pytest.mark.django_db
TIME = "inspection:time"
QUESTIONS: tuple[dict[str, str], ...] = (
    {}, {"kind": "project"}, {"which": "over"}, {"which": "open"}, {"unit": "村"}, {"township": "镇"},
    {"unit": "nobody"},
    {"until": "2026-01-31"}, {"since": "2026-02-01", "which": "over"},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    with alone():
        yield


@pytest.fixture
def t() -> Traveller:
    return project_at(S.BUILDING)


@pytest.fixture
def auditor(t: Traveller) -> Client:
    return browser_of(official(t, "auditor"), "en")


def rows(reader: Client, **asked: str) -> Any:
    return [(row.key, row.spread) for row in reader.get(reverse(TIME), asked).context["rows"]]


def skip_numbers() -> None:
    """As acts leave them that were begun and undone."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("UPDATE sqlite_sequence SET seq = seq + 7 WHERE name = %s", [Entry._meta.db_table])
        else:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Entry._meta.db_table])


def test_kept_waits_are_those_of_the_record_after_every_act(t: Traveller) -> None:
    for act in ("suspend", "resume", "suspend"):
        keep_all(t.at)
        assert_kept(today=timezone.localdate(t.at))
        t.do(act, seat="programme", reason="汛期停工。")
    assert keep_all(t.at) == 1
    assert_kept(today=timezone.localdate(t.at))


def test_a_page_shows_the_same_from_the_record_from_what_is_kept_and_from_both(t: Traveller, auditor: Client) -> None:
    other = project_at(S.FILED, specimen=1)
    of_stage, as_csv = (reverse(name, args=["project", "filed"]) for name in (f"{TIME}-stage", f"{TIME}-stage-csv"))

    def shown(asked: dict[str, str]) -> Any:
        page = auditor.get(of_stage, asked)
        slowest = Counter((wait.began.id, wait.days) for wait in page.context["waits"])
        table = b"".join(auditor.get(as_csv, asked))
        return rows(auditor, **asked), slowest, page.context["spread"], sorted(table.splitlines())

    def all_shown() -> Any:
        return [shown(asked) for asked in QUESTIONS]

    from_record = all_shown()
    assert keep_all(timezone.now()) == 2
    assert all_shown() == from_record
    other.do("return_to", seat="township", reason="补正材料。", data={"stage": "village"})
    mixed = all_shown()
    assert mixed != from_record
    Look.objects.all().delete()
    Stay.objects.all().delete()
    assert all_shown() == mixed


def test_killed_it_goes_on_behind_the_projects_that_it_has_done(t: Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh_application(specimen=1)
    monkeypatch.setattr(stays, "PROJECTS", 1)
    assert stays.keep(t.at) == 1

    def killed(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(stays, "_taken", killed)
        with pytest.raises(KeyboardInterrupt):
            stays.keep(t.at)
    assert keep_all(t.at) == 1
    assert_kept(today=timezone.localdate(t.at))


def test_what_another_worker_has_just_kept_is_not_kept_again(t: Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    read = waits

    def meanwhile(found: Any, **given: Any) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(stays, "waits", read)
            assert stays.keep(t.at) == 1
        return read(found, **given)

    with monkeypatch.context() as patch:
        patch.setattr(stays, "waits", meanwhile)
        assert stays.keep(t.at) == 0
    assert keep_all(t.at) == 0
    assert_kept(today=timezone.localdate(t.at))


def test_thrown_away_or_counted_by_other_rules_it_is_made_anew(t: Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_all(t.at)
    Stay.objects.update(days=1, until=None)
    assert keep_all(t.at) == 0
    monkeypatch.setattr(stays, "EDITION", "2")
    assert keep_all(t.at) == 1
    assert_kept(today=timezone.localdate(t.at))


def test_where_too_much_has_come_the_page_says_as_of_when(
    t: Traveller, auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(auditor)
    monkeypatch.setattr(stays, "LONG_ENTRIES_MIN", 2)
    assert "has not finished yet" in auditor.get(reverse(TIME)).content.decode()
    assert rows(auditor) == []
    keep_all(timezone.now())
    assert rows(auditor) == before
    assert "as the worker last kept" not in auditor.get(reverse(TIME)).content.decode()
    skip_numbers()
    for act in ("suspend", "resume", "suspend"):
        t.do(act, seat="programme", reason="汛期停工。")
    assert "3 entries have come since" in auditor.get(reverse(TIME)).content.decode()
    assert rows(auditor) == before


def test_another_countys_stays_do_not_count(t: Traveller, auditor: Client) -> None:
    own = rows(auditor)
    fresh_application(rulebook="henan-county")
    keep_all(t.at)
    assert rows(auditor) == own


def test_a_page_of_kept_waits_reads_indexes_only(t: Traveller, auditor: Client) -> None:
    keep_all(t.at)
    with CaptureQueriesContext(connection) as asked:
        rows(auditor)
    assert len(asked) <= 20
    of_stays = [one["sql"] for one in asked if "COUNT" in one["sql"] and "approvals_stay" in one["sql"]]
    assert len(of_stays) == 2
    for sql in of_stays:
        assert any(index in plan(sql) for index in ("stay_ended", "stay_open")), plan(sql)


def test_nothing_is_kept_beside_an_empty_record() -> None:
    assert not Entry.objects.exists()
    assert stays.keep(timezone.now()) == 0
    assert not Look.objects.exists()
    assert looks.told(timezone.now()) is None
