"""Idle money (闲置资金): what has come and is not spent, by how long it has lain.

**Of a source** lies what has arrived, less what was paid, what is held back of an earned claim (质保金), and
what was returned: the unallocated and the unpaid of its balance, to the fen. What is on its way to a payee
lies until the bank has paid it. It is as old as its receipt: who gives it to another project, or carries it
over, makes it no younger.

**Of a project** lies what is reserved for it and not spent, and it is as old as the reserve: since then the
project could have used it.

In both the oldest money is spent first (先进先出), so what lies is what came last. Where a receipt or a reserve
was reversed, it never came. Labour (投工投劳) is no money. An age is counted in whole months (民法典 art. 202):
what came on 1 March has lain six months from 1 September on.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from funds.balances import Balance, Flows, until
from funds.balances import moved as transfers_of
from funds.models import Source, Transfer
from funds.months import months_later

#: Where one age ends and the next begins, in months. After two years money is surplus and goes back (预算法
#: art. 42), and audits report it; half a year and one year are Fundtrail's, as an early warning.
AGES_MONTHS: Final = (6, 12, 24)


def labels(months: Sequence[int] = AGES_MONTHS) -> list[str]:
    """The ages by name, in the reader's language."""
    bounds = list(itertools.pairwise((0, *months)))
    between = [_("%(least)s to %(most)s months") % {"least": least, "most": most} for least, most in bounds]
    return [*between, _("%(least)s months and more") % {"least": months[-1]}]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ages:
    """What lies of one source or project, in fen."""

    #: One amount for each age, the youngest first.
    fens: tuple[int, ...] = (0,) * (len(AGES_MONTHS) + 1)
    #: When the oldest of it came.
    oldest: dt.date | None = None

    @property
    def total_fen(self) -> int:
        return sum(self.fens)

    def plus(self, other: Ages) -> Ages:
        """Both together."""
        days = [day for day in (self.oldest, other.oldest) if day is not None]
        both = tuple(mine + theirs for mine, theirs in zip(self.fens, other.fens, strict=True))
        return Ages(fens=both, oldest=min(days, default=None))


def of_sources(stands: Balance) -> dict[Source, Ages]:
    """Each source of money of a balance, with what lies of it on that day; sources without any left out.

    One query more than the balance.
    """
    money = {source: s for source, s in stands.sources.items() if source.kind != Source.Kind.LABOUR}
    came = _came(Transfer.objects.filter(kind="fund", source__in=[source.pk for source in money]), on=stands.on)
    found = {}
    for source, standing in money.items():
        left_fen = standing.unallocated_fen + standing.unpaid_fen
        if left_fen:
            found[source] = aged(came[0, source.pk], left_fen=left_fen, on=stands.on)
    return found


def of_projects(*, on: dt.date, among: QuerySet[Source] | None = None, case_id: int | None = None) -> dict[int, Ages]:
    """Number of the project -> what lies on it at the end of the day `on`, the oldest first; two queries.

    Of all projects, or of one, whose rows alone are read.
    """
    money = (Source.objects.all() if among is None else among).exclude(kind=Source.Kind.LABOUR)
    moved = transfers_of(source_id=None, case_id=case_id).filter(
        case_id__isnull=False, source__in=money.order_by().values("pk")
    )
    flows: dict[tuple[int, int], Flows] = defaultdict(lambda: Flows(True))
    rows = moved.filter(happened_at__lt=until(on)).order_by().annotate(reversal=Q(reverses__isnull=False))
    for row in rows.values("case_id", "source_id", "kind", "reversal").annotate(sum=Sum("fen")):
        flows[row["case_id"] or 0, row["source_id"]].add(row["kind"], row["sum"], reversal=row["reversal"])
    came = _came(moved.filter(kind="reserve"), on=on)
    found: dict[int, Ages] = defaultdict(Ages)
    for (case_id, source_id), sums in flows.items():
        left_fen = sums.standing.unpaid_fen
        if left_fen:
            found[case_id] = found[case_id].plus(aged(came[case_id, source_id], left_fen=left_fen, on=on))
    return dict(sorted(found.items(), key=lambda pair: (pair[1].oldest or on, pair[0])))


def aged(
    came: Mapping[dt.date, int], *, left_fen: int, on: dt.date, months: Sequence[int] = AGES_MONTHS
) -> Ages:  # fmt: skip
    """`left_fen` of what came, day by day: the last that came, by its age on the day `on`."""
    fens, oldest = [0] * (len(months) + 1), None
    for day in sorted(came, reverse=True):
        part = min(left_fen, came[day])
        if part <= 0:
            continue
        left_fen, oldest = left_fen - part, day
        fens[sum(months_later(day, months=limit) <= on for limit in months)] += part
    return Ages(fens=tuple(fens), oldest=oldest)


def _came(transfers: QuerySet[Transfer], *, on: dt.date) -> dict[tuple[int, int], Counter[dt.date]]:
    """Number of the project, 0 for none, and of the source -> day -> what came on it and was not reversed."""
    rows = transfers.filter(happened_at__lt=until(on)).order_by().annotate(
        came_at=Coalesce("reverses__happened_at", "happened_at"), reversal=Q(reverses__isnull=False)
    )  # fmt: skip
    found: dict[tuple[int, int], Counter[dt.date]] = defaultdict(Counter)
    for row in rows.values("case_id", "source_id", "came_at", "reversal").annotate(sum=Sum("fen")):
        day = timezone.localdate(row["came_at"])
        found[row["case_id"] or 0, row["source_id"]][day] += -row["sum"] if row["reversal"] else row["sum"]
    return found
