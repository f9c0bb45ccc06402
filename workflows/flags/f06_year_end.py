"""The rush at the end of the year (年底突击花钱)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from workflows.flags.decisions import PAYMENTS
from workflows.flags.story import Story
from workflows.flags.words import SERIOUS, Flag, Hit, Marks, Setting, ordered

CLAIMS = ("claim.submit", "household_batch.submit")
WHAT = {"paid": pgettext_lazy("red flag", "payments"), "claimed": pgettext_lazy("red flag", "claims")}


def marks(story: Story, setting: Setting) -> Marks:
    for what, codes in (("paid", PAYMENTS), ("claimed", CLAIMS)):
        for row in story.acts(*codes):
            yield (what, story.unit, row.at.year), (row.slim, story.township)


def weigh(flag: Flag, group: Any, marks: Sequence[Any], setting: Setting) -> Iterator[Hit]:
    (what, unit, year), limits = group, setting.book.flags
    if limits is None or len(marks) < limits.year_end_acts_min.value:
        return
    since = dt.date(year + 1, 1, 1) - dt.timedelta(days=limits.year_end_days.value)
    late = [row for row, _township in marks if row.at.date() >= since]
    total = sum(row.amount_fen or 0 for row, _township in marks)
    rushed = sum(row.amount_fen or 0 for row in late)
    if rushed * 1000 > limits.year_end_share_permille_max.value * total:
        yield Hit(
            flag=flag, key=f"{what}, unit {unit[0]}, {year}", rows=ordered(late), unit=unit, township=marks[-1][1],
            facts={"unit": unit[1], "year": year, "days": limits.year_end_days.value, "what": what,
                   "percent": rushed * 100 // total, "count": len(late)},
        )  # fmt: skip


FLAG = Flag(
    code="RF-06",
    name=_("Year-end rush"),
    meaning=_("Too large a share of what a unit claims or is paid in a year falls into its last weeks."),
    innocent=_("Works that could only be finished after the harvest, or a grant that came late."),
    source=_("Fundtrail default, to be set by the county"),
    severity=SERIOUS,
    says=ngettext_lazy(
        "%(unit)s: %(percent)s %% of the %(what)s of %(year)s (%(count)s act) in its last %(days)s days.",
        "%(unit)s: %(percent)s %% of the %(what)s of %(year)s (%(count)s acts) in its last %(days)s days.",
        "count",
    ),
    codes={"what": WHAT},
    marks=marks,
    weigh=weigh,
)
