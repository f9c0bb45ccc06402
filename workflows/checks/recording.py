"""Checks of the entries as such: when they were written, whether one follows from the other, under which edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from workflows import calendar, words
from workflows.checks.catalogue import Found, Severity, check, found
from workflows.checks.family import Family, Row
from workflows.lapses import RESUMED, SUSPENDED
from workflows.states import label
from workflows.waits import Length, Stop, limit_in

CONSTANT = _("five unchangeds (五不变)")


@check("CH-01", _("What is entered afterwards says so"), _("会计法 art. 9: only what really happened is recorded"),
       _("“%(act)s” is recorded for %(happened)s and was written on %(recorded)s, unmarked as a late entry."),
       waiver=_("an entry marked as late (补录), with its reason"))  # fmt: skip
def late_entries_are_marked(family: Family) -> Iterator[Found]:
    """An entry that lies in the future was written before it happened: no mark makes that true."""
    for row in family.rows:
        late, early = row.happened_at < row.recorded_at, row.happened_at > row.recorded_at
        if early or (late and not row.late):
            yield found(row, act=words.act(row.act), happened=row.day, recorded=row.recorded_day)


@check("CH-02", _("A late entry has its reason"), _("会计法 art. 9: only what really happened is recorded"),
       _("“%(act)s” of %(happened)s was entered afterwards, on %(recorded)s, and nobody says why."),
       severity=Severity.WARNING)  # fmt: skip
def late_entries_are_explained(family: Family) -> Iterator[Found]:
    for row in family.rows:
        if row.late and not row.reason.strip():
            yield found(row, act=words.act(row.act), happened=row.day, recorded=row.recorded_day)


@check("CH-03", _("A late entry is looked at"), _("会计法 art. 9: only what really happened is recorded"),
       _("“%(act)s” of %(happened)s was entered afterwards, on %(recorded)s: %(reason)s"), severity=Severity.NOTE,
       waiver=_("an entry marked as late (补录), with its reason"))  # fmt: skip
def late_entries_are_shown(family: Family) -> Iterator[Found]:
    """Lawful, but no rule met it on its day: whoever audits reads it."""
    for row in family.rows:
        if row.late and row.reason.strip():
            yield found(row, act=words.act(row.act), happened=row.day, recorded=row.recorded_day, reason=row.reason)


@check("CH-07", _("A late entry comes within its days"), _("rulebook, late entries"),
       _("“%(act)s” of %(happened)s was entered on %(recorded)s, %(days)s working days later;"
         " the rulebook gives %(most)s with approval and entry."), severity=Severity.WARNING)  # fmt: skip
def late_entries_come_in_their_days(family: Family) -> Iterator[Found]:
    """The days back, to approve and to use the approval, all together: so late may a lawful one be at most."""
    for row in family.rows:
        terms = row.book.late if row.late and row.book is not None else None
        if terms is None:
            continue
        given = (terms.working_days_max, terms.approve_working_days, terms.use_working_days)
        most, days = sum(one.value for one in given), calendar.elapsed(row.day, row.recorded_day, day_kind="working")
        if days > most:
            yield found(row, act=words.act(row.act), happened=row.day, recorded=row.recorded_day, days=days, most=most)


@check("CH-08", _("A late entry answers no term that had been missed"), _("rulebook, deadlines and clock"),
       _("“%(act)s” was entered on %(recorded)s as done on %(happened)s, in time for the term that ended on %(due)s;"
         " when it ended, nothing of it was recorded."), severity=Severity.WARNING,
       waiver=_("an entry marked as late (补录), with its reason"))  # fmt: skip
def late_entries_answer_no_missed_term(family: Family) -> Iterator[Found]:
    """What lets a missed term look kept deserves another look at the paper."""
    waits: dict[int, _Wait] = {}
    held: dict[int, tuple[_Wait, dt.date]] = {}
    for row in family.rows:
        wait = waits.get(row.case_id)
        due = wait.due_on if wait is not None and row.late and row.state_from == wait.came.state_to else None
        if wait is not None and due is not None and row.day <= due < row.recorded_day:
            said = {"happened": row.day, "recorded": row.recorded_day, "due": due}
            yield found(wait.came, row, act=words.act(row.act), **said)
        if row.state_from == row.state_to:
            continue
        waits[row.case_id] = _Wait(row)
        if row.act == SUSPENDED and wait is not None:
            held[row.case_id] = wait, row.recorded_day
        elif row.act == RESUMED and row.case_id in held:
            before, stopped = held.pop(row.case_id)
            waits[row.case_id] = replace(before, stops=(*before.stops, (stopped, row.recorded_day)))


@dataclass(frozen=True, slots=True)
class _Wait:
    """The entry that led into a stage, and from when to when the term stood still there."""

    came: Row
    stops: tuple[Stop, ...] = ()

    @property
    def due_on(self) -> dt.date | None:
        """The last day of the rulebook's term, counted from what others could know."""
        limit = limit_in(self.came.book, self.came.kind, self.came.state_to) if self.came.book is not None else None
        since = self.came.recorded_day
        return Length(since=since, until=since, limit=limit, stops=self.stops).due_on


@check("CH-04", _("Each act begins where the one before it ended"), _("the machine of this kind of case"),
       _("%(case)s stood at “%(stood)s”; the next act is recorded as done at “%(began)s”."))  # fmt: skip
def states_follow_each_other(family: Family) -> Iterator[Found]:
    """In the order in which they were written: a late entry stands where the case stood when it was entered."""
    last: dict[int, Row] = {}
    for row in sorted(family.rows, key=lambda row: (row.case_id, row.seq)):
        before = last.get(row.case_id)
        if before is not None and before.state_to != row.state_from:
            stood, began = (label(row.kind, state) for state in (before.state_to, row.state_from))
            yield found(before, row, case=row.case_number, stood=stood, began=began)
        last[row.case_id] = row


@check("CH-05", _("The procedure stays the one it began with"), CONSTANT,
       _("The project began under the edition “%(first)s”; this entry names “%(then)s”."))  # fmt: skip
def edition_stays(family: Family) -> Iterator[Found]:
    first = family.rows[0] if family.rows else None
    for row in family.rows:
        if first is not None and row.edition != first.edition:
            yield found(first, row, first=first.edition, then=row.edition)
            return


@check("CH-06", _("The edition is one that was adopted"), CONSTANT,
       _("Nobody adopted the edition “%(edition)s”; what it would ask for is not checked."),
       severity=Severity.WARNING)  # fmt: skip
def edition_is_known(family: Family) -> Iterator[Found]:
    for row in family.rows:
        if row.book is None:
            yield found(row, edition=row.edition)
            return
