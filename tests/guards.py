"""Lifts triggers for a moment, as only the tests' cleaning up may.

Whichever tables are guarded: it asks the database, so a new guard needs no word here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

MODES = {"O": "ENABLE TRIGGER", "A": "ENABLE ALWAYS TRIGGER", "R": "ENABLE REPLICA TRIGGER"}


@contextmanager
def lifted(tables: Collection[str] | None = None) -> Iterator[None]:
    """No trigger of ours fires inside, on these tables or on any; every one is as it was afterwards."""
    lift = _lift_on_sqlite if connection.vendor == "sqlite" else _lift_on_postgresql
    with connection.cursor() as cursor:
        restore = lift(cursor, tables)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            _all_of(cursor, restore)


def _all_of(cursor: Any, statements: list[str]) -> None:
    """PostgreSQL takes them in one go."""
    if connection.vendor == "postgresql":
        statements = ["; ".join(statements)] if statements else []
    for statement in statements:
        cursor.execute(statement)


def _lift_on_sqlite(cursor: Any, tables: Collection[str] | None) -> list[str]:
    cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = [row for row in cursor.fetchall() if tables is None or row[0] in tables]
    _all_of(cursor, [f'DROP TRIGGER "{name}"' for _, name, _ in triggers])
    return [sql for _, _, sql in triggers]


def _lift_on_postgresql(cursor: Any, tables: Collection[str] | None) -> list[str]:
    cursor.execute(
        "SELECT relname, tgrelid::regclass::text, quote_ident(tgname), tgenabled::text"
        " FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    triggers = [row[1:] for row in cursor.fetchall() if tables is None or row[0] in tables]
    _all_of(cursor, [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name, _ in triggers])
    return [f"ALTER TABLE {table} {MODES[mode]} {name}" for table, name, mode in triggers]
