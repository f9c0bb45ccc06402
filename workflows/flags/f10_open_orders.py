"""Paid while a rectification order lies overdue (带病付款)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from workflows.flags.decisions import PAYMENTS
from workflows.flags.story import Row, Story
from workflows.flags.words import GRAVE, Flag, Hit, Marks, Setting, ordered

#: What the clock does to an order only once its term has passed; old entries say no deadline.
OVERDUE = ("rectification.list_for_supervision", "rectification.refer", "rectification.escalate")
#: A day on which no order is overdue yet.
NEVER = dt.date.max


def marks(story: Story, setting: Setting) -> Marks:
    for row in story.acts(*PAYMENTS):
        yield story.unit, ("paid", row.slim, story.township)
    for rows in story.cases.values():
        # An order to another unit than the project's own says nothing of the payments to it.
        if rows[0].kind == "rectification" and rows[0].data.get("addressee_id") in (None, story.unit[0]):
            yield story.unit, ("order", tuple(_deadlines(rows)), story.township)


def _deadlines(rows: Sequence[Row]) -> Iterator[tuple[Row, dt.date]]:
    """By each row of an order the last day that it then had; never, once it is verified."""
    last = NEVER
    for row in rows:
        if "deadline" in row.data:
            last = dt.date.fromisoformat(str(row.data["deadline"]))
        elif row.act in OVERDUE and last == NEVER:
            last = row.at.date() - dt.timedelta(days=1)
        yield row.slim, NEVER if row.state_to == "verified" else last


def weigh(flag: Flag, group: Any, marks: Sequence[Any], setting: Setting) -> Iterator[Hit]:
    unit, limits = group, setting.book.flags
    if limits is None:
        return
    orders = [one for what, one, _township in marks if what == "order"]
    behind: list[Row] = []
    numbers: set[str] = set()
    count = 0
    for what, paid, _township in marks:
        over = [row for order in orders if (row := _overdue(order, paid, limits.order_overdue_days_min.value))] \
            if what == "paid" else []  # fmt: skip
        if over:
            behind += [paid, *over]
            numbers |= {row.case_number for row in over}
            count += 1
    if behind:
        yield Hit(
            flag=flag, key=f"unit {unit[0]}", rows=ordered(behind), unit=unit, township=marks[-1][2],
            facts={"unit": unit[1], "count": count, "orders": sorted(numbers)},
        )  # fmt: skip


def _overdue(order: Sequence[tuple[Row, dt.date]], paid: Row, days_min: int) -> Row | None:
    """The order's row at the time of the payment, if its last day lay so many days back."""
    then = [(row, last) for row, last in order if (row.at, row.id) <= (paid.at, paid.id)]
    if not then or then[-1][1] == NEVER:
        return None
    return then[-1][0] if (paid.at.date() - then[-1][1]).days >= days_min else None


FLAG = Flag(
    code="RF-10",
    name=_("Paid in spite of an overdue order"),
    meaning=_("A payment was ordered for a unit while a rectification order to it lay overdue."),
    innocent=_("The claim was handed in before the order lapsed, or concerns households that are not to blame."),
    source=_("Seven Systems no. 7 (限期整改); rulebook, rectification"),
    severity=GRAVE,
    says=ngettext_lazy(
        "%(unit)s: %(count)s payment ordered while %(orders)s lay overdue.",
        "%(unit)s: %(count)s payments ordered while %(orders)s lay overdue.",
        "count",
    ),
    marks=marks,
    weigh=weigh,
)
