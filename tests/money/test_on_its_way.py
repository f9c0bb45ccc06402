"""Money between the order to the bank and the bank's answer, and money that comes back."""

from __future__ import annotations

import pytest
from django.db import transaction

from funds import ledger
from funds.books import balance_identity, verify
from funds.models import Source, Transfer
from funds.positions import Position
from tests.money.conftest import AT
from tests.money.test_ledger import refused, reserve


@pytest.fixture
def ordered(roads: Source, pool: Source) -> Position:
    """Project 41 has 1000 yuan of two sources; 400 are on their way under the key "run 1/line 1"."""
    reserve({roads.pk: 750_00, pool.pk: 250_00})
    ledger.order(case_id=41, fen=400_00, key="run 1/line 1", at=AT, claim_id=7)
    return ledger.position(case_id=41)


def settle(key: str = "answer", order: str = "run 1/line 1") -> list[Transfer]:
    return ledger.settle(case_id=41, order=order, key=key, at=AT)


def bounce(key: str = "answer", order: str = "run 1/line 1") -> list[Transfer]:
    return ledger.bounce(case_id=41, order=order, key=key, at=AT)


def test_what_is_ordered_is_neither_paid_nor_to_be_spent_again(ordered: Position) -> None:
    assert ordered == Position(planned_fen=1000_00, reserved_fen=600_00, ordered_fen=400_00)
    with refused(ledger.Overdrawn):
        ledger.pay(case_id=41, fen=600_01, key="p", at=AT)


def test_the_bank_pays_from_the_sources_the_order_named(ordered: Position, roads: Source, pool: Source) -> None:
    made = settle()
    assert [(t.source_id, t.fen, t.claim_id) for t in made] == [(roads.pk, 300_00, 7), (pool.pk, 100_00, 7)]
    assert ledger.position(case_id=41) == Position(planned_fen=1000_00, reserved_fen=600_00, paid_fen=400_00)
    assert verify().wrong == []


def test_a_failed_payment_is_reserved_again_and_can_be_paid_anew(ordered: Position) -> None:
    bounce()
    assert ledger.position(case_id=41) == Position(planned_fen=1000_00, reserved_fen=1000_00)
    ledger.order(case_id=41, fen=400_00, key="run 2/line 1", at=AT)
    settle("answer 2", "run 2/line 1")
    assert ledger.position(case_id=41) == Position(planned_fen=1000_00, reserved_fen=600_00, paid_fen=400_00)
    assert verify().wrong == []


@pytest.mark.parametrize("first", [settle, bounce])
@pytest.mark.parametrize("second", [settle, bounce])
def test_an_order_is_answered_once(first: object, second: object, ordered: Position) -> None:
    ledger.order(case_id=41, fen=400_00, key="run 1/line 2", at=AT)
    first()  # type: ignore[operator]
    with refused(ledger.AlreadyResolved):
        second("again")  # type: ignore[operator]


def test_an_order_is_known_by_its_whole_name(ordered: Position) -> None:
    for name in ("run 1", "run 1/line", "RUN 1/LINE 1", "run 1/line 1#1", "run_1/line 1"):
        with refused(ledger.UnknownOrder):
            settle(order=name)
    with refused(ledger.UnknownOrder):
        ledger.settle(case_id=42, order="run 1/line 1", key="k", at=AT)


def test_neither_order_nor_answer_is_reversed(ordered: Position) -> None:
    for sent in [*Transfer.objects.filter(kind="order"), *settle()]:
        with refused(ledger.NotReversible):
            ledger.reverse(transfer=sent, key="undo", at=AT, memo="")


def test_a_project_does_not_end_while_money_is_on_its_way(ordered: Position) -> None:
    with refused(ledger.OnItsWay):
        ledger.release(case_id=41, key="close", at=AT)
    with refused(ledger.OnItsWay):
        ledger.recover(case_id=41, key="end", at=AT)
    bounce()
    ledger.release(case_id=41, key="close", at=AT)
    assert balance_identity().allocated_fen == 0


def test_a_payment_sent_back_later_is_reserved_again(ordered: Position) -> None:
    settle()
    ledger.send_back(case_id=41, fen=150_00, key="returned", at=AT)
    assert ledger.position(case_id=41) == Position(planned_fen=1000_00, reserved_fen=750_00, paid_fen=250_00)
    with refused(ledger.Overdrawn):
        ledger.send_back(case_id=41, fen=250_01, key="more", at=AT)


def test_a_part_of_the_reserve_goes_back_before_the_end(ordered: Position) -> None:
    made = ledger.release(case_id=41, fen=100_00, key="smaller plan", at=AT)
    assert sum(t.fen for t in made) == 100_00
    assert ledger.position(case_id=41).reserved_fen == 500_00
    with refused(ledger.Overdrawn):
        ledger.release(case_id=41, fen=500_01, key="too much", at=AT)


def test_a_refused_answer_leaves_no_half_of_it(ordered: Position) -> None:
    with pytest.raises(ledger.DuplicateKey), transaction.atomic():
        settle("run 1/line 1")
    assert ledger.position(case_id=41) == ordered
