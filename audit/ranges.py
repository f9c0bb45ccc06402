"""Hashing a range of entries: what a process of its own does for `audit verify`, without Django.

It reads a range of entries in the order of their numbers and says which cases want a closer look; it names nothing.
Whatever is not surely right is suspect, and audit.verify reads those cases entry by entry.
"""

from __future__ import annotations

import contextlib
import gc
import json
import sqlite3
from binascii import unhexlify
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from audit import merkle
from audit.chain import GENESIS, canonical, digest

#: Leaves under one tile of the tree: what is asked for in one query.
TILE = 256
#: Rows looked at together (so few that they stay in the processor's cache until they are hashed), cases whose last
#: entry is remembered, and entries looked up at a time: memory is bounded.
CHUNK_ROWS, CASES_KEPT, LOOKED_UP = 128, 50_000, 400

#: Where audit.columns has the columns' JSON cut.
CUT = b'"\\u0001",'
#: What a moment of SQLite lacks of one in a payload, by its length: Django writes six digits of a second or none.
ZONE = {19: '.000000Z"', 26: 'Z"'}
TRUTH = {b"0": "false", b"1": "true"}
#: Hashes begun once and copied: to begin one takes OpenSSL as long as to hash thirty bytes.
BEGUN, LEAF = sha256(), sha256(merkle.LEAF)


@dataclass(frozen=True, slots=True)
class Task:
    """What to read and how. Rows: see audit.columns."""

    vendor: str
    #: Entries of a range, in its order.
    sql: str
    #: The same for SQLite where a column holds what its JSON cannot.
    careful: str
    #: Leaves under the last checkpoint: what they hold was read as JSON before it was signed. None where the ranges
    #: are not of leaves, but of the numbers of entries that have none.
    signed: int | None
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
    #: Tiles of 256 leaves whose entries all are right, with the tiles' hashes.
    tiles: dict[int, bytes] = field(default_factory=dict)

    def suspect(self, case_id: Any) -> None:
        """Want a closer look at the case."""
        if isinstance(case_id, int):
            self.suspects.add(case_id)
        else:
            self.nameless = True


class Reader:
    """Rows of a connection."""

    def __init__(self, vendor: str, connection: Any) -> None:
        self.vendor = vendor
        self.connection = connection
        self.binary = {} if vendor == "sqlite" else {"binary": True}

    def chunks(self, sql: str, first: int, last: int) -> Iterator[list[Any]]:
        """The rows between two numbers, so many at a time."""
        with contextlib.closing(self._cursor(wide=last - first >= TILE)) as cursor:
            cursor.execute(sql, (first, last), **self.binary)
            while chunk := cursor.fetchmany(CHUNK_ROWS):
                yield chunk

    def _cursor(self, *, wide: bool) -> Any:
        if self.vendor == "sqlite":
            return self.connection.cursor()
        import psycopg

        # What is wide must not be fetched all at once; for a tile that would only cost time.
        return psycopg.ServerCursor(self.connection, "fundtrail_range") if wide else psycopg.Cursor(self.connection)

    def hashes(self, places: list[tuple[int, int]]) -> set[tuple[int, int, str]]:
        """Case, number in the case and hash of the entries that stand at these places."""
        values = ", ".join(f"({case_id:d}, {seq:d})" for case_id, seq in places)
        # Joined, because at IN (VALUES ...) SQLite reads the whole table. Whole numbers of our own reading.
        sql = (
            f"WITH asked (case_id, seq) AS (VALUES {values}) SELECT e.case_id, e.seq, e.hash"  # noqa: S608
            " FROM asked a JOIN audit_entry e ON e.case_id = a.case_id AND e.seq = a.seq"
        )
        with contextlib.closing(self.connection.cursor()) as cursor:
            return set(cursor.execute(sql).fetchall())


class Chain:
    """Each entry's previous hash against the entry before it: the last one seen of the case, or looked up."""

    def __init__(self, reader: Reader, found: Found) -> None:
        self.reader = reader
        self.found = found
        self.heads: dict[int, tuple[int, str]] = {}
        self.before: list[tuple[int, int, str]] = []

    def add(self, rows: list[Any]) -> None:
        """Rows whose columns repeat their payloads."""
        heads = self.heads
        for row in rows:
            case_id, seq, prev, kept = row[:4]
            if heads.get(case_id) != (seq - 1, prev) and (seq != 1 or prev != GENESIS):
                self.before.append((case_id, seq - 1, prev))
            heads[case_id] = (seq, kept)
        if len(self.before) >= LOOKED_UP:
            self.follow()
        if len(heads) > CASES_KEPT:
            heads.clear()

    def follow(self) -> None:
        """Suspect the cases in which no such entry stands at that place; forget what was asked."""
        for start in range(0, len(self.before), LOOKED_UP):
            asked = self.before[start : start + LOOKED_UP]
            there = self.reader.hashes([(case_id, seq) for case_id, seq, _hash in asked])
            for wanted in asked:
                if wanted not in there:
                    self.found.suspect(wanted[0])
        self.before.clear()


def process(place: tuple[str, str], task: Task, first: int, last: int) -> Found:
    """`look` in a process and a connection of its own.

    `place` is the file of SQLite, or what libpq wants to know and the moment another connection to PostgreSQL exported.
    """
    # Nothing here refers to itself, and looking for that would go through every row.
    gc.disable()
    with contextlib.closing(_connected(task.vendor, *place)) as connection:
        return look(Reader(task.vendor, connection), task, first, last)


def look(reader: Reader, task: Task, first: int, last: int) -> Found:
    """Hashes, chains, columns and leaves of a range; of leaves, it begins with a tile."""
    if task.vendor != "sqlite":
        return _looked(reader, task, task.sql, first, last)
    connection = reader.connection
    before, connection.text_factory = connection.text_factory, str
    try:
        return _looked(reader, task, task.sql, first, last)
    except sqlite3.OperationalError:
        # Bytes in a column have no JSON, and not all of them are a text.
        connection.text_factory = _decoded
        return _looked(reader, task, task.careful, first, last)
    finally:
        connection.text_factory = before


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _looked(reader: Reader, task: Task, sql: str, first: int, last: int) -> Found:
    found = Found()
    chain = Chain(reader, found)
    # Numbers of entries may lie far apart.
    step = TILE if task.signed is not None else last - first + 1
    for start in range(first, last + 1, step):
        stop = min(start + step - 1, last)
        signed = task.signed is not None and stop < task.signed
        leaves: list[bytes] = []
        for rows in reader.chunks(sql, start, stop):
            found.entries += len(rows)
            good = rows if _right(rows, task, signed) else [row for row in rows if _right([row], task, signed)]
            for row in rows if len(good) < len(rows) else ():
                if row not in good:
                    found.suspect(row[0])
            chain.add(good)
            leaves += _leaves(good)
        if len(leaves) == TILE and task.signed is not None:
            found.tiles[start // TILE] = merkle.complete(leaves)
    chain.follow()
    return found


def _right(rows: list[Any], task: Task, signed: bool) -> bool:
    """Whether all rows have the hashes of their payloads, and the columns and form as well."""
    try:
        same = _linked(rows) == [row[3] for row in rows] and REPEATED[task.vendor](rows)
        return same and (signed or all(sound(row[4], task.format) for row in rows))
    except (AttributeError, TypeError, ValueError, LookupError):
        # Something else stands in a column, or of no length that a moment has.
        return False


def _linked(rows: list[Any]) -> list[str]:
    """The hashes that the rows should have: audit.chain.link."""
    made = []
    for row in rows:
        begun = BEGUN.copy()
        begun.update(unhexlify(row[2]))
        begun.update(row[4])
        made.append(begun.hexdigest())
    return made


def _leaves(rows: list[Any]) -> list[bytes]:
    """The hashes of the rows' leaves: audit.merkle.leaf_hash."""
    made = []
    for row in rows:
        begun = LEAF.copy()
        begun.update(unhexlify(row[3]))
        made.append(begun.digest())
    return made


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


def _repeated_on_sqlite(rows: list[Any]) -> bool:
    """Whether the columns of all rows repeat their payloads: see audit.columns."""
    kinds: dict[bytes, tuple[bytes, dict[int, str], bytes]] = {}
    for case_id, seq, prev, _kept, payload, happened, recorded, texts in rows:
        start, between, end = texts.split(CUT)
        kind = kinds.get(between)
        if kind is None:
            kind = kinds[between] = _kind(between)
        edition, late, post = kind
        moment = happened.replace(" ", "T")
        when = f'"format":1,"happened_at":"{moment}{late[len(moment)]}'.encode()
        if recorded != happened:
            moment = recorded.replace(" ", "T")
        tail = f',"recorded_at":"{moment}{ZONE[len(moment)]},'.encode() + end
        post += prev.encode()
        if not (
            type(case_id) is type(seq) is int
            and payload.startswith(start)
            # Most acts bring no file, and then one search is enough.
            and (
                payload.find(edition + b"[]," + when, len(start)) > 0
                or payload.find(when, payload.index(edition, len(start))) > 0
            )
            # Most acts give no reason, and then one look is enough.
            and (
                payload.endswith(post + b'","reason":""' + tail)
                or (payload.rfind(post + b'","reason":') > 0 and payload.endswith(tail))
            )
        ):
            return False
    return True


def _kind(between: bytes) -> tuple[bytes, dict[int, str], bytes]:
    """Pieces of the payload made of edition, lateness and post, which many rows have in common."""
    late, post = between.rindex(b',"late":'), between.rindex(b',"post":')
    truth = TRUTH[between[late + len(b',"late":') : post]]
    ends = {length: f'{zone},"late":{truth},"money":' for length, zone in ZONE.items()}
    return between[:late] + b',"files":', ends, between[post:].removesuffix(b'"prev_hash":') + b'"prev_hash":"'


#: Whether the columns of all rows repeat their payloads, by the kind of database.
REPEATED: dict[str, Callable[[list[Any]], bool]] = {
    "sqlite": _repeated_on_sqlite,
    "postgresql": lambda rows: all(row[5] for row in rows),
}


def _connected(vendor: str, place: str, moment: str) -> Any:
    if vendor == "sqlite":
        return sqlite3.connect(f"{place}?mode=ro", uri=True)
    import psycopg
    from psycopg import sql

    connection = psycopg.connect(place)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(moment))
    return connection
