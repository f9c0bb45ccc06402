"""What a flag reads: entries of the record as rows, and one project's rows as a story. Nothing here asks a case table.

Streamed in the order of the projects (:func:`stories`) or of the people (:func:`days`): in memory lies one project's
entries, or one person's decisions of one day, however long the record is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from audit import journal
from audit.models import Entry

CHUNK = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """An entry as a flag sees it; ``at`` is the county's time."""

    id: int
    hash: str
    case_id: int
    case_number: str
    case_title: str
    kind: str
    root_id: int
    act: str
    actor_id: int | None
    actor_name: str
    post: str
    unit_id: int | None
    unit_name: str
    state_from: str
    state_to: str
    edition: str
    at: dt.datetime
    #: Whether it was entered afterwards (补录), and when; the county's time.
    late: bool
    recorded_at: dt.datetime
    amount_fen: int | None
    data: Mapping[str, Any]
    money: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, entry: Entry) -> Row:
        """The row of an entry; a payload that somebody made unreadable has no data, which `audit verify` reports."""
        facts = journal.readable_facts(entry)
        data, money = facts.get("data"), facts.get("money")
        return cls(
            id=entry.pk, hash=entry.hash, case_id=entry.case_id, case_number=entry.case_number,
            case_title=entry.case_title, kind=entry.case_kind, root_id=entry.root_id, act=entry.act,
            actor_id=entry.actor_id, actor_name=entry.actor_name, post=entry.post, unit_id=entry.unit_id,
            unit_name=entry.unit_name, state_from=entry.state_from, state_to=entry.state_to, edition=entry.edition,
            at=timezone.localtime(entry.happened_at), late=entry.late,
            recorded_at=timezone.localtime(entry.recorded_at), amount_fen=entry.amount_fen,
            data=data if isinstance(data, dict) else {}, money=money if isinstance(money, list) else (),
        )  # fmt: skip

    @property
    def slim(self) -> Row:
        """Without what the act said: a mark that is kept over all projects must be small."""
        return replace(self, data={}, money=())

    @property
    def moved(self) -> bool:
        """Whether the case stood elsewhere afterwards."""
        return self.state_from != self.state_to


class Story:
    """The rows of one project and its sub-cases, in the order in which they were recorded."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.root_id = rows[0].root_id

    @cached_property
    def cases(self) -> dict[int, list[Row]]:
        """The rows of each case."""
        found: dict[int, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.case_id, []).append(row)
        return found

    def acts(self, *codes: str) -> list[Row]:
        """The rows of some acts."""
        return [row for row in self.rows if row.act in codes]

    @cached_property
    def opening(self) -> Row:
        """Its first row."""
        return self.cases.get(self.root_id, self.rows)[0]

    @property
    def unit(self) -> tuple[int, str]:
        """The unit whose project it is: who opened it."""
        return self.opening.unit_id or 0, self.opening.unit_name

    @cached_property
    def township(self) -> tuple[int, str]:
        """The township that passed it; (0, "") before, and where the rulebook has no such level."""
        passed = self.acts("project.pass_township")
        return (passed[-1].unit_id or 0, passed[-1].unit_name) if passed else (0, "")

    @cached_property
    def form(self) -> Mapping[str, Any]:
        """The application as it was last saved."""
        saved = self.acts("project.save_draft")
        return saved[-1].data if saved else {}

    @property
    def edition(self) -> str:
        """The rulebook edition that it is pinned to."""
        return self.opening.edition

    @property
    def state(self) -> str:
        """Where the project stands by the record."""
        return self.cases[self.root_id][-1].state_to if self.root_id in self.cases else ""

    @property
    def title(self) -> str:
        """Its name as last recorded."""
        own = self.cases.get(self.root_id)
        return own[-1].case_title if own else self.rows[-1].case_title


def stories(entries: QuerySet[Entry]) -> Iterator[Story]:
    """The projects one after the other."""
    found = entries.order_by("root_id", "id").iterator(chunk_size=CHUNK)
    for _root, rows in groupby(map(Row.of, found), key=lambda row: row.root_id):
        yield Story(list(rows))


def days(entries: QuerySet[Entry]) -> Iterator[list[Row]]:
    """What each person did on each day; the clock and the public are nobody."""
    found = entries.filter(actor_id__isnull=False).order_by("actor_id", "id").iterator(chunk_size=CHUNK)
    for _who, rows in groupby(map(Row.of, found), key=lambda row: (row.actor_id, row.at.date())):
        yield [row.slim for row in rows]
