"""Several tellers at once: real commits, real locks."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from funds import ledger
from funds.books import balance_identity, verify
from funds.models import Transfer
from tests.money.conftest import AT, opened
from tests.money.orders import Clerk, found

TELLERS = 4


def at_once(teller: Callable[[int], Any]) -> list[Any]:
    def work(number: int) -> Any:
        try:
            return teller(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(TELLERS) as pool:
        return list(pool.map(work, range(TELLERS)))


def tried(order: Callable[[], Any]) -> bool:
    """Whether the order went through; anything but a refusal of the ledger is an error."""
    try:
        with transaction.atomic():
            order()
    except ledger.LedgerRefused:
        return False
    return True


@pytest.mark.django_db(transaction=True)
def test_four_tellers_reserve_no_more_than_there_is() -> None:
    first, second = opened(amount_fen=30_00), opened(amount_fen=30_00)

    def teller(number: int) -> int:
        # Each names the sources in another order; the ledger must not care.
        named = [first.pk, second.pk][:: 1 if number % 2 else -1]
        return sum(
            tried(
                partial(
                    ledger.reserve, case_id=number, purpose="social",
                    parts=dict.fromkeys(named, 1_00), key=f"{number}/{n}", at=AT,
                )
            )
            for n in range(12)
        )  # fmt: skip

    assert sum(at_once(teller)) == 30
    assert balance_identity().unallocated_fen == 0
    assert verify().wrong == []


@pytest.mark.django_db(transaction=True)
def test_one_order_given_by_four_tellers_is_carried_out_once() -> None:
    source = opened(amount_fen=100_00)
    with transaction.atomic():
        ledger.reserve(case_id=1, purpose="social", parts={source.pk: 100_00}, key="r", at=AT)
    done = at_once(lambda number: tried(lambda: ledger.pay(case_id=1, fen=10_00, key="claim 7", at=AT)))
    assert sorted(done) == [False, False, False, True]
    assert ledger.position(case_id=1).paid_fen == 10_00
    assert verify().wrong == []


@pytest.mark.django_db(transaction=True)
def test_whatever_four_tellers_do_to_the_same_projects_the_books_balance() -> None:
    sources = [opened(amount_fen=200_00) for _ in range(2)]

    def order(chance: random.Random, case_id: int, key: str) -> list[Transfer]:
        fen = chance.randrange(1, 60_00)
        match chance.randrange(6):
            case 0 | 1:
                parts = {source.pk: fen for source in sources}
                return ledger.reserve(case_id=case_id, purpose="social", parts=parts, key=key, at=AT)
            case 2:
                return ledger.pay(case_id=case_id, fen=fen, key=key, at=AT)
            case 3:
                return ledger.retain(case_id=case_id, fen=fen, key=key, at=AT)
            case 4:
                return ledger.release(case_id=case_id, key=key, at=AT)
            case _:
                return ledger.recover(case_id=case_id, key=key, at=AT)

    def teller(number: int) -> int:
        chance = random.Random(number)
        return sum(tried(partial(order, chance, chance.randrange(2), f"{number}/{n}")) for n in range(15))

    assert sum(at_once(teller)) > 0
    assert balance_identity().holds
    assert verify().wrong == []


@pytest.mark.django_db(transaction=True)
def test_one_order_answered_by_four_tellers_is_answered_once() -> None:
    source = opened(amount_fen=100_00)
    with transaction.atomic():
        ledger.reserve(case_id=1, purpose="social", parts={source.pk: 100_00}, key="r", at=AT)
    for turn in range(10):
        order = f"line {turn}"
        with transaction.atomic():
            ledger.order(case_id=1, fen=1_00, key=order, at=AT)

        def teller(number: int, order: str = order) -> bool:
            answer = ledger.settle if number % 2 else ledger.bounce
            return tried(lambda: answer(case_id=1, order=order, key=f"{order} {number}", at=AT))

        assert sorted(at_once(teller)) == [False, False, False, True]
    stands = ledger.position(case_id=1)
    assert stands.ordered_fen == 0
    assert stands.paid_fen == 1_00 * Transfer.objects.filter(kind="settle").count()
    assert verify().wrong == []


@pytest.mark.django_db(transaction=True)
def test_four_clerks_at_random_lose_no_fen() -> None:
    with transaction.atomic():
        sources = found()
    start = balance_identity()

    def teller(number: int) -> Clerk:
        return Clerk(number, name=f"clerk {number}", sources=sources).work(80)

    clerks = at_once(teller)
    assert sum(clerk.done for clerk in clerks) > 80
    end = balance_identity()
    come = sum(clerk.moved["fund"] for clerk in clerks)
    paid = sum(
        clerk.moved[kind] * (1 if kind in ("pay", "settle", "refund") else -1)
        for clerk in clerks
        for kind in ("pay", "settle", "refund", "send_back", "recover")
    )
    assert (end.issued_fen - start.issued_fen, end.paid_fen - start.paid_fen) == (come, paid)
    assert end.holds
    assert verify().wrong == []
