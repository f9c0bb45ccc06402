"""The index of amounts: written by the database beside each entry, and laid beside it by the verification."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from audit import figures, immutability, kept_figures
from audit.checks import findings
from audit.figures import Figure
from audit.models import Entry
from audit.verify import Tally
from tests.record.cases import write

pytestmark = pytest.mark.django_db

RESERVED = {"kind": "reserve", "debit": "S7:unallocated", "credit": "S7:P7:reserved", "key": "P7#1"}
TAKEN_BACK = {"kind": "reserve", "debit": "S7:P7:reserved", "credit": "S7:unallocated", "key": "P7#2"}


def kept() -> list[tuple[int, str, str, int | None]]:
    return list(Figure.objects.order_by("entry_id", "source", "name").values_list("case_id", "source", "name", "fen"))


def altered() -> list[str]:
    return list(kept_figures.differences())


def unguarded(sql: str, *values: Any) -> None:
    """What somebody does who controls the database."""
    immutability.remove(connection, "audit_figure")
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    immutability.install(connection, "audit_figure")


def test_an_entry_leaves_a_figure_for_each_amount_of_what_came_of_it() -> None:
    write(7, count=1, outcome={"case": {"grant_fen": 300, "audited_fen": None, "contractor": "甲"}})
    assert kept() == [(7, "", "grant_fen", 300)]


def test_an_old_entry_leaves_what_its_form_asked_for() -> None:
    write(7, count=1)
    assert kept() == [(7, "", "grant_fen", 15_000_000), (7, "", "self_raised_fen", 11_700_000)]


def test_that_an_amount_was_taken_away_is_a_figure_too_but_not_that_there_never_was_one() -> None:
    write(7, count=2, outcome={"case": {"award_fen": None}})
    assert kept() == [(7, "", "award_fen", None)]


def test_transfers_of_one_kind_and_way_are_one_figure_and_a_reversal_is_another() -> None:
    money = [RESERVED | {"fen": 5}, RESERVED | {"fen": 6}, TAKEN_BACK | {"fen": 2}]
    write(7, count=1, data={}, money=money)
    assert kept() == [(7, "S7", "reserve:reserved", 2), (7, "S7", "reserve:unallocated", 11)]


@pytest.mark.parametrize("payload", [b"{", b"[]", b"\xff", b'{"data":5,"money":{"a":1}}', b'{"data":{"a_fen":"1"}}'])
def test_an_entry_that_says_nothing_that_can_be_read_is_kept_without_figures(payload: bytes) -> None:
    write(7, count=1)
    (first,) = Entry.objects.all()
    first.pk, first.payload, first.hash, first.case_id, first._state.adding = None, payload, "0" * 64, 8, True
    first.save()
    assert not Figure.objects.filter(entry_id=first.pk).exists()


def test_the_database_refuses_to_change_a_figure() -> None:
    write(7, count=1)
    for sql in ("UPDATE audit_figure SET fen = 1", "DELETE FROM audit_figure"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("UPDATE audit_figure SET fen = 1 WHERE name = 'grant_fen' AND entry_id = %s", 1),
        ("UPDATE audit_figure SET happened_at = recorded_at WHERE name = 'grant_fen' AND entry_id = %s", 0),
        ("DELETE FROM audit_figure WHERE name = 'grant_fen' AND entry_id = %s", 1),
        ("INSERT INTO audit_figure (entry_id, case_id, source, name, fen, happened_at, recorded_at)"
         " SELECT entry_id, case_id, 'S1', 'pay:reserved', 1, happened_at, recorded_at FROM audit_figure"
         " WHERE name = 'grant_fen' AND entry_id = %s", 1),
        ("INSERT INTO audit_figure (entry_id, case_id, source, name, fen, happened_at, recorded_at)"
         " SELECT entry_id + 1000, case_id, '', name, 1, happened_at, recorded_at FROM audit_figure"
         " WHERE name = 'grant_fen' AND entry_id = %s", 1),
    ],
)  # fmt: skip
def test_a_figure_that_is_altered_missing_or_put_in_is_named(sql: str, count: int) -> None:
    write(7, count=3)
    assert altered() == []
    unguarded(sql, Entry.objects.earliest("id").pk)
    assert len(altered()) == count


def test_a_trigger_that_writes_no_figures_any_more_is_named() -> None:
    figures.remove(connection)
    assert any(figures.TRIGGER in line for line in findings(tally=Tally(), using="default"))
    figures.install(connection)
    assert not any(figures.TRIGGER in line for line in findings(tally=Tally(), using="default"))
