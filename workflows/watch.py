"""What the clock watches of every case: its term, the rungs of the ladder, pauses, extensions.

Overdue is computed, never stored. ``alarm_at`` only tells the clock when to look again; what is due
then follows from the term and the rulebook (:meth:`Watched.ladder`). A rung is done through the door
like every act, in one transaction with its entry, so that neither a second clock nor a killed one
does it twice.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows import calendar, law, superiors
from workflows.criticism import Criticism
from workflows.ladder import Rung, rungs
from workflows.law import Call, Data, act
from workflows.offices import Unit
from workflows.rules import watching as rules

if TYPE_CHECKING:
    from workflows.rulebook.schema import Rulebook, Term

#: Kinds whose states may stand in the rulebook by their bare name.
BARE_KINDS = ("project", "claim", "household_batch")
ARTICLE = _("rulebook, deadlines and clock")
SUPERIORS = ("township", "programme", "leading_group", "discipline")


class Rings(Data):
    """A rung that the clock does: which one, and the last day of the term it is about."""

    step: Annotated[str, Field(min_length=1, max_length=24)]
    due_on: dt.date


class Asked(Data):
    """How many working days more are asked for."""

    working_days: Annotated[int, Field(ge=1, le=999)]


class Watched(models.Model):
    """A case as the clock sees it."""

    due_at = models.DateTimeField(null=True)
    #: When the clock must look at it next; none where nothing is to come.
    alarm_at = models.DateTimeField(null=True, db_index=True)
    #: Rungs of this wait's ladder that are done or passed over.
    alarm_no = models.PositiveSmallIntegerField(default=0)
    #: The day from which the term was counted by a guess at holidays that were not published; none where none was.
    guessed_from = models.DateField(null=True)
    #: Since when the term stands still, because something is lawfully pending.
    paused_at = models.DateTimeField(null=True)
    #: Working days asked for and not decided yet; and whether this wait was extended.
    asked_days = models.PositiveSmallIntegerField(null=True)
    extended = models.BooleanField(default=False)
    #: The superior unit to which the delay was reported.
    raised_to = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")

    WATCHED: ClassVar = frozenset(
        {"due_at", "alarm_at", "alarm_no", "guessed_from", "paused_at", "asked_days", "extended", "raised_to"}
    )
    #: State -> the clock's act when its term is over, where law or rulebook gives silence a meaning.
    AUTOMATIC: ClassVar[dict[str, str]] = {}

    if TYPE_CHECKING:
        kind: Any
        state: Any
        state_since: Any
        area: Any
        unit: Any

        @property
        def book(self) -> Rulebook: ...
        @property
        def ended(self) -> bool: ...
        def seats(self) -> tuple[str, ...]: ...
        def office(self, seat: str) -> str: ...

    class Meta:
        abstract = True

    # Queries

    def overdue(self, *, at: dt.datetime) -> bool:
        """Computed when asked, never stored; a paused term does not pass."""
        return self.due_at is not None and not self.ended and (self.paused_at or at) > self.due_at

    def own_deadline(self, *, at: dt.datetime) -> dt.datetime | None:
        """The term of this state where the kind has one of its own (a notice, an order)."""
        return None

    @property
    def waiting_term(self) -> Term | None:
        """The rulebook's term of this state; ``tender.opened`` before a bare ``filed``."""
        terms: dict[str, Term] = self.book.deadlines  # type: ignore[assignment]
        return terms.get(f"{self.kind}.{self.state}") or (terms.get(self.state) if self.kind in BARE_KINDS else None)

    @property
    def effect(self) -> str:
        """What passing the term brings, by the rulebook; where the law itself gives silence a meaning, that."""
        if self.waiting_term is not None and self.waiting_term.effect is not None:
            return self.waiting_term.effect.value
        return "automatic" if self.state in self.AUTOMATIC else "escalate"

    def ladder(self) -> tuple[Rung, ...]:
        """What the clock does in this wait, and when; in order of time."""
        if self.due_at is None or self.ended or self.book.clock is None:
            return ()
        return rungs(
            due=self.due_at, since=self.state_since, clock=self.book.clock, effect=self.effect,
            automatic=self.AUTOMATIC.get(self.state),
        )  # fmt: skip

    def due_rung(self, *, at: dt.datetime) -> tuple[int, Rung] | None:
        """The rung to do now; of several reminders missed, the last one stands for all."""
        if self.paused_at is not None:
            return None
        come = [(n, rung) for n, rung in enumerate(self.ladder()) if n >= self.alarm_no and rung.at <= at]
        while len(come) > 1 and come[0][1].act == come[1][1].act == "remind":
            come.pop(0)
        return come[0] if come else None

    def concerns(self, name: str) -> bool:
        """Whether an act on the term is worth showing: where no term runs, or nobody asked, it is not."""
        if name == "ask_extension":
            return self.due_at is not None and self.asked_days is None and self.may_be_extended
        return name not in ("grant_extension", "refuse_extension") or self.asked_days is not None

    @property
    def extension_days_max(self) -> int:
        """How many working days more may be asked for."""
        return self.book.clock.extension_working_days_max.value if self.book.clock else 0

    @property
    def may_be_extended(self) -> bool:
        """Once in a wait."""
        return not self.extended

    @property
    def answerable(self) -> Unit:
        """The unit whose turn it is, and whose delay it is; of several that work in parallel the first."""
        seat, own = next(iter(self.seats()), "village"), self.unit
        found = own if seat == "village" else superiors.unit_at(self.office(seat), self.area)
        return found or own

    @property
    def lapse_is_theirs(self) -> bool:
        """Whether they have not done by now what was theirs to do."""
        return True

    def deciders(self) -> set[str]:
        """The offices that decide on more time: those above whose turn it is."""
        # The leading group has nobody above it in the county and answers for its own delay.
        return {superiors.above(self.office(seat)) or self.office(seat) for seat in self.seats()}

    # Mutators, for the door and for the bodies of acts

    def arm(self, *, at: dt.datetime) -> None:
        """A new wait begins: its term runs from now, again after a return and a resubmission."""
        self.paused_at, self.asked_days, self.extended, self.raised_to = None, None, False, None
        own = self.own_deadline(at=at)
        term = None if self.ended else self.waiting_term
        if own is None and term is not None:
            own = calendar.term_end(at, days=term.days.value, day_kind=term.day_kind.value)
        self.move(own, at=at)

    def rearm(self, *, at: dt.datetime) -> None:
        """The same wait, after its own deadline has changed."""
        self.move(self.own_deadline(at=at), at=at)

    def move(self, due: dt.datetime | None, *, at: dt.datetime) -> None:
        """Set the end of the term; what of the new ladder lies behind is not done again."""
        self.due_at = due
        self.guessed_from = calendar.guessed_from(timezone.localdate(due)) if due is not None else None
        ladder = self.ladder()
        self.alarm_no = sum(rung.at <= at for rung in ladder)
        self._set_alarm(ladder)

    def extend_to(self, day: dt.date, *, at: dt.datetime) -> None:
        """More time was granted: the term ends on another day."""
        self.move(calendar.end_of(day), at=at)

    def recount(self, *, at: dt.datetime) -> None:
        """The holidays were published: the same term by the true calendar; a kind's own is computed anew."""
        own = self.own_deadline(at=self.state_since)
        if own is None and self.due_at is not None and self.guessed_from is not None:
            kind = self.waiting_term.day_kind.value if self.waiting_term else "working"
            own = calendar.end_of(
                calendar.recounted(timezone.localdate(self.due_at), guessed_from=self.guessed_from, day_kind=kind)
            )
        self.move(own, at=at)

    def pause(self, at: dt.datetime) -> None:
        """The term stands still; one that has run out does not."""
        if self.paused_at is None and self.due_at is not None and at <= self.due_at:
            self.paused_at, self.alarm_at = at, None

    def unpause(self, at: dt.datetime) -> None:
        """It goes on with the days that were left of it when it stopped, counted as the term counts them."""
        if self.paused_at is None or self.due_at is None:
            return
        day_kind = self.waiting_term.day_kind.value if self.waiting_term else "calendar"
        stopped, last = timezone.localdate(self.paused_at), timezone.localdate(self.due_at)
        left, self.paused_at = calendar.elapsed(stopped, last, day_kind=day_kind), None
        self.move(calendar.end_of(calendar.add(timezone.localdate(at), days=left, day_kind=day_kind)), at=at)

    def advance(self, name: str, *, at: dt.datetime) -> None:
        """A rung was done, or could not be done: the next one waits for its time."""
        due = self.due_rung(at=at)
        if due is not None and name in (due[1].act, "pass_over"):
            self.alarm_no = due[0] + 1
            self._set_alarm(self.ladder())

    def _set_alarm(self, ladder: tuple[Rung, ...]) -> None:
        left = ladder[self.alarm_no :]
        self.alarm_at = left[0].at if left and self.paused_at is None else None

    # Acts of every machine

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

    @act(source=law.ANYWHERE, by=SUPERIORS, reason_required=True, tone="note", any_time=True,
         label=_("Grant more time"), article=ARTICLE,
         rules=(rules.more_time_was_asked_for, rules.superior_decides))  # fmt: skip
    def grant_extension(self, call: Call) -> None:
        assert self.due_at is not None
        assert self.asked_days is not None
        # More time is counted from the last day, or from today where that has passed.
        start = max(timezone.localdate(self.due_at), timezone.localdate(call.at))
        days, self.asked_days, self.extended = self.asked_days, None, True
        self.raised_to = None
        self.extend_to(calendar.add(start, days=days, day_kind="working"), at=call.at)

    @act(source=law.ANYWHERE, by=SUPERIORS, reason_required=True, tone="note", any_time=True,
         label=_("Refuse more time"), article=ARTICLE,
         rules=(rules.more_time_was_asked_for, rules.superior_decides))  # fmt: skip
    def refuse_extension(self, call: Call) -> None:
        self.asked_days, self.extended = None, True


#: The acts that every machine knows, wherever a case waits.
EVERYWHERE = ("remind", "escalate", "freeze", "criticise", "redate", "pass_over", "ask_extension", "grant_extension",
              "refuse_extension")  # fmt: skip
