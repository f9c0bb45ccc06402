from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.chain import GENESIS
from audit.models import Entry
from tests.desks.pages import cost
from tests.guards import lifted
from tests.record.cases import write
from workflows.offices import Area, Level, Office, Person, Post, Unit

pytestmark = pytest.mark.django_db

SEARCH, EXPORT = reverse("audit:search"), reverse("audit:export")


def holder(office: Office) -> Person:
    """Somebody who holds a post of that office today."""
    county = Area.objects.filter(code="county").first() or Area.plant(code="county", name="通江县", level=Level.COUNTY)
    unit = Unit.objects.create(code=office.value, name=office.value, office=office, area=county)
    person = Person.objects.create_user(office.value, name=office.value)
    Post.objects.create(person=person, unit=unit, title="x", since=timezone.localdate())
    return person


@pytest.fixture
def auditor(client: Client) -> Client:
    client.force_login(holder(Office.AUDITOR))
    client.cookies["fundtrail_language"] = "en"
    return client


def numbers(response: Any) -> list[int]:
    """Ids of the entries on the page."""
    return [entry.pk for entry in response.context["page"].rows]


def pages(entry: Entry) -> list[str]:
    return [
        SEARCH, EXPORT, reverse("audit:entry", args=[entry.pk]), reverse("audit:case", args=[entry.case_id]),
    ]  # fmt: skip


@pytest.mark.parametrize("office", list(Office))
def test_only_who_audits_may_read_the_record(client: Client, office: Office) -> None:
    (entry,) = write(7, count=1)
    client.force_login(holder(office))
    may = office in (Office.AUDIT, Office.AUDITOR, Office.DISCIPLINE, Office.SECADMIN)
    for page in pages(entry):
        assert client.get(page).status_code == (200 if may else 403), page


def test_a_stranger_is_sent_to_the_login(client: Client) -> None:
    (entry,) = write(7, count=1)
    for page in pages(entry):
        response = client.get(page)
        assert response.status_code == 302
        assert response["Location"].startswith("/login")


def test_nothing_can_be_sent_to_the_record(auditor: Client) -> None:
    (entry,) = write(7, count=1)
    for page in pages(entry):
        for method in (auditor.post, auditor.put, auditor.patch, auditor.delete):
            assert method(page).status_code == 405


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({}, {1, 2, 3}),
        ({"case": "00008"}, {2}),
        ({"case": "双联"}, {1, 3}),
        ({"person": "王"}, {2}),
        ({"person": "赵局"}, {3}),
        ({"unit": "财政"}, {2}),
        ({"act": "project.approve"}, {3}),
        ({"since": "2026-05-02"}, {2, 3}),
        ({"until": "2026-05-02"}, {1, 2}),
        ({"since": "2026-05-02", "until": "2026-05-02"}, {2}),
        ({"root": "7"}, {1, 3}),
        ({"case": "双联", "until": "2026-05-01"}, {1}),
        ({"case": "100%"}, set()),
    ],
)
def test_every_filter_narrows(auditor: Client, question: dict[str, str], found: set[int]) -> None:
    beijing = dt.timezone(dt.timedelta(hours=8))
    facts: dict[int, dict[str, Any]] = {
        1: {"happened_at": dt.datetime(2026, 5, 1, 23, 59, tzinfo=beijing)},
        2: {"happened_at": dt.datetime(2026, 5, 2, 0, 0, tzinfo=beijing), "actor_name": "王强",
            "unit_name": "县财政局", "case_title": "双河堤防"[1:]},
        3: {"happened_at": dt.datetime(2026, 5, 3, 8, 0, tzinfo=beijing), "act": "project.approve",
            "behalf_name": "赵局长"},
    }  # fmt: skip
    made = {
        write(case_id, count=1, **facts[number], root_id=8 if number == 2 else 7)[0].pk: number
        for number, case_id in ((1, 7), (2, 8), (3, 9))
    }
    response = auditor.get(SEARCH, question)
    assert response.status_code == 200
    assert {made[pk] for pk in numbers(response)} == found
    assert response.context["page"].count == len(found)


@pytest.mark.parametrize(
    "question",
    [
        {"since": "yesterday"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "2026-05-02", "until": "2026-05-01"},
        {"act": "project.embezzle"},
        {"root": "-1"},
        {"root": "9" * 30},
        {"case": "a\0b"},
        {"person": "x" * 101},
    ],
)
def test_a_faulty_question_is_told_so_and_finds_nothing(auditor: Client, question: dict[str, str]) -> None:
    write(7, count=1)
    for page in (SEARCH, EXPORT):
        response = auditor.get(page, question)
        assert response.status_code == 400
        assert 'role="alert"' in response.content.decode()
        assert numbers(response) == []


@pytest.mark.parametrize("key", ["x", "-1", "9" * 40, "1.5", "٣"])
def test_a_tampered_place_in_the_pages_shows_the_first_page(auditor: Client, key: str) -> None:
    (entry,) = write(7, count=1)
    assert numbers(auditor.get(SEARCH, {"before": key})) == [entry.pk]
    assert numbers(auditor.get(SEARCH, {"after": key})) == [entry.pk]


def test_paging_walks_every_entry_there_and_back(auditor: Client) -> None:
    ids = [entry.pk for entry in write(7, count=120)]
    first = auditor.get(SEARCH)
    second = auditor.get(SEARCH, {"before": first.context["page"].older})
    third = auditor.get(SEARCH, {"before": second.context["page"].older})
    assert numbers(first) + numbers(second) + numbers(third) == ids[::-1]
    assert [p.context["page"].older is None for p in (first, second, third)] == [False, False, True]
    back = auditor.get(SEARCH, {"after": third.context["page"].newer})
    assert numbers(back) == numbers(second)
    top = auditor.get(SEARCH, {"after": back.context["page"].newer})
    assert (numbers(top), top.context["page"].newer) == (numbers(first), None)


def test_search_costs_the_same_queries_at_20_and_at_2000_entries(auditor: Client) -> None:
    def queries(page: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert auditor.get(page).status_code == 200
        return cost(captured)

    asked = (SEARCH, f"{SEARCH}?case=P2026&person=李", reverse("audit:case", args=[7]))
    write(7, count=20)
    few = [queries(page) for page in asked]
    write(8, count=1980)
    many = [queries(page) for page in asked[:2]] + [queries(reverse("audit:case", args=[8]))]
    assert few == many
    assert max(few) <= 10
    assert auditor.get(SEARCH).context["page"].more_than_counted


def test_an_entry_shows_its_payload_and_its_neighbours(auditor: Client) -> None:
    first, second, third = write(7, count=3, reason="材料齐全", money=[{"kind": "reserve", "fen": 500}])
    response = auditor.get(reverse("audit:entry", args=[second.pk]))
    page = response.content.decode()
    assert (response.context["before"], response.context["after"]) == (first, third)
    for shown in (second.hash, second.prev_hash, "材料齐全", "决议.pdf", "ab" * 32, "reserve", "grant_fen"):
        assert shown in page
    assert "recomputed just now: intact" in page


@pytest.mark.parametrize("columns", [{"payload": b'{"x"'}, {"payload": b"[]"}, {"hash": "00"}, {"prev_hash": "zz"}])
def test_an_altered_entry_is_still_shown_and_says_so(auditor: Client, columns: dict[str, Any]) -> None:
    entry = write(7, count=2)[1]
    with lifted():
        super(type(Entry.objects.all()), Entry.objects.filter(pk=entry.pk)).update(**columns)
    response = auditor.get(reverse("audit:entry", args=[entry.pk]))
    assert response.status_code == 200
    assert "the hash is not that of the payload" in response.content.decode()


def test_an_entry_cut_from_the_one_before_says_so(auditor: Client) -> None:
    first, second, _third = write(7, count=3)
    with lifted():
        super(type(Entry.objects.all()), Entry.objects.filter(pk=first.pk)).update(hash="ab" * 32)
    response = auditor.get(reverse("audit:entry", args=[second.pk]))
    assert response.context["link_holds"] is False
    assert auditor.get(reverse("audit:entry", args=[first.pk])).context["link_holds"] is (first.prev_hash == GENESIS)


def test_what_is_not_there_is_not_found(auditor: Client) -> None:
    for page in ("/audit/entries/1/", "/audit/cases/1/", f"/audit/entries/{2**70}/", f"/audit/cases/{2**70}/"):
        assert auditor.get(page).status_code == 404


def test_the_pages_are_chinese_unless_the_reader_chose_otherwise(client: Client) -> None:
    (entry,) = write(7, count=1)
    client.force_login(holder(Office.AUDITOR))
    page = client.get(reverse("audit:entry", args=[entry.pk]), headers={"accept-language": "en"}).content.decode()
    assert '<html lang="zh-hans"' in page


def test_a_title_that_is_markup_stays_text(auditor: Client) -> None:
    (entry,) = write(7, count=1, case_title="<script>alert(1)</script>", reason="<b>")
    for page in pages(entry):
        if page != EXPORT:
            assert "<script>alert" not in auditor.get(page).content.decode()


def words(kind: str, name: str) -> str:
    return f"[{kind} {name}]"


def test_words_come_from_whoever_knows_them(auditor: Client, settings: Any) -> None:
    settings.AUDIT_LABELS = "tests.record.test_pages.words"
    write(7, count=1)
    page = auditor.get(SEARCH).content.decode()
    for shown in ("[act project.file]", "[kind project]", "[state:project s0]", "[state:project s1]"):
        assert shown in page
