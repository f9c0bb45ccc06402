"""The books as of a moment, from the transfers that the entries say were made; the ledger's tables are not read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from audit.figures import Figure
from audit.journal import facts_of
from audit.models import Entry
from funds.balances import Flows, Standing
from funds.models import Source
from funds.routes import ROUTES
from funds.vouchers import OPENED
from workflows.asof.cases import ALL
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
    #: Numbers of entries that open a source and cannot be read any more.
    unreadable: tuple[int, ...]


def standing(money: Iterable[Mapping[str, Any]], *, of_project: bool = True) -> Standing:
    """What the transfers of some entries leave where."""
    flows = Flows(of_project)
    for fact in money:
        moved = Moved.of(fact)
        flows.add(moved.kind, moved.fen, reversal=moved.reversal)
    return flows.standing


def books(moment: Moment, *, within: QuerySet[Entry] = ALL) -> Books:
    """Every source at the moment, by the entries ``within``; two queries: what moved, and what opened a source."""
    flows: dict[int, Flows] = {}
    # A project's transfers are read with the project, those of a register each with its entry.
    projects = within.filter(case_kind="project", seq=1).values("case_id")
    registers = within.filter(root_id__lt=1).values("pk")
    seen = Q(case_id__gte=1, case_id__in=projects) | Q(case_id__lt=1, entry_id__in=registers)
    for code, name, fen in _sums(moment, "source", seen):
        _add(flows.setdefault(int(code[1:]), Flows(False)), name, fen)
    opened: dict[int, SourceThen] = {}
    unreadable: list[int] = []
    for entry in within.filter(moment.query, act=OPENED).order_by(*moment.order):
        try:
            source = SourceThen.of(facts_of(entry)["data"])
            opened[source.pk] = source
        except ALTERED:
            unreadable.append(entry.pk)
    sources = {opened.get(pk) or SourceThen(pk=pk): flows.get(pk, Flows(False)) for pk in sorted({*opened, *flows})}
    total = {True: Flows(False), False: Flows(False)}
    for one, flow in sources.items():
        total[one.labour].sums.update(flow.sums)
    return Books(
        sources={source: flow.standing for source, flow in sources.items()}, money=total[False].standing,
        labour=total[True].standing, unreadable=tuple(unreadable),
    )  # fmt: skip


def moved_of(moment: Moment, projects: Collection[int]) -> Standing:
    """How the money of many projects stood together; one query, for the sums of all."""
    flows = Flows(True)
    for pk, name, fen in _sums(moment, "case_id", Q()):
        if pk in projects:
            _add(flows, name, fen)
    return flows.standing


def flows_of(moment: Moment, projects: Sequence[int]) -> dict[int, Flows]:
    """Project -> what had moved of its money by the moment; one query."""
    found: dict[int, Flows] = {}
    for pk, name, fen in _sums(moment, "case_id", Q(case_id__in=projects)):
        _add(found.setdefault(pk, Flows(True)), name, fen)
    return found


def _sums(moment: Moment, by: str, asked: Q) -> Iterable[tuple[Any, str, int]]:
    """What the transfers come to, by source or project, and by kind and way."""
    moved = Figure.objects.filter(~Q(source=""), moment.query, asked).order_by()
    return moved.values_list(by, "name").annotate(sum=Sum("fen")).iterator()


def _add(flows: Flows, name: str, fen: int) -> None:
    kind, debit = name.split(":")
    flows.add(kind, fen, reversal=debit != ROUTES[kind][0])
