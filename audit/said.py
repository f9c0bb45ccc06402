"""An index of what entries say, so that a word is found without reading the record (decision 55).

Any part of two or more signs is found, as Chinese is not written in words. On SQLite a trigger writes it (FTS5, by
three signs; of two, all threes that begin with them), on PostgreSQL it is an index over the payload (GIN, by two). It
holds what the payload's fields say, not their names, and of what cannot be read all of it. It only narrows: whoever
asks compares what is left, so that too much in it does no harm. It is no evidence; `audit verify` says whether it
stands and has every entry.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.db.models.expressions import RawSQL

from audit.immutability import UnsupportedEngine

TRIGGER = "audit_entry_words"
INDEX = "entry_words"
SIGNS_MIN = 2
#: Entries that one statement fills in.
RANGE = 10_000
UNREADABLE = "unreadable"
_TEXT = "CAST({of}payload AS TEXT)"
_SAID = (
    "SELECT {of}id, (SELECT group_concat(atom, char(10)) FROM json_tree(CASE WHEN json_valid({text}) THEN {text}"
    " ELSE json_array({text}) END) WHERE type IN ('text', 'integer')) || char(10)"
)
_ON_SQLITE = {
    "audit_words": ("CREATE VIRTUAL TABLE audit_words USING fts5(said, content='', detail=none, tokenize='trigram')"),
    "audit_words_terms": "CREATE VIRTUAL TABLE audit_words_terms USING fts5vocab(audit_words, row)",
    TRIGGER: (
        f"CREATE TRIGGER {TRIGGER} AFTER INSERT ON audit_entry BEGIN INSERT INTO audit_words(rowid, said)"
        f" {_SAID.format(of='NEW.', text=_TEXT.format(of='NEW.'))}; END"
    ),
}
#: It names nothing but what every search path has: PostgreSQL reads it with no other.
_BODY = """
BEGIN RETURN (SELECT coalesce(array_agg(DISTINCT pair), '{}') FROM
 (SELECT sign || lead(sign) OVER (ORDER BY n) AS pair FROM
 (SELECT lower(string_agg(one #>> '{}', E'\\n') COLLATE "C") AS said
 FROM jsonb_path_query(convert_from(payload, 'UTF8')::jsonb, 'strict $.**') one
 WHERE jsonb_typeof(one) IN ('string', 'number')) whole,
 unnest(string_to_array(said, NULL)) WITH ORDINALITY AS signs(sign, n)) pairs WHERE pair IS NOT NULL);
 EXCEPTION WHEN data_exception OR statement_too_complex THEN RETURN ARRAY['unreadable']; END """
_FUNCTION = "fundtrail_words(payload bytea) RETURNS text[] LANGUAGE plpgsql IMMUTABLE"


class MaySay(Func):
    """Whether a payload has all of some pairs of signs, given on lines; PostgreSQL."""

    output_field = BooleanField()
    arg_joiner = ") @> string_to_array("
    template = "(fundtrail_words(%(expressions)s, E'\\n'))"


def holding(text: str) -> Q:
    """The entries that may have these signs in what they say; all, where the index cannot tell."""
    if (
        len(text) < SIGNS_MIN
        or not text.isprintable()
        or any(not one.isascii() and one.swapcase() != one for one in text)
    ):
        return Q()
    # The databases agree on the capitals of ASCII alone.
    folded = text.lower()
    if connection.vendor == "postgresql":
        pairs = "\n".join(sorted({folded[n : n + 2] for n in range(len(folded) - 1)}))
        return Q(_may_say(pairs)) | Q(_may_say(UNREADABLE))
    if len(text) > SIGNS_MIN:
        threes = " AND ".join(_quoted(folded[n : n + 3]) for n in range(len(folded) - 2))
        return Q(pk__in=RawSQL("SELECT rowid FROM audit_words WHERE audit_words MATCH %s", [threes]))
    # Each text ends with the end of a line, so behind every two signs comes a third.
    sql = (
        "SELECT w.rowid FROM audit_words_terms t JOIN audit_words w ON w.audit_words MATCH"
        " '\"' || replace(t.term, '\"', '\"\"') || '\"' WHERE t.term >= %s AND t.term < %s"
    )
    return Q(pk__in=RawSQL(sql, [folded, folded + chr(0x10FFFF)]))  # noqa: S611


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""'))


def _may_say(lines: str) -> MaySay:
    return MaySay(F("payload"), Value(lines, output_field=TextField()))


def install(connection: BaseDatabaseWrapper) -> None:
    """Build the index, over all entries that are there, and keep it from now on."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE OR REPLACE FUNCTION {_FUNCTION} AS $${_BODY}$$")
            cursor.execute(f"CREATE INDEX {INDEX} ON audit_entry USING gin (fundtrail_words(payload))")
            return
        for statement in _ON_SQLITE.values():
            cursor.execute(statement)
        cursor.execute("SELECT min(id), max(id) FROM audit_entry")
        first, last = cursor.fetchone()
        said = _SAID.format(of="", text=_TEXT.format(of="")) + " FROM audit_entry WHERE id BETWEEN %s AND %s"
        for start in range(first, last + 1, RANGE) if first is not None else ():
            cursor.execute(f"INSERT INTO audit_words(rowid, said) {said}", [start, start + RANGE - 1])


def remove(connection: BaseDatabaseWrapper) -> None:
    """The inverse of :func:`install`."""
    if connection.vendor not in ("sqlite", "postgresql"):
        raise UnsupportedEngine(connection.vendor)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")
            cursor.execute("DROP FUNCTION IF EXISTS fundtrail_words(bytea)")
            return
        for name in reversed(_ON_SQLITE):
            cursor.execute(f"DROP {'TRIGGER' if name == TRIGGER else 'TABLE'} IF EXISTS {name}")


def wrong(connection: BaseDatabaseWrapper) -> list[str]:
    """What of the index is missing or altered, by name; "" names entries that it does not have."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'fundtrail_words'")
            function: Any = cursor.fetchall()
            cursor.execute(
                "SELECT indexdef FROM pg_indexes JOIN pg_index ON indexrelid = to_regclass(indexname)"
                " WHERE indexname = %s AND indisvalid", [INDEX],
            )  # fmt: skip
            index = [definition for (definition,) in cursor.fetchall()]
            found = [] if function == [(_BODY,)] else ["fundtrail_words"]
            return found if index and "gin (fundtrail_words(payload))" in index[0] else [*found, INDEX]
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE name IN (%s, %s, %s)", list(_ON_SQLITE))
        there = dict(cursor.fetchall())
        found = [name for name, statement in _ON_SQLITE.items() if there.get(name) != statement]
        if found:
            return found
        # Asked with NOT IN, SQLite looks each number up where it lies; with EXCEPT it would sort all of them first.
        cursor.execute(
            "SELECT EXISTS (SELECT id FROM audit_entry WHERE id NOT IN (SELECT id FROM audit_words_docsize))"
        )
        return ["audit_words"] if cursor.fetchone()[0] else []
