"""Reading the whole record: at one moment, and a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from audit.models import octets

#: Rows fetched from the database at a time.
CHUNK_ROWS = 1000


@contextmanager
def snapshot(*, using: str = DEFAULT_DB_ALIAS) -> Iterator[BaseDatabaseWrapper]:
    """One unmoving view of the database, so that acts done meanwhile are not taken for damage."""
    connection = connections[using]
    if connection.in_atomic_block or _begun(connection):
        yield connection
    elif connection.vendor == "sqlite":
        # Not atomic(): that would take the write lock and hold up every office.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield connection
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(using=using):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection


def chunks(sql: str, values: Sequence[Any] = (), *, using: str = DEFAULT_DB_ALIAS) -> Iterator[list[Any]]:
    """The rows of a query, so many at a time: memory stays the same however many there are."""
    with connections[using].chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while chunk := cursor.fetchmany(CHUNK_ROWS):
            yield chunk


def _begun(connection: BaseDatabaseWrapper) -> bool:
    """Whether a snapshot of ours is open on SQLite already."""
    connection.ensure_connection()
    return connection.vendor == "sqlite" and bool(connection.connection.in_transaction)


def numbers_without(words: bytes, *, or_act: str = "") -> Iterator[list[int]]:
    """Numbers of the entries in whose payload the bytes do not stand, and of those with that act, in chunks.

    What most acts do not do stands in their canonical bytes in the same words: so the few others are found
    without reading any as JSON.
    """
    for chunk in chunks("SELECT id, act, payload FROM audit_entry ORDER BY id"):
        if found := [pk for pk, act, payload in chunk if words not in octets(payload) or act == or_act]:
            yield found
