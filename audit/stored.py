"""Entries as they stand, whatever stands there: somebody may have put anything into a column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware, make_aware

from audit.models import Entry
from audit.snapshot import chunks

#: Numbers of cases asked for in one query.
ASKED = 500
MOMENTS = ("happened_at", "recorded_at")
_COLUMNS = [field.attname for field in Entry._meta.concrete_fields]


@contextmanager
def lenient(using: str) -> Iterator[None]:
    """Read bytes of SQLite that are no text of UTF-8 as something that is equal to no text, instead of failing."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    before, raw.text_factory = raw.text_factory, _decoded
    try:
        yield
    finally:
        raw.text_factory = before


def entries(*, using: str, cases: Collection[int] | None = None) -> Iterator[Entry]:
    """Entries by case and number in it, of these cases or of all. Their columns may hold values of any type."""
    # The plus takes the column's type away: SQLite's driver would read it and fail.
    sign = "+" if connections[using].vendor == "sqlite" else ""
    columns = ", ".join(f"{sign}{column}" for column in _COLUMNS)
    asked = sorted(cases or ())
    for start in range(0, len(asked), ASKED) if cases is not None else (0,):
        some = asked[start : start + ASKED]
        where = f"WHERE case_id IN ({', '.join(map(str, some))})" if some else ""
        # The names are the model's own, the numbers whole.
        sql = f"SELECT {columns} FROM audit_entry {where} ORDER BY case_id, seq"  # noqa: S608
        for chunk in chunks(sql, using=using):
            yield from map(_entry, chunk)


def _entry(row: Any) -> Entry:
    found = Entry(**dict(zip(_COLUMNS, row, strict=True)))
    for name in MOMENTS:
        setattr(found, name, _moment(getattr(found, name)))
    if found.late in (0, 1):
        found.late = bool(found.late)
    return found


def _moment(value: Any) -> Any:
    """The moment, or whatever stands in its place."""
    try:
        read = parse_datetime(value) if isinstance(value, str) else value
    except ValueError:
        return value
    if not isinstance(read, dt.datetime):
        return value
    # Django keeps SQLite's moments in UTC.
    return read if is_aware(read) else make_aware(read, dt.UTC)


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
