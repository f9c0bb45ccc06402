"""The index of words: what is said is found by any two signs of it, by the index, and `audit verify` knows it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import BinaryField, F, Value
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import said
from audit.models import Entry
from audit.search import Holds, SearchForm
from tests.factories import official, project_at
from tests.guards import lifted
from tests.journeys.tampering import report
from tests.plans import plan
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db
SQLITE = connection.vendor == "sqlite"
#: What is asked -> the index by which it is found.
ASKED = {
    "words=整治": "w VIRTUAL TABLE INDEX" if SQLITE else "entry_words",
    "words=整治村道": "audit_words VIRTUAL TABLE INDEX" if SQLITE else "entry_words",
    "case=P2026-0001": "audit_words VIRTUAL TABLE INDEX" if SQLITE else "entry_words",
    "person=李": "entry_of_name",
    "post=@": "entry_of_post",
    "unit=村": "entry_of_unit_name",
    "act=project.file": "entry_of_act",
    # Among a few rows PostgreSQL finds both indexes that have the moment equally good.
    "since=2030-01-01": "entry_in_period" if SQLITE else "Index Cond: (happened_at >= ",
    "since=2030-01-01&moment=recorded_at": "entry_in_recording",
    "amount_from=1&amount_to=2": "entry_of_amount",
}


def found(**asked: str) -> set[int]:
    return set(SearchForm(asked).found(Entry.objects.all()).values_list("pk", flat=True))


def read(word: str) -> set[int]:
    """The same, every payload read."""
    octets = json.dumps(word, ensure_ascii=False)[1:-1].encode()
    there = Holds(F("payload"), Value(octets, output_field=BinaryField()))
    return set(Entry.objects.filter(there).values_list("pk", flat=True))


def spoken(word: str) -> set[int]:
    """Those in which one of the payload's fields says it."""
    return {entry.pk for entry in Entry.objects.all() if any(word in text for text in texts(json.loads(entry.octets)))}


def texts(value: Any) -> Iterator[str]:
    """All that a payload's fields say."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value)


def test_any_part_of_what_an_entry_says_is_found_as_if_everything_were_read() -> None:
    project_at(S.APPROVED)
    chance = random.Random(5)
    said_somewhere = sorted({text for entry in Entry.objects.all() for text in texts(json.loads(entry.octets)) if text})
    words = {text[-2:] for text in said_somewhere}
    for text in chance.sample(said_somewhere, 60):
        start = chance.randrange(len(text))
        words |= {text[:2], text[-3:], text[start : start + chance.randrange(1, 9)]}
    # The names of the fields are in the payload as well, and are not looked for.
    for word in chance.sample(sorted(words), 80):
        if not any(sign.isspace() for sign in word):
            assert spoken(word) <= found(words=word) <= read(word), word
    assert found(words="没有人说过的话") == found(words="\"'\\") == set()


def test_numbers_and_titles_are_found_in_small_letters_too() -> None:
    t = project_at(S.FILED)
    of_project = set(Entry.objects.filter(case_id=t.project.pk).values_list("pk", flat=True))
    number, title = str(t.project.number), t.project.title
    for part in (number, number.lower(), number[2:], title, title[3:5], title[-2:]):
        assert of_project <= found(case=part), part
    assert found(case=f"{title}不") == set()


def test_what_cannot_be_read_is_searched_all_the_same() -> None:
    project_at(S.FILED)
    whole = Entry.objects.values().latest("pk")
    with lifted(["audit_entry"] if not SQLITE else ()):
        odd = whole | {"id": whole["id"] + 1, "case_id": 7, "seq": 1, "prev_hash": "0" * 64, "hash": "1" * 64}
        Entry.objects.bulk_create([Entry(**odd | {"payload": "{这里断了".encode()})])
    assert found(words="这里断了") == {whole["id"] + 1}
    assert found(words="断了") == {whole["id"] + 1}


@pytest.mark.parametrize("asked", ASKED)
def test_each_question_is_answered_by_an_index_and_paged_by_key(client: Client, asked: str) -> None:
    client.force_login(official(project_at(S.FILED), "auditor"))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"{reverse('audit:search')}?{asked}").status_code == 200
    sent = [one["sql"] for one in captured if "audit_entry" in one["sql"] and "LIMIT 1001" in one["sql"]]
    assert len(sent) == 1
    assert not any("OFFSET" in one["sql"] for one in captured)
    assert ASKED[asked] in plan(sent[0]), plan(sent[0])


def test_an_index_that_does_not_stand_is_named() -> None:
    project_at(S.FILED)
    assert said.wrong(connection) == []
    with connection.cursor() as cursor:
        cursor.execute(f"DROP {'TRIGGER' if SQLITE else 'INDEX'} {said.TRIGGER if SQLITE else said.INDEX}")
    assert (said.TRIGGER if SQLITE else said.INDEX) in report()[1]


@pytest.mark.skipif(not SQLITE, reason="On PostgreSQL it is an index, which has every row.")
def test_an_entry_taken_out_of_the_index_is_noticed_and_it_is_built_anew() -> None:
    word = project_at(S.FILED).project.title[3:5]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_words(audit_words) VALUES ('delete-all')")
    code, named = report()
    assert (code, "audit_words" in named) == (1, True)
    said.install(connection)
    assert said.wrong(connection) == []
    assert found(words=word) == read(word) != set()
