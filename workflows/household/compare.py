"""Who is paid twice: the same person, standard and month in another batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from workflows.household import layout
from workflows.household.lines import MONEY, Fault, ListLine
from workflows.household.months import Months
from workflows.household.rows import HouseholdLine
from workflows.secrecy import fingerprints

#: Batches that stand here have paid nobody and hold nobody back.
ABSENT = ("draft", "withdrawn", "rejected")


def elsewhere(lines: Sequence[ListLine | HouseholdLine], *, months: Months, but: int | None) -> list[tuple[int, str]]:
    """Lines (from 0) whose person another batch pays under the same standard for some of the months; which batch.

    One query, however long the list.
    """
    asked: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines):
        place = line.position - 1 if isinstance(line, HouseholdLine) else number
        if line.kind == MONEY:
            for key in _prints(line):
                asked[key, line.standard] = place
    others = (
        HouseholdLine.objects.filter(id_number_print__in={key for key, _standard in asked}, kind=MONEY)
        .filter(batch__first_month__lte=months.last, batch__last_month__gte=months.first)
        .exclude(batch=but)
        .exclude(status=HouseholdLine.Status.STRUCK)
        .exclude(batch__state__in=ABSENT)
        .order_by("batch_id")
    )
    found: dict[int, str] = {}
    for key, standard, batch in others.values_list("id_number_print", "standard", "batch__number"):
        if (key, standard) in asked:
            found.setdefault(asked[key, standard], batch or "")
    return sorted(found.items())


def others_pay(lines: Sequence[ListLine], *, months: Months, but: int | None) -> Iterator[Fault]:
    """The same as faults of the list, each naming the other batch."""
    for place, number in elsewhere(lines, months=months, but=but):
        said = _("paid for %(months)s under this standard already, in %(number)s")
        yield Fault(place, layout.ID, said % {"months": months, "number": number})


def _prints(line: ListLine | HouseholdLine) -> list[str]:
    # Under every key in use: the other batch may have been loaded before the keys were changed.
    return fingerprints(line.id_number.open() if isinstance(line, HouseholdLine) else line.id_number)
