"""Roads walked once: the rows that a walk left, its papers, and the traveller at its end.

Hundreds of tests begin with a project at a state of the road. The first of a worker goes there through the door, as
everybody does; to the next one with an empty database the same rows are given. What the door does is asked by tests
that walk themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation

from approvals.traveller import Traveller
from audit.models import Entry, octets
from tests import database
from workflows.files import path_of
from workflows.models import Person, Project

#: The database writes these by itself, of every entry that comes.
WRITTEN_BY_TRIGGER = ("audit_figure",)
DIGEST = re.compile(rb"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Road:
    """What there is when a road has been walked on an empty database."""

    #: Table -> its columns and its rows, as the database gives and takes them.
    rows: dict[str, tuple[str, Any]]
    papers: dict[Path, bytes]
    #: Statements by which the database numbers go on behind these rows, whatever other tests have opened since.
    numbering: list[str]
    traveller: Traveller

    @classmethod
    def of(cls, traveller: Traveller) -> Road:
        """What a traveller has left behind where nothing was."""
        tables = [table for table in database.full() if table not in WRITTEN_BY_TRIGGER]
        payloads = Entry.objects.values_list("payload", flat=True)
        named = {path_of(digest.decode()) for payload in payloads for digest in DIGEST.findall(octets(payload))}
        return cls(
            rows={table: _read(table) for table in tables},
            papers={path: path.read_bytes() for path in named if path.exists()},
            numbering=database.numbering(tables),
            traveller=_own(traveller),
        )

    def again(self) -> Traveller:
        """The same rows in an empty database, the same papers, and a traveller with a diary of his own."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table, (columns, rows) in self.rows.items():
                _write(table, columns, rows)
            for statement in self.numbering:
                cursor.execute(statement)
        for path, content in self.papers.items():
            # As where papers are kept: the same bytes are written once.
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        people = Person.objects.in_bulk({step.person.pk for step in self.traveller.steps})
        arrived = _own(self.traveller)
        arrived.project = Project.objects.get(pk=self.traveller.project.pk)
        arrived.steps = [replace(step, person=people[step.person.pk]) for step in arrived.steps]
        return arrived


_WALKED: dict[Hashable, Road] = {}


def walked(*road: Hashable, walk: Callable[[], Traveller]) -> Traveller:
    """Where ``walk`` leads: gone there the first time, and whenever there is something in the database already."""
    # What else a road depends on: names and texts, sealed numbers, where papers lie, the day on which it is entered.
    key = (*road, translation.get_language(), *settings.FIELD_KEYS, str(settings.MEDIA_ROOT), timezone.localdate())
    if database.full():
        return walk()
    if key in _WALKED:
        return _WALKED[key].again()
    traveller = walk()
    _WALKED[key] = Road.of(traveller)
    return traveller


def _own(traveller: Traveller) -> Traveller:
    return replace(traveller, sources={**traveller.sources}, steps=[*traveller.steps], refused=[*traveller.refused])


def _read(table: str) -> tuple[str, Any]:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
        names = [quote(column.name) for column in found]
        columns = ", ".join(names)
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {quote(table)} ({columns}) TO STDOUT") as copy:
                return columns, b"".join(copy)
        # An expression has no type for which the driver would turn a text into a date.
        values = ", ".join(f"+{name}" for name in names)
        cursor.execute(f"SELECT {values} FROM {quote(table)} ORDER BY rowid")
        return columns, cursor.fetchall()


def _write(table: str, columns: str, rows: Any) -> None:
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
                copy.write(rows)
        else:
            places = ", ".join("%s" for _column in rows[0])
            cursor.executemany(f"INSERT INTO {name} ({columns}) VALUES ({places})", rows)
