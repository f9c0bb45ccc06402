from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction

from audit import immutability
from audit.immutability import Columns
from audit.models import Entry
from tests.record.cases import write

pytestmark = pytest.mark.django_db
TABLE = "audit_entry"
SQLITE = connection.vendor == "sqlite"


@pytest.fixture
def source_table() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE source_probe (id integer PRIMARY KEY, purpose text, note text)")
        cursor.execute("INSERT INTO source_probe VALUES (1, 'roads', 'a')")
    yield "source_probe"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE source_probe")


def execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET act = 'project.approve'",
        "UPDATE audit_entry SET hash = hash WHERE seq = 1",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE seq = 2",
        pytest.param("TRUNCATE audit_entry", marks=pytest.mark.skipif(SQLITE, reason="PostgreSQL only")),
        pytest.param(
            "SET LOCAL session_replication_role = replica; DELETE FROM audit_entry",
            marks=pytest.mark.skipif(SQLITE, reason="PostgreSQL only"),
        ),
    ],
)  # fmt: skip
def test_the_database_refuses_to_change_what_was_recorded(sql: str) -> None:
    write(7, count=2)
    before = list(Entry.objects.values())
    with pytest.raises(IntegrityError, match="append-only"):
        execute(sql)
    assert list(Entry.objects.values()) == before


@pytest.mark.skipif(not SQLITE, reason="SQLite only")
@pytest.mark.parametrize("key", ["id", "hash", "case_id, seq"])
def test_insert_or_replace_cannot_slip_a_row_under_an_old_key(key: str) -> None:
    write(7, count=2)
    columns = [field.column or "" for field in Entry._meta.fields]
    kept = {*key.split(", "), "payload"}
    fresh = {"id": "id + 50", "hash": "'x' || hash", "case_id": "case_id + 50", "seq": "seq + 50"}
    values = [name if name in kept else fresh.get(name, name) for name in columns]
    before = list(Entry.objects.values())
    with pytest.raises(IntegrityError, match="append-only: replace refused"):
        execute(
            f"INSERT OR REPLACE INTO audit_entry ({', '.join(columns)})"
            f" SELECT {', '.join(values)} FROM audit_entry WHERE seq = 2"
        )
    assert list(Entry.objects.values()) == before


def test_the_migration_put_every_trigger_in_place() -> None:
    assert immutability.missing(connection, TABLE) == []


def test_remove_is_the_inverse_of_install() -> None:
    immutability.remove(connection, TABLE)
    kinds = ("update", "delete", "replace" if SQLITE else "truncate")
    assert immutability.missing(connection, TABLE) == [f"{TABLE}_no_{kind}" for kind in kinds]
    immutability.install(connection, TABLE)
    immutability.install(connection, TABLE)
    assert immutability.missing(connection, TABLE) == []


def test_a_trigger_that_no_longer_refuses_is_missing() -> None:
    if SQLITE:
        execute("DROP TRIGGER audit_entry_no_update")
        execute("CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT 1; END")
    else:
        execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_update")
    assert immutability.missing(connection, TABLE) == ["audit_entry_no_update"]


@pytest.mark.skipif(SQLITE, reason="PostgreSQL only")
def test_a_trigger_whose_function_was_hollowed_out_is_missing() -> None:
    execute(
        "CREATE OR REPLACE FUNCTION fundtrail_refuse_change() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NEW; END $$"
    )
    assert len(immutability.missing(connection, TABLE)) == 3


def test_named_columns_stay_and_the_others_may_change(source_table: str) -> None:
    guard = Columns(source_table, ("purpose",))
    immutability.install(connection, guard)
    assert immutability.missing(connection, guard) == []
    execute("UPDATE source_probe SET note = 'b', purpose = 'roads'")
    for sql in ("UPDATE source_probe SET purpose = 'banquets'", "DELETE FROM source_probe"):
        with pytest.raises(IntegrityError, match="source_probe is append-only"):
            execute(sql)
