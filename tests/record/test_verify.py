from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from django.db import connection, models

from audit import immutability, snapshot, verify
from audit.chain import canonical, link
from audit.figures import Figure
from audit.models import INDEXED, Entry
from tests.guards import lifted
from tests.record.cases import REMEMBERED, fact, write

pytestmark = pytest.mark.django_db


def report() -> tuple[int, list[str]]:
    """Exit code and lines of `manage.py audit verify`."""
    out = io.StringIO()
    try:
        call_command("audit", "verify", stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def tamper(entry: Entry, **columns: object) -> None:
    """What somebody with the database's password could do."""
    with lifted():
        models.QuerySet(Entry).filter(pk=entry.pk).update(**columns)


def erase(*entries: Entry) -> None:
    """As somebody does it who also knows of the index."""
    gone = [entry.pk for entry in entries]
    with lifted():
        models.QuerySet(Entry).filter(pk__in=gone)._raw_delete("default")
        models.QuerySet(Figure).filter(entry_id__in=gone)._raw_delete("default")


def forged(entry: Entry, **changes: object) -> dict[str, object]:
    """Columns of an entry rewritten by somebody who knows how hashes are made."""
    facts = json.loads(bytes(entry.payload)) | changes
    payload = canonical(facts)
    columns = {name: value for name, value in changes.items() if name in INDEXED}
    return {"payload": payload, "hash": link(prev=entry.prev_hash, payload=payload), **columns}


def test_an_untouched_record_is_intact() -> None:
    write(7, count=5)
    write(9, count=3)
    assert report() == (0, ["8 entries, 2 cases, intact"])


def test_an_empty_record_is_intact() -> None:
    assert report() == (0, ["0 entries, 0 cases, intact"])


def test_text_in_place_of_the_payload_is_named_and_does_not_stop_the_check() -> None:
    entry = write(7, count=3)[1]
    value = "'{}'" if connection.vendor == "sqlite" else "'{}'::bytea"
    with lifted(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_entry SET payload = {value} WHERE id = {entry.pk}")
    code, lines = report()
    assert code == 1
    assert f"(id {entry.pk})" in lines[0]


def test_a_changed_payload_is_named_by_its_row() -> None:
    entry = write(7, count=5)[2]
    tamper(entry, payload=bytes(entry.payload).replace(b"15000000", b"16000000"))
    code, lines = report()
    assert code == 1
    assert lines[0].startswith(f"P2026-00007 #3 (id {entry.pk}): the hash is not that of the payload")
    assert "the data is not that of its digest" in lines[0]
    assert lines[1:] == ["5 entries, 1 cases, 1 altered"]


@pytest.mark.parametrize(
    "change",
    [
        {"actor_name": "王强"},
        {"amount_fen": 1},
        {"amount_fen": None},
        {"behalf_id": 4},
        {"late": True},
        {"state_to": "approved"},
        {"happened_at": fact().happened_at.replace(year=2025)},
        {"case_number": "P2026-00008"},
        {"root_id": 8},
    ],
)
def test_a_changed_column_is_named(change: dict[str, object]) -> None:
    entry = write(7, count=5)[2]
    tamper(entry, **change)
    code, lines = report()
    assert code == 1
    assert lines[0].endswith(f": columns differ from the payload: {next(iter(change))}")
    assert lines[1:] == ["5 entries, 1 cases, 1 altered"]


@pytest.mark.parametrize("column", ["hash", "prev_hash"])
@pytest.mark.parametrize("value", ["ab" * 32, "not hexadecimal", ""])
def test_a_changed_hash_is_named(column: str, value: str) -> None:
    entry = write(7, count=5)[2]
    tamper(entry, **{column: value})
    code, lines = report()
    assert code == 1
    assert lines[0].startswith("P2026-00007 #3 ")


@pytest.mark.parametrize("payload", [b"", b"[]", b"{", b'{"a":0.5}', b'{"a": 1}', b"\xff", b"[" * 100_000, b"{}"])
def test_a_payload_that_is_no_payload_is_named_and_stops_nothing(payload: bytes) -> None:
    entry = write(7, count=2)[0]
    tamper(entry, payload=payload)
    code, lines = report()
    assert code == 1
    assert lines[0].startswith("P2026-00007 #1 ")
    assert lines[-1] == "2 entries, 1 cases, 1 altered"


def test_a_forger_who_recomputes_one_hash_breaks_the_next_link() -> None:
    entries = write(7, count=5)
    tamper(entries[2], **forged(entries[2], actor_name="王强"))
    assert report() == (
        1,
        [
            f"P2026-00007 #4 (id {entries[3].pk}): does not follow entry 3: one of the two was altered",
            "5 entries, 1 cases, 1 altered",
        ],
    )  # fmt: skip


def test_a_forger_who_rewrites_the_last_entry_is_told_by_the_case() -> None:
    entries = write(7, count=5)
    tamper(entries[4], **forged(entries[4], reason="waived"))
    assert report()[1][0].endswith(": the case remembers another last entry")


def test_deleted_rows_are_counted_at_the_gap() -> None:
    entries = write(7, count=5)
    erase(entries[1])
    assert report()[1][0] == f"P2026-00007 #3 (id {entries[2].pk}): entry 2 before it is missing"
    erase(entries[2])
    assert report()[1] == [
        f"P2026-00007 #4 (id {entries[3].pk}): entries 2 to 3 before it are missing",
        "3 entries, 1 cases, 1 altered",
    ]


def test_rows_that_changed_places_are_named() -> None:
    _first, second, third, *_rest = write(7, count=5)
    tamper(second, seq=99)
    tamper(third, seq=2)
    tamper(second, seq=3)
    _code, lines = report()
    assert [line.split(" (")[0] for line in lines[:2]] == ["P2026-00007 #2", "P2026-00007 #3"]
    assert "columns differ from the payload: seq" in lines[0]


def test_a_cut_off_end_is_seen_by_what_the_case_remembers() -> None:
    entries = write(7, count=5)
    write(8, count=1)
    erase(*entries[3:])
    assert report() == (
        1,
        [
            "P2026-00007 #4 (no row): entries 4 to 5 are cut off at the end",
            "4 entries, 2 cases, 1 altered",
        ],
    )


def test_a_case_erased_as_a_whole_is_seen() -> None:
    write(7, count=2)
    gone = [*write(6, count=2), *write(9, count=1)]
    erase(*gone)
    _code, lines = report()
    assert lines == [
        "case with id 6 #1 (no row): all 2 entries of the case are missing",
        "case with id 9 #1 (no row): all 1 entries of the case are missing",
        "2 entries, 1 cases, 2 altered",
    ]


def test_an_inserted_row_is_seen_even_when_its_hashes_are_right() -> None:
    write(7, count=2)
    remembered = REMEMBERED[7]
    write(8, count=1)
    Entry(
        **{
            **Entry.objects.filter(case_id=7, seq=2).values().get(),
            "id": None,
            "seq": 3,
            "prev_hash": remembered.hash,
            "hash": "cd" * 32,
        }
    ).save()
    code, lines = report()
    assert code == 1
    assert "the hash is not that of the payload" in lines[0]
    assert lines[1].endswith(": the case remembers only 2 entries")


def test_entries_of_a_case_that_does_not_exist_are_seen() -> None:
    (entry,) = write(7, count=1)
    write(8, count=1)
    del REMEMBERED[7]
    assert report()[1][0] == (f"P2026-00007 #1 (id {entry.pk}): no such case, or the case remembers no record")


def test_a_state_set_behind_the_record_is_seen() -> None:
    write(7, count=1)
    REMEMBERED[7] = REMEMBERED[7]._replace(state="closed")
    assert report()[1][0].endswith(": the case stands at “closed”, its last entry led to “s1”")


def test_missing_triggers_are_damage() -> None:
    write(7, count=1)
    immutability.remove(connection, "audit_entry")
    code, lines = report()
    assert code == 1
    assert lines[0] == "audit_entry: trigger audit_entry_no_update is missing, disabled or altered"
    assert lines[-1] == "1 entries, 1 cases, 3 altered"


def test_without_heads_it_says_what_it_does_not_look_for(settings) -> None:  # type: ignore[no-untyped-def]
    settings.AUDIT_HEADS = None
    erase(write(7, count=2)[1])
    assert report() == (
        0,
        [
            "Setting AUDIT_HEADS is empty: cut-off ends are not looked for.",
            "1 entries, 1 cases, intact",
        ],
    )


def test_a_long_record_is_read_a_chunk_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "CHUNK_ROWS", 3)
    write(7, count=10)
    assert report() == (0, ["10 entries, 1 cases, intact"])


@pytest.mark.django_db(transaction=True)
def test_acts_done_while_verifying_are_not_taken_for_damage() -> None:
    write(7, count=2)
    with snapshot.snapshot():
        heads = list(verify.stored_heads() or ())
        tally = verify.Tally()
        entries = verify.stored_entries(using="default")
        assert list(verify.examine(entries=entries, heads=heads, tally=tally)) == []
    assert tally.verdict == "2 entries, 1 cases, intact"
