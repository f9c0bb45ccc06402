"""What nobody can do to the books, not even with the database's own tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from funds import ledger
from funds.books import balance_identity, verify
from funds.models import Source, Transfer
from tests.guards import lifted
from tests.money.conftest import AT


@pytest.fixture
def paid(roads: Source, pool: Source) -> Source:
    """Roads' money: 500 reserved for project 41, 100 of it paid."""
    ledger.reserve(case_id=41, purpose="infrastructure", parts={roads.pk: 500_00}, key="r", at=AT)
    ledger.pay(case_id=41, fen=100_00, key="p", at=AT)
    return roads


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


INSERT = (
    "INSERT INTO funds_transfer (kind, source_id, debit_id, credit_id, fen, key, reverses_id, case_id,"
    " happened_at, recorded_at, memo) SELECT {kind}, {source}, {debit}, {credit}, {fen}, {key}, {reverses},"
    " {case}, happened_at, {recorded}, memo FROM funds_transfer WHERE kind = 'pay'"
)


def insert(**changed: str) -> str:
    same = {name: name + "_id" for name in ("debit", "credit", "source", "case")}
    same |= {"kind": "kind", "fen": "1", "key": "'new'", "reverses": "NULL", "recorded": "recorded_at"}
    return INSERT.format(**(same | changed))


BACKWARDS = insert(debit="credit_id", credit="debit_id")
INTO_ANOTHER_PROJECT = insert(credit="replace(credit_id, 'P41', 'P42')")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE funds_transfer SET fen = 1",
        "UPDATE funds_transfer SET memo = 'nicer'",
        "DELETE FROM funds_transfer",
        "DELETE FROM funds_transfer WHERE kind = 'pay'",
        insert(fen="0"),
        insert(fen="-5"),
        insert(fen="10000000000001"),
        insert(key="key"),
        insert(key="''"),
        insert(credit="debit_id"),
        insert(recorded="'2020-01-01 00:00:00'"),
        BACKWARDS,
        INTO_ANOTHER_PROJECT,
        insert(reverses="id"),
        insert(kind="'recover'"),
        insert(kind="'gift'"),
        insert(case="NULL"),
        insert(case="42"),
        insert(source="(SELECT max(id) FROM funds_source)"),
        insert(
            source="(SELECT max(id) FROM funds_source)",
            debit="'S' || (SELECT max(id) FROM funds_source) || ':unallocated'",
            credit="'S' || (SELECT min(id) FROM funds_source) || ':P41:reserved'",
            kind="'reserve'",
        ),
        "UPDATE funds_source SET manager = 'someone else'",
        "UPDATE funds_source SET channel = 'cash'",
        "UPDATE funds_source SET purpose = 'any' WHERE purpose <> 'any'",
        "UPDATE funds_source SET nature = 'loan'",
        "UPDATE funds_source SET procedure = 'none'",
        "UPDATE funds_source SET kind = 'donation'",
        "UPDATE funds_source SET document_number = 'another'",
        "UPDATE funds_source SET year = year + 1",
        "UPDATE funds_source SET rate_fen = 1",
        "UPDATE funds_source SET amount_fen = amount_fen + 1",
        "DELETE FROM funds_source",
        "UPDATE funds_account SET debits_fen = credits_fen + 1 WHERE kind = 'reserved'",
        "UPDATE funds_account SET credits_fen = -1",
        "UPDATE funds_account SET case_id = 42 WHERE kind = 'reserved'",
        "UPDATE funds_account SET kind = 'issued' WHERE kind = 'unallocated'",
        "UPDATE funds_account SET source_id = source_id + 1 WHERE kind = 'unallocated'",
    ],
)
def test_the_database_refuses(sql: str, paid: Source) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        run(sql)
    assert verify().wrong == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has TRUNCATE")
@pytest.mark.parametrize("table", ["funds_transfer", "funds_source"])
def test_the_tables_cannot_be_emptied_at_once(table: str, paid: Source) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        run(f"TRUNCATE {table} CASCADE")


def test_an_account_with_transfers_cannot_be_deleted(paid: Source) -> None:
    def delete() -> None:
        run("DELETE FROM funds_account WHERE kind = 'reserved'")
        connection.check_constraints()

    with pytest.raises(DatabaseError), transaction.atomic():
        delete()


def test_the_day_of_receipt_may_be_entered_later(promised: Source) -> None:
    ledger.fund(source=promised, fen=100, key="first part", at=AT)
    promised.refresh_from_db()
    assert promised.received_on is not None


@contextmanager
def unchecked() -> Iterator[None]:
    """As the owner of the database may, who takes the CHECK on the ways off."""
    connection.check_constraints()
    sqlite = connection.vendor == "sqlite"
    run(
        "PRAGMA ignore_check_constraints = ON"
        if sqlite
        else "ALTER TABLE funds_transfer DROP CONSTRAINT funds_transfer_lawful_way"
    )
    try:
        yield
    finally:
        if sqlite:
            run("PRAGMA ignore_check_constraints = OFF")


def tampered_counter() -> None:
    run("UPDATE funds_account SET debits_fen = debits_fen - 1 WHERE kind = 'reserved'")


def tampered_transfer() -> None:
    # PostgreSQL alters no table whose foreign keys still wait to be checked.
    connection.check_constraints()
    with lifted():
        run("UPDATE funds_transfer SET fen = fen + 1 WHERE kind = 'pay'")
        connection.check_constraints()


def smuggled_transfer() -> None:
    run(insert())


def smuggled_way() -> None:
    with unchecked():
        run(BACKWARDS)


def smuggled_reversal() -> None:
    with unchecked():
        run(insert(reverses="id"))


def smuggled_into_another_project() -> None:
    run(
        "INSERT INTO funds_account (code, source_id, case_id, kind, debits_fen, credits_fen)"
        " SELECT replace(code, 'P41', 'P42'), source_id, 42, kind, 0, 1 FROM funds_account"
        " WHERE kind = 'paid'"
    )
    with unchecked():
        run(INTO_ANOTHER_PROJECT)


def received_earlier() -> None:
    run("UPDATE funds_source SET received_on = '2020-01-01' WHERE purpose = 'infrastructure'")


def lifted_for_good() -> None:
    name = "funds_transfer_no_update"
    run(f"DROP TRIGGER {name}" + (" ON funds_transfer" if connection.vendor != "sqlite" else ""))


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (tampered_counter, ":P41:reserved: counters 9999 and 50000 fen, transfers say 10000"),
        (tampered_transfer, ":P41:paid: counters 0 and 10000 fen, transfers say 0 and 10001"),
        (smuggled_transfer, ":P41:paid: counters 0 and 10000 fen, transfers say 0 and 10001"),
        (smuggled_way, "new: not a way for money of this kind"),
        (smuggled_reversal, "new: does not mirror what it reverses"),
        (smuggled_into_another_project, "new: in another project's account"),
        (received_earlier, ": received on 2020-01-01, its first money came on 2026-03-02"),
        (lifted_for_good, "trigger funds_transfer_no_update is missing"),
    ],
)
def test_verify_names_the_row(
    tamper: Callable[[], None], named: str, paid: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper()
    with pytest.raises(SystemExit) as ended:
        call_command("funds", "verify")
    lines = capsys.readouterr().out.splitlines()
    assert ended.value.code == 1
    assert any(named in line for line in lines), lines
    assert lines[-1].endswith(f"accounts, {len(lines) - 1} wrong")


def test_honest_books_balance(paid: Source) -> None:
    verified = verify()
    assert (verified.transfers, verified.accounts, verified.wrong) == (4, 6, [])
    assert balance_identity().holds
    assert Transfer.objects.count() == 4
