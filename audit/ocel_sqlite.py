"""The object-centric event log of `audit.ocel` as a database: OCEL 2.0 in SQLite, for tools that ask in SQL."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from audit.models import Entry
from audit.ocel import EPOCH, EVENT_ATTRIBUTES, event_types, events, object_types, objects
from audit.xlsx import PIECE_BYTES

#: The standard's own names for the types of attributes in a database.
SQL_TYPES = {"string": "TEXT", "time": "TIMESTAMP", "boolean": "BOOLEAN", "integer": "INTEGER"}
TABLES = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL UNIQUE);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL UNIQUE);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL REFERENCES event_map_type (ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (
    ocel_event_id TEXT NOT NULL REFERENCES event (ocel_id), ocel_object_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_qualifier TEXT NOT NULL, PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));
CREATE TABLE object_object (
    ocel_source_id TEXT NOT NULL REFERENCES object (ocel_id), ocel_target_id TEXT NOT NULL REFERENCES object (ocel_id),
    ocel_qualifier TEXT NOT NULL, PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));
"""


def pieces(found: QuerySet[Entry]) -> Iterator[bytes]:
    """The database piece by piece. It is made in a folder of its own that goes with it; memory stays constant."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.sqlite"
        _write(path, found)
        with path.open("rb") as kept:
            while piece := kept.read(PIECE_BYTES):
                yield piece


def _write(path: Path, found: QuerySet[Entry]) -> None:
    # Relations may be told before the objects that they name: foreign keys are for the reader, and not enforced here.
    database = sqlite3.connect(path, isolation_level=None)
    try:
        database.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN; {TABLES}")
        of_events = _types(database, "event", dict.fromkeys(event_types(found), EVENT_ATTRIBUTES))
        of_objects = _types(database, "object", object_types(found))
        for event in events(found):
            _event(database, of_events[event["type"]], event)
        for row in objects(found):
            _object(database, of_objects[row["type"]], row)
        database.execute("COMMIT")
    finally:
        database.close()


def _types(database: sqlite3.Connection, what: str, types: dict[str, dict[str, str]]) -> dict[str, str]:
    """A table for each type. Type -> its quoted name."""
    tables: dict[str, str] = {}
    changed = ", ocel_changed_field TEXT" if what == "object" else ""
    for number, (name, attributes) in enumerate(types.items(), 1):
        # The number keeps apart what the plain name does not.
        plain = f"{re.sub(r'[^a-z]+', '_', name).strip('_')}_{number}"
        tables[name] = f'"{what}_{plain}"'
        columns = "".join(f', "{attribute}" {SQL_TYPES[kind]}' for attribute, kind in attributes.items())
        database.execute(f"INSERT INTO {what}_map_type VALUES (?, ?)", (name, plain))  # noqa: S608
        database.execute(
            f"CREATE TABLE {tables[name]} (ocel_id TEXT NOT NULL REFERENCES {what} (ocel_id),"
            f" ocel_time TIMESTAMP NOT NULL{changed}{columns})"
        )
    return tables


def _event(database: sqlite3.Connection, table: str, event: dict[str, Any]) -> None:
    database.execute("INSERT INTO event VALUES (?, ?)", (event["id"], event["type"]))
    said = {one["name"]: one["value"] for one in event["attributes"]}
    _insert(database, table, {"ocel_id": event["id"], "ocel_time": event["time"]} | said)
    _relate(database, "event_object", event)


def _object(database: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    """What it was from the beginning in one row, each later change in a row of its own."""
    database.execute("INSERT INTO object VALUES (?, ?)", (row["id"], row["type"]))
    first = {one["name"]: one["value"] for one in row["attributes"] if one["time"] == EPOCH}
    _insert(database, table, {"ocel_id": row["id"], "ocel_time": EPOCH} | first)
    for one in row["attributes"]:
        if one["time"] != EPOCH:
            change = {"ocel_changed_field": one["name"], one["name"]: one["value"]}
            _insert(database, table, {"ocel_id": row["id"], "ocel_time": one["time"]} | change)
    _relate(database, "object_object", row)


def _relate(database: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    related: Iterable[dict[str, str]] = row.get("relationships", ())
    rows = ((row["id"], one["objectId"], one["qualifier"]) for one in related)
    database.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows)  # noqa: S608


def _insert(database: sqlite3.Connection, table: str, values: dict[str, Any]) -> None:
    """Columns are named by the code alone, values are bound."""
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(values.values()))  # noqa: S608
