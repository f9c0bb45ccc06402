"""The ladder of one wait: reminders before and after its last day, the report upwards, the effect. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from workflows import calendar

if TYPE_CHECKING:
    from workflows.rulebook.schema import Clock

#: When the county's clock speaks: as the offices open.
MORNING = dt.time(8)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """A thing the clock does: when, by which act, and as which step (``before:3``, ``after:1``, ``expiry``)."""

    at: dt.datetime
    act: str
    step: str

    @property
    def name(self) -> str:
        """What makes it the same rung on another day's ladder."""
        return f"{self.act} {self.step}"

    @property
    def before(self) -> bool:
        """Whether it lies before the end of the term: it says nothing to one that comes later than its day."""
        return self.step.startswith("before")


def morning_of(day: dt.date) -> dt.datetime:
    """When the clock speaks on a day, where the county is."""
    return timezone.make_aware(dt.datetime.combine(day, MORNING))


def rungs(
    *, due: dt.datetime, since: dt.datetime, clock: Clock, effect: str, automatic: str | None
) -> tuple[Rung, ...]:
    """The rungs around the end of a term: days before are counted back in calendar days, days after in working ones.

    A reminder that would lie before the wait began is left out. ``effect`` is the rulebook's:
    ``none`` has no ladder; an automatic act comes as the term ends, and nothing after it. Where a state
    knows no automatic act, the superior is told instead.
    """
    if effect == "none":
        return ()
    last = timezone.localdate(due)
    found = [
        Rung(at=morning_of(last - dt.timedelta(days=days)), act="remind", step=f"before:{days}")
        for days in clock.remind_before_days.value
    ]
    found = [rung for rung in found if rung.at > since]
    if effect == "automatic" and automatic is not None:
        expiry = due + dt.timedelta(seconds=1)
        return (*sorted(found, key=_when), Rung(at=expiry, act=automatic, step="expiry"))
    found += [after(last, days, "remind") for days in clock.remind_after_working_days.value]
    if effect != "remind":
        found.append(after(last, clock.escalate_after_working_days.value, "escalate"))
    if effect in ("freeze", "criticise"):
        found.append(Rung(at=due + dt.timedelta(seconds=1), act=effect, step="expiry"))
    return tuple(sorted(found, key=_when))


def after(last: dt.date, days: int, act: str) -> Rung:
    day = calendar.add(last, days=days, day_kind="working")
    return Rung(at=morning_of(day), act=act, step=f"after:{days}")


def _when(rung: Rung) -> tuple[dt.datetime, str]:
    return rung.at, rung.act
