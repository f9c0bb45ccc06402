"""Whether the columns of an entry repeat its payload, in few steps: a million rows in seconds.

The payload's keys stand in order, so the columns between two keys that no column repeats ("data", "files" ...)
make up one piece of it, byte by byte. Each piece is put together and looked for. The answer may be no where a reader
of JSON would say yes (a quotation mark in a name stands escaped in the payload), and then such a one is asked. It must
never be yes wrongly: each key stands once in a payload, so a piece with all its keys fits at one place only, and a
column that brought a key of its own would bring it a second time.

PostgreSQL puts the pieces together and compares them itself. SQLite writes the columns as one object of JSON, which
it does in a single step and which keeps apart what its columns let through, bytes and text in the place of numbers;
audit.ranges cuts the object into the pieces.
"""

from __future__ import annotations

from functools import cache

from audit.journal import FORMAT
from audit.models import INDEXED, Entry

#: Keys of the payload that no column repeats. "on_paper" and "outcome" follow "money", so that the pieces between them
#: are the same with and without them: entries that have none need no reading.
FREE = ("data", "data_sha256", "files", "money", "on_paper", "outcome", "reason")

#: Where the entries come from: by their leaves, of which one with another hash than its entry counts for none; or
#: those that have no such leaf, by their numbers.
_PLACED = (
    "audit_leaf l JOIN audit_entry e ON e.id = l.entry_id AND e.hash = l.hash"
    " WHERE l.idx BETWEEN {0} AND {0} ORDER BY l.idx"
)
LOOSE = (
    "NOT EXISTS (SELECT 1 FROM audit_leaf l WHERE l.entry_id = e.id AND l.hash = e.hash"
    " AND l.idx >= 0 AND l.idx < (SELECT count(*) FROM audit_leaf))"
)
_LOOSE = f"audit_entry e WHERE e.id BETWEEN {{0}} AND {{0}} AND {LOOSE} ORDER BY e.id"

_WORDS = {
    "number": "coalesce(e.{0}::text, 'null')",
    "truth": "e.{0}::text",
    "moment": """'"' || to_char(e.{0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"'""",
}


@cache
def ranged(vendor: str, *, placed: bool, careful: bool = False) -> str:
    """SQL of a range as audit.ranges reads it: of leaves, or of the numbers of entries that have none.

    On SQLite the quick way fails where a column of text holds bytes; `careful` says of such a row only that it is odd.
    """
    mark = "?" if vendor == "sqlite" else "%s"
    columns = _on_sqlite(careful=careful) if vendor == "sqlite" else _on_postgresql()
    # The text is ours alone.
    return (
        "SELECT e.case_id, e.seq, e.prev_hash, e.hash, e.payload,"  # noqa: S608
        f" {columns} FROM {(_PLACED if placed else _LOOSE).format(mark)}"
    )


def _on_postgresql() -> str:
    return " AND ".join(f"position(convert_to({piece}, 'UTF8') in e.payload) > 0" for piece in _pieces())


def _on_sqlite(*, careful: bool) -> str:
    """The moments, and the other columns as JSON, with a sign where it is to be cut."""
    values = {column: f"e.{column}" for column in INDEXED if column not in ("happened_at", "recorded_at")}
    values |= {"data": "char(1)", "prev_hash": "char(1)"}
    named = ", ".join(f"'{key}', {values[key]}" for key in sorted(values))
    texts = f"CAST(json_object({named}) AS BLOB)"
    if careful:
        clean = f"max({', '.join(f'coalesce(e.{column}, 0)' for column in INDEXED)}) < x''"
        texts = f"CASE WHEN {clean} THEN {texts} END"
    # The plus takes the column's type away, so that nothing but its bytes is read.
    return f"+e.happened_at, +e.recorded_at, {texts}"


def _pieces() -> list[str]:
    """PostgreSQL's words for the pieces between the free keys, in their order."""
    pieces: list[list[str]] = [[]]
    before = "{"
    for key in sorted((*INDEXED, *FREE, "format")):
        before += f'"{key}":'
        kind = "" if key in FREE or key == "format" else _kind(key)
        if key == "format":
            before += f"{FORMAT},"
        elif not kind:
            # A piece ends at a free key, and the next begins behind its value.
            pieces[-1].append(f"'{before}'")
            pieces.append([])
            before = ","
        elif kind == "text":
            pieces[-1] += [f"'{before}\"'", f"e.{key}"]
            before = '",'
        else:
            pieces[-1] += [f"'{before}'", _WORDS[kind].format(key)]
            before = ","
    pieces[-1].append("'{}'".format(before.removesuffix(",") + "}"))
    return [" || ".join(piece) for piece in pieces if len(piece) > 1]


def _kind(column: str) -> str:
    kind = Entry._meta.get_field(column).get_internal_type()
    return {"CharField": "text", "BooleanField": "truth", "DateTimeField": "moment"}.get(kind, "number")
