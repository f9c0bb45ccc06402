"""How long cases stood in each of their stages, read from the entries alone, beside the term of their edition.

A wait begins with the act that brought the case into a stage and ends with the act that took it out; one that has not
ended is counted up to the day of asking, for the worst of them are those. Times are when things happened (补录 too).
Days on which its term stood still count for nobody: those of an open objection, and those of a suspension, which is a
wait of its own between two parts of one.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

from django.db.models import BinaryField, Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from audit.models import Entry, octets
from workflows import calendar
from workflows.flags.look import Books
from workflows.lapses import EXTENDED, RESUMED, SUSPENDED
from workflows.lifecycles import KINDS
from workflows.rulebook.schema import Rulebook
from workflows.states import ENDS
from workflows.timed import term_of

CHUNK = 5000
PASSED = "project.pass_township"
#: The acts whose entries say whether a project's term stands still because of an objection.
STOPPING = tuple(f"notice.{name}" for name in ("raise_objection", "answer", "refer", "void"))
TELLING = (*STOPPING, RESUMED)
#: Their payload, and nobody else's: a record is long.
SAID = Case(When(act__in=TELLING, then=F("payload")), default=Value(None), output_field=BinaryField())
COLUMNS = ("id", "root_id", "case_id", "case_number", "case_title", "case_kind", "act", "unit_name", "state_from",
           "state_to", "edition", "late", "happened_at", "said")  # fmt: skip


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
    #: The payload, of the acts that may stop a term or let it go on.
    said: bytes | None = None

    @property
    def day(self) -> dt.date:
        """The day on which it happened."""
        return timezone.localdate(self.happened_at)

    @property
    def stands(self) -> bool | None:
        """Whether the project's term stands still from here on because of an objection; none where it does not say."""
        try:
            outcome = json.loads(octets(self.said))["outcome"] if self.said else {}
            told = outcome.get("project" if self.act in STOPPING else "case", {})
            return bool(told["paused_at"]) if "paused_at" in told else None
        except (ValueError, LookupError, TypeError, AttributeError):
            # Of before outcomes were told, or altered: `verify` says so.
            return None


class Limit(NamedTuple):
    """A term of the rulebook: how many days of which kind (``working``, ``calendar``)."""

    days: int
    day_kind: str


#: A term stood still from a day to another; no other yet while it still stands.
Stop = tuple[dt.date, dt.date | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Length:
    """How long a stay was, as the term of its stage counts."""

    since: dt.date
    #: The day up to which is counted: when it ended, else that of asking.
    until: dt.date
    limit: Limit | None
    stops: Sequence[Stop] = ()

    @property
    def days(self) -> int:
        """In days as the term counts them, less those on which it stood; calendar days where there is no term."""
        day_kind = self.limit.day_kind if self.limit else "calendar"
        stood = sum(elapsed(stopped, on or self.until, day_kind=day_kind) for stopped, on in self.stops)
        return elapsed(self.since, self.until, day_kind=day_kind) - stood

    @property
    def due_on(self) -> dt.date | None:
        """The last day of the rulebook's term, later by what it stood still."""
        if self.limit is None:
            return None
        days, kind = self.limit
        last = calendar.add(self.since, days=days, day_kind=kind)
        if kind == "calendar":
            last = self.since + dt.timedelta(days=days)
        for stopped, on in self.stops:
            last = calendar.goes_on(last, stopped=stopped, on=on or self.until, day_kind=kind)
        return calendar.off_rest(last)

    @property
    def over(self) -> bool:
        """Whether it lasted longer than the rulebook's term, which never ends on a day of rest (民法典第203条)."""
        return self.limit is not None and self.days > self.limit.days and self.until > (self.due_on or self.until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait(Length):
    """One stay of one case in one stage."""

    began: Step
    #: The act that took it out; none while it stands there.
    ended: Step | None
    #: The unit that opened the case, and the township that passed its project; "" where none did.
    unit: str
    township: str
    #: Whether more time was granted in this wait: then the rulebook's term was not its last word.
    extended: bool

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

    def add(self, *, days: int, over: bool, still: bool, times: int = 1) -> None:
        """Count one more, or several of the same length; ``still`` has not ended."""
        self.lasted[days] += times
        self.over += over * times
        self.open += still * times

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
    wanted = ~Q(state_from=F("state_to")) | Q(act__endswith=EXTENDED) | Q(act__in=STOPPING)
    rows = steps_of(found.filter(wanted).order_by("root_id", "id"))
    for _root, steps in groupby(rows, key=lambda step: step.root_id):
        yield from of_project(list(steps), books=books, today=today)


def steps_of(entries: QuerySet[Entry]) -> Iterator[Step]:
    """The columns of the entries of cases, in the order in which they are asked for; one query."""
    rows = entries.filter(case_kind__in=KINDS).annotate(said=SAID).values_list(*COLUMNS)
    return map(Step._make, rows.iterator(chunk_size=CHUNK))


def of_project(steps: Iterable[Step], *, books: Books, today: dt.date) -> Iterator[Wait]:
    """The waits of a project and its sub-cases, case by case."""
    cases: dict[int, list[Step]] = {}
    township = ""
    told: list[Step] = []
    for step in steps:
        cases.setdefault(step.case_id, []).append(step)
        township = step.unit_name if step.act == PASSED else township
        if step.act in TELLING:
            told.append(step)
    for case_id, case in cases.items():
        stops = told if case_id == case[0].root_id else ()
        yield from _of_case(case, township=township, books=books, today=today, told=stops)


def _of_case(steps: list[Step], *, township: str, books: Books, today: dt.date, told: Sequence[Step]) -> Iterator[Wait]:
    moves = [step for step in steps if step.state_from != step.state_to]
    granted = [step for step in steps if step.act.endswith(EXTENDED)]
    resumed = {n for n, step in enumerate(moves) if n > 1 and step.act == RESUMED and moves[n - 1].act == SUSPENDED}
    for n, began in enumerate(moves):
        if began.state_to in ENDS[began.case_kind] or n in resumed:
            continue
        last = n + 1
        while last + 1 in resumed:
            last += 2
        ended = moves[last] if last < len(moves) else None
        turns = [*moves[n + 1 : last], *(one for one in told if began.id < one.id and (not ended or one.id < ended.id))]
        yield Wait(
            began=began, ended=ended, unit=steps[0].unit_name, township=township, since=began.day,
            until=ended.day if ended else today, limit=limit_of(began, books=books), stops=_stops(sorted(turns)),
            extended=any(one.state_to == began.state_to and one.id > began.id and (not ended or one.id < ended.id)
                         for one in granted),
        )  # fmt: skip


def _stops(turns: Iterable[Step]) -> list[Stop]:
    """From when to when a term stood still, by the steps that stopped it or let it go on, oldest first."""
    found: list[Stop] = []
    since: dt.date | None = None
    suspended = False
    for step in turns:
        suspended = step.act == SUSPENDED or (suspended and step.act != RESUMED)
        stands = step.stands
        if since is not None and not suspended and (step.act == RESUMED or stands is False):
            found.append((since, step.day))
            since = None
        if since is None and (suspended or stands):
            since = step.day
    return found if since is None else [*found, (since, None)]


def limit_of(step: Step, *, books: Books) -> Limit | None:
    """The term that the entry's edition sets for the stage it led to."""
    return limit_in(books.of(step.edition), step.case_kind, step.state_to)


def limit_in(book: Rulebook, kind: str, state: str) -> Limit | None:
    """The term that a rulebook sets for a stage."""
    term = term_of(book, kind, state)
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
