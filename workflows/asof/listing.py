"""All cases of a kind as they stood at a moment: sums and a page by the record's indexes, never by reading it whole.

Of each case the database looks up the newest entry that counts; what costs, therefore, is the number of cases, and
of payloads none is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, FirstValue, RowNumber

from audit.figures import Figure
from audit.models import Entry
from funds.balances import Standing
from workflows.asof.balances import flows_of, moved_of
from workflows.asof.cases import ALL
from workflows.asof.moment import Moment

#: Kind of case -> the amounts of its row that a list shows, in fen.
AMOUNTS: dict[str, tuple[str, ...]] = {
    "project": ("grant_fen", "self_raised_fen", "contract_fen", "audited_fen"),
    "tender": ("budget_fen", "award_fen", "contract_fen"),
    "claim": ("amount_fen",),
    "household_batch": ("amount_fen",),
    "special_audit": ("audited_fen",),
}
#: Cases whose lines are told at a time.
CHUNK = 500
MOVED = ~Q(state_from=F("state_to"))
MOVES = Case(When(MOVED, then=1), default=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A case of the list, as it stood."""

    case_id: int
    number: str
    title: str
    #: The unit that opened it.
    unit: str
    state: str
    #: The entry that brought it there.
    since: Entry
    #: Entries of it that count and were entered afterwards (补录).
    late: int
    #: Name of AMOUNTS -> fen, none where nothing was said of it.
    amounts: Mapping[str, int | None] = field(default_factory=dict)
    money: Standing = field(default_factory=lambda: Standing(of_project=True))


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The cases of a kind that had been opened by a moment, narrowed as asked."""

    kind: str
    moment: Moment
    state: str = ""
    #: In number, title or unit.
    words: str = ""
    #: Only those of which something was entered afterwards.
    late: bool = False
    #: The entries that the reader may read: whose cases he may see.
    within: QuerySet[Entry] = ALL

    @cached_property
    def _found(self) -> list[tuple[Any, ...]]:
        """Each case wanted, by number, with its state and its AMOUNTS; one query."""
        names = AMOUNTS.get(self.kind, ())
        rows = self._cases().annotate(**{f"then_{name}": self._last_said(name) for name in names})
        columns = ("case_id", "state_then", *(f"then_{name}" for name in names))
        found = rows.order_by("case_number", "case_id").values_list(*columns).iterator(chunk_size=CHUNK)
        # Asked here and not of the database, which would look each state up twice.
        return [row for row in found if (row[1] == self.state if self.state else row[1] is not None)]

    @property
    def states(self) -> list[tuple[str, int]]:
        """State -> how many stood there, most first."""
        return Counter(state for _pk, state, *_amounts in self._found).most_common()

    @property
    def amounts(self) -> dict[str, int]:
        """The sum of each of AMOUNTS over all."""
        names = AMOUNTS.get(self.kind, ())
        return {name: sum(row[n] or 0 for row in self._found) for n, name in enumerate(names, 2)}

    @property
    def money(self) -> Standing:
        """How the money of all stood; one query."""
        return moved_of(self.moment, {pk for pk, *_told in self._found})

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, asked: slice) -> list[Line]:
        """The lines of a stretch of the list: what a paginator asks for."""
        return self._told([pk for pk, *_told in self._found[asked]])

    def __iter__(self) -> Iterator[Line]:
        for start in range(0, len(self), CHUNK):
            yield from self[start : start + CHUNK]

    def _cases(self) -> QuerySet[Entry, Any]:
        """The first entry of each case, with the state in which it stood, if it was there."""
        own = Entry.objects.filter(self.moment.query, case_id=OuterRef("case_id"))
        newest = [f"-{name}" for name in self.moment.order]
        # Who never moved stands where his last entry says.
        states = [Subquery(rows.order_by(*newest).values("state_to")[:1]) for rows in (own.filter(MOVED), own)]
        rows = self.within.filter(case_kind=self.kind, seq=1).annotate(state_then=Coalesce(*states))
        if self.words:
            title = Subquery(own.order_by("late", *newest).values("case_title")[:1])
            texts = ("case_number", "title_then", "unit_name")
            holds = reduce(or_, (Q(**{f"{text}__icontains": self.words}) for text in texts))
            rows = rows.alias(title_then=title).filter(holds)
        return rows.filter(Exists(own.filter(late=True))) if self.late else rows

    def _last_said(self, name: str) -> Subquery:
        order = [f"-{one}" if one != "id" else "-entry_id" for one in self.moment.order]
        said = Figure.objects.filter(self.moment.query, source="", case_id=OuterRef("case_id"), name=name)
        return Subquery(said.order_by(*order).values("fen")[:1])

    def _told(self, ids: Sequence[int]) -> list[Line]:
        """The lines of some cases; two queries, of projects three."""
        amounts, money = self._amounts(ids), {}
        if self.kind == "project":
            money = {pk: flows.standing for pk, flows in flows_of(self.moment, ids).items()}
        lines = {
            entry.case_id: Line(
                case_id=entry.case_id, number=entry.case_number, title=entry.title_then, unit=entry.opened_at,
                state=entry.state_to, since=entry, late=entry.late_count, amounts=amounts.get(entry.case_id, {}),
                money=money.get(entry.case_id, Standing(of_project=True)),
            )
            for entry in self._heads(ids)
        }  # fmt: skip
        return [lines[pk] for pk in ids]

    def _heads(self, ids: Sequence[int]) -> Iterator[Any]:
        """Of each case the entry that brought it where it stood, chosen by the database."""
        whole: dict[str, Any] = {"partition_by": F("case_id")}
        newest = [F(name).desc() for name in self.moment.order]
        rows = Entry.objects.filter(self.moment.query, case_id__in=ids).defer("payload").annotate(
            place=Window(RowNumber(), order_by=[MOVES.desc(), *newest], **whole),
            title_then=Window(FirstValue("case_title"), order_by=[F("late").asc(), *newest], **whole),
            opened_at=Window(FirstValue("unit_name"), order_by=[F("seq").asc()], **whole),
            late_count=Window(Count(Case(When(late=True, then=Value(1)))), **whole),
        )  # fmt: skip
        return rows.filter(place=1).iterator()

    def _amounts(self, ids: Sequence[int]) -> dict[int, dict[str, int | None]]:
        """Case -> its amounts, of those that were said."""
        found: dict[int, dict[str, int | None]] = {}
        said = Figure.objects.filter(self.moment.query, source="", case_id__in=ids, name__in=AMOUNTS.get(self.kind, ()))
        order = [name if name != "id" else "entry_id" for name in self.moment.order]
        for case_id, name, fen in said.order_by(*order).values_list("case_id", "name", "fen"):
            found.setdefault(case_id, {})[name] = fen
        return found
