"""Many payments in one posting: exactly what one after the other would have done, or nothing."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from funds import ledger
from funds.books import balance_identity, verify
from funds.models import Source, Transfer
from funds.positions import Position
from tests.money.conftest import AT, opened
from tests.money.test_ledger import refused, reserve
from tests.money.test_sources import labour

BATCH = 7


def named(fens: list[int]) -> dict[str, int]:
    return {f"batch/{n}": fen for n, fen in enumerate(fens, 1)}


def shares(made: list[Transfer]) -> list[tuple[str, int, int]]:
    return [(move.key, move.source_id, move.fen) for move in made]


@pytest.fixture
def listed(roads: Source, pool: Source) -> dict[str, int]:
    """Project 41 has 1000 yuan of two sources; five households are to be paid."""
    reserve({roads.pk: 750_00, pool.pk: 250_00})
    return named([325_00, 3, 1, 60_01, 470_00])


def order(orders: dict[str, int]) -> list[Transfer]:
    return ledger.order_many(case_id=41, orders=orders, claim_id=BATCH, at=AT)


def answer(paid: list[str], returned: list[str]) -> list[Transfer]:
    return ledger.answer_many(case_id=41, claim_id=BATCH, paid=paid, returned=returned, at=AT)


@pytest.mark.django_db
@given(
    parts=st.lists(st.integers(1, 400), min_size=1, max_size=4),
    fens=st.lists(st.integers(1, 200), min_size=1, max_size=12),
)
@settings(max_examples=60)
def test_many_orders_take_the_same_shares_as_one_after_the_other(parts: list[int], fens: list[int]) -> None:
    with transaction.atomic():
        reserve({opened(amount_fen=part).pk: part for part in parts})
        together, apart = _tried(order, named(fens)), _tried(_one_by_one, named(fens))
        assert together == apart
        assert (together is None) == (sum(fens) > sum(parts))
        transaction.set_rollback(True)


def _tried(
    way: Callable[[dict[str, int]], list[Transfer]], orders: dict[str, int]
) -> list[tuple[str, int, int]] | None:
    """The shares that a way of ordering takes, undone again; nothing where it is refused."""
    mark = transaction.savepoint()
    try:
        return shares(way(orders))
    except ledger.Overdrawn:
        return None
    finally:
        transaction.savepoint_rollback(mark)
        transaction.set_rollback(False)


def _one_by_one(orders: dict[str, int]) -> list[Transfer]:
    return [
        move
        for key, fen in orders.items()
        for move in ledger.order(case_id=41, fen=fen, key=key, claim_id=BATCH, at=AT)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(8))
def test_every_order_is_paid_once_or_back_in_the_reserve_to_the_fen(seed: int) -> None:
    chance = random.Random(seed)
    with transaction.atomic():
        reserve({opened(amount_fen=fen).pk: fen for fen in (5_000, 3_001, 77)})
        orders = named([chance.randrange(1, 120) for _ in range(60)])
        order(orders)
        waiting, paid_fen = list(orders), 0
        chance.shuffle(waiting)
        while waiting:
            told, waiting = waiting[:7], waiting[7:]
            paid = [key for key in told if chance.random() < 0.7]
            answer(paid, [key for key in told if key not in paid])
            paid_fen += sum(orders[key] for key in paid)
            position = ledger.position(case_id=41)
            assert position.paid_fen == paid_fen
            assert position.ordered_fen == sum(orders[key] for key in waiting)
            assert position.planned_fen == position.reserved_fen + position.spent_fen
        assert balance_identity().holds
        assert verify().wrong == []
        transaction.set_rollback(True)


def test_one_line_too_many_and_nobody_is_ordered(listed: dict[str, int]) -> None:
    before = ledger.position(case_id=41)
    with refused(ledger.Overdrawn):
        order(listed | {"batch/6": 1_000_00 - sum(listed.values()) + 1})
    with refused(ledger.ImpossibleAmount):
        order(listed | {"batch/6": 0})
    assert ledger.position(case_id=41) == before


def test_labour_is_never_paid_out_in_many_either(roads: Source) -> None:
    work = labour()
    ledger.fund(source=work, key="worked", at=AT)
    reserve({roads.pk: 100_00, work.pk: work.amount_fen})
    with refused(ledger.NotCash):
        order(named([99_00, 1_01]))
    assert {move.source_id for move in order(named([99_00, 1_00]))} == {roads.pk}


def test_an_order_is_answered_once_alone_or_among_many(listed: dict[str, int]) -> None:
    order(listed)
    answer(["batch/1"], ["batch/2"])
    for paid, returned in ((["batch/1"], []), (["batch/3"], ["batch/1"]), ([], ["batch/2"]), (["batch/3"] * 2, []),
                           (["batch/3"], ["batch/3"])):  # fmt: skip
        with refused(ledger.AlreadyResolved):
            answer(paid, returned)
    with refused(ledger.UnknownOrder):
        answer(["batch/3", "batch/9"], [])
    with refused(ledger.UnknownOrder):
        ledger.answer_many(case_id=41, claim_id=BATCH + 1, paid=["batch/3"], returned=[], at=AT)
    with refused(ledger.DuplicateKey):
        order({"batch/1": 1})
    assert ledger.position(case_id=41) == Position(
        planned_fen=1000_00, reserved_fen=1000_00 - sum(listed.values()) + listed["batch/2"],
        ordered_fen=sum(listed.values()) - listed["batch/1"] - listed["batch/2"], paid_fen=listed["batch/1"],
    )  # fmt: skip
    assert verify().wrong == []


def test_a_single_answer_finds_an_order_among_many(listed: dict[str, int]) -> None:
    order(listed)
    ledger.settle(case_id=41, order="batch/4", key="batch/4/settle", at=AT)
    with refused(ledger.AlreadyResolved):
        answer([], ["batch/4"])


def test_the_queries_do_not_grow_with_the_list(roads: Source, pool: Source) -> None:
    reserve({roads.pk: 750_00, pool.pk: 250_00})
    counts = []
    for size in (2, 20):
        with transaction.atomic(), CaptureQueriesContext(connection) as seen:
            order({f"{size}/{n}": 100 for n in range(size)})
            answer([f"{size}/{n}" for n in range(size)], [])
        counts.append(len(seen))
    assert counts[0] == counts[1]
