"""Whether the columns of an entry repeat its payload, asked of the database itself: a million rows in seconds.

The payload's keys stand in order, so the columns between two keys that no column repeats ("data", "files" ...)
make up one piece of it, byte by byte. The database puts each piece together and looks for it. It may say no where
Python would say yes, and then Python is asked; it must never say yes wrongly.
"""

from __future__ import annotations

from functools import cache

from audit.journal import FORMAT
from audit.models import INDEXED, Entry

#: Keys of the payload that no column repeats.
FREE = ("data", "data_sha256", "files", "money", "reason")


@cache
def repeat_the_payload(vendor: str) -> str:
    """SQL over `audit_entry` e: 1 where the columns surely repeat the payload."""
    write = _SQLITE if vendor == "sqlite" else _POSTGRESQL
    first, *between, last = _pieces(write["join"], write)
    conditions = [write["begins"].format(first), *map(write["has"].format, between), write["ends"].format(last)]
    return f"CASE WHEN {' AND '.join(conditions)} THEN 1 ELSE 0 END"


_SQLITE = {
    "join": " || ",
    # Anything but text would be taken for the text that it looks like.
    "text": "CASE typeof(e.{0}) WHEN 'text' THEN json_quote(e.{0}) END",
    "number": "coalesce(e.{0}, 'null')",
    "truth": "CASE e.{0} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END",
    "moment": "'\"' || replace(substr(e.{0}, 1, 19), ' ', 'T')"
    " || CASE length(e.{0}) WHEN 19 THEN '.000000' WHEN 26 THEN substr(e.{0}, 20) END || 'Z\"'",
    "begins": "substr(e.payload, 1, length(CAST({0} AS BLOB))) = CAST({0} AS BLOB)",
    "has": "instr(e.payload, CAST({0} AS BLOB)) > 0",
    "ends": "substr(e.payload, -length(CAST({0} AS BLOB))) = CAST({0} AS BLOB)",
}
_POSTGRESQL = {
    "join": " || ",
    "text": "to_json(e.{0})::text",
    "number": "coalesce(e.{0}::text, 'null')",
    "truth": "e.{0}::text",
    "moment": "to_char(e.{0} AT TIME ZONE 'UTC', '\"YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    "begins": "substr(e.payload, 1, octet_length({0})) = convert_to({0}, 'UTF8')",
    "has": "position(convert_to({0}, 'UTF8') in e.payload) > 0",
    "ends": "substr(e.payload, 1 + octet_length(e.payload) - octet_length({0})) = convert_to({0}, 'UTF8')",
}


def _pieces(join: str, write: dict[str, str]) -> list[str]:
    """SQL of the pieces between the free keys, in their order."""
    pieces: list[list[str]] = [[]]
    text = "{"
    for key in sorted((*INDEXED, *FREE, "format")):
        text += f'"{key}":'
        if key in FREE:
            # Every piece with a column in it begins and ends at a free key's value.
            pieces[-1].append(f"'{text}'")
            pieces.append([])
            text = ","
            continue
        if key == "format":
            text += f"{FORMAT},"
            continue
        pieces[-1] += [f"'{text}'", write[_kind(key)].format(key)]
        text = ","
    pieces[-1].append("'}'")
    return [join.join(piece) for piece in pieces if len(piece) > 1]


def _kind(column: str) -> str:
    kind = Entry._meta.get_field(column).get_internal_type()
    return {"CharField": "text", "BooleanField": "truth", "DateTimeField": "moment"}.get(kind, "number")
