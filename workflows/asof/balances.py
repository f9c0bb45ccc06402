"""The books as of a moment, from the transfers that the entries say were made; the ledger's tables are not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from audit.models import Entry
from funds.balances import Flows, Standing
from funds.models import Source
from funds.routes import ROUTES
from funds.vouchers import NO_MONEY, OPENED
from workflows.asof import scan
from workflows.asof.moment import Moment

#: What an altered payload may lead to.
ALTERED = (ValueError, LookupError, TypeError, AttributeError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A transfer as its entry names it."""

    source_id: int
    #: The project, or none where the money stayed with the source.
    project_id: int | None
    kind: str
    fen: int
    reversal: bool

    @classmethod
    def of(cls, fact: Mapping[str, Any]) -> Moved:
        """From the codes of its accounts (``S7:P41:reserved``): they say whose money it is and which way it went.

        Raises ValueError or LookupError where it is no transfer of ours.
        """
        debit, credit = (str(fact[side]).split(":") for side in ("debit", "credit"))
        holder = next((part[1:] for code in (debit, credit) for part in code[1:-1]), None)
        return cls(
            source_id=int(debit[0][1:]), project_id=int(holder) if holder else None, kind=fact["kind"],
            fen=fact["fen"], reversal=debit[-1] != ROUTES[fact["kind"]][0],
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceThen:
    """A source of money as the entry that opened it describes it; of a lost entry only its number."""

    pk: int
    name: str = ""
    kind: str = ""
    county: str = ""
    year: int | None = None
    amount_fen: int = 0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> SourceThen:
        """From the data of that entry; raises LookupError where it is none. The first ones named no county."""
        return cls(
            pk=data["source"], name=data["name"], kind=data["kind"], county=data.get("county", ""), year=data["year"],
            amount_fen=data["amount_fen"],
        )  # fmt: skip

    @property
    def labour(self) -> bool:
        """Whether it counts labour, which is no money."""
        return self.kind == Source.Kind.LABOUR


@dataclass(frozen=True, kw_only=True, slots=True)
class Books:
    """All sources as they stood, and their sums."""

    sources: Mapping[SourceThen, Standing]
    money: Standing
    labour: Standing
    #: Numbers of entries that could not be read: what they moved is missing here.
    unreadable: tuple[int, ...]


def standing(money: Iterable[Mapping[str, Any]], *, of_project: bool = True) -> Standing:
    """What the transfers of some entries leave where."""
    flows = Flows(of_project)
    for fact in money:
        moved = Moved.of(fact)
        flows.add(moved.kind, moved.fen, reversal=moved.reversal)
    return flows.standing


def books(moment: Moment, *, within: QuerySet[Entry] = scan.ALL) -> Books:
    """Every source at the moment, by the entries ``within``; one query, streamed."""
    flows: dict[int, Flows] = {}
    opened: dict[int, SourceThen] = {}
    unreadable: list[int] = []
    for entry, moves, data in _moves(moment, within):
        if moves is None:
            unreadable.append(entry.pk)
            continue
        if data is not None:
            opened[data.pk] = data
        for moved in moves:
            flows.setdefault(moved.source_id, Flows(False)).add(moved.kind, moved.fen, reversal=moved.reversal)
    sources = {opened.get(pk) or SourceThen(pk=pk): flows.get(pk, Flows(False)) for pk in sorted({*opened, *flows})}
    total = {True: Flows(False), False: Flows(False)}
    for source, flow in sources.items():
        total[source.labour].sums.update(flow.sums)
    return Books(
        sources={source: flow.standing for source, flow in sources.items()}, money=total[False].standing,
        labour=total[True].standing, unreadable=tuple(unreadable),
    )  # fmt: skip


def by_project(moment: Moment, *, within: QuerySet[Entry] = scan.ALL) -> dict[int, Standing]:
    """Project -> how its money stood at the moment; one query, streamed. What cannot be read is left out."""
    found: dict[int, Flows] = {}
    for _entry, moves, _source in _moves(moment, within):
        for moved in moves or ():
            if moved.project_id is not None:
                found.setdefault(moved.project_id, Flows(True)).add(moved.kind, moved.fen, reversal=moved.reversal)
    return {pk: flows.standing for pk, flows in found.items()}


def _moves(moment: Moment, within: QuerySet[Entry]) -> Iterator[tuple[Entry, list[Moved] | None, SourceThen | None]]:
    """The entries that moved money or opened a source; no moves at all where one cannot be read."""
    wanted = Q(moved_nothing=False) | Q(act=OPENED)
    for entry, facts in scan.facts(wanted, moment=moment, within=within, moved_nothing=NO_MONEY.decode()):
        try:
            if facts is None:
                raise ValueError
            source = SourceThen.of(facts["data"]) if entry.act == OPENED else None
            yield entry, [Moved.of(fact) for fact in facts["money"]], source
        except ALTERED:
            yield entry, None, None
