from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from funds import ledger
from funds.books import balance_identity, verify
from funds.models import Account, Source, Transfer
from funds.positions import Position
from tests.money.conftest import AT, opened


@contextmanager
def refused(kind: type[ledger.LedgerRefused]) -> Iterator[None]:
    """The block is refused, and leaves neither a transfer nor a counter behind."""
    before = (list(Transfer.objects.values()), list(Account.objects.values()))
    with pytest.raises(kind), transaction.atomic():
        yield
    assert (list(Transfer.objects.values()), list(Account.objects.values())) == before
    assert verify().wrong == []


def reserve(parts: dict[int, int], *, case_id: int = 41, key: str = "plan") -> list[Transfer]:
    return ledger.reserve(case_id=case_id, purpose="infrastructure", parts=parts, key=f"{key}/{case_id}", at=AT)


def test_a_projects_money_walks_from_the_plan_to_its_close(roads: Source, pool: Source) -> None:
    reserve({roads.pk: 800_00, pool.pk: 200_00})
    assert ledger.position(case_id=41) == Position(planned_fen=1000_00, reserved_fen=1000_00)

    paid = ledger.pay(case_id=41, fen=485_00, key="claim 1/pay", at=AT, claim_id=7)
    ledger.retain(case_id=41, fen=15_00, key="claim 1/retain", at=AT, claim_id=7)
    assert [(t.debit_id, t.credit_id, t.fen) for t in paid] == [
        (f"S{roads.pk}:P41:reserved", f"S{roads.pk}:P41:paid", 388_00),
        (f"S{pool.pk}:P41:reserved", f"S{pool.pk}:P41:paid", 97_00),
    ]
    ledger.release_retained(case_id=41, key="retention", at=AT)
    ledger.release(case_id=41, key="close", at=AT)
    end = ledger.position(case_id=41)
    assert end == Position(planned_fen=1000_00, paid_fen=500_00)
    assert end.given_back_fen == 500_00
    assert balance_identity().unallocated_fen == 1000_00
    assert verify().wrong == []


def test_a_terminated_project_gives_everything_back(roads: Source) -> None:
    reserve({roads.pk: 600_00})
    ledger.pay(case_id=41, fen=200_00, key="p", at=AT)
    ledger.retain(case_id=41, fen=10_00, key="r", at=AT)
    made = ledger.recover(case_id=41, key="end", at=AT)
    assert [(t.kind, t.fen) for t in made] == [
        ("release", 390_00), ("cancel", 10_00), ("recover", 200_00),
    ]  # fmt: skip
    assert ledger.position(case_id=41) == Position(planned_fen=600_00)
    assert balance_identity().unallocated_fen == roads.amount_fen


def test_only_the_misused_part_need_be_recovered(roads: Source) -> None:
    reserve({roads.pk: 600_00})
    ledger.pay(case_id=41, fen=200_00, key="p", at=AT)
    ledger.recover(case_id=41, key="end", at=AT, paid_fen=50_00)
    assert ledger.position(case_id=41) == Position(planned_fen=600_00, paid_fen=150_00)


def test_what_is_issued_is_allocated_or_waits_or_went_back(roads: Source, pool: Source) -> None:
    reserve({roads.pk: 300_00, pool.pk: 100_00})
    ledger.pay(case_id=41, fen=120_00, key="p", at=AT)
    ledger.retain(case_id=41, fen=30_00, key="r", at=AT)
    ledger.give_back(source=pool, fen=50_00, key="back", at=AT)
    books = balance_identity()
    assert books.issued_fen == 1500_00 == roads.amount_fen + pool.amount_fen
    assert books.allocated_fen == 400_00 == 250_00 + 120_00 + 30_00
    assert (books.unallocated_fen, books.returned_fen) == (1050_00, 50_00)
    assert books.holds


def test_closing_twice_finds_nothing_the_second_time(roads: Source) -> None:
    reserve({roads.pk: 100})
    assert len(ledger.release(case_id=41, key="close", at=AT)) == 1
    assert ledger.release(case_id=41, key="close again", at=AT) == []
    assert ledger.release_retained(case_id=41, key="retention", at=AT) == []


def test_paying_fen_by_fen_empties_every_source(roads: Source, pool: Source) -> None:
    third = opened(amount_fen=100)
    reserve({roads.pk: 1, pool.pk: 2, third.pk: 4})
    for n in range(7):
        ledger.pay(case_id=41, fen=1, key=f"fen {n}", at=AT)
    assert ledger.position(case_id=41) == Position(planned_fen=7, paid_fen=7)


Order = Callable[[Source, Source, Source], Any]
REFUSALS: dict[str, tuple[type[ledger.LedgerRefused], Order]] = {
    "more than the source holds": (
        ledger.Overdrawn, lambda roads, pool, promised: reserve({roads.pk: 1000_01})),
    "more than one of two sources holds": (
        ledger.Overdrawn, lambda roads, pool, promised: reserve({pool.pk: 1, roads.pk: 1000_01})),
    "money that has not arrived": (
        ledger.NotReceived, lambda roads, pool, promised: reserve({promised.pk: 1})),
    "a source that is none": (
        ledger.UnknownSource, lambda roads, pool, promised: reserve({10**6: 1})),
    "another purpose": (
        ledger.WrongPurpose, lambda roads, pool, promised: ledger.reserve(
            case_id=41, purpose="social", parts={pool.pk: 1, roads.pk: 1}, key="k", at=AT)),
    "a negative amount": (
        ledger.ImpossibleAmount, lambda roads, pool, promised: reserve({roads.pk: -1})),
    "an impossible amount": (
        ledger.ImpossibleAmount, lambda roads, pool, promised: reserve({roads.pk: 10**13 + 1})),
    "nothing": (
        ledger.ImpossibleAmount, lambda roads, pool, promised: reserve({roads.pk: 0})),
    "a payment of nothing": (
        ledger.ImpossibleAmount,
        lambda roads, pool, promised: ledger.pay(case_id=9, fen=0, key="k", at=AT)),
    "a payment without a reserve": (
        ledger.Overdrawn,
        lambda roads, pool, promised: ledger.pay(case_id=9, fen=1, key="k", at=AT)),
    "a retention without a reserve": (
        ledger.Overdrawn,
        lambda roads, pool, promised: ledger.retain(case_id=9, fen=1, key="k", at=AT)),
    "more back than there is": (
        ledger.Overdrawn,
        lambda roads, pool, promised: ledger.give_back(source=pool, fen=500_01, key="k", at=AT)),
    "more than the rest of the document": (
        ledger.MoreThanIssued,
        lambda roads, pool, promised: ledger.fund(source=pool, fen=1, key="k", at=AT)),
    "more than the whole document": (
        ledger.MoreThanIssued,
        lambda roads, pool, promised: ledger.fund(source=promised, fen=500_01, key="k", at=AT)),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "order"), REFUSALS.values(), ids=REFUSALS)
def test_what_may_not_be_is_refused_and_changes_nothing(
    kind: type[ledger.LedgerRefused], order: Order, roads: Source, pool: Source, promised: Source
) -> None:
    with refused(kind):
        order(roads, pool, promised)


def test_an_order_is_carried_out_once(roads: Source) -> None:
    reserve({roads.pk: 500_00})
    ledger.pay(case_id=41, fen=100, key="claim 1", at=AT)
    with refused(ledger.DuplicateKey):
        ledger.pay(case_id=41, fen=100, key="claim 1", at=AT)
    with refused(ledger.DuplicateKey):
        ledger.retain(case_id=41, fen=7, key="claim 1", at=AT)


def test_half_an_order_is_not_kept_by_swallowing_the_refusal(roads: Source, pool: Source) -> None:
    with transaction.atomic(), suppress(ledger.Overdrawn):
        reserve({roads.pk: 1, pool.pk: 500_01})
    assert balance_identity().reserved_fen == 0
    assert verify().wrong == []


def test_a_refusal_says_in_the_readers_language_what_was_asked(roads: Source) -> None:
    with pytest.raises(ledger.Overdrawn) as short, transaction.atomic():
        reserve({roads.pk: 1_000_01})
    with translation.override("en"):
        assert str(short.value) == (f"S{roads.pk}:unallocated holds 1,000.00 yuan; 1,000.01 yuan were asked for.")
    assert short.value.code == "L-01"


def test_money_never_moves_outside_a_transaction(transactional_db: None) -> None:
    source = opened(amount_fen=100)
    with pytest.raises(ledger.OutsideTransaction):
        reserve({source.pk: 1})
    with pytest.raises(ledger.OutsideTransaction):
        ledger.pay(case_id=41, fen=1, key="k", at=AT)


@pytest.mark.parametrize("fen", [12.5, 12.0, True, "12"])
def test_only_whole_fen_move(fen: Any, roads: Source) -> None:
    with pytest.raises(TypeError):
        reserve({roads.pk: fen})


def test_a_mistake_is_reversed_once_and_leaves_both_rows(roads: Source) -> None:
    reserve({roads.pk: 500_00})
    (wrong,) = ledger.pay(case_id=41, fen=90_00, key="typo", at=AT)
    (mirror,) = ledger.reverse(transfer=wrong, key="undo", at=AT, memo="should be 9.00")
    assert ledger.position(case_id=41) == Position(planned_fen=500_00, reserved_fen=500_00)
    for transfer in (wrong, mirror):
        with refused(ledger.AlreadyReversed):
            ledger.reverse(transfer=transfer, key="again", at=AT, memo="")
    assert Transfer.objects.filter(case_id=41).count() == 3
    assert verify().wrong == []


def test_what_was_spent_since_cannot_be_reversed_away(roads: Source) -> None:
    (plan,) = reserve({roads.pk: 500_00})
    ledger.pay(case_id=41, fen=1, key="p", at=AT)
    with refused(ledger.Overdrawn):
        ledger.reverse(transfer=plan, key="undo", at=AT, memo="")


def test_positions_of_many_projects_take_one_query(
    roads: Source, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for case_id in range(50):
        reserve({roads.pk: case_id + 1}, case_id=case_id)
    with django_assert_num_queries(1):
        found = ledger.positions(case_ids=range(60))
    assert found[49].planned_fen == 50
    assert found[59] == Position()


def test_an_order_costs_few_queries(roads: Source, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(3):
        reserve({roads.pk: 500_00})
    with django_assert_num_queries(4):
        ledger.pay(case_id=41, fen=100, key="p", at=AT)
    with django_assert_num_queries(4):
        ledger.retain(case_id=41, fen=100, key="r", at=AT)
    with django_assert_num_queries(4):
        ledger.release(case_id=41, key="c", at=AT)
