"""The same person in two household lists of one standard and year (重复享受补贴)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from workflows.flags.lists import Listed, listed
from workflows.flags.story import Row, Story
from workflows.flags.words import GRAVE, Flag, Hit, Marks, Setting, ordered


def marks(story: Story, setting: Setting) -> Marks:
    """Grouped by county books' standard and year; the prints are compared when all lists are there."""
    for one in listed(story):
        if one.standard:
            yield (one.standard, one.first.year), one


def weigh(flag: Flag, group: Any, marks: Sequence[Listed], setting: Setting) -> Iterator[Hit]:
    standard, year = group
    held: dict[str, list[Listed]] = {}
    pairs: dict[tuple[int, int], tuple[Row, Row, int]] = {}
    for one in marks:
        others = {id(other): other for key in one.prints for other in held.get(key, ()) if other.meets(one)}
        for other in others.values():
            two = (other.row.case_id, one.row.case_id)
            pairs[two] = (other.row, one.row, pairs[two][2] + 1 if two in pairs else 1)
        for key in one.prints:
            held.setdefault(key, []).append(one)
    units = {one.row.case_id: (one.unit, one.township) for one in marks}
    names = {one.code.value: one.title.value for one in setting.book.standards}
    limits = setting.book.flags
    for (first, second), (here, there, count) in pairs.items():
        if limits is None or count < limits.listed_twice_min.value:
            continue
        yield Hit(
            flag=flag, key=f"{standard}, {year}, lists {first} and {second}", rows=ordered([here, there]),
            unit=units[second][0], township=units[second][1],
            facts={"count": count, "one": here.case_number, "other": there.case_number, "year": year,
                   "standard": names.get(standard, standard)},
        )  # fmt: skip


FLAG = Flag(
    code="RF-11",
    name=_("Twice on household lists"),
    meaning=_("The same identity number stands on two lists of one standard and year, for the same months or in two"
              " projects. Numbers are compared by their keyed prints."),
    innocent=_("A move from one village to another within the year, with the payments following on each other."),
    source=_("财政违法行为处罚处分条例 art. 6: paid twice"),
    severity=GRAVE,
    says=ngettext_lazy(
        "%(count)s person stands on both %(one)s and %(other)s: %(standard)s, %(year)s.",
        "%(count)s persons stand on both %(one)s and %(other)s: %(standard)s, %(year)s.",
        "count",
    ),
    marks=marks,
    weigh=weigh,
)  # fmt: skip
