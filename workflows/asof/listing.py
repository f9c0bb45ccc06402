"""All cases of a kind as they stood at a moment: a fixed number of queries, however many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import FirstValue, RowNumber

from audit.models import Entry
from funds.balances import Standing
from workflows.asof import scan
from workflows.asof.balances import by_project
from workflows.asof.moment import Moment

#: Kind of case -> the amounts of its row that a list shows, in fen.
AMOUNTS: dict[str, tuple[str, ...]] = {
    "project": ("grant_fen", "self_raised_fen", "contract_fen", "audited_fen"),
    "tender": ("budget_fen", "award_fen", "contract_fen"),
    "claim": ("amount_fen",),
    "household_batch": ("amount_fen",),
    "special_audit": ("audited_fen",),
}


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


def listed(kind: str, *, moment: Moment, within: QuerySet[Entry] = scan.ALL) -> Iterator[Line]:
    """The cases of a kind that had been opened by the moment, by number; two queries, of projects three."""
    amounts = _amounts(kind, moment, within)
    money = by_project(moment, within=within) if kind == "project" else {}
    for entry in _heads(kind, moment, within):
        yield Line(
            case_id=entry.case_id, number=entry.case_number, title=entry.title_then, unit=entry.opened_at,
            state=entry.state_to, since=entry, late=entry.late_count, amounts=amounts.get(entry.case_id, {}),
            money=money.get(entry.case_id, Standing(of_project=True)),
        )  # fmt: skip


def _heads(kind: str, moment: Moment, within: QuerySet[Entry]) -> Iterator[Any]:
    """Of each case the entry that brought it where it stood, chosen by the database."""
    whole: dict[str, Any] = {"partition_by": F("case_id")}
    newest = [F(name).desc() for name in moment.order]
    moved = Case(When(state_from=F("state_to"), then=0), default=1)
    rows = within.filter(moment.query, case_kind=kind).defer("payload").annotate(
        place=Window(RowNumber(), order_by=[moved.desc(), *newest], **whole),
        title_then=Window(FirstValue("case_title"), order_by=[F("late").asc(), *newest], **whole),
        opened_at=Window(FirstValue("unit_name"), order_by=[F("seq").asc()], **whole),
        late_count=Window(Count(Case(When(late=True, then=Value(1)))), **whole),
    )  # fmt: skip
    yield from rows.filter(place=1).order_by("case_number").iterator(chunk_size=scan.CHUNK)


def _amounts(kind: str, moment: Moment, within: QuerySet[Entry]) -> dict[int, dict[str, int | None]]:
    """Case -> its amounts, from the entries that say one of them."""
    found: dict[int, dict[str, int | None]] = {}
    names = AMOUNTS.get(kind, ())
    if not names:
        return found
    wanted = Q()
    for name in names:
        wanted |= Q(**{f"says_{name}": True})
    pieces = {f"says_{name}": f'"{name}":' for name in names}
    for entry, facts in scan.facts(Q(case_kind=kind) & wanted, moment=moment, within=within, **pieces):
        if not isinstance(facts, dict):
            continue
        # As in fold: what came of the act, or of an older entry what its form asked for.
        said = (facts.get("outcome") or {}).get("case") if "outcome" in facts else facts.get("data")
        if isinstance(said, dict):
            found.setdefault(entry.case_id, {}).update({name: said[name] for name in names if name in said})
    return found
