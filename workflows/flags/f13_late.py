"""A desk that enters late again and again (频繁补录)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.flags.story import Story
from workflows.flags.words import NOTABLE, Flag, Hit, Marks, Setting, ordered


def marks(story: Story, setting: Setting) -> Marks:
    """By the year of the recording: what a desk enters afterwards today is today's habit."""
    for row in story.rows:
        if row.late:
            yield (row.unit_id or 0, row.unit_name, row.recorded_at.year), (row.slim, story.township)


def weigh(flag: Flag, group: Any, marks: Sequence[Any], setting: Setting) -> Iterator[Hit]:
    (unit_id, unit_name, year), limits = group, setting.book.flags
    if limits is None or limits.late_entries_max is None or len(marks) <= limits.late_entries_max.value:
        return
    rows = ordered(row for row, _township in marks)
    yield Hit(
        flag=flag, key=f"unit {unit_id}, {year}", rows=rows, unit=(unit_id, unit_name), township=marks[-1][1],
        facts={"unit": unit_name, "year": year, "count": len(rows),
               "names": sorted({row.actor_name for row in rows})},
    )  # fmt: skip


FLAG = Flag(
    code="RF-13",
    name=_("Entered late again and again"),
    meaning=_("One desk enters afterwards, as done on paper, more often than an outage or a meeting explains."),
    innocent=_("A long power cut, a village without a network, or meetings whose minutes are signed days later."),
    source=_("Fundtrail default, to be set by the county"),
    severity=NOTABLE,
    says=_("%(unit)s: %(count)s acts entered afterwards in %(year)s, by %(names)s."),
    marks=marks,
    weigh=weigh,
)
