"""How a project's money stands, read from the accounts' counters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from funds.models import Account


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """How a project's money stands, in fen."""

    #: All that was ever reserved for it.
    planned_fen: int = 0
    #: Still reserved: what a claim may draw on.
    reserved_fen: int = 0
    paid_fen: int = 0
    retained_fen: int = 0

    @property
    def left_fen(self) -> int:
        """What a payment may still take; another name for the reserve."""
        return self.reserved_fen

    @property
    def spent_fen(self) -> int:
        """Paid, or earned and held back: what the project has cost."""
        return self.paid_fen + self.retained_fen

    @property
    def given_back_fen(self) -> int:
        """Released or recovered to the sources."""
        return self.planned_fen - self.reserved_fen - self.paid_fen - self.retained_fen


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
            planned_fen=Coalesce(Sum("credits_fen", filter=Q(kind=Account.Kind.RESERVED)), 0),
            reserved_fen=_balance(Account.Kind.RESERVED),
            paid_fen=_balance(Account.Kind.PAID),
            retained_fen=_balance(Account.Kind.RETAINED),
        )
    )
    found = {
        row["case_id"]: Position(
            planned_fen=row["planned_fen"],
            reserved_fen=row["reserved_fen"],
            paid_fen=row["paid_fen"],
            retained_fen=row["retained_fen"],
        )
        for row in rows
    }
    return {case_id: found.get(case_id, Position()) for case_id in asked}


def _balance(kind: Account.Kind) -> Coalesce:
    return Coalesce(Sum(F("credits_fen") - F("debits_fen"), filter=Q(kind=kind)), 0)
