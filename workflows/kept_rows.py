"""The tables against what the entries told of their rows, for ``manage.py audit verify`` (decision 49).

The entries are read project by project; of each batch of projects the tables are asked once. Memory holds one batch.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from audit.models import octets
from audit.snapshot import chunks
from workflows import outcome, secrecy
from workflows.caserows import DIGEST, NEW, PRINT, REGISTERED, WHOLE, Table, tables
from workflows.cases import Case
from workflows.lifecycles import KINDS
from workflows.offices import Delegation, Post
from workflows.outcome import plain
from workflows.payments.runs import PaymentFile

#: Entries, about, of which the tables are asked at once.
BATCH_ENTRIES = 4000
#: Greater than any number of a row.
MAX = 2**63 - 1
#: Sources have their own comparison (funds.vouchers).
UNTOLD_REGISTERS = ("sources",)
SQL = (
    "SELECT root_id, case_id, case_number, case_title, case_kind, seq, payload FROM audit_entry"
    " ORDER BY root_id, id"
)  # fmt: skip


@dataclass(slots=True)
class Told:
    """What the entries of a case told of its row and of the rows that hang on it."""

    case_id: int
    kind: str
    number: str
    title: str
    root_id: int
    #: Whether every row was told, from the first entry on.
    whole: bool = False
    unreadable: str = ""
    #: Number of the file to the bank that it made.
    file: str = ""
    #: Posts that a register gave, also by entries that told no rows; whether one of those lent a post.
    granted: set[int] = field(default_factory=set)
    lent_untold: bool = False
    row: dict[str, Any] = field(default_factory=dict)
    #: Table -> number of the row -> its fields.
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))


def differences() -> Iterator[str]:
    """A line for each row that is changed, gone, or that no entry of the record told."""
    batch: dict[tuple[int, int], Told] = {}
    read = 0
    files: set[str] = set()
    for _family, entries in groupby(_entries(), key=_family_of):
        for entry in entries:
            _add(batch, entry)
            read += 1
        if read >= BATCH_ENTRIES:
            files |= _files_of(batch)
            yield from _compared(batch)
            batch, read = {}, 0
    files |= _files_of(batch)
    yield from _compared(batch)
    for pk, number in PaymentFile.objects.order_by("pk").values_list("pk", "number").iterator():
        if number not in files:
            yield f"{number} {PaymentFile._meta.db_table} {pk}: " + _("no entry of the record told this row")


def _entries() -> Iterator[Sequence[Any]]:
    for chunk in chunks(SQL):
        yield from chunk


def _family_of(entry: Sequence[Any]) -> tuple[int, int]:
    """What has to be read together: a project with all that belongs to it, a register, a few files to the bank."""
    root_id, _case, _number, _title, kind, seq, _payload = entry
    return root_id, seq // BATCH_ENTRIES if kind == "payments" else 0


def _files_of(batch: Mapping[tuple[int, int], Told]) -> set[str]:
    return {told.file for told in batch.values() if told.file}


def _add(batch: dict[tuple[int, int], Told], entry: Sequence[Any]) -> None:
    """One entry more of a batch."""
    root_id, case_id, number, title, kind, seq, payload = entry
    if kind in UNTOLD_REGISTERS:
        return
    # What a file to the bank was told to hold is never changed: each entry stands for itself, and none is remembered.
    key = (case_id, seq if kind == "payments" else 0)
    told = batch.get(key)
    if told is None:
        told = batch[key] = Told(case_id, kind, number, title, root_id)
    told.title = title
    try:
        facts = json.loads(octets(payload))
        said = facts.get("outcome") or {}
        if kind == "payments":
            told.file = str(facts["data"].get("file", ""))
        elif kind == "register":
            told.granted |= _granted(facts)
            told.lent_untold = told.lent_untold or (facts["act"] == "register.lend_post" and not said)
        told.row |= said.get("case", {})
        if "project" in said and (root_id, 0) in batch:
            batch[root_id, 0].row |= said["project"]
        told.whole = told.whole or (seq == 1 and "rows" in said)
        for table, rows in said.get("rows", {}).items():
            _fold(told.rows[table], rows)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        told.unreadable = told.unreadable or f"{number} #{seq}"


def _fold(there: dict[str, dict[str, Any]], rows: Mapping[str, dict[str, Any] | None]) -> None:
    for pk, fields in rows.items():
        if fields is None:
            there.pop(pk, None)
        elif pk.startswith(NEW):
            there[pk.removeprefix(NEW)] = {NEW: True} | fields
        else:
            there[pk] = there.get(pk, {}) | fields


def _compared(batch: Mapping[tuple[int, int], Told]) -> Iterator[str]:
    """The batch against the tables: a query for each table and each kind of case in it."""
    by_kind: dict[str, dict[int, Told]] = defaultdict(dict)
    for told in batch.values():
        if told.unreadable:
            what = _("its rows cannot be compared, %(entry)s cannot be read") % {"entry": told.unreadable}
            yield f"{told.number}: {what}"
        else:
            by_kind[told.kind][told.case_id] = told
    for kind, cases in by_kind.items():
        if kind in KINDS:
            yield from _own_rows(kind, cases)
            for table in tables(kind):
                yield from _hanging(table, cases)
        elif kind in REGISTERED:
            for told in cases.values():
                for table in REGISTERED[kind]:
                    yield from _registered(table, told)
                if kind == "register":
                    yield from _posts_of_nobody(told)


def _own_rows(kind: str, cases: Mapping[int, Told]) -> Iterator[str]:
    """The cases' own rows. That one is gone, its head tells (audit.verify)."""
    machine = KINDS[kind]
    names = [one.attname for one in outcome.fields(machine)]
    fields = ["pk", "number", "title", "root_id", "kind", *names]
    for row in machine._base_manager.filter(pk__in=list(cases)).values(*fields).iterator():
        told = cases[row["pk"]]
        head = {"number": told.number, "title": told.title, "kind": told.kind,
                "root_id": None if told.root_id == told.case_id else told.root_id}  # fmt: skip
        for name, value in (head | told.row).items():
            if name in row and plain(row[name]) != value:
                yield _changed(told, Case._meta.db_table if hasattr(Case, name) else machine._meta.db_table,
                               row["pk"], name, plain(row[name]), value)  # fmt: skip


def _hanging(table: Table, cases: Mapping[int, Told]) -> Iterator[str]:
    """One table of all cases of a kind."""
    there: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    case_of = f"{table.case}_id" if table.case != "pk" else "pk"
    rows = table.row._base_manager.filter(**{f"{table.case}__in": list(cases)}).order_by("pk")
    for case_id, pk, *values in rows.values_list(case_of, "pk", *table.fields).iterator():
        there[case_id][str(pk)] = dict(zip(table.fields, values, strict=True))
    for case_id, told in cases.items():
        yield from _laid_beside(table, told, there.get(case_id, {}), whole=told.whole)


def _registered(table: Table, told: Told) -> Iterator[str]:
    """One table of a register: the rows that it told."""
    wanted = Q(pk__in=[int(pk) for pk in told.rows.get(table.name, {})])
    if table.case:
        # Of a file to the bank every line is told.
        wanted |= Q(**{f"{table.case}__in": [int(pk) for pk in told.rows.get("paymentfile", {})]})
    rows = table.row._base_manager.filter(wanted).order_by("pk").values("pk", *table.fields)
    yield from _laid_beside(table, told, {str(row["pk"]): row for row in rows.iterator()}, whole=bool(table.case))


def _granted(facts: Mapping[str, Any]) -> set[int]:
    """The posts that an entry of the register gave."""
    data = facts["data"]
    if facts["act"] == "register.grant_post":
        return {data["post"]}
    return {row["given"] for row in data["posts"] if row["given"]} if facts["act"] == "register.hand_over" else set()


def _posts_of_nobody(told: Told) -> Iterator[str]:
    """Posts and loans that no entry gave; those of the foundation name no granter and came before all others."""
    first = min(told.granted, default=0)
    by_nobody = Post.objects.exclude(pk__in=told.granted).filter(Q(granted_by__isnull=False) | Q(pk__gt=first or MAX))
    there: list[tuple[type[Model], int]] = [(Post, pk) for pk in by_nobody.order_by("pk").values_list("pk", flat=True)]
    if not told.lent_untold:
        lent = {int(pk) for pk in told.rows.get("delegation", {})}
        there += [(Delegation, pk) for pk in Delegation.objects.values_list("pk", flat=True) if pk not in lent]
    for model, pk in there:
        yield f"{told.number} {model._meta.db_table} {pk}: " + _("no entry of the record told this row")


def _laid_beside(
    table: Table, told: Told, there: Mapping[str, Mapping[str, Any]], *, whole: bool
) -> Iterator[str]:  # fmt: skip
    said = told.rows.get(table.name, {})
    if table.whole:
        if (said or whole) and (problem := _as_a_whole(table, said.get(WHOLE), there.values())):
            yield f"{told.number} {table.row._meta.db_table}: {problem}"
        return
    for pk, fields in said.items():
        if pk not in there:
            yield f"{told.number} {table.row._meta.db_table} {pk}: " + _("the row is missing, the record has it")
            continue
        for name, value, stands in _fields(table, fields, there[pk]):
            yield _changed(told, table.row._meta.db_table, pk, name, stands, value)
    if whole and table.case != "pk":
        for pk in there:
            if pk not in said:
                yield f"{told.number} {table.row._meta.db_table} {pk}: " + _("no entry of the record told this row")


def _fields(table: Table, said: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Field, what was told, what stands there, of each field that differs."""
    if PRINT in said and secrecy.print_holds(str(said[PRINT]), [row[name] for name in table.personal]) is False:
        yield ", ".join(table.personal), "***", "***"
    for name in table.fields:
        # What is empty in a new row is not told; of an older one only what changed since is known.
        if name in table.personal or not (name in said or NEW in said):
            continue
        stands, value = row[name], said.get(name)
        stands = table.told(row, [name])[name] if name in table.long else plain(stands)
        if stands != value and (value is not None or stands not in (None, "")):
            yield name, value, stands


def _as_a_whole(table: Table, said: Mapping[str, Any] | None, rows: Iterable[Mapping[str, Any]]) -> str:
    stands = table.told_whole(rows)
    if stands == (said or table.told_whole(())):
        return ""
    if said is not None and said.get("count") == stands["count"]:
        return _("the rows are not those of the digest that the record tells: %s") % DIGEST
    counts = {"stands": stands["count"], "told": (said or {}).get("count", 0)}
    return _("there are %(stands)d rows, the record tells %(told)d") % counts


def _changed(told: Told, table: str, pk: object, name: str, stands: Any, said: Any) -> str:
    written = {"stands": json.dumps(stands, ensure_ascii=False), "said": json.dumps(said, ensure_ascii=False)}
    return f"{told.number} {table} {pk}: " + _("%(name)s is %(stands)s, the record says %(said)s") % (
        written | {"name": name}
    )
