"""The papers of a rectification order: the order itself (整改通知书) and the sheet of its closing out (销号单)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from approvals import papers
from approvals.case_papers import CasePaper, entry_of
from audit import journal
from workflows.models import Rectification
from workflows.states import RectificationState

ORDER, CLOSING = "papers/order.html", "papers/order_closed.html"


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderPaper(CasePaper):
    """A paper of an order, printed from its opening or its verification: also its items, and what that entry says."""

    items: list[Any]
    reason: str


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
    entry = entry_of(row, act)
    reason = journal.facts_of(entry)["reason"]
    return OrderPaper(case=row, entry=entry, items=list(row.items_shown), reason=reason)
