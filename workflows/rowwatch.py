"""What an act writes into the tables of :mod:`workflows.caserows`, seen statement by statement, for its entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from workflows.caserows import NEW, REGISTERED, Rows, Table, Told, new_rows, raw, tables
from workflows.outcome import plain

if TYPE_CHECKING:
    from workflows.cases import Case

#: What an INSERT, an UPDATE or a DELETE of the ORM or of audit.prepared begins with, and which rows it is about.
_WRITES = re.compile(r'\s*(INSERT|UPDATE|DELETE)(?: OR \w+)?(?: INTO| FROM)? "(\w+)"')
_OF_ROWS = re.compile(r'WHERE (?:"\w+"\.)?"id" (?:= %s|IN \((?P<many>[%s, ]+)\))$')
#: Fields whose value in a statement is the one that will be read.
_AS_WRITTEN = (models.BooleanField, models.CharField, models.IntegerField)
#: In place of a value that a statement has changed and nobody read before.
_UNKNOWN = object()


@dataclass
class _Written:
    """What an act has written into one table so far."""

    table: Table
    inserted: int = 0
    #: Columns set in certain rows, and in any row of the case.
    columns: dict[int | None, set[str]] = field(default_factory=dict)
    #: How it stood before, where that had to be read.
    before: Rows | None = None
    #: The rows that it wrote with their values, as long as the statements say them.
    known: Told | None = field(default_factory=dict)

    def note(self, verb: str, sql: str, params: Sequence[Any]) -> None:
        """An INSERT or an UPDATE: which rows and columns can be told afterwards, so that nothing need be read now."""
        if verb == "INSERT":
            self.inserted += len(params[0]) if "UNNEST(" in sql else sql.count("), (") + 1
            self.known = None
            return
        found = _OF_ROWS.search(sql)
        count = 0 if found is None else found["many"].count("%s") if found["many"] else 1
        head = sql.partition(" SET ")[2].rpartition(" WHERE ")[0]
        columns = re.findall(r'"(\w+)" = ', head)
        plainly = count and re.fullmatch(r'"\w+" = %s(, "\w+" = %s)*', head) and len(params) == len(columns) + count
        values = self._values(columns, params) if plainly else None
        for pk in params[-count:] if count else [None]:
            self.columns[pk] = self.columns.get(pk, set()) | set(columns)
            if self.known is not None and values is not None:
                self.known[str(pk)] = (self.known.get(str(pk)) or {}) | values
        if values is None:
            self.known = None

    def _values(self, columns: Sequence[str], params: Sequence[Any]) -> dict[str, Any] | None:
        """Columns as an entry tells them; none where the database may store them otherwise than the statement says."""
        told = {}
        for name, value in zip(columns, params, strict=False):
            if name not in self.table.fields or name in self.table.personal + self.table.long:
                return None
            kind = self.table.row._meta.get_field(name)
            if not isinstance(kind, _AS_WRITTEN):
                return None
            told[name] = plain(kind.to_python(value))
        return told

    def stood(self, rows: Rows) -> Rows:
        """The rows as they were before what was noted; the case is held, so its newest rows are the act's own."""
        newest = set(sorted(rows)[-self.inserted :]) if self.inserted else set()
        before: Rows = {}
        for pk, row in rows.items():
            if pk not in newest:
                written = self.columns.get(pk, set()) | self.columns.get(None, set())
                before[pk] = {name: _UNKNOWN if name in written else value for name, value in row.items()}
        return before


@cache
def _by_db_table(kind: str) -> dict[str, Table]:
    return {table.row._meta.db_table: table for table in tables(kind) if table.case != "pk"}


class Watch:
    """Sees every statement of an act, and remembers which tables of the case it writes."""

    def __init__(self, kind: str, case_id: int | None, case: Case | None = None) -> None:
        self.kind, self.case_id = kind, case_id
        self.written: dict[str, _Written] = {}
        self.sealed = {} if case is None else self._sealed(case)

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """A statement on its way to the database."""
        found = _WRITES.match(sql) if isinstance(sql, str) else None
        table = _by_db_table(self.kind).get(found[2]) if found else None
        if found is not None and table is not None:
            written = self.written.setdefault(table.name, _Written(table))
            if self.case_id is None or table.whole:
                # Of a case just being opened there was nothing.
                written.before = {}
            elif written.before is None and (found[1] == "DELETE" or table.many):
                written.before, written.known = written.stood(table.rows_of(self.case_id)), None
            elif written.before is None:
                written.note(found[1], sql, params)
        return execute(sql, params, many, context)

    def told(self, case: Case | None = None) -> dict[str, Told]:
        """What the act changed: table -> row -> fields; at most one query for each table that it wrote."""
        laid = case.laid if case is not None else ()
        told: dict[str, Told] = {}
        for table in tables(self.kind):
            written = self.written.get(table.name)
            if written is not None and (known := _known(written, laid)) is not None:
                told[table.name] = known
            elif written is not None:
                now = table.rows_of(case.pk if case else self.case_id or 0)
                before = written.stood(now) if written.before is None else written.before
                told[table.name] = table.difference(before, now)
            elif case is not None and table.case == "pk" and self._sealed(case) != self.sealed:
                row = {name: getattr(case, name) for name in table.personal}
                told[table.name] = {f"{NEW if self.case_id is None else ''}{case.pk}": table.told(row, table.personal)}
        return {name: rows for name, rows in told.items() if rows}

    def _sealed(self, case: Case) -> dict[str, Any]:
        own = next((table for table in tables(self.kind) if table.case == "pk"), None)
        return {name: raw(getattr(case, name)) for name in own.personal} if own else {}


def _known(written: _Written, laid: Sequence[models.Model]) -> Told | None:
    """What can be told without a look at the table; none where it takes one. ``laid``: new rows."""
    new = [row for row in laid if type(row) is written.table.row]
    if written.before is None and not written.columns and 0 < written.inserted == len(new):
        return new_rows(written.table, new)
    return written.known if written.before is None else None


@contextmanager
def watching(kind: str, case: Case | None = None) -> Iterator[Watch]:
    """Watch what is written inside about a case that there is already, about a new one, or about a register."""
    watch = Watch(kind, case.pk if case is not None else 0 if kind in REGISTERED else None, case)
    with connection.execute_wrapper(watch):
        yield watch
