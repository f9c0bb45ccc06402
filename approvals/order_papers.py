"""The papers of a rectification order: the order itself (整改通知书) and the sheet of its closing out (销号单)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from approvals import papers
from approvals.addresses import absolute
from audit import journal
from audit.models import Entry
from audit.qr import drawing
from workflows.models import Rectification
from workflows.states import RectificationState

ORDER, CLOSING = "papers/order.html", "papers/order_closed.html"


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderPaper:
    """What a paper of an order is made of: the row, its items, and the entry that it prints."""

    order: Rectification
    items: list[Any]
    #: The opening of the order, or its verification.
    entry: Entry
    reason: str
    address: str

    @property
    def number(self) -> str:
        """What runs along the head of its pages."""
        return self.order.number or ""

    @property
    def qr(self) -> str:
        """The way to the order's page, as a drawing."""
        return drawing(self.address)


def order(row: Rectification) -> bytes:
    """The order as it is served on the addressee; with its present deadline, where that was put off.

    Raises:
        papers.NoGlyph: it has a character that cannot be printed.
    """
    return papers.pdf(ORDER, {"paper": _paper(row, "open")})


def closing(row: Rectification) -> bytes:
    """The sheet of the closing out: each item with what was done and by whom it was found rectified.

    Raises:
        LookupError: the order is not closed out.
        papers.NoGlyph: it has a character that cannot be printed.
    """
    if row.state != RectificationState.VERIFIED:
        raise LookupError(f"{row.number} is not closed out")
    return papers.pdf(CLOSING, {"paper": _paper(row, "verify")})


def _paper(row: Rectification, act: str) -> OrderPaper:
    entry = Entry.objects.filter(case_id=row.pk, act=f"rectification.{act}").latest("seq")
    return OrderPaper(
        order=row, items=list(row.items_shown), entry=entry, reason=journal.facts_of(entry)["reason"],
        address=absolute("case", row.pk),
    )  # fmt: skip
