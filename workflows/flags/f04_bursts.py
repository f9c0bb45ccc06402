"""Bursts of decisions by one person (集中批量办结)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from workflows.flags.decisions import decided
from workflows.flags.story import Row
from workflows.flags.words import NOTABLE, Flag, Hit, Setting, ordered


def of_day(flag: Flag, rows: Sequence[Row], setting: Setting) -> Iterator[Hit]:
    limits = setting.book.flags
    if limits is None:
        return
    within = dt.timedelta(minutes=limits.burst_minutes.value)
    taken = sorted((row for row in rows if decided(row)), key=lambda row: row.at)
    behind: dict[int, Row] = {}
    densest = first = 0
    for last, row in enumerate(taken):
        while row.at - taken[first].at > within:
            first += 1
        if (count := last - first + 1) > limits.burst_acts_max.value:
            densest = max(densest, count)
            behind |= {one.id: one for one in taken[first : last + 1]}
    if behind:
        who = taken[0]
        yield Hit(
            flag=flag, key=f"person {who.actor_id}, {who.at.date()}", rows=ordered(behind.values()),
            unit=(who.unit_id or 0, who.unit_name),
            facts={"name": who.actor_name, "unit": who.unit_name, "day": who.at.date(), "count": densest,
                   "minutes": limits.burst_minutes.value},
        )  # fmt: skip


FLAG = Flag(
    code="RF-04",
    name=_("A burst of decisions"),
    meaning=_("One person decided more cases in a few minutes than can be looked at in that time."),
    innocent=_("A sitting that had decided them all, entered afterwards in one go."),
    source=_("Fundtrail default, to be set by the county"),
    severity=NOTABLE,
    says=_("%(name)s (%(unit)s) took %(count)s decisions within %(minutes)s minutes on %(day)s."),
    of_day=of_day,
)
