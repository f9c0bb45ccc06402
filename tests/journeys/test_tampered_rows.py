"""Rows that hang on a case, altered behind lifted triggers: `audit verify` names table, row and field of each."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.utils import timezone, translation
from pytest_django.plugin import DjangoDbBlocker

from approvals import auditing, payouts, road
from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import fresh_application, official, project_at
from tests.guards import lifted
from tests.journeys.tampering import SQLITE, report, sql
from tests.law import asides
from workflows import kept_rows, outcome, register
from workflows.caserows import HANGING, REGISTERED, Table
from workflows.flags import verdicts
from workflows.lifecycles import KINDS
from workflows.models import BudgetLine, Case, Complaint, Criticism, MeasuredLine, RedFlag
from workflows.offices import Office, Person, Post, Unit
from workflows.payments import runs
from workflows.secrecy import Secret
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db
TABLES = {table.name: table for group in (*HANGING.values(), *REGISTERED.values()) for table in group}
#: Tables with a foreign key to a case or to what hangs on one that no entry tells, and why.
EXPLAINED = {
    "approvals_notification": "a message; what it tells of is in the record itself",
    "approvals_dossierrequest": "a file that can be made again",
    "approvals_urge": "a message from desk to desk",
    "approvals_copy": "a message from desk to desk",
    "approvals_deskprocess": "whose turn it is follows from the case",
    "approvals_desktask": "whose turn it is follows from the case",
}
#: What a copy of a row must say otherwise, for the database to take it.
FREE: dict[str, dict[str, Any]] = {
    "householdline": {"id_number_print": "0" * 64},
    "invoice": {"sha256": "", "claimed": False},
    "measuredline": {"line": lambda: BudgetLine.objects.exclude(pk__in=MeasuredLine.objects.values("line"))[0]},
}


@pytest.fixture(scope="module", autouse=True)
def county(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Three projects with everything that may hang on one, and what the registers write."""
    with django_db_blocker.unblock(), transaction.atomic():
        first = project_at(S.APPROVED)
        asides.pay_households(first)
        payouts.order(first, payouts.checked_batch(first, payouts.household(1)))
        payer = Entry.objects.filter(act="household_batch.pay").latest("id").actor_id
        runs.make(by=Person.objects.get(pk=payer or 0), at=first.at)
        batch = payouts.open_batch(first, payouts.household(2))
        first.do("publish", on=batch, seat="village")
        first.do("raise_objection", on=batch, seat="village", data={"position": 1, "text": "已迁出本村"})
        first.open(Complaint, seat="programme", data={"text": "偷工减料", "complainant": "李", "contact": "139"})
        second = fresh_application()
        for state in road.whole_road(second):
            if state == S.ON_NOTICE:
                asides.object_and_answer(second)
        third = project_at(S.UNDER_AUDIT)
        auditing.thorough(third)
        _lend(first)
        if not SQLITE:
            sql("SET CONSTRAINTS ALL IMMEDIATE")
            sql("SET CONSTRAINTS ALL DEFERRED")
        yield
        transaction.set_rollback(True)


def _lend(t: Traveller) -> None:
    """A post granted, and one lent."""
    holder, other = official(t, "township"), official(t, "programme")
    post = holder.posts.get()
    until = timezone.localdate(t.at) + dt.timedelta(days=9)
    register.lend_post(by=holder, post=post, to=other, since=until, until=until, reason="出差", at=t.at)
    person = Person.objects.create_user("newcomer", None, name="新人")
    by = _administrator(t)
    register.grant_post(by=by, person=person, unit=post.unit, title="经办", since=until, until=None, at=t.at)


def _administrator(t: Traveller) -> Person:
    unit, _new = Unit.objects.get_or_create(
        code="SEC-A", defaults={"name": "安全管理", "office": Office.SECADMIN, "area": t.project.area}
    )
    person = Person.objects.create_user("security-admin", None, name="安全员")
    Post.objects.create(person=person, unit=unit, title="安全管理员", since=dt.date(2020, 1, 1))
    return person


def found() -> list[str]:
    with translation.override("en"):
        return list(kept_rows.differences())


def other(field: Any, value: Any) -> Any:
    """Another value that the column may hold."""
    if field.is_relation:
        another = field.related_model._base_manager.exclude(pk=value).first()
        return None if value is None or another is None else another.pk
    if isinstance(value, Secret):
        return Secret.of("6222000011112222").token
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dt.date | dt.datetime):
        return value + dt.timedelta(days=40)
    if isinstance(value, list | dict):
        return json.dumps(["altered"])
    if value is None:
        return dt.date(2031, 1, 1) if isinstance(field, models.DateField) else None
    return "x" + str(value)[1:] if value else "x"


def bear(statement: str, *values: Any) -> bool:
    """Whether the database lets a statement pass."""
    try:
        with transaction.atomic():
            sql(statement, *values)
            if not SQLITE:
                sql("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError:
        return False
    return True


def columns(table: Table) -> dict[str, Any]:
    return {name: table.row._meta.get_field(name) for name in table.fields}


def altered(table: Table, row: dict[str, Any]) -> set[str]:
    """Each field of a row changed, as far as the database lets it; the fields."""
    done = set()
    for name, field in columns(table).items():
        value = other(field, row[name])
        if value is None:
            continue
        # Names of tables and columns are the models' own.
        statement = f'UPDATE "{table.row._meta.db_table}" SET "{field.column}" = %s WHERE {_pk(table)} = %s'
        if bear(statement, value, row["pk"]):
            done.add(name)
    return done


def _pk(table: Table) -> str:
    return f'"{table.row._meta.pk.column}"'


@pytest.fixture(autouse=True)
def undone() -> Iterator[None]:
    """What a test alters is as it was for the next one."""
    with transaction.atomic():
        if not SQLITE:
            sql("SET CONSTRAINTS ALL IMMEDIATE")
        with lifted():
            yield
        transaction.set_rollback(True)


def rows(table: Table) -> list[dict[str, Any]]:
    """Rows that the record told: of a register not those of the foundation."""
    told = [
        int(pk.removeprefix("+"))
        for entry in Entry.objects.order_by("id")
        for pk in json.loads(entry.octets).get("outcome", {}).get("rows", {}).get(table.name, {})
        if pk != "*"
    ]
    every = table.row._base_manager.order_by("-pk")
    return list((every if table.whole else every.filter(pk__in=told)).values("pk", *table.fields))


def test_nothing_is_found_while_nothing_is_altered() -> None:
    assert found() == []


@pytest.mark.parametrize("name", [name for name in TABLES if name != "criticism"])
def test_a_row_changed_is_named_with_every_field(name: str) -> None:
    table = TABLES[name]
    row = rows(table)[0]
    fields = altered(table, row)
    assert fields
    lines = [line for line in found() if table.row._meta.db_table in line]
    if table.whole:
        assert lines
        return
    mine = [line for line in lines if f" {row['pk']}: " in line]
    for field in fields:
        word = ", ".join(table.personal) if field in table.personal else field
        assert any(f": {word} is " in line for line in mine), field


@pytest.mark.parametrize("name", [name for name in TABLES if name != "criticism" and TABLES[name].case != "pk"])
def test_a_row_taken_away_is_named(name: str) -> None:
    table = TABLES[name]
    gone = rows(table)[0]["pk"]
    # As one who controls the database would: foreign keys do not hold him.
    sql("PRAGMA defer_foreign_keys = ON" if SQLITE else "SET session_replication_role = replica")
    sql(f'DELETE FROM "{table.row._meta.db_table}" WHERE id = %s', gone)
    lines = [line for line in found() if table.row._meta.db_table in line]
    assert any(table.whole or line.endswith(f" {gone}: the row is missing, the record has it") for line in lines)
    if not SQLITE:
        sql("SET session_replication_role = DEFAULT")


@pytest.mark.parametrize("name", [name for name in TABLES if TABLES[name].case != "pk"])
def test_a_row_put_in_is_named(name: str) -> None:
    table = TABLES[name]
    new: Any
    if name == "criticism":
        case = Case.objects.filter(root=None)[0]
        new = Criticism.objects.create(case=case, unit=case.unit, state="filed", due_on=dt.date(2026, 1, 1),
                                       at=timezone.now())  # fmt: skip
    else:
        new = table.row._base_manager.get(pk=rows(table)[0]["pk"])
        new.pk, new._state.adding = None, True
        for unique in ("position", "place", "note_no", "order", "number", "month", "state"):
            if unique in table.fields:
                kind = table.row._meta.get_field(unique)
                setattr(new, unique, other(kind, getattr(new, unique)))
        if hasattr(new, "agrees"):
            new.agrees = False
        for unique, free in FREE.get(name, {}).items():
            setattr(new, unique, free() if callable(free) else free)
        new.save(force_insert=True)
    lines = [line for line in found() if table.row._meta.db_table in line]
    told = f" {new.pk}: no entry of the record told this row"
    assert any(table.whole or line.endswith(told) for line in lines)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "late_entry"])
def test_a_field_of_a_cases_own_row_is_named(kind: str) -> None:
    machine = KINDS[kind]
    case = machine._base_manager.order_by("pk")[0]
    for one in outcome.fields(machine):
        value = other(one, getattr(case, one.attname))
        if value is None:
            continue
        table = one.model._meta
        statement = f'UPDATE "{table.db_table}" SET "{one.column}" = %s WHERE "{table.pk.column}" = %s'
        if not bear(statement, value, case.pk):
            continue
        assert any(f"{table.db_table} {case.pk}: {one.attname} is " in line for line in found()), one.attname
        return
    pytest.fail(f"nothing of {kind} could be altered")


def test_verify_says_so_and_ends_with_an_error() -> None:
    row = rows(TABLES["invoice"])[0]
    sql("UPDATE workflows_invoice SET amount_fen = amount_fen + 1 WHERE id = %s", row["pk"])
    code, said = report()
    amounts = f"amount_fen is {row['amount_fen'] + 1}, the record says {row['amount_fen']}"
    assert f"workflows_invoice {row['pk']}: {amounts}" in said
    assert code == 1


def test_of_a_case_with_an_unreadable_entry_only_that_is_said() -> None:
    entry = Entry.objects.filter(case_kind="claim").earliest("id")
    models.QuerySet(Entry).filter(pk=entry.pk).update(payload=b"no json")
    assert f"{entry.case_number}: its rows cannot be compared, {entry.case_number} #1 cannot be read" in found()


def test_a_verdict_that_cannot_be_read_leaves_its_flag_open_and_fails_nothing() -> None:
    flag = RedFlag.objects.earliest("id")
    project = Case.objects.get(pk=flag.root_id or 0)
    for payload in (b"no json", b"[]", b"{}", b'{"data":7,"reason":""}'):
        for entry in Entry.objects.filter(case_id=flag.pk):
            models.QuerySet(Entry).filter(pk=entry.pk).update(payload=payload)
        assert verdicts.of_root(project.pk) == {}
        assert verdicts.all_verdicts() == {}


def test_every_table_that_hangs_on_a_case_is_told_or_explained() -> None:
    told = {table.row for table in TABLES.values()}
    cases: set[type[models.Model]] = {Case, *KINDS.values()}
    reached: set[type[models.Model]] = set(cases)
    while more := {
        model for model in apps.get_models() if model not in reached
        and any(field.related_model in reached for field in model._meta.concrete_fields)
    }:  # fmt: skip
        reached |= more
    left = {model._meta.db_table for model in reached - cases - told}
    assert left == set(EXPLAINED)
    for table in TABLES.values():
        own = {field.attname for field in table.row._meta.local_concrete_fields}
        known = {*table.fields, *table.untold, table.row._meta.pk.attname}
        if table.case not in ("", "pk"):
            known.add(table.case.partition("__")[0] + "_id")
        assert table.case == "pk" or own <= known, table.name
