"""How long a case may wait in a state, and what the clock does around the end of the term."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from workflows.rulebook import codes
from workflows.rulebook.cited import Cited, Frozen

Count = Annotated[StrictInt, Field(ge=0)]


class Term(Frozen):
    """How long a case may wait in a state, and what passing the term brings."""

    days: Cited[Count]
    day_kind: Cited[codes.DayKind]
    #: Absent from editions older than the clock: those report to the superior.
    effect: Cited[codes.Effect] | None = None


class Clock(Frozen):
    """When the clock speaks around the end of a term; as many reminders as are listed, and no more."""

    #: Calendar days before the last day.
    remind_before_days: Cited[tuple[Count, ...]]
    #: Working days after it.
    remind_after_working_days: Cited[tuple[Count, ...]]
    escalate_after_working_days: Cited[Count]
    #: More time is granted once in a wait, up to so many working days.
    extension_working_days_max: Cited[Count]
    #: After so many days without an act, and again after as many, who made a draft is reminded; absent: never.
    remind_idle_draft_days: Cited[Annotated[StrictInt, Field(ge=1)]] | None = None
    #: Which administrator hears first of a desk above which every post is empty; absent: who can grant a post.
    empty_line_office: Cited[codes.EmptyLineOffice] | None = None
