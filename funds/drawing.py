"""Which transfers an order takes: out of which accounts, in which shares. Nothing is posted here."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from copy import copy
from typing import Self

from django.db.models import Case, Exists, F, OuterRef, When

from funds.models import Account, Source, Transfer
from funds.money import FEN_MAX, largest_remainder, yuan
from funds.posting import require_transaction
from funds.refusals import ImpossibleAmount, NotCash, Overdrawn
from funds.routes import OF_CASE, ROUTES

#: As in :func:`funds.posting.lock_order`.
LOCK_ORDER = (Case(When(kind=Account.Kind.RESERVED, then=0), default=1), "code")


def possible(fen: int) -> int:
    """`fen`, if such an amount can move. Raises ImpossibleAmount, TypeError."""
    # PostgreSQL would round 12.5 into a bigint column without a word.
    if type(fen) is not int:
        raise TypeError(f"fen must be an int, not {type(fen).__name__}")
    if not 0 < fen <= FEN_MAX:
        raise ImpossibleAmount(fen=fen)
    return fen


def transfer(
    kind: str, *, source_id: int, fen: int, at: dt.datetime, memo: str, case_id: int | None = None,
    claim_id: int | None = None,
) -> Transfer:  # fmt: skip
    """A transfer of `kind` on its way, not yet posted."""
    debit, credit = (
        Account.at(Account.Kind(side), source_id=source_id, case_id=case_id if side in OF_CASE else None)
        for side in ROUTES[kind]
    )
    return Transfer(
        kind=kind, source_id=source_id, debit=debit, credit=credit, fen=possible(fen), case_id=case_id,
        claim_id=claim_id, happened_at=at, recorded_at=at, memo=memo,
    )  # fmt: skip


class Holdings:
    """What a project's accounts hold, read under their locks.

    Locking all of them in one order is what makes two orders on one project wait for each other in a
    row and not in a circle. What is reserved comes first: those accounts are there before any other,
    so an order that was read before another account was opened waits at the same door as one that
    knows of it. NO KEY, because new transfers refer to the accounts meanwhile.
    """

    def __init__(self, case_id: int) -> None:
        require_transaction()
        self.case_id = case_id
        labour = Exists(Source.objects.filter(pk=OuterRef("source_id"), kind=Source.Kind.LABOUR))
        rows = Account.objects.filter(case_id=case_id).order_by(*LOCK_ORDER).select_for_update(no_key=True)
        self.rows = list(rows.values_list("kind", "source_id", F("credits_fen") - F("debits_fen"), labour))

    def of(self, kind: str, *, labour: bool | None = None) -> dict[int, int]:
        """Number of the source -> fen that the project's accounts of `kind` hold; labour only, or none of it."""
        return {
            source_id: fen
            for held, source_id, fen, is_labour in self.rows
            if held == kind and fen > 0 and labour in (None, is_labour)
        }

    def less(self, drawn: Iterable[Transfer]) -> Self:
        """What is left to draw from once `drawn` is taken out, under the same locks."""
        left, gone = copy(self), Counter[str]()
        for move in drawn:
            gone[move.debit_id] += move.fen
        left.rows = [
            (kind, source_id, fen - gone[f"S{source_id}:P{self.case_id}:{kind}"], labour)
            for kind, source_id, fen, labour in self.rows
        ]
        return left

    def drawn(
        self, kind: str, fen: int | None, *, at: dt.datetime, memo: str, claim_id: int | None = None,
        labour: bool | None = None,
    ) -> list[Transfer]:  # fmt: skip
        """Transfers of `fen`, or of everything, each source in proportion to what it holds there."""
        held = self.of(ROUTES[kind][0], labour=labour)
        held_fen = sum(held.values())
        if fen is None and held_fen == 0:
            return []
        fen = possible(held_fen if fen is None else fen)
        if fen > held_fen:
            if labour is False and fen <= sum(self.of(ROUTES[kind][0]).values()):
                raise NotCash(cash=yuan(held_fen), asked=yuan(fen))
            raise Overdrawn(account=f"P{self.case_id}:{ROUTES[kind][0]}", held=yuan(held_fen), asked=yuan(fen))
        shares = largest_remainder(fen, weights=held)
        return [
            transfer(kind, source_id=source_id, fen=part, case_id=self.case_id, claim_id=claim_id, at=at, memo=memo)
            for source_id, part in sorted(shares.items())
            if part
        ]
