"""Acts at night and on days of rest (夜间、节假日办理)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from workflows import calendar
from workflows.flags.decisions import decided
from workflows.flags.story import Row, Story
from workflows.flags.words import NOTABLE, Flag, Hit, Setting, ordered
from workflows.rulebook.flags import Flags


def off_hours(row: Row, limits: Flags) -> bool:
    """Whether the act lies in the night or on a day on which offices do not work."""
    since, until = limits.night_from_hour.value, limits.night_until_hour.value
    hour = row.at.hour
    night = since <= hour < until if since < until else hour >= since or hour < until
    return night or not calendar.is_working(row.at.date())


def within(flag: Flag, story: Story, setting: Setting) -> Iterator[Hit]:
    limits = setting.book.flags
    if limits is None:
        return
    # The clock has no hours, and neither has who applies: a village clerk writes when the field work is done.
    acted = (row for row in story.rows if decided(row))
    rows = [row for row in acted if off_hours(row, limits)]
    if len(rows) >= limits.off_hours_acts_min.value:
        yield Hit(
            flag=flag, key=f"project {story.root_id}", rows=ordered(rows), unit=story.unit, township=story.township,
            facts={"title": story.title, "count": len(rows),
                   "names": sorted({row.actor_name for row in rows})},
        )  # fmt: skip


FLAG = Flag(
    code="RF-05",
    name=_("Decided at night or on days of rest"),
    meaning=_("Offices decided on one project several times at night, at a weekend or on a public holiday."),
    innocent=_("Overtime before a date that was set from above, floods and other emergencies."),
    source=_("Fundtrail default, to be set by the county"),
    severity=NOTABLE,
    says=ngettext_lazy(
        "%(title)s: %(count)s decision at night or on a day of rest, by %(names)s.",
        "%(title)s: %(count)s decisions at night or on days of rest, by %(names)s.",
        "count",
    ),
    within=within,
)
