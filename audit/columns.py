"""Whether the columns of an entry repeat its payload, asked of the database itself: a million rows in seconds.

The payload's keys stand in order, so the columns between two keys that no column repeats ("data", "files" ...)
make up one piece of it, byte by byte. The database puts each piece together and looks for it. It may say no where
Python would say yes (a quotation mark in a name stands escaped in the payload), and then Python is asked. It must
never say yes wrongly: each key stands once in a payload, so a piece with all its keys fits at one place only, and a
column that brought a key of its own would bring it a second time.
"""

from __future__ import annotations

from functools import cache

from audit.journal import FORMAT
from audit.models import INDEXED, Entry

#: Keys of the payload that no column repeats. "outcome" follows "money", so that the pieces between them are the same
#: with and without it: entries written before there was one need no reading.
FREE = ("data", "data_sha256", "files", "money", "outcome", "reason")

_SQLITE = {
    "number": "coalesce(e.{0}, 'null')",
    "truth": "CASE e.{0} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END",
    "moment": "'\"' || replace(e.{0}, ' ', 'T') || CASE length(e.{0}) WHEN 19 THEN '.000000Z\"' ELSE 'Z\"' END",
    "has": "instr(e.payload, CAST({0} AS BLOB)) > 0",
}
_POSTGRESQL = {
    "number": "coalesce(e.{0}::text, 'null')",
    "truth": "e.{0}::text",
    "moment": "to_char(e.{0} AT TIME ZONE 'UTC', '!YYYY-MM-DD!T!HH24:MI:SS.US!Z!')".replace("!", '"'),
    "has": "position(convert_to({0}, 'UTF8') in e.payload) > 0",
}


@cache
def repeat_the_payload(vendor: str) -> str:
    """SQL over `audit_entry` e: 1 where the columns surely repeat the payload."""
    conditions = _right_types() if vendor == "sqlite" else []
    words = _SQLITE if vendor == "sqlite" else _POSTGRESQL
    conditions += [words["has"].format(piece) for piece in _pieces(words)]
    return f"CASE WHEN {' AND '.join(conditions)} THEN 1 ELSE 0 END"


def _right_types() -> list[str]:
    """SQLite lets any column hold anything: bytes in place of text, or text of a number, look alike once put together.

    It sorts numbers before text and text before bytes, so that the greatest of a row tells.
    """
    texts = ", ".join(f"e.{column}" for column in INDEXED if _kind(column) == "text")
    numbers = ", ".join(f"coalesce(e.{column}, 0)" for column in INDEXED if _kind(column) == "number")
    return [f"max({texts}) < x''", f"max({numbers}) < ''"]


def _pieces(words: dict[str, str]) -> list[str]:
    """SQL of the pieces between the free keys, in their order."""
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
            pieces[-1] += [f"'{before}'", words[kind].format(key)]
            before = ","
    pieces[-1].append("'{}'".format(before.removesuffix(",") + "}"))
    return [" || ".join(piece) for piece in pieces if len(piece) > 1]


def _kind(column: str) -> str:
    kind = Entry._meta.get_field(column).get_internal_type()
    return {"CharField": "text", "BooleanField": "truth", "DateTimeField": "moment"}.get(kind, "number")
