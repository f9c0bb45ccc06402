"""Rectification orders that lie half done in the demo county: by acts, the clock's own among them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from approvals import desks, ordering
from approvals.traveller import Traveller
from workflows import calendar, clock
from workflows.models import Case, Rectification

#: Halts: evidence waits for its verdict; one item is put off; the term has lapsed and freezes; listed; closed out.
HALTS = ("submitted", "continuing", "lapsed", "supervised", "closed")
#: The rung after which a lapsed order is left.
LAST_RUNG = {"lapsed": "escalate", "supervised": "list_for_supervision"}
#: How long an item that is put off may take.
PUT_OFF_WORKING_DAYS = 40


def leave(t: Traveller, *, halt: str) -> None:
    """Issue an order on the project where it stands, and leave it at a halt."""
    order = ordering.rectify(t)
    t.wait(2)
    t.do("acknowledge", on=order, seat="village")
    if halt in LAST_RUNG:
        let_lapse(t, order, until=LAST_RUNG[halt])
        return
    t.wait(8)
    ordering.answer_order(t, order)
    if halt == "submitted":
        return
    t.wait(2)
    if halt == "continuing":
        day = calendar.add(timezone.localdate(t.at), days=PUT_OFF_WORKING_DAYS, day_kind="working")
        ordering.send_back(t, order, "done", "continuing", until={1: day})
    else:
        ordering.verify_order(t, order)


def let_lapse(t: Traveller, order: Case, *, until: str) -> None:
    """Nobody acts; the clock does what comes, at its time, up to a rung."""
    while True:
        row = order.typed()
        assert isinstance(row, Rectification)
        assert row.alarm_at is not None
        t.at = row.alarm_at + dt.timedelta(hours=1)
        if any(rung.act == until for rung in clock.ring(row, at=row.alarm_at, do=desks.take)):
            return
