"""Random orders on a few projects and sources, lawful and not, from a seed; and what they must leave."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import transaction

from funds import ledger
from funds.models import Source, Transfer
from tests.money.conftest import AT, opened
from tests.money.test_sources import labour

CASES = (41, 42, 43)
FEN_MAX = 60


class Clerk:
    """Gives one random order after another, and keeps his own totals of what went through."""

    def __init__(self, seed: int, *, name: str = "", sources: list[Source] | None = None) -> None:
        self.chance = random.Random(seed)
        self.name = name or f"clerk {seed}"
        self.sources = sources or found()
        self.done = self.refused = 0
        self.at = AT
        #: Orders at the bank without an answer: project and key.
        self.sent: list[tuple[int, str]] = []
        #: What went through, by kind of transfer.
        self.moved: Counter[str] = Counter()

    def work(self, orders: int) -> Clerk:
        """Give so many orders; a refusal of the ledger is part of the day, any other error is not."""
        for _number in range(orders):
            self.at += dt.timedelta(hours=self.chance.randrange(20))
            order, given = self.chance.choice(self._orders())()
            key = f"{self.name}/{self.done + self.refused}"
            try:
                with transaction.atomic():
                    made: list[Transfer] = order(key=key, at=self.at, memo=self._memo(), **given)
            except ledger.LedgerRefused:
                self.refused += 1
                continue
            self.done += 1
            self.moved.update({move.kind: 0 for move in made})
            for move in made:
                self.moved[move.kind] += move.fen * (-1 if move.reverses_id else 1)
            if order is ledger.order:
                self.sent.append((given["case_id"], key))
        return self

    def _orders(self) -> list[Callable[[], tuple[Callable[..., Any], dict[str, Any]]]]:
        case_id, fen = self.chance.choice(CASES), self.chance.randrange(1, FEN_MAX)
        source = self.chance.choice(self.sources)
        parts = {s.pk: self.chance.randrange(FEN_MAX) for s in self.sources}
        project = {"case_id": case_id, "fen": fen}
        money = (ledger.pay, ledger.order, ledger.retain, ledger.count, ledger.take_back, ledger.send_back)
        own = (ledger.carry_over, ledger.replan, ledger.give_back)
        return [
            *[lambda: (ledger.reserve, {"case_id": case_id, "purpose": "social", "parts": parts})] * 4,
            *[lambda act=act: (act, project) for act in money],
            *[lambda act=act: (act, {"source": source, "fen": fen}) for act in own],
            *[self._answer] * 3,
            lambda: (ledger.fund, {"source": source, "fen": fen}),
            lambda: (ledger.release, project if fen % 2 else {"case_id": case_id}),
            lambda: (ledger.release_retained, {"case_id": case_id}),
            lambda: (ledger.recover, {"case_id": case_id}),
            self._reversal,
        ]

    def _answer(self) -> tuple[Callable[..., Any], dict[str, Any]]:
        """The bank's, now and then a second one to the same order."""
        case_id, key = self.chance.choice(self.sent or [(41, "never sent")])
        return self.chance.choice((ledger.settle, ledger.bounce)), {"case_id": case_id, "order": key}

    def _reversal(self) -> tuple[Callable[..., Any], dict[str, Any]]:
        count = Transfer.objects.count()
        return ledger.reverse, {"transfer": Transfer.objects.order_by("pk")[self.chance.randrange(count)]}

    def _memo(self) -> str:
        return self.chance.choice(("", "=1+1", 'a "quoted" \\ memo', "两行\n备注", "@SUM(A1)", "plain", "\t\x00"[:1]))


@transaction.atomic
def found() -> list[Source]:
    """Three sources of money, one of them only promised, and one of labour."""
    work = labour(name=f"Labour {Source.objects.count()}")
    ledger.fund(source=work, key=f"worked {work.pk}", at=AT)
    return [*(opened(amount_fen=fen) for fen in (20_00, 50_00)), opened(amount_fen=20_00, arrived=False), work]
