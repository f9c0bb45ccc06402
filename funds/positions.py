"""How a project's money stands, read from the accounts' counters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from funds.models import Account, Source

K = Account.Kind
BALANCE = F("credits_fen") - F("debits_fen")


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """How a project's money stands, in fen."""

    #: All the money that was ever reserved for it.
    planned_fen: int = 0
    #: Still reserved: what a claim may draw on.
    reserved_fen: int = 0
    #: Sent to the bank, which has not answered yet.
    ordered_fen: int = 0
    paid_fen: int = 0
    retained_fen: int = 0
    #: Labour that is to be counted, and how much of it was; no money, and in none of the above.
    labour_fen: int = 0
    counted_fen: int = 0

    @property
    def left_fen(self) -> int:
        """What a payment may still take; another name for the reserve."""
        return self.reserved_fen

    @property
    def spent_fen(self) -> int:
        """Paid, on its way, or earned and held back: what the project has cost."""
        return self.paid_fen + self.ordered_fen + self.retained_fen

    @property
    def given_back_fen(self) -> int:
        """Released or recovered to the sources."""
        return self.planned_fen - self.reserved_fen - self.spent_fen


def position(*, case_id: int) -> Position:
    """The project's money; nothing at all for one that has none. One query."""
    return positions(case_ids=[case_id])[case_id]


def positions(*, case_ids: Iterable[int]) -> dict[int, Position]:
    """The same for many projects, still in one query."""
    asked = list(case_ids)
    rows = (
        Account.objects.filter(case_id__in=asked)
        .order_by()
        .values("case_id")
        .annotate(
            planned_fen=_sum("credits_fen", K.RESERVED),
            reserved_fen=_sum(BALANCE, K.RESERVED),
            ordered_fen=_sum(BALANCE, K.ORDERED),
            paid_fen=_sum(BALANCE, K.PAID),
            retained_fen=_sum(BALANCE, K.RETAINED),
            labour_fen=_sum("credits_fen", K.RESERVED, labour=True),
            counted_fen=_sum(BALANCE, K.COUNTED, labour=True),
        )
    )
    sums: list[dict[str, int]] = [dict(row) for row in rows]  # type: ignore[arg-type]
    found = {row.pop("case_id"): Position(**row) for row in sums}
    return {case_id: found.get(case_id, Position()) for case_id in asked}


def _sum(counter: str | CombinedExpression, kind: Account.Kind, *, labour: bool = False) -> Coalesce:
    of_labour = Q(source__kind=Source.Kind.LABOUR)
    return Coalesce(Sum(counter, filter=Q(kind=kind) & (of_labour if labour else ~of_labour)), 0)
