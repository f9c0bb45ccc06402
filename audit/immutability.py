"""Triggers with which the database itself refuses to change what was recorded.

The same promise on both engines: no UPDATE, no DELETE; on PostgreSQL no TRUNCATE and no way around
through `session_replication_role`; on SQLite no INSERT OR REPLACE, which would otherwise delete
the old row without firing any trigger.

SQLite drops a table's triggers when a migration rebuilds the table: such a migration ends with
`install` again, and `missing` (asked by `manage.py audit verify`) tells when one forgot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class Columns:
    """A table whose rows stay and whose named columns never change; the others may."""

    table: str
    columns: tuple[str, ...]


class UnsupportedEngine(RuntimeError):
    """The record is guarded on SQLite and PostgreSQL only."""


def install(connection: BaseDatabaseWrapper, *tables: str | Columns) -> None:
    """Put the triggers of `tables` in place, replacing older ones of the same name.

    A plain name means an append-only table. Refused statements raise IntegrityError.
    """
    remove(connection, *tables)
    with connection.cursor() as cursor:
        for sql in _engine(connection).prelude:
            cursor.execute(sql)
        for table in tables:
            for statements in _engine(connection).triggers(cursor, _columns(table)).values():
                for sql in statements:
                    cursor.execute(sql)


def remove(connection: BaseDatabaseWrapper, *tables: str | Columns) -> None:
    """Take the triggers away: the inverse of `install`, for migrations and for tests' flush."""
    engine = _engine(connection)
    with connection.cursor() as cursor:
        for table in map(_columns, tables):
            for name in engine.triggers(cursor, table):
                cursor.execute(engine.drop.format(name=name, table=table.table))


def missing(connection: BaseDatabaseWrapper, *tables: str | Columns) -> list[str]:
    """Names of the triggers that are absent, disabled or no longer what `install` writes."""
    engine = _engine(connection)
    with connection.cursor() as cursor:
        return [
            name
            for table in map(_columns, tables)
            for name, statements in engine.triggers(cursor, table).items()
            if not engine.in_place(cursor, table.table, name, statements)
        ]


def strange(connection: BaseDatabaseWrapper, *tables: str | Columns) -> list[str]:
    """Names of triggers on `tables` that `install` did not write: one of them could swallow what is recorded."""
    engine = _engine(connection)
    found = []
    with connection.cursor() as cursor:
        for table in map(_columns, tables):
            ours = engine.triggers(cursor, table)
            cursor.execute(engine.listed, [table.table])
            found += [name for (name,) in cursor.fetchall() if name not in ours]
    return found


def _columns(table: str | Columns) -> Columns:
    return table if isinstance(table, Columns) else Columns(table, ())


def _engine(connection: BaseDatabaseWrapper) -> _SQLite | _PostgreSQL:
    if connection.vendor == "sqlite":
        return _SQLite()
    if connection.vendor == "postgresql":
        return _PostgreSQL()
    raise UnsupportedEngine(connection.vendor)


class _SQLite:
    prelude: tuple[str, ...] = ()
    drop = "DROP TRIGGER IF EXISTS {name}"
    listed = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s ORDER BY name"

    def triggers(self, cursor: Any, guard: Columns) -> dict[str, list[str]]:
        table = guard.table
        changed = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in guard.columns)
        when = {"update": changed, "delete": "", "replace": self._exists_already(cursor, table)}
        event = {"update": "UPDATE", "delete": "DELETE", "replace": "INSERT"}
        return {
            f"{table}_no_{kind}": [
                f'CREATE TRIGGER {table}_no_{kind} BEFORE {event[kind]} ON "{table}"'
                + (f" WHEN {condition}" if condition else "")
                + f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: {kind} refused'); END"
            ]
            for kind, condition in when.items()
        }

    def in_place(self, cursor: Any, table: str, name: str, statements: list[str]) -> bool:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s AND tbl_name = %s",
            [name, table],
        )
        return bool(cursor.fetchone() == (statements[0],))

    def _exists_already(self, cursor: Any, table: str) -> str:
        """Condition that a new row would collide with an old one on any of its unique keys."""
        cursor.execute(f'PRAGMA table_info("{table}")')
        keys = [[row[1] for row in cursor.fetchall() if row[5]]]
        cursor.execute(f'PRAGMA index_list("{table}")')
        # Only whole-table unique indexes: a partial one does not bind every row.
        unique = sorted(row[1] for row in cursor.fetchall() if row[2] and not row[4])
        for index in unique:
            cursor.execute(f'PRAGMA index_info("{index}")')
            keys.append([row[2] for row in cursor.fetchall()])
        return " OR ".join(
            f'EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # noqa: S608 - a trigger's own text
            for key in keys
            if key and None not in key
            for same in [" AND ".join(f'"{column}" = NEW."{column}"' for column in key)]
        )


class _PostgreSQL:
    body = (
        " BEGIN RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, lower(TG_OP)"
        " USING ERRCODE = 'integrity_constraint_violation'; END "
    )
    prelude = (f"CREATE OR REPLACE FUNCTION fundtrail_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",)
    drop = 'DROP TRIGGER IF EXISTS {name} ON "{table}"'
    listed = (
        "SELECT tgname FROM pg_trigger"
        " WHERE tgrelid = to_regclass(quote_ident(%s)) AND NOT tgisinternal ORDER BY tgname"
    )

    def triggers(self, cursor: Any, guard: Columns) -> dict[str, list[str]]:
        table = guard.table
        changed = " OR ".join(f'OLD."{c}" IS DISTINCT FROM NEW."{c}"' for c in guard.columns)
        scope = {
            "update": "FOR EACH ROW" + (f" WHEN ({changed})" if changed else ""),
            "delete": "FOR EACH ROW",
            "truncate": "FOR EACH STATEMENT",
        }
        return {
            f"{table}_no_{kind}": [
                f'CREATE TRIGGER {table}_no_{kind} BEFORE {kind.upper()} ON "{table}" {each}'
                " EXECUTE FUNCTION fundtrail_refuse_change()",
                # ALWAYS: also when session_replication_role silences ordinary triggers.
                f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER {table}_no_{kind}',
            ]
            for kind, each in scope.items()
        }

    def in_place(self, cursor: Any, table: str, name: str, statements: list[str]) -> bool:
        cursor.execute(
            "SELECT t.tgenabled, p.proname, p.prosrc, pg_get_triggerdef(t.oid)"
            " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgname = %s AND t.tgrelid = to_regclass(%s)",
            [name, f'"{table}"'],
        )
        row = cursor.fetchone()
        if row is None:
            return False
        enabled, function, source, definition = row
        # psycopg gives the "char" type as bytes or text, by version.
        enabled = enabled.decode() if isinstance(enabled, bytes) else enabled
        kind = name.rpartition("_")[2].upper()
        conditional = " WHEN (" in statements[0]
        return bool(
            enabled == "A"
            and function == "fundtrail_refuse_change"
            and source == self.body
            and f"BEFORE {kind} ON" in definition
            and (" WHEN (" in definition) == conditional
        )
