"""What the clock does to every case, and how more time is had: the acts that every machine knows.

A rung is done through the door like every act, in one transaction with its entry, so that neither a second clock nor a
killed one does it twice. When it comes follows from the term (:mod:`workflows.timed`).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows import calendar, law, superiors
from workflows.criticism import Criticism
from workflows.law import Call, Data, act
from workflows.rules import watching as rules
from workflows.timed import Timed

ARTICLE = _("rulebook, deadlines and clock")
SUPERIORS = ("township", "programme", "leading_group", "discipline")


class Rings(Data):
    """A rung that the clock does: which one, and the last day of the term it is about."""

    step: Annotated[str, Field(min_length=1, max_length=24)]
    due_on: dt.date


class Asked(Data):
    """How many working days more are asked for."""

    working_days: Annotated[int, Field(ge=1, le=999)]


class Watched(Timed):
    """A case as the clock sees it."""

    class Meta:
        abstract = True

    @act(source=law.ANYWHERE, by="clock", takes=Rings, tone="note", quiet=True, any_time=True,
         label=_("Automatic reminder"), article=ARTICLE)  # fmt: skip
    def remind(self, call: Call) -> None:
        """Whose turn it is hears of the term."""

    @act(source=law.ANYWHERE, by="clock", takes=Rings, tone="note", quiet=True, any_time=True,
         label=_("Automatic report to the superior"), article=ARTICLE)  # fmt: skip
    def escalate(self, call: Call) -> None:
        seat = next(iter(self.seats()), None)
        office = superiors.above(self.office(seat)) if seat else None
        self.raised_to = superiors.unit_at(office, self.area) if office else None

    @act(source=law.ANYWHERE, by="clock", takes=Rings, tone="note", quiet=True, any_time=True,
         label=_("Automatic freeze of the unit"), article=ARTICLE)  # fmt: skip
    def freeze(self, call: Call) -> None:
        """From here on the unit's next filing and claim are refused (K-05): computed from the term, not stored."""

    @act(source=law.ANYWHERE, by="clock", takes=Rings, tone="note", quiet=True, any_time=True,
         label=_("Automatic recount of the term"), article=ARTICLE)  # fmt: skip
    def redate(self, call: Call) -> None:
        """The year's holidays were published; the entry names the last day that had been counted by guess."""
        self.recount(at=call.at)

    @act(source=law.ANYWHERE, by="clock", takes=Rings, tone="note", quiet=True, any_time=True,
         label=_("Automatic public criticism"), article=_("Seven Systems no. 7 (通报)"),
         rules=(rules.lapse_is_theirs,))  # fmt: skip
    def criticise(self, call: Call) -> None:
        """It stands on the public page of the project from now on, whatever becomes of the case."""
        Criticism.objects.create(
            case_id=self.pk, unit=self.answerable, state=self.state, due_on=call.data.due_on, at=call.at
        )

    @act(source=law.ANYWHERE, by="clock", takes=Rings, tone="note", quiet=True, any_time=True, reason_required=True,
         label=_("Automatic act not possible"), article=ARTICLE)  # fmt: skip
    def pass_over(self, call: Call) -> None:
        """The law refused the rung; the next ones still come."""

    @act(source=law.ANYWHERE, by=law.ANY_SEAT, takes=Asked, reason_required=True, tone="note",
         label=_("Ask for more time"), article=ARTICLE,
         rules=(rules.desk_asks, rules.term_can_be_extended, rules.extension_is_allowed))  # fmt: skip
    def ask_extension(self, call: Call) -> None:
        self.asked_days = call.data.working_days

    def asked_until(self, *, at: dt.datetime) -> dt.date:
        """The last day that the request for more time would lead to, were it granted at ``at``."""
        assert self.due_at is not None
        assert self.asked_days is not None
        # Counted from the last day, or from today where that has passed: it does not pass while it stands still.
        start = max(timezone.localdate(self.due_at), timezone.localdate(self.paused_at or at))
        return calendar.add(start, days=self.asked_days, day_kind="working")

    @act(source=law.ANYWHERE, by=SUPERIORS, reason_required=True, tone="note", any_time=True,
         label=_("Grant more time"), article=ARTICLE,
         rules=(rules.more_time_was_asked_for, rules.superior_decides))  # fmt: skip
    def grant_extension(self, call: Call) -> None:
        until = self.asked_until(at=call.at)
        self.asked_days, self.extended, self.raised_to = None, True, None
        self.extend_to(until, at=call.at)

    @act(source=law.ANYWHERE, by=SUPERIORS, reason_required=True, tone="note", any_time=True,
         label=_("Refuse more time"), article=ARTICLE,
         rules=(rules.more_time_was_asked_for, rules.superior_decides))  # fmt: skip
    def refuse_extension(self, call: Call) -> None:
        self.asked_days, self.extended = None, True


#: The acts that every machine knows, wherever a case waits.
EVERYWHERE = ("remind", "escalate", "freeze", "criticise", "redate", "pass_over", "ask_extension", "grant_extension",
              "refuse_extension")  # fmt: skip
