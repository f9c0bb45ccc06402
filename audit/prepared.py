"""Queries planned once a process, and rows written without planning: for what every act asks.

Django writes the SQL of a query anew each time it runs, which costs several times what the database
takes to answer. A `Prepared` is an ordinary queryset with `Slot` in place of its values: its SQL is
written once and then only filled in. `insert` and `update` write one row by its primary key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.expressions import Expression
from django.db.models.query import get_related_populators

if TYPE_CHECKING:
    Fields = tuple[models.Field[Any, Any], ...]

M = TypeVar("M", bound=models.Model)


class Slot(Expression):
    """A value that is given when the query runs."""

    def __init__(self, name: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Slot]]:  # type: ignore[override]
        """A placeholder whose value is this slot itself, to be replaced."""
        return "%s", [self]

    def value(self, given: dict[str, Any]) -> Any:
        """What the database takes for the value given."""
        return self.output_field.get_db_prep_value(given[self.name], connection, prepared=False)


def number(name: str) -> Slot:
    """A slot for a whole number, such as a key."""
    return Slot(name, models.BigIntegerField())


def text(name: str) -> Slot:
    """A slot for a text."""
    return Slot(name, models.CharField())


def day(name: str) -> Slot:
    """A slot for a date."""
    return Slot(name, models.DateField())


def moment(name: str) -> Slot:
    """A slot for a point in time."""
    return Slot(name, models.DateTimeField())


def texts(name: str, count: int) -> list[Slot]:
    """Slots for so many texts, to be filled by :func:`numbered`."""
    return [text(f"{name}{n}") for n in range(count)]


def numbers(name: str, count: int) -> list[Slot]:
    """Slots for so many whole numbers, to be filled by :func:`numbered`."""
    return [number(f"{name}{n}") for n in range(count)]


def numbered(name: str, values: Iterable[Any]) -> dict[str, Any]:
    """The values for :func:`texts` or :func:`numbers` of the same name."""
    return {f"{name}{n}": value for n, value in enumerate(values)}


@dataclass(frozen=True, slots=True)
class _Plan:
    """A query's SQL with its slots, and how its rows become objects."""

    sql: str
    params: tuple[Any, ...]
    compiler: Any
    converters: Any
    populators: Any
    fields: list[str]
    width: slice

    @classmethod
    def of(cls, queryset: models.QuerySet[Any]) -> _Plan:
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select])
        if not compiler.klass_info:
            return cls(sql, tuple(params), compiler, converters, [], [], slice(0))
        wanted = compiler.klass_info["select_fields"]
        width = slice(wanted[0], wanted[-1] + 1)
        fields = [column[0].target.attname for column in compiler.select[width]]
        # The types know a later Django.
        populators = get_related_populators(compiler.klass_info, compiler.select, queryset.db)  # type: ignore[call-arg]
        return cls(sql, tuple(params), compiler, converters, populators, fields, width)


class Prepared(Generic[M]):
    """A queryset whose SQL is written once.

    ``build`` is called at the first use on each kind of database; its values that change stand as
    slots. Annotations and prefetches are not supported.
    """

    def __init__(self, build: Callable[[], models.QuerySet[M, Any]]) -> None:
        self._build = build
        self._plans: dict[str, _Plan] = {}

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:
        """The rows as they come, for a queryset of ``values_list``."""
        plan = self._plans.get(connection.vendor)
        if plan is None:
            plan = self._plans[connection.vendor] = _Plan.of(self._build())
        params = [param.value(given) if isinstance(param, Slot) else param for param in plan.params]
        with _cursor() as cursor:
            cursor.execute(plan.sql, params)
            found: Iterable[Any] = cursor.fetchall()
        return list(plan.compiler.apply_converters(found, plan.converters)) if plan.converters else list(found)

    def all(self, **given: Any) -> list[M]:
        """The objects, with what ``select_related`` brings."""
        rows = self.rows(**given)
        plan = self._plans[connection.vendor]
        model = plan.compiler.klass_info["model"]
        found = []
        for row in rows:
            one = model.from_db(connection.alias, plan.fields, row[plan.width])
            for populator in plan.populators:
                populator.populate(row, one)
            found.append(one)
        return found

    def first(self, **given: Any) -> M | None:
        """The first object of those that come, if any does; the queryset itself should ask for one only."""
        return next(iter(self.all(**given)), None)

    def get(self, **given: Any) -> M:
        """The one object.

        Raises:
            LookupError: there is none.
        """
        found = self.all(**given)
        if len(found) != 1:
            raise LookupError(given)
        return found[0]


def insert(row: models.Model) -> None:
    """Write a new row of a table without parents, and learn its number."""
    sql, fields = _inserting(type(row), connection.vendor)
    cells = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with _cursor() as cursor:
        cursor.execute(sql, cells)
        row.pk = cursor.fetchone()[0]
    row._state.adding = False
    row._state.db = connection.alias


@cache
def _inserting(model: type[models.Model], vendor: str) -> tuple[str, Fields]:
    meta = model._meta
    assert not meta.parents
    fields = tuple(field for field in meta.local_concrete_fields if not field.primary_key)
    columns = ", ".join(_quoted(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    # Names of tables and columns are the models' own; every value is a parameter.
    return f"INSERT INTO {_quoted(meta.db_table)} ({columns}) VALUES ({marks}) RETURNING {_key(meta)}", fields  # noqa: S608


def update(row: models.Model, names: Collection[str], *, count_up: str = "") -> None:
    """Write the named fields of a row, each into the table it belongs to.

    ``count_up`` names one more, which grows by one whatever it is by now.
    """
    for sql, fields in _updating(type(row), frozenset(names), count_up, connection.vendor):
        cells = [field.get_db_prep_save(field.pre_save(row, add=False), connection) for field in fields]
        with _cursor() as cursor:
            cursor.execute(sql, [*cells, row.pk])


@lru_cache(maxsize=1024)
def _updating(
    model: type[models.Model], names: frozenset[str], count_up: str, vendor: str
) -> tuple[tuple[str, Fields], ...]:
    """One statement a table, with the fields whose values it takes."""
    by_table: dict[Any, list[models.Field[Any, Any]]] = {}
    for field in model._meta.concrete_fields:
        if field.name in names or field.name == count_up:
            by_table.setdefault(field.model._meta, []).append(field)
    found = []
    for meta, fields in by_table.items():
        pairs = ", ".join(
            f"{_quoted(field.column)} = " + (f"{_quoted(field.column)} + 1" if field.name == count_up else "%s")
            for field in fields
        )
        written = tuple(field for field in fields if field.name != count_up)
        # Names of tables and columns are the models' own; every value is a parameter.
        found.append((f"UPDATE {_quoted(meta.db_table)} SET {pairs} WHERE {_key(meta)} = %s", written))  # noqa: S608
    return tuple(found)


@contextmanager
def _cursor() -> Iterator[Any]:
    """On PostgreSQL a cursor that leaves the values to the server, which then keeps the plan as well.

    Not while queries are logged: the log shows the values, so the client has to fill them in.
    """
    if connection.vendor != "postgresql" or connection.queries_logged:
        with connection.cursor() as cursor:
            yield cursor
        return
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    session = connection.connection
    usual, session.cursor_factory = session.cursor_factory, ServerBindingCursor
    try:
        cursor = connection.cursor()
    finally:
        session.cursor_factory = usual
    with cursor:
        yield cursor


def _quoted(name: str | None) -> str:
    assert name is not None
    return str(connection.ops.quote_name(name))


def _key(meta: Any) -> str:
    return _quoted(meta.pk.column)
