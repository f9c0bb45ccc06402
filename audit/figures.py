"""Every amount that an entry says, as a row of its own, so that a list of the past adds up without reading payloads.

The database itself writes them: one trigger beside those that guard the record takes them out of the entry's payload,
so no act can forget one and none costs a query more. They are no evidence: what stands in the payload counts, and
`audit verify` lays every figure beside it (:func:`differences`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, ClassVar

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.utils.translation import gettext_lazy

from audit.immutability import UnsupportedEngine

TRIGGER = "audit_entry_figures"
#: Entries whose figures are written, or compared, by one statement.
RANGE = 10_000
COLUMNS = ("entry_id", "case_id", "source", "name", "fen", "happened_at", "recorded_at")


class Figure(models.Model):
    """An amount of the case's row as an act left it, or what the act moved of one source by transfers of one kind."""

    entry_id = models.BigIntegerField()
    #: The case that the amount is of; of a transfer the project, or the register.
    case_id = models.BigIntegerField()
    #: Of a transfer the first part of its accounts' codes ("S7"), else nothing.
    source = models.CharField(max_length=20, blank=True)
    #: The amount's name ("grant_fen"); of transfers their kind, and the last part of the account debited.
    name = models.CharField(max_length=80)
    fen = models.BigIntegerField(null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "audit_figure"
        default_permissions = ()
        verbose_name = gettext_lazy("figure")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry_id", "source", "name"], name="figure_once_an_entry"),
        ]
        # Each holds all that is asked of it, so that no row is read beside it.
        indexes: ClassVar = [
            models.Index(
                fields=["case_id", "name", "happened_at", "entry_id", "recorded_at", "fen"], name="figure_of_case",
                condition=Q(source=""),
            ),
            models.Index(
                fields=["case_id", "name", "happened_at", "recorded_at", "fen"], name="figure_moved_of_case",
                condition=~Q(source=""),
            ),
            models.Index(
                fields=["source", "name", "happened_at", "recorded_at", "fen"], name="figure_moved_of_source",
                condition=~Q(source=""),
            ),
        ]  # fmt: skip


#: Of `SELECT` alone the entries of the table, of `NEW.` the one that is being written.
_SQLITE = """
SELECT e.id, e.case_id, '', a.key, a.value, e.happened_at, e.recorded_at FROM ({rows}) e,
 json_each(e.facts, CASE WHEN json_type(e.facts, '$.outcome') IS NULL THEN '$.data' ELSE '$.outcome.case' END) a
 WHERE substr(a.key, -4) = '_fen'
 AND (a.type = 'integer' AND typeof(a.value) = 'integer' OR a.type = 'null' AND e.seq > 1)
 UNION ALL
SELECT id, root_id, substr(debit, 1, instr(debit, ':') - 1),
 kind || ':' || replace(debit, rtrim(debit, replace(debit, ':', '')), ''), sum(fen), happened_at, recorded_at
 FROM (SELECT e.*, json_extract(e.facts, m.fullkey || '.kind') AS kind,
 json_extract(e.facts, m.fullkey || '.debit') AS debit, json_extract(e.facts, m.fullkey || '.fen') AS fen
 FROM ({rows}) e, json_each(e.facts, '$.money') m) WHERE typeof(fen) = 'integer' AND instr(debit, ':') > 1
 GROUP BY 1, 2, 3, 4, 6, 7"""
_SQLITE_ROWS = (
    "SELECT {of}id AS id, {of}case_id AS case_id, {of}root_id AS root_id, {of}seq AS seq,"
    " {of}happened_at AS happened_at, {of}recorded_at AS recorded_at, CASE WHEN json_valid(CAST({of}payload AS TEXT))"
    " THEN CAST({of}payload AS TEXT) ELSE '{{}}' END AS facts"
)
_POSTGRESQL = """
SELECT e.id, e.case_id, '', a.key, CASE WHEN a.value::text ~ '^-?[0-9]{{1,18}}$' THEN a.value::text::bigint END,
 e.happened_at, e.recorded_at FROM ({rows}) e, jsonb_each(CASE
 WHEN e.facts ? 'outcome' AND jsonb_typeof(e.facts #> '{{outcome,case}}') = 'object' THEN e.facts #> '{{outcome,case}}'
 WHEN NOT e.facts ? 'outcome' AND jsonb_typeof(e.facts -> 'data') = 'object' THEN e.facts -> 'data'
 ELSE '{{}}' END) a WHERE right(a.key, 4) = '_fen'
 AND (a.value::text ~ '^-?[0-9]{{1,18}}$' OR a.value = 'null' AND e.seq > 1)
 UNION ALL
SELECT e.id, e.root_id, split_part(m ->> 'debit', ':', 1),
 (m ->> 'kind') || ':' || substring(m ->> 'debit' from '[^:]*$'), sum((m ->> 'fen')::bigint)::bigint,
 e.happened_at, e.recorded_at FROM ({rows}) e, jsonb_array_elements(CASE
 WHEN jsonb_typeof(e.facts -> 'money') = 'array' THEN e.facts -> 'money' ELSE '[]' END) m
 WHERE (m ->> 'fen') ~ '^[0-9]{{1,18}}$' AND position(':' in m ->> 'debit') > 1
 GROUP BY 1, 2, 3, 4, 6, 7"""
_POSTGRESQL_ROWS = (
    "SELECT {of}id, {of}case_id, {of}root_id, {of}seq, {of}happened_at, {of}recorded_at,"
    " fundtrail_facts({of}payload) AS facts"
)
#: What cannot be read says nothing: that it cannot, `audit verify` tells of the entry.
_FUNCTIONS = {
    "fundtrail_facts": (
        "(payload bytea) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE",
        " BEGIN RETURN convert_from(payload, 'UTF8')::jsonb;"
        " EXCEPTION WHEN data_exception OR statement_too_complex THEN RETURN '{}'; END ",
    ),
    "fundtrail_figures": (
        "() RETURNS trigger LANGUAGE plpgsql",
        f" BEGIN INSERT INTO audit_figure ({', '.join(COLUMNS)})"
        f" {_POSTGRESQL.format(rows=_POSTGRESQL_ROWS.format(of='NEW.'))}; RETURN NULL; END ",
    ),
}
_ON_SQLITE = (
    f"CREATE TRIGGER {TRIGGER} AFTER INSERT ON audit_entry BEGIN INSERT INTO audit_figure"
    f" ({', '.join(COLUMNS)}) {_SQLITE.format(rows=_SQLITE_ROWS.format(of='NEW.'))}; END"
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Let the database write the figures of every entry to come."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_ON_SQLITE)
            return
        for name, (head, body) in _FUNCTIONS.items():
            cursor.execute(f"CREATE OR REPLACE FUNCTION {name}{head} AS $${body}$$")
        cursor.execute(
            f"CREATE TRIGGER {TRIGGER} AFTER INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION fundtrail_figures()"
        )
        cursor.execute(f"ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER {TRIGGER}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """The inverse of :func:`install`, for migrations and tests."""
    if connection.vendor not in ("sqlite", "postgresql"):
        raise UnsupportedEngine(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER}{'' if connection.vendor == 'sqlite' else ' ON audit_entry'}")


def in_place(connection: BaseDatabaseWrapper) -> bool:
    """Whether the trigger stands as :func:`install` writes it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [TRIGGER])
            return bool(cursor.fetchone() == (_ON_SQLITE,))
        cursor.execute(
            "SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgname = %s"
            " AND t.tgrelid = to_regclass('audit_entry') AND t.tgenabled = 'A' AND p.proname = 'fundtrail_figures'"
            " AND pg_get_triggerdef(t.oid) LIKE %s",
            [TRIGGER, "%AFTER INSERT ON%FOR EACH ROW EXECUTE%"],
        )
        there = cursor.fetchone() == (1,)
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname = ANY(%s)", [list(_FUNCTIONS)])
        return there and dict(cursor.fetchall()) == {name: body for name, (_head, body) in _FUNCTIONS.items()}


def fill(connection: BaseDatabaseWrapper) -> None:
    """The figures of all entries, where there are none yet: once, by the migration."""
    said = _said(connection)
    for bounds in _ranges(connection):
        with connection.cursor() as cursor:
            cursor.execute(f"{said} INSERT INTO audit_figure ({', '.join(COLUMNS)}) SELECT * FROM said", bounds)  # noqa: S608


def differences(*, using: str) -> Iterator[tuple[int, list[str]]]:
    """An entry's number, and its figures that are missing or altered (plus) and those kept in their place (minus).

    Neither side holds a figure twice: where as many are kept as are said, and each that is said is kept, they are the
    same. Only where that is not so are both laid beside each other.
    """
    connection = connections[using]
    # The text is ours alone, here and below.
    kept = f"SELECT {', '.join(COLUMNS)} FROM audit_figure WHERE entry_id BETWEEN %s AND %s"  # noqa: S608
    # Not the times: SQLite lets anything stand there, and what cannot be read must not end the comparison.
    shown = "d.entry_id, d.source, d.name, d.fen"
    both = f"{_said(connection)}, kept AS MATERIALIZED ({kept})"
    same = (
        f"{both} SELECT (SELECT count(*) FROM said) = (SELECT count(*) FROM kept)"  # noqa: S608
        " AND NOT EXISTS (SELECT * FROM said EXCEPT SELECT * FROM kept)"
    )
    sql = (
        f"{both} SELECT '+', {shown} FROM (SELECT * FROM said EXCEPT SELECT * FROM kept) d"  # noqa: S608
        f" UNION ALL SELECT '-', {shown} FROM (SELECT * FROM kept EXCEPT SELECT * FROM said) d ORDER BY 2, 4, 1"
    )
    for bounds in (*_ranges(connection), *_strays(connection)):
        with connection.cursor() as cursor:
            cursor.execute(same, bounds * 2)
            if cursor.fetchone()[0]:
                continue
            cursor.execute(sql, bounds * 2)
            rows: list[Any] = cursor.fetchall()
        for entry_id, found in groupby(rows, key=lambda row: int(row[1])):
            yield entry_id, [f"{sign} {source} {name} {fen}" for sign, _id, source, name, fen in found]


def _said(connection: BaseDatabaseWrapper) -> str:
    """What the payloads of a range of entries say, as the table ``said`` of a statement; each is read once."""
    sql, rows = (_SQLITE, _SQLITE_ROWS) if connection.vendor == "sqlite" else (_POSTGRESQL, _POSTGRESQL_ROWS)
    entries = rows.format(of="") + " FROM audit_entry WHERE id BETWEEN %s AND %s"
    said = sql.format(rows="SELECT * FROM entries")
    return f"WITH entries AS MATERIALIZED ({entries}), said ({', '.join(COLUMNS)}) AS MATERIALIZED ({said})"


def _ranges(connection: BaseDatabaseWrapper) -> Iterator[list[int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM audit_entry")
        first, last = cursor.fetchone()
    for start in range(first, last + 1, RANGE) if first is not None else ():
        yield [start, min(start + RANGE - 1, last)]


def _strays(connection: BaseDatabaseWrapper) -> Iterator[list[int]]:
    """Single numbers of entries that are not there, though figures name them; no range covers them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT entry_id FROM audit_figure WHERE entry_id < (SELECT coalesce(min(id), 0) FROM audit_entry)"
            " OR entry_id > (SELECT coalesce(max(id), 0) FROM audit_entry)"
        )
        yield from ([number, number] for (number,) in cursor.fetchall())
