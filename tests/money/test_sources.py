"""Sources: documents, five facts, purposes, labour at a rate, and what is left at the end of a year."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from approvals.forms import choices
from funds import ledger
from funds.books import balance_identity, verify
from funds.ledger import Labour
from funds.models import ANY_PURPOSE, Account, Source
from funds.positions import Position
from funds.sources import idle_carried_fen
from tests.money.conftest import AT, COUNTY, opened
from tests.money.test_ledger import refused, reserve

FACTS: dict[str, Any] = {
    "county": COUNTY, "name": "Labour of Shuanglian", "kind": "labour", "manager": "Shuanglian village",
    "channel": "village", "purpose": ANY_PURPOSE, "nature": "labour", "procedure": "one case, one deliberation",
    "document_number": "Resolution 3", "year": 2026,
}  # fmt: skip
WORK = Labour(days_milli=12_500, rate_fen=80_00, rate_document="[2026] 12")


def labour(work: Labour = WORK, **facts: Any) -> Source:
    return ledger.open_source(**FACTS | {"labour": work} | facts)


@pytest.fixture
def worked(db: None) -> Source:
    """12.5 days at 80 yuan: 1000 yuan, all of it done."""
    source = labour()
    ledger.fund(source=source, key="worked", at=AT)
    return source


def test_labour_is_worth_its_days_at_the_documented_rate(worked: Source) -> None:
    assert (worked.amount_fen, worked.days_milli, worked.rate_fen) == (1000_00, 12_500, 80_00)
    assert worked.rate_document == "[2026] 12"


def test_labour_is_counted_and_never_paid_out(worked: Source, roads: Source) -> None:
    reserve({worked.pk: 1000_00, roads.pk: 500_00})
    stands = ledger.position(case_id=41)
    assert stands == Position(planned_fen=500_00, reserved_fen=500_00, labour_fen=1000_00)
    for order in (ledger.pay, ledger.order, ledger.retain):
        with refused(ledger.NotCash):
            order(case_id=41, fen=500_01, key="k", at=AT)
    ledger.count(case_id=41, fen=400_00, key="march", at=AT)
    assert [t.source_id for t in ledger.pay(case_id=41, fen=500_00, key="p", at=AT)] == [roads.pk]
    assert ledger.position(case_id=41) == Position(
        planned_fen=500_00, paid_fen=500_00, labour_fen=1000_00, counted_fen=400_00
    )
    with refused(ledger.Overdrawn):
        ledger.count(case_id=41, fen=600_01, key="more than was promised", at=AT)
    ledger.count(case_id=41, key="the rest", at=AT)
    ledger.recover(case_id=41, key="end", at=AT)
    assert balance_identity().counted_fen == 1000_00
    assert verify().wrong == []


def test_money_is_never_counted_as_labour(roads: Source) -> None:
    reserve({roads.pk: 500_00})
    with refused(ledger.Overdrawn):
        ledger.count(case_id=41, fen=1, key="k", at=AT)
    assert ledger.count(case_id=41, key="nothing", at=AT) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"labour": None},
        {"labour": None, "amount_fen": 1000_00},
        {"kind": "county"},
        {"kind": "donation", "amount_fen": 1000_00},
        {"amount_fen": 1000_01},
        {"labour": Labour(days_milli=0, rate_fen=80_00, rate_document="[2026] 12")},
        {"labour": Labour(days_milli=1000, rate_fen=0, rate_document="[2026] 12")},
        {"labour": Labour(days_milli=1000, rate_fen=80_00, rate_document=" ")},
        {"labour": Labour(days_milli=10**9 + 1, rate_fen=1, rate_document="[2026] 12")},
    ],
)
def test_only_labour_has_a_rate_and_all_labour_has_one(facts: dict[str, Any], db: None) -> None:
    with refused(ledger.NoRate):
        labour(**facts)
    assert not Source.objects.exists()


@given(days=st.integers(1, 10**9), rate=st.integers(1, 10**8))
def test_labour_never_counts_for_more_than_was_worked(days: int, rate: int) -> None:
    worth = Labour(days_milli=days, rate_fen=rate, rate_document="d").worth_fen
    assert worth * 1000 <= days * rate < (worth + 1) * 1000


@pytest.mark.parametrize(
    "change",
    ["amount_fen = amount_fen + 1", "rate_document = ''", "rate_fen = NULL", "days_milli = -1", "kind = 'county'"],
)
def test_the_database_itself_multiplies_days_and_rate(change: str, worked: Source) -> None:
    column, _, value = change.partition(" = ")
    columns = [str(field.column) for field in Source._meta.fields if field.column != "id"]
    copied = ", ".join({"name": "'copy'", column: value}.get(c, c) for c in columns)
    sql = f"INSERT INTO funds_source ({', '.join(columns)}) SELECT {copied} FROM funds_source"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_source_without_a_document_is_none(db: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        labour(document_number="")


def test_each_of_many_sources_keeps_its_own_fen(db: None) -> None:
    pooled = [opened(amount_fen=fen) for fen in (1_00, 2_50, 99_99, 7)]
    reserve({source.pk: source.amount_fen for source in pooled})
    whole = sum(source.amount_fen for source in pooled)
    for n, fen in enumerate((17, 3_33, whole - 17 - 3_33)):
        made = ledger.pay(case_id=41, fen=fen, key=f"p{n}", at=AT)
        assert sum(t.fen for t in made) == fen
    paid = {a.source_id: a.balance_fen for a in Account.objects.filter(kind="paid")}
    assert paid == {source.pk: source.amount_fen for source in pooled}


def test_carried_money_waits_for_a_new_plan(pool: Source) -> None:
    with transaction.atomic():
        ledger.carry_over(source=pool, fen=300_00, key="2026", at=AT)
    books = balance_identity()
    assert (books.unallocated_fen, books.carried_fen) == (200_00, 300_00)
    with refused(ledger.Overdrawn):
        reserve({pool.pk: 200_01})
    with refused(ledger.Overdrawn):
        ledger.carry_over(source=pool, fen=200_01, key="too much", at=AT)
    ledger.replan(source=pool, fen=300_00, key="2027", at=AT)
    reserve({pool.pk: 500_00})
    assert verify().wrong == []


def test_what_was_carried_for_two_years_is_returned_and_no_more(pool: Source) -> None:
    def december(year: int) -> dt.datetime:
        return dt.datetime(year, 12, 31, 9, tzinfo=dt.UTC)

    ledger.carry_over(source=pool, fen=100_00, key="2026", at=december(2026))
    ledger.carry_over(source=pool, fen=30_00, key="2027", at=december(2027))
    ledger.replan(source=pool, fen=20_00, key="plan", at=december(2028))
    assert idle_carried_fen(source=pool, since=december(2026)) == 0
    assert idle_carried_fen(source=pool, since=december(2027)) == 80_00
    with refused(ledger.NotIdle):
        ledger.lapse(source=pool, fen=80_01, since=december(2027), key="l", at=december(2028))
    ledger.lapse(source=pool, fen=80_00, since=december(2027), key="l", at=december(2028))
    assert idle_carried_fen(source=pool, since=december(2027)) == 0
    assert balance_identity().returned_fen == 80_00
    assert verify().wrong == []


def test_labour_is_not_offered_to_make_up_a_grant(worked: Source, pool: Source) -> None:
    offered = choices.sources(SimpleNamespace(category="social", area=SimpleNamespace(codes=["51", COUNTY])))
    assert [source_id for source_id, _name, _left in offered] == [pool.pk]
