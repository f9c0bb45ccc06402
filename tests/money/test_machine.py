"""Random orders on the ledger and on a model of a few lines; both must always agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from funds import ledger
from funds.books import balance_identity, verify
from funds.models import Source
from tests.money.conftest import AT, opened

CASES = st.integers(1, 2)
AMOUNTS = st.integers(1, 120)


class Ledger(RuleBasedStateMachine):
    """The model knows totals of a project, not which source gives: that is the ledger's part."""

    def __init__(self) -> None:
        super().__init__()
        # Each run starts from empty books, and leaves none behind.
        self.run = transaction.atomic()
        self.run.__enter__()

    @initialize()
    def arrive(self) -> None:
        self.orders = 0
        self.sources: list[Source] = [opened(amount_fen=fen) for fen in (50, 100, 7)]
        self.free = {source.pk: source.amount_fen for source in self.sources}
        self.held: Counter[tuple[int, str]] = Counter()
        self.planned: Counter[int] = Counter()
        self.returned = 0

    def attempt(self, may: bool, order: Callable[..., Any], **given: Any) -> bool:
        self.orders += 1
        try:
            with transaction.atomic():
                made = order(key=f"order {self.orders}", at=AT, **given)
        except ledger.LedgerRefused:
            assert not may
            return False
        assert may
        for transfer in made:
            if transfer.credit.kind == "unallocated":
                self.free[transfer.credit.source_id] += transfer.fen
        return True

    @rule(case_id=CASES, shares=st.tuples(*[st.integers(0, 60)] * 3))
    def reserve(self, case_id: int, shares: tuple[int, ...]) -> None:
        parts = dict(zip(self.free, shares, strict=True))
        may = any(shares) and all(fen <= self.free[pk] for pk, fen in parts.items())
        if self.attempt(may, ledger.reserve, case_id=case_id, purpose="social", parts=parts):
            self.free = {pk: fen - parts[pk] for pk, fen in self.free.items()}
            self.held[case_id, "reserved"] += sum(shares)
            self.planned[case_id] += sum(shares)

    def spend(self, case_id: int, fen: int, order: Callable[..., Any], kind: str) -> None:
        may = fen <= self.held[case_id, "reserved"]
        if self.attempt(may, order, case_id=case_id, fen=fen):
            self.held[case_id, "reserved"] -= fen
            self.held[case_id, kind] += fen

    @rule(case_id=CASES, fen=AMOUNTS)
    def pay(self, case_id: int, fen: int) -> None:
        self.spend(case_id, fen, ledger.pay, "paid")

    @rule(case_id=CASES, fen=AMOUNTS)
    def retain(self, case_id: int, fen: int) -> None:
        self.spend(case_id, fen, ledger.retain, "retained")

    @rule(case_id=CASES)
    def release_retained(self, case_id: int) -> None:
        assert self.attempt(True, ledger.release_retained, case_id=case_id)
        self.held[case_id, "paid"] += self.held.pop((case_id, "retained"), 0)

    @rule(case_id=CASES)
    def release(self, case_id: int) -> None:
        assert self.attempt(True, ledger.release, case_id=case_id)
        self.held[case_id, "reserved"] = 0

    @rule(case_id=CASES)
    def recover(self, case_id: int) -> None:
        assert self.attempt(True, ledger.recover, case_id=case_id)
        for kind in ("reserved", "paid", "retained"):
            self.held[case_id, kind] = 0

    @rule(which=st.integers(0, 2), fen=AMOUNTS)
    def give_back(self, which: int, fen: int) -> None:
        source = self.sources[which]
        if self.attempt(fen <= self.free[source.pk], ledger.give_back, source=source, fen=fen):
            self.free[source.pk] -= fen
            self.returned += fen

    @invariant()
    def the_ledger_agrees_with_the_model(self) -> None:
        if not hasattr(self, "free"):
            return
        for case_id, stands in ledger.positions(case_ids=[1, 2]).items():
            assert stands.planned_fen == self.planned[case_id]
            for kind in ("reserved", "paid", "retained"):
                assert getattr(stands, f"{kind}_fen") == self.held[case_id, kind]
        books = balance_identity()
        assert books.holds
        assert (books.unallocated_fen, books.returned_fen) == (
            sum(self.free.values()), self.returned,
        )  # fmt: skip

    def teardown(self) -> None:
        try:
            assert verify().wrong == []
        finally:
            transaction.set_rollback(True)
            self.run.__exit__(None, None, None)


@pytest.mark.django_db
def test_random_orders_never_unbalance_the_books() -> None:
    run_state_machine_as_test(Ledger, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))
