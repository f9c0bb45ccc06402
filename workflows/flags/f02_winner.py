"""The same winner again and again (围标、陪标的征兆)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.flags.story import Row, Story
from workflows.flags.words import SERIOUS, Flag, Hit, Marks, Setting, ordered


def marks(story: Story, setting: Setting) -> Marks:
    for row in story.acts("tender.award"):
        mark = (row.slim, str(row.data.get("winner", "")), story.unit, story.township)
        yield ("office", row.unit_id, row.unit_name, row.at.year), mark
        if story.township[0]:
            yield ("township", *story.township, row.at.year), mark


def weigh(flag: Flag, group: Any, marks: Sequence[Any], setting: Setting) -> Iterator[Hit]:
    (scope, number, name, year), limits = group, setting.book.flags
    if limits is None or len(marks) < limits.winner_awards_min.value:
        return
    by_winner: defaultdict[str, list[Row]] = defaultdict(list)
    for row, winner, _unit, _township in marks:
        by_winner[winner].append(row)
    for winner, rows in by_winner.items():
        share = len(rows) * 1000 // len(marks)
        if len(rows) > 1 and len(rows) * 1000 > limits.winner_share_permille_max.value * len(marks):
            yield Hit(
                flag=flag, key=f"{scope} {number}, {year}, {winner}", rows=ordered(rows), unit=(number, name),
                township=(number, name) if scope == "township" else (0, ""),
                facts={"winner": winner, "unit": name, "year": year, "count": len(rows), "all": len(marks),
                       "percent": share // 10},
            )  # fmt: skip


FLAG = Flag(
    code="RF-02",
    name=_("The same winner again and again"),
    meaning=_("One company wins more than its share of what one office awards, or of the awards in one township."),
    innocent=_("Few companies of the trade nearby, or one framework contract for many sites."),
    source=_("招标投标法 art. 32; 招标投标法实施条例 art. 39 and 40"),
    severity=SERIOUS,
    says=_("%(winner)s won %(count)s of %(all)s awards (%(percent)s %%) of %(unit)s in %(year)s."),
    marks=marks,
    weigh=weigh,
)
