"""Lifts all triggers for a moment, as only the tests' cleaning up may.

Whichever tables are guarded: it asks the database, so a new guard needs no word here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

MODES = {"O": "ENABLE TRIGGER", "A": "ENABLE ALWAYS TRIGGER", "R": "ENABLE REPLICA TRIGGER"}


@contextmanager
def lifted() -> Iterator[None]:
    """No trigger of ours fires inside; every one is as it was afterwards."""
    lift = _lift_on_sqlite if connection.vendor == "sqlite" else _lift_on_postgresql
    with connection.cursor() as cursor:
        restore = lift(cursor)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in restore:
                cursor.execute(statement)


def _lift_on_sqlite(cursor: Any) -> list[str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f'DROP TRIGGER "{name}"')
    return [sql for _, sql in triggers]


def _lift_on_postgresql(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT tgrelid::regclass::text, quote_ident(tgname), tgenabled::text FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    triggers = cursor.fetchall()
    for table, name, _ in triggers:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    return [f"ALTER TABLE {table} {MODES[mode]} {name}" for table, name, mode in triggers]
