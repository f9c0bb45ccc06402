"""Hashing a range of entries: what a process of its own does for `audit verify`, without Django.

It reads a range of entries in the order of their numbers and says which cases want a closer look; it names nothing.
Whatever is not surely right is suspect, and audit.verify reads those cases entry by entry.
"""

from __future__ import annotations

import contextlib
import gc
import json
import sqlite3
from binascii import hexlify, unhexlify
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from audit import merkle
from audit.chain import GENESIS, canonical, digest

#: Rows fetched at a time (so few that they stay in the processor's cache until they are hashed), cases whose last entry
#: is remembered, and entries looked up at a time: memory is bounded.
CHUNK_ROWS, CASES_KEPT, LOOKED_UP = 100, 50_000, 400
#: Leaves under one tile of the tree.
TILE = 256
FIRST = GENESIS.encode()

#: What a moment of SQLite lacks of one in a payload, by its length: Django writes six digits of a second or none.
ZONE = {19: b'.000000Z"', 26: b'Z"'}
TRUTH = {b"0": b"false", b"1": b"true"}


@dataclass(frozen=True, slots=True)
class Task:
    """What to read, and from where."""

    vendor: str
    #: The file of SQLite, or what libpq wants to know.
    place: str
    #: Name of the moment that another connection to PostgreSQL exported.
    moment: str
    #: Entries with their leaves, in the order of numbers: see audit.columns.
    sql: str
    #: The same for SQLite where a column holds what its JSON cannot.
    careful: str
    #: Leaves under the last checkpoint: what they hold was read as JSON before it was signed.
    signed: int
    #: Version of the payload's shape.
    format: int


@dataclass(slots=True)
class Found:
    """What a range came to."""

    entries: int = 0
    #: Numbers of the cases of which something is not surely right.
    suspects: set[int] = field(default_factory=set)
    #: A case has no number at all: everything has to be read.
    nameless: bool = False
    #: Tiles of 256 leaves whose entries all stand in the range, one after the other, with the leaves' hashes.
    tiles: dict[int, bytes] = field(default_factory=dict)

    def suspect(self, case_id: Any) -> None:
        """Want a closer look at the case."""
        if isinstance(case_id, int):
            self.suspects.add(case_id)
        else:
            self.nameless = True


class Reader:
    """Rows of a connection, texts as bytes."""

    def __init__(self, vendor: str, connection: Any) -> None:
        self.vendor = vendor
        self.connection = connection

    def chunks(self, sql: str) -> Iterator[list[Any]]:
        """All rows of a query, so many at a time."""
        named = {"name": "fundtrail_range", "binary": True} if self.vendor == "postgresql" else {}
        with contextlib.closing(self.connection.cursor(**named)) as cursor:
            cursor.execute(sql)
            while chunk := cursor.fetchmany(CHUNK_ROWS):
                yield chunk

    def hashes(self, places: list[tuple[int, int]]) -> set[tuple[int, int, bytes]]:
        """Case, number in the case and hash of the entries that stand at these places."""
        values = ", ".join(f"({case_id}, {seq})" for case_id, seq in places)
        # Whole numbers of our own reading.
        sql = f"SELECT case_id, seq, hash FROM audit_entry WHERE (case_id, seq) IN (VALUES {values})"  # noqa: S608
        with contextlib.closing(self.connection.cursor()) as cursor:
            rows = cursor.execute(sql).fetchall()
        return {(case_id, seq, kept.encode() if isinstance(kept, str) else kept) for case_id, seq, kept in rows}


def process(task: Task, first: int, last: int) -> Found:
    """Look at the entries numbered `first` to `last` in a process and a connection of its own."""
    # Nothing here refers to itself, and looking for that would go through every row.
    gc.disable()
    with contextlib.closing(_connected(task)) as connection:
        return look(Reader(task.vendor, connection), task, first, last)


def look(reader: Reader, task: Task, first: int, last: int) -> Found:
    """Hashes, chains, columns and leaves of the entries numbered `first` to `last`."""
    try:
        return _looked(reader, task, task.sql.format(first=first, last=last))
    except sqlite3.OperationalError:
        # Bytes in a column have no JSON.
        return _looked(reader, task, task.careful.format(first=first, last=last))


def _looked(reader: Reader, task: Task, sql: str) -> Found:
    found = Found()
    heads: dict[int, tuple[int, bytes]] = {}
    before: list[tuple[int, int, bytes]] = []
    leaves: list[bytes] = []
    repeats, upto, signed = REPEATS[task.vendor], -1, task.signed
    for chunk in reader.chunks(sql):
        found.entries += len(chunk)
        for row, same in zip(chunk, repeats(chunk), strict=True):
            case_id, seq, prev, kept, payload, index, leaf = row[:7]
            try:
                made = sha256(unhexlify(prev) + payload).digest() if same else b""
            except ValueError:
                made = b""
            if hexlify(made) != kept:
                found.suspect(case_id)
                continue
            if heads.get(case_id) != (seq - 1, prev) and (seq != 1 or prev != FIRST):
                before.append((case_id, seq - 1, prev))
            heads[case_id] = (seq, kept)
            if index is None or index >= signed:
                if not sound(payload, task.format):
                    found.suspect(case_id)
                if index is None:
                    continue
            if index != upto:
                leaves = []
            if leaf == kept:
                leaves.append(sha256(b"\0" + made).digest())
            upto = index + 1
            if not upto % TILE:
                if len(leaves) == TILE:
                    found.tiles[index // TILE] = merkle.complete(leaves)
                leaves = []
        if len(before) >= LOOKED_UP:
            _follow(reader, before, found)
        if len(heads) > CASES_KEPT:
            heads.clear()
    _follow(reader, before, found)
    return found


def _follow(reader: Reader, before: list[tuple[int, int, bytes]], found: Found) -> None:
    """Suspect the cases in which no such entry stands at that place; forget what was asked."""
    for start in range(0, len(before), LOOKED_UP):
        asked = before[start : start + LOOKED_UP]
        there = reader.hashes([(case_id, seq) for case_id, seq, _hash in asked])
        for wanted in asked:
            if wanted not in there:
                found.suspect(wanted[0])
    before.clear()


def sound(payload: bytes, form: int) -> bool:
    """Whether the payload is canonical, of the form we know, and its data that of its digest."""
    try:
        facts = json.loads(payload)
        return (
            isinstance(facts, dict)
            and canonical(facts) == payload
            and facts["format"] == form
            and isinstance(facts["data"], dict)
            and facts["data_sha256"] == digest(canonical(facts["data"]))
        )
    except (ValueError, KeyError, RecursionError):
        return False


def _repeat_on_sqlite(rows: list[Any]) -> list[bool]:
    """Whether the columns of each row repeat its payload: see audit.columns."""
    kinds: dict[bytes, tuple[bytes, dict[int, bytes], bytes]] = {}
    said = []
    for _case, _seq, prev, _kept, payload, _index, _leaf, typed, happened, recorded, texts in rows:
        try:
            middle, end = texts.find(b',"edition":'), texts.rfind(b',"root_id":')
            between = texts[middle:end]
            kind = kinds.get(between)
            if kind is None:
                kind = kinds[between] = _kind(between)
            edition, late, post = kind
            begun = payload.find(edition, middle)
            happened = b',"format":1,"happened_at":"' + happened.replace(b" ", b"T") + late[len(happened)]
            post = post + prev + b'","reason":'
            tail = b',"recorded_at":"' + recorded.replace(b" ", b"T") + ZONE[len(recorded)] + texts[end:]
            said.append(
                typed
                and begun > 0
                and payload.startswith(texts[:middle])
                and payload.find(happened, begun) > 0
                # Most acts give no reason, and then one look is enough.
                and (payload.endswith(post + b'""' + tail) or (payload.rfind(post) > 0 and payload.endswith(tail)))
            )
        except (AttributeError, TypeError, LookupError):
            # Not a text at all, or of no length that a moment has.
            said.append(False)
    return said


def _kind(between: bytes) -> tuple[bytes, dict[int, bytes], bytes]:
    """Pieces of the payload made of edition, lateness and post, which many rows have in common."""
    late, post = between.rfind(b',"late":'), between.rfind(b',"post":')
    truth = TRUTH.get(between[late + len(b',"late":') : post], b"?")
    ends = {length: zone + b',"late":' + truth + b',"money":' for length, zone in ZONE.items()}
    return between[:late] + b',"files":', ends, between[post:] + b',"prev_hash":"'


#: Whether the columns repeat the payload, by the kind of database: one answer a row.
REPEATS: dict[str, Callable[[list[Any]], list[bool]]] = {
    "sqlite": _repeat_on_sqlite,
    "postgresql": lambda rows: [row[7] for row in rows],
}


def _connected(task: Task) -> Any:
    if task.vendor == "sqlite":
        on_sqlite = sqlite3.connect(f"{task.place}?mode=ro", uri=True)
        on_sqlite.text_factory = bytes
        return on_sqlite
    import psycopg
    from psycopg import sql

    connection = psycopg.connect(task.place)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(task.moment))
    return connection
