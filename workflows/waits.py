"""How long cases stood in each of their stages, read from the entries alone, beside the term of their edition.

A wait begins with the act that brought the case into a stage and ends with the act that took it out; one that has not
ended is counted up to the day of asking, for the worst of them are those. Times are when things happened (补录 too).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from audit.models import Entry
from workflows import calendar
from workflows.flags.look import Books
from workflows.lifecycles import KINDS
from workflows.rulebook.terms import Term
from workflows.states import ENDS
from workflows.watch import BARE_KINDS

CHUNK = 5000
EXTENDED, PASSED = ".grant_extension", "project.pass_township"
COLUMNS = ("id", "root_id", "case_id", "case_number", "case_title", "case_kind", "act", "unit_name", "state_from",
           "state_to", "edition", "late", "happened_at")  # fmt: skip


class Step(NamedTuple):
    """The columns of an entry that tell of a wait; `COLUMNS` in their order."""

    id: int
    root_id: int
    case_id: int
    case_number: str
    case_title: str
    case_kind: str
    act: str
    unit_name: str
    state_from: str
    state_to: str
    edition: str
    late: bool
    happened_at: dt.datetime


class Limit(NamedTuple):
    """A term of the rulebook: how many days of which kind (``working``, ``calendar``)."""

    days: int
    day_kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """One stay of one case in one stage."""

    began: Step
    #: The act that took it out; none while it stands there.
    ended: Step | None
    #: The unit that opened the case, and the township that passed its project; "" where none did.
    unit: str
    township: str
    limit: Limit | None
    #: In days as the term counts them; calendar days where there is no term.
    days: int
    #: Whether more time was granted in this wait: then the rulebook's term was not its last word.
    extended: bool
    #: The day up to which was counted.
    until: dt.date

    @property
    def since(self) -> dt.date:
        """The day it began."""
        return timezone.localdate(self.began.happened_at)

    @property
    def due_on(self) -> dt.date | None:
        """The last day of the rulebook's term."""
        if self.limit is None:
            return None
        return calendar.add(self.since, days=self.limit.days, day_kind=self.limit.day_kind)

    @property
    def over(self) -> bool:
        """Whether it lasted longer than the rulebook's term, which never ends on a day of rest (民法典第203条)."""
        return self.limit is not None and self.days > self.limit.days and self.until > (self.due_on or self.until)

    @property
    def key(self) -> Key:
        """The row of the table in which it counts."""
        return Key(self.began.case_kind, self.began.state_to, self.limit)


class Key(NamedTuple):
    """Waits that may be compared: one kind of case, one stage, one term."""

    kind: str
    state: str
    limit: Limit | None


@dataclass(slots=True)
class Spread:
    """The lengths of many waits, without the waits: how many lasted how many days."""

    lasted: Counter[int] = field(default_factory=Counter)
    over: int = 0
    #: How many have not ended.
    open: int = 0

    def add(self, wait: Wait) -> None:
        """Count one more."""
        self.lasted[wait.days] += 1
        self.over += wait.over
        self.open += wait.ended is None

    @property
    def count(self) -> int:
        return self.lasted.total()

    @property
    def longest(self) -> int:
        return max(self.lasted)

    def at_most(self, percent: int) -> int:
        """The least number of days within which so many percent of the waits lay (nearest rank)."""
        rank = -(-self.count * percent // 100)
        return next(days for days, reached in self._reached() if reached >= rank)

    @property
    def over_percent(self) -> int:
        """Share of waits over the term, in whole percent; one of many is never none."""
        return max(1, round(self.over * 100 / self.count)) if self.over else 0

    def _reached(self) -> Iterator[tuple[int, int]]:
        days = sorted(self.lasted)
        return zip(days, accumulate(self.lasted[day] for day in days), strict=True)


def waits(found: QuerySet[Entry], *, today: dt.date) -> Iterator[Wait]:
    """Every wait that the entries tell, project by project.

    One query for the entries and one for the editions; memory holds the steps of one project at a time.
    """
    books = Books()
    told = found.filter(~Q(state_from=F("state_to")) | Q(act__endswith=EXTENDED), case_kind__in=KINDS)
    rows = told.order_by("root_id", "id").values_list(*COLUMNS).iterator(chunk_size=CHUNK)
    for _root, steps in groupby(map(Step._make, rows), key=lambda step: step.root_id):
        yield from of_project(list(steps), books=books, today=today)


def of_project(steps: Iterable[Step], *, books: Books, today: dt.date) -> Iterator[Wait]:
    """The waits of a project and its sub-cases, case by case."""
    cases: dict[int, list[Step]] = {}
    township = ""
    for step in steps:
        cases.setdefault(step.case_id, []).append(step)
        township = step.unit_name if step.act == PASSED else township
    for case in cases.values():
        yield from _of_case(case, township=township, books=books, today=today)


def _of_case(steps: list[Step], *, township: str, books: Books, today: dt.date) -> Iterator[Wait]:
    moves = [step for step in steps if step.state_from != step.state_to]
    granted = [step.id for step in steps if step.act.endswith(EXTENDED)]
    for began, ended in zip(moves, [*moves[1:], None], strict=True):
        if began.state_to in ENDS[began.case_kind]:
            continue
        limit = limit_of(began, books=books)
        until = timezone.localdate(ended.happened_at) if ended else today
        day_kind = limit.day_kind if limit else "calendar"
        yield Wait(
            began=began, ended=ended, unit=steps[0].unit_name, township=township, limit=limit, until=until,
            days=elapsed(timezone.localdate(began.happened_at), until, day_kind=day_kind),
            extended=any(began.id < number and (ended is None or number < ended.id) for number in granted),
        )  # fmt: skip


def limit_of(step: Step, *, books: Books) -> Limit | None:
    """The term that the entry's edition sets for the stage it led to; ``tender.opened`` before a bare ``filed``."""
    terms: dict[str, Term] = books.of(step.edition).deadlines  # type: ignore[assignment]
    term = terms.get(f"{step.case_kind}.{step.state_to}")
    if term is None and step.case_kind in BARE_KINDS:
        term = terms.get(step.state_to)
    return Limit(term.days.value, str(term.day_kind.value)) if term else None


def elapsed(start: dt.date, end: dt.date, *, day_kind: str) -> int:
    """As :func:`calendar.elapsed`, but by two look-ups instead of a walk over the days: a record has many waits."""
    if day_kind == "calendar" or end <= start:
        return max(0, (end - start).days)
    whole = sum(_worked(year)[-1] for year in range(start.year, end.year))
    return whole + _worked(end.year)[_day(end)] - _worked(start.year)[_day(start)]


@lru_cache(maxsize=200)
def _worked(year: int) -> tuple[int, ...]:
    first = dt.date(year, 1, 1)
    days = (dt.date(year, 12, 31) - first).days + 1
    return tuple(accumulate(calendar.is_working(first + dt.timedelta(days=n)) for n in range(days)))


def _day(day: dt.date) -> int:
    return day.timetuple().tm_yday - 1
