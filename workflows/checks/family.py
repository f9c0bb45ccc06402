"""The record of one project as a check reads it: its entries and those of its sub-cases, in the order of events.

What an entry says may be anything: it may have been imported or altered. A fact that is not there, or not what it
should be, is ``None``, and the check says nothing about it; that it is not there is another check's matter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from workflows.rulebook.schema import Rulebook


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One entry, as far as the checks read it."""

    entry_id: int
    case_id: int
    case_number: str
    seq: int
    act: str
    title: str
    kind: str
    actor_id: int | None
    actor_name: str
    behalf_id: int | None
    behalf_name: str
    unit_id: int | None
    state_from: str
    state_to: str
    edition: str
    #: The edition that the entry names; ``None`` where nobody knows it.
    book: Rulebook | None
    reason: str
    late: bool
    amount_fen: int | None
    happened_at: dt.datetime
    recorded_at: dt.datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    money: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        return f"{self.case_number} #{self.seq}"

    @property
    def recorded_day(self) -> dt.date:
        """The day on which it was written down."""
        return timezone.localdate(self.recorded_at)

    @property
    def day(self) -> dt.date:
        """The day on which it happened, where the county is."""
        return timezone.localdate(self.happened_at)

    @property
    def hands(self) -> dict[int, str]:
        """Who acted, and for whom he stood: both are one hand."""
        pairs = ((self.actor_id, self.actor_name), (self.behalf_id, self.behalf_name))
        return {number: name for number, name in pairs if number is not None}

    def date(self, name: str) -> dt.date | None:
        """A day of the form."""
        return as_date(self.data.get(name))

    def fen(self, name: str) -> int | None:
        """An amount of the form."""
        return as_int(self.data.get(name))

    def text(self, name: str) -> str:
        """A text of the form."""
        said = self.data.get(name)
        return said if isinstance(said, str) else ""

    def lines(self, name: str) -> list[Mapping[str, Any]]:
        """The lines of a table in the form."""
        said = self.data.get(name)
        return [line for line in said if isinstance(line, dict)] if isinstance(said, list) else []

    def table(self, name: str) -> dict[str, Any]:
        """A table by key in the form."""
        said = self.data.get(name)
        return said if isinstance(said, dict) else {}


def as_date(said: object) -> dt.date | None:
    """A day as the record writes it, or nothing."""
    try:
        return dt.date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None


def as_int(said: object) -> int | None:
    """A number as the record writes it, or nothing."""
    return said if isinstance(said, int) and not isinstance(said, bool) else None


class Family:
    """The entries of one project and its sub-cases, by when they happened; of one moment, as they were recorded."""

    def __init__(self, root_id: int, rows: Iterable[Row]) -> None:
        self.root_id = root_id
        self.rows = sorted(rows, key=lambda row: (row.happened_at, row.entry_id))
        self._place = {row.entry_id: n for n, row in enumerate(self.rows)}
        self._acts: dict[str, list[Row]] = {}
        for row in self.rows:
            self._acts.setdefault(row.act, []).append(row)

    @property
    def project(self) -> str:
        """The project by number and title, as its last entry names it; a sub-case's title is its project's."""
        own = [row for row in self.rows if row.case_id == self.root_id] or self.rows
        return f"{own[-1].case_number} {own[-1].title}".strip() if own else ""

    def of(self, *acts: str, case: int | None = None, before: Row | None = None, after: Row | None = None) -> list[Row]:
        """The entries of some acts in the order of events: of one case, before an entry, after another."""
        rows = [row for act in acts for row in self._acts.get(act, ())]
        if len(acts) > 1:
            rows.sort(key=lambda row: self._place[row.entry_id])
        return [
            row
            for row in rows
            if (case is None or row.case_id == case)
            and (before is None or self._place[row.entry_id] < self._place[before.entry_id])
            and (after is None or self._place[row.entry_id] > self._place[after.entry_id])
        ]

    def last(self, *acts: str, case: int | None = None, before: Row | None = None) -> Row | None:
        """The last of them, or nothing."""
        return next(reversed(self.of(*acts, case=case, before=before)), None)

    def first(self, *acts: str, case: int | None = None, after: Row | None = None) -> Row | None:
        """The first of them, or nothing."""
        return next(iter(self.of(*acts, case=case, after=after)), None)

    def rows_before(self, row: Row) -> list[Row]:
        """Everything that happened before an entry."""
        return self.rows[: self._place[row.entry_id]]

    def cases(self, kind: str) -> Iterator[tuple[int, list[Row]]]:
        """The cases of a kind with their entries, in the order of events."""
        found: dict[int, list[Row]] = {}
        for row in self.rows:
            if row.kind == kind:
                found.setdefault(row.case_id, []).append(row)
        return iter(found.items())

    def accepted(self, *, before: Row | None = None) -> Row | None:
        """The entry by which the project was accepted, whichever check came last."""
        ends = self.of("project.pass_acceptance", "project.pass_audit", before=before)
        return next((row for row in reversed(ends) if row.state_to == "accepted"), None)
