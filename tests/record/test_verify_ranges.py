"""`audit verify` in ranges: it says what reading entry by entry says, whatever somebody put into a column."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, models
from django.utils import timezone

from audit import checkpoints, checks, ranges, verify, verify_ranges
from audit.models import INDEXED, Entry, Leaf
from tests.guards import lifted
from tests.record.cases import write
from tests.record.test_verify import erase, report, tamper

SQLITE = connection.vendor == "sqlite"
#: What SQLite takes for any column.
ANYTHING = ("x'ff'", "x''", "CAST(x'e58f' AS TEXT)", "'word' || char(0)", "70", "-1.5", "1e300")


def look() -> verify_ranges.Looked:
    return verify_ranges.looked(using="default", signed=0, processes=1)


@pytest.mark.django_db
@pytest.mark.parametrize("quoted", ['an "own" word', "back\\slash", "line\nbreak", "\x01\x1f\x7f", "村 ” — 🏠/&<"])
def test_names_that_json_escapes_are_not_taken_for_damage(quoted: str) -> None:
    write(7, count=3, case_title=quoted, actor_name=quoted, reason=quoted, data={"edition": quoted})
    assert report() == (0, ["3 entries, 1 cases, intact"])


@pytest.mark.django_db
def test_an_untouched_record_wants_no_closer_look() -> None:
    write(7, count=5)
    write(8, count=5, reason="为什么", late=True, files=[], amount_fen=None, behalf_id=4, behalf_name="李明")
    assert look().suspects == set()


@pytest.mark.django_db
def test_only_the_case_with_the_damage_wants_a_closer_look() -> None:
    for case_id in range(1, 8):
        write(case_id, count=4)
    tamper(Entry.objects.get(case_id=3, seq=2), unit_id=6)
    erase(Entry.objects.get(case_id=5, seq=1))
    erase(Entry.objects.get(case_id=6, seq=4))
    assert look().suspects == {3, 5, 6}


@pytest.mark.django_db
def test_chains_hold_where_no_case_is_remembered_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "CASES_KEPT", 1)
    monkeypatch.setattr(ranges, "LOOKED_UP", 2)
    monkeypatch.setattr(ranges, "CHUNK_ROWS", 3)
    for case_id in range(1, 8):
        write(case_id, count=4)
    assert look().suspects == set()
    erase(Entry.objects.get(case_id=5, seq=2))
    assert look().suspects == {5}


@pytest.mark.django_db
def test_many_suspects_are_read_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_ranges, "SUSPECTS_MAX", 1)
    for case_id in range(1, 5):
        tamper(write(case_id, count=2)[1], post="elsewhere")
    assert look().suspects is None
    assert report()[1][-1] == "8 entries, 4 cases, 4 altered"


@pytest.mark.django_db
@pytest.mark.skipif(not SQLITE, reason="PostgreSQL keeps the types of its columns")
@pytest.mark.parametrize("value", ANYTHING)
@pytest.mark.parametrize("column", [*INDEXED, "hash", "payload"])
def test_anything_in_a_column_is_named(column: str, value: str) -> None:
    entry = write(7, count=3)[1]
    write(8, count=2)
    checkpoints.make(timezone.now())
    with lifted(), connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(f"UPDATE audit_entry SET {column} = {value} WHERE id = {entry.pk}")
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    code, lines = report()
    assert code == 1
    assert any(f"(id {entry.pk})" in line for line in lines), lines


@pytest.mark.django_db(transaction=True)
def test_processes_say_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for case_id in range(1, 30):
        write(case_id, count=20)
    checkpoints.make(timezone.now())
    tamper(Entry.objects.get(case_id=3, seq=2), unit_id=6)
    erase(Entry.objects.get(case_id=9, seq=10))
    monkeypatch.setattr(verify_ranges, "FEW", 0)
    if SQLITE:
        # The tests' own database is in memory, where no other process finds it.
        with sqlite3.connect(tmp_path / "copy.sqlite3") as copy:
            connection.connection.backup(copy)
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "copy.sqlite3"))
    alone, together = said(processes=1), said(processes=2)
    assert alone == together
    assert alone[-1] == "579 entries, 29 cases, 3 altered"


def said(*, processes: int) -> list[str]:
    tally = verify.Tally()
    return [*checks.findings(tally=tally, using="default", processes=processes), tally.verdict]


@pytest.mark.django_db
def test_a_tile_is_known_only_where_all_its_entries_have_their_leaves_hashes() -> None:
    for case_id in range(1, 4):
        write(case_id, count=200)
    checkpoints.make(timezone.now())
    assert set(look().tiles) == {0, 1}
    tamper(Entry.objects.get(case_id=1, seq=9), hash="ab" * 32)
    assert set(look().tiles) == {1}


@pytest.mark.django_db
def test_an_entry_without_a_leaf_is_read_although_another_has_two() -> None:
    (twice,), (without,) = write(7, count=1), write(8, count=1)
    checkpoints.make(timezone.now())
    tamper(without, post="elsewhere")
    doubled = f"SELECT idx, {twice.pk} AS entry_id, '{twice.hash}' AS hash FROM audit_leaf"
    with connection.cursor() as cursor:
        # Somebody who takes the constraint away as well.
        cursor.execute(f"CREATE TABLE doubled AS {doubled}")
        cursor.execute("DROP TABLE audit_leaf")
        cursor.execute("ALTER TABLE doubled RENAME TO audit_leaf")
    assert look().suspects == {8}


@pytest.mark.django_db
@pytest.mark.parametrize("leaf", [{"hash": "ab" * 32}, {"idx": -1}, {"idx": 2**62}, {"entry_id": 2**62}])
def test_an_entry_whose_leaf_is_another_is_read_all_the_same(leaf: dict[str, object]) -> None:
    entries = write(7, count=300)
    checkpoints.make(timezone.now())
    with lifted():
        models.QuerySet(Leaf).filter(entry_id=entries[9].pk).update(**leaf)
    found = look()
    assert (found.entries, found.suspects) == (300, set())
    tamper(entries[9], post="elsewhere")
    assert look().suspects == {7}


def test_a_further_process_loads_no_django() -> None:
    asked = "import sys, audit.ranges; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
