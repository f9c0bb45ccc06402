"""The deceased on household lists (死人领钱)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from workflows import calendar
from workflows.flags.lists import listed
from workflows.flags.story import Row, Story
from workflows.flags.words import GRAVE, Flag, Hit, Setting, ordered


def within(flag: Flag, story: Story, setting: Setting) -> Iterator[Hit]:
    """Silent without a register of deaths: the record itself does not know who has died."""
    limits = setting.book.flags
    if limits is None or not setting.deaths:
        return
    found: dict[int, list[Row]] = {}
    for one in listed(story):
        died = min((setting.deaths[key] for key in one.prints if key in setting.deaths), default=None)
        if died is not None and one.last > calendar.months_later(
            died.replace(day=1), months=limits.deceased_months_max.value
        ):
            found.setdefault(one.row.case_id, []).append(one.row)
    for case_id, rows in found.items():
        yield Hit(
            flag=flag, key=f"list {case_id}", rows=ordered(rows), unit=story.unit, township=story.township,
            facts={"case": rows[0].case_number, "unit": story.unit[1], "count": len(rows)},
        )  # fmt: skip


FLAG = Flag(
    code="RF-12",
    name=_("Deceased on a household list"),
    meaning=_("A list pays somebody for months after the month of death by the register of deaths."),
    innocent=_("The household goes on, and its new head was not entered yet."),
    source=_("register of deaths of the civil affairs bureau"),
    severity=GRAVE,
    says=ngettext_lazy(
        "%(case)s of %(unit)s: %(count)s person who had died before the months that it pays.",
        "%(case)s of %(unit)s: %(count)s persons who had died before the months that it pays.",
        "count",
    ),
    within=within,
)
