"""How the money stood at the end of any day, from the transfers alone.

The identity that every county's books are asked for, here on every date and for every part of them::

    指标 (quota) = 已安排 (allocated) + 未安排 (unallocated)
    已安排 (allocated) = 已支付 (paid) + 质保金 (retained) + 未支付 (unpaid)

Allocated is counted by what flowed (reserved, less what went back); its parts by what lies there. That
both agree is looked at, not assumed. Labour counted (投工投劳) is no money and stands in a line of its own.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.models import Source, Transfer
from funds.routes import OF_CASE, ROUTES

#: The figures of a line of the balance, in the order of the identity, by what they are called; each `_fen`.
COLUMNS = {
    "quota": _("quota"), "allocated": _("allocated"), "unallocated": _("unallocated"), "paid": _("paid"),
    "counted": _("labour counted"), "retained": _("retention"), "unpaid": _("unpaid"),
    "ordered": _("of it on its way to the payee"),
}  # fmt: skip
#: A project alone has none of these.
OF_SOURCE_ALONE = ("quota", "unallocated")
#: What raises and what lowers the part of a source that its projects have.
ALLOCATING, FREEING = ("reserve",), ("release", "cancel", "recover")


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where the money lies, in fen. Of a project alone, quota and unallocated are 0: it has none."""

    issued_fen: int = 0
    returned_fen: int = 0
    #: On the dedicated account, reserved for no project.
    free_fen: int = 0
    carried_fen: int = 0
    #: What projects were given and have not given back.
    allocated_fen: int = 0
    reserved_fen: int = 0
    ordered_fen: int = 0
    paid_fen: int = 0
    counted_fen: int = 0
    retained_fen: int = 0
    of_project: bool = False
    #: All that projects were ever given. How it came about, not how it stands: no part of the comparison.
    planned_fen: int = field(default=0, compare=False)

    @classmethod
    def of(cls, flows: Mapping[str, int], *, of_project: bool = False) -> Standing:
        """From the sum of the transfers of each kind, reversals taken off."""
        lies: Counter[str] = Counter()
        for kind, fen in flows.items():
            leaves, enters = ROUTES[kind]
            lies[leaves] -= fen
            lies[enters] += fen
        own = {} if of_project else {
            "issued_fen": -lies["issued"], "returned_fen": lies["returned"], "free_fen": lies["unallocated"],
            "carried_fen": lies["carried"],
        }  # fmt: skip
        allocated = sum(flows.get(kind, 0) for kind in ALLOCATING) - sum(flows.get(kind, 0) for kind in FREEING)
        on_cases = {f"{kind}_fen": lies[kind] for kind in OF_CASE}
        return cls(
            of_project=of_project, allocated_fen=allocated, planned_fen=flows.get("reserve", 0), **own, **on_cases
        )

    @property
    def quota_fen(self) -> int:
        """指标: what has arrived and was not returned."""
        return self.issued_fen - self.returned_fen

    @property
    def unallocated_fen(self) -> int:
        """未安排: free, or carried over and waiting for a new plan."""
        return self.free_fen + self.carried_fen

    @property
    def unpaid_fen(self) -> int:
        """未支付: reserved, or on its way to the payee."""
        return self.reserved_fen + self.ordered_fen

    @property
    def figures(self) -> dict[str, int]:
        """COLUMNS -> fen, as far as it has them."""
        return {
            name: getattr(self, f"{name}_fen") for name in COLUMNS if not (self.of_project and name in OF_SOURCE_ALONE)
        }

    @property
    def holds(self) -> bool:
        """Whether both lines of the identity are true."""
        within = self.allocated_fen == self.paid_fen + self.counted_fen + self.retained_fen + self.unpaid_fen
        return within and (self.of_project or self.quota_fen == self.allocated_fen + self.unallocated_fen)


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """The books at the end of a day: each source that had moved by then, and their sums."""

    on: dt.date
    #: Source -> how it stands, in the order of year and number.
    sources: Mapping[Source, Standing]
    money: Standing
    labour: Standing

    @property
    def holds(self) -> bool:
        """Whether the identity is true of every line."""
        return all(standing.holds for standing in (*self.sources.values(), self.money, self.labour))


@dataclass(slots=True)
class Flows:
    """Sums of transfers by kind, reversals taken off."""

    of_project: bool
    sums: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, fen: int, *, reversal: bool) -> None:
        """One transfer more, or the sum of several alike."""
        self.sums[kind] += -fen if reversal else fen

    @property
    def standing(self) -> Standing:
        """What they leave where."""
        return Standing.of(self.sums, of_project=self.of_project)


def balance(
    *, on: dt.date, source_id: int | None = None, case_id: int | None = None, among: QuerySet[Source] | None = None
) -> Balance:
    """The books at the end of the day `on`: all, or of a source, a project, one in the other, or `among` sources.

    Two queries. The first reads the transfers of that source or project alone, by index.
    """
    by_source: dict[int, Flows] = {}
    rows = moved(source_id=source_id, case_id=case_id)
    if among is not None:
        rows = rows.filter(source__in=among.order_by().values("pk"))
    for row in _sums(rows, until(on)):
        flows = by_source.setdefault(row["source_id"], Flows(case_id is not None))
        flows.add(row["kind"], row["sum"], reversal=row["reversal"])
    sources = {source: by_source[source.pk].standing for source in Source.objects.filter(pk__in=by_source)}
    total = {True: Flows(case_id is not None), False: Flows(case_id is not None)}
    for source in sources:
        total[source.kind == Source.Kind.LABOUR].sums.update(by_source[source.pk].sums)
    return Balance(on=on, sources=sources, money=total[False].standing, labour=total[True].standing)


def by_project(*, on: dt.date, source_id: int) -> dict[int, Standing]:
    """Number of the project -> how a source's money stood on it at the end of the day `on`; one query."""
    found: dict[int, Flows] = {}
    rows = moved(source_id=source_id, case_id=None).filter(case_id__isnull=False, happened_at__lt=until(on))
    sums = rows.order_by().annotate(reversal=Q(reverses__isnull=False)).values("case_id", "kind", "reversal")
    for row in sums.annotate(sum=Sum("fen")):
        found.setdefault(row["case_id"] or 0, Flows(True)).add(row["kind"], row["sum"], reversal=row["reversal"])
    return {case_id: flows.standing for case_id, flows in sorted(found.items())}


def until(day: dt.date) -> dt.datetime:
    """The moment at which `day` is over, in the county's time."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


def moved(*, source_id: int | None, case_id: int | None) -> QuerySet[Transfer]:
    """The transfers of a source, of a project, of one in the other, or all."""
    asked = {"source_id": source_id, "case_id": case_id}
    return Transfer.objects.filter(**{name: value for name, value in asked.items() if value is not None})


def _sums(transfers: QuerySet[Transfer], before: dt.datetime) -> Iterable[Mapping[str, Any]]:
    """Source, kind, whether reversals, and their sum."""
    rows = transfers.filter(happened_at__lt=before).order_by().annotate(reversal=Q(reverses__isnull=False))
    sums: Iterable[Mapping[str, Any]] = rows.values("source_id", "kind", "reversal").annotate(sum=Sum("fen"))
    return sums
