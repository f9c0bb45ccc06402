"""Decided within seconds of its arrival (秒批)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from workflows.flags.decisions import decided
from workflows.flags.story import Row, Story
from workflows.flags.words import NOTABLE, Flag, Hit, Setting, ordered


def within(flag: Flag, story: Story, setting: Setting) -> Iterator[Hit]:
    limits = setting.book.flags
    if limits is None:
        return
    for case_id, rows in story.cases.items():
        quick = list(_quick(rows, limits.decided_seconds_min.value))
        if quick:
            yield Hit(
                flag=flag, key=f"case {case_id}", rows=ordered(row for row, _seconds in quick), unit=story.unit,
                township=story.township,
                facts={"case": rows[-1].case_number, "count": len(quick), "seconds": min(s for _row, s in quick),
                       "names": sorted({row.actor_name for row, _seconds in quick})},
            )  # fmt: skip


def _quick(rows: Sequence[Row], seconds_min: int) -> Iterator[tuple[Row, int]]:
    """Decisions taken sooner than ``seconds_min`` after somebody else had moved the case there; after how many."""
    arrived: Row | None = None
    for row in rows:
        if arrived is not None and row.actor_id != arrived.actor_id and decided(row):
            seconds = int((row.at - arrived.at).total_seconds())
            # What was entered afterwards (补录) may lie before its arrival, and says nothing about haste.
            if 0 <= seconds < seconds_min:
                yield row, seconds
        if row.moved:
            arrived = row


FLAG = Flag(
    code="RF-03",
    name=_("Decided within seconds"),
    meaning=_("An office decided sooner after the case reached it than anybody can read it."),
    innocent=_("Looked at beforehand on paper, or a correction of one word that was asked for by telephone."),
    source=_("Fundtrail default, to be set by the county"),
    severity=NOTABLE,
    says=ngettext_lazy(
        "%(case)s: %(count)s decision by %(names)s, %(seconds)s s after it arrived.",
        "%(case)s: %(count)s decisions by %(names)s, the quickest %(seconds)s s after it arrived.",
        "count",
    ),
    within=within,
)
