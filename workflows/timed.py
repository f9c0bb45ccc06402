"""The term of a wait: until when, what of its ladder is done, and what makes it stand still or end on another day.

Overdue is computed, never stored. ``alarm_at`` only tells the clock when to look again; what is due then follows from
the term and the rulebook (:meth:`Timed.ladder`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone

from workflows import calendar, superiors
from workflows.held import HeldTerm
from workflows.ladder import Rung, rungs
from workflows.offices import Unit

if TYPE_CHECKING:
    from workflows.law import Call
    from workflows.rulebook.schema import Rulebook, Term

#: Kinds whose states may stand in the rulebook by their bare name.
BARE_KINDS = ("project", "claim", "household_batch")
#: What a wait is laid by with, beside the rungs that are done.
HELD = ("due_at", "guessed_from", "paused_at", "asked_days", "extended", "raised_to_id")


def term_of(book: Rulebook, kind: str, state: str) -> Term | None:
    """The rulebook's term of a state; ``tender.opened`` before a bare ``filed``."""
    terms: dict[str, Term] = book.deadlines  # type: ignore[assignment]
    return terms.get(f"{kind}.{state}") or (terms.get(state) if kind in BARE_KINDS else None)


class Timed(models.Model):
    """A case as its term sees it."""

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
        """The rulebook's term of this state."""
        return term_of(self.book, self.kind, self.state)

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

    @property
    def day_kind(self) -> str:
        """In which days the term of this state is counted."""
        return self.waiting_term.day_kind.value if self.waiting_term else "working"

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
        self._end_on(own)
        self._climb_anew(at, passed=lambda rung: rung.before)

    def rearm(self, *, at: dt.datetime) -> None:
        """The same wait, after its own deadline has changed."""
        self.move(self.own_deadline(at=at), at=at)

    def move(self, due: dt.datetime | None, *, at: dt.datetime, ladder: Sequence[Rung] | None = None) -> None:
        """The term ends on another day, with rungs of its own. ``ladder``: as it was, where a fact moved it before.

        What had come and was never rung, for nobody was there to ring it, is rung if it has come by the new day, too.
        """
        old = self.ladder() if ladder is None else ladder
        done, missed = self._done(old), {rung.name for rung in old[self.alarm_no :] if rung.at <= at}
        self._end_on(due)
        self._climb_anew(at, passed=lambda rung: rung.name in done or (rung.before and rung.name not in missed))

    def extend_to(self, day: dt.date, *, at: dt.datetime) -> None:
        """More time was granted: the term ends on another day."""
        self.move(calendar.end_of(day), at=at)

    def recount(self, *, at: dt.datetime) -> None:
        """The holidays were published: the same term by the true calendar; a kind's own is computed anew."""
        done = self._done(self.ladder())
        own = None if self.extended else self.own_deadline(at=self.state_since)
        self._end_on(own or self._recounted())
        self._climb_on(done)

    def _recounted(self) -> dt.datetime | None:
        if self.due_at is None or self.guessed_from is None:
            return self.due_at
        last = timezone.localdate(self.due_at)
        return calendar.end_of(calendar.recounted(last, guessed_from=self.guessed_from, day_kind=self.day_kind))

    def pause(self, at: dt.datetime) -> None:
        """The term stands still; one that has run out does not."""
        if self.paused_at is None and self.due_at is not None and at <= self.due_at:
            self.paused_at, self.alarm_at = at, None

    def unpause(self, at: dt.datetime) -> None:
        """It goes on with the days that were left of it when it stopped, counted as the term counts them."""
        if self.paused_at is not None:
            done, stopped, self.paused_at = self._done(self.ladder()), self.paused_at, None
            self._go_on(self._counted_to(), stopped=stopped, at=at, done=done)

    def hold(self, call: Call) -> None:
        """Another wait comes between: this one's term is laid by as it stands (:class:`HeldTerm`)."""
        facts = {name: getattr(self, name) for name in HELD}
        done = sorted(self._done(self.ladder()))
        HeldTerm.objects.create(
            case_id=self.pk, state=self.state, held_at=call.recorded, done=done, counted_to=self._counted_to(), **facts
        )  # fmt: skip

    def take_up_held(self, *, at: dt.datetime) -> None:
        """The wait that was laid by last goes on: its rungs that are done stay done, the others come so much later."""
        held = HeldTerm.objects.filter(case_id=self.pk).last()
        if held is None:
            # Stopped before terms were laid by.
            Timed.arm(self, at=at)
            return
        for name in HELD:
            setattr(self, name, getattr(held, name))
        self.paused_at, counted = None, held.counted_to
        # Its holidays may have been published meanwhile; the clock looks at nothing that is laid by.
        if self.guessed_from is not None and calendar.published(self.guessed_from):
            self._end_on(self._recounted())
            counted = timezone.localdate(self.due_at) if self.due_at else None
        self._go_on(counted, stopped=held.stopped_at, at=at, done=held.done)

    def _go_on(self, counted: dt.date | None, *, stopped: dt.datetime, at: dt.datetime, done: Collection[str]) -> None:
        if counted is not None:
            stood, on = timezone.localdate(stopped), timezone.localdate(at)
            day = calendar.goes_on(counted, stopped=stood, on=on, day_kind=self.day_kind)
            self._end_on(calendar.end_of(calendar.off_rest(day)))
        self._climb_on(done)

    def _counted_to(self) -> dt.date | None:
        """The last day as it was counted, where a day of rest moved it: else as it stands."""
        if self.due_at is None:
            return None
        last, since, held = timezone.localdate(self.due_at), timezone.localdate(self.state_since), None
        if self.day_kind == "calendar" and self.waiting_term is not None:
            held = HeldTerm.objects.filter(case_id=self.pk, state=self.state).last()
            left = [dt.timedelta(days=self.waiting_term.days.value), *([held.left] if held and held.left else [])]
            return next((since + days for days in left if calendar.off_rest(since + days) == last), last)
        return last

    def _end_on(self, due: dt.datetime | None) -> None:
        self.due_at = due
        self.guessed_from = calendar.guessed_from(timezone.localdate(due)) if due is not None else None

    def _done(self, ladder: Sequence[Rung]) -> frozenset[str]:
        """The rungs of a ladder that are done, by name: their number says nothing on another day's ladder."""
        return frozenset(rung.name for rung in ladder[: self.alarm_no])

    def _climb_anew(self, at: dt.datetime, *, passed: Callable[[Rung], bool]) -> None:
        """On a ladder of its own: what lies ahead is to come, and of what lies behind, what is not ``passed``."""
        ladder = self.ladder()
        self.alarm_no = sum(1 for _rung in takewhile(lambda rung: rung.at <= at and passed(rung), ladder))
        self._set_alarm(ladder)

    def _climb_on(self, done: Collection[str]) -> None:
        """On the same ladder on other days: what is done is not done again."""
        ladder = self.ladder()
        self.alarm_no = sum(1 for _rung in takewhile(lambda rung: rung.name in done, ladder))
        self._set_alarm(ladder)

    def reminds_again(self, *, at: dt.datetime) -> bool:
        """Whether a later reminder has come by ``at``, too: after a standstill that one says what is so now."""
        return any(rung.act == "remind" and rung.at <= at for rung in self.ladder()[self.alarm_no :])

    def advance(self, name: str, *, at: dt.datetime) -> None:
        """A rung was done, or could not be done: the next one waits for its time."""
        due = self.due_rung(at=at)
        if due is not None and name in (due[1].act, "pass_over"):
            self.alarm_no = due[0] + 1
            self._set_alarm(self.ladder())

    def _set_alarm(self, ladder: tuple[Rung, ...]) -> None:
        left = ladder[self.alarm_no :]
        self.alarm_at = left[0].at if left and self.paused_at is None else None
