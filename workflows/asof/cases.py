"""One case at a moment: one query for all its entries, folded as often as a page needs versions of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from audit.models import Entry
from workflows.asof.fold import Version, fold
from workflows.asof.moment import Basis, Moment

#: Where nobody's reach narrows what is read.
ALL: QuerySet[Entry] = Entry.objects.all()


def entries_of(case_id: int, *, within: QuerySet[Entry] = ALL) -> list[Entry]:
    """The entries of a case and, of a project, of all that belongs to it, in the order of the record; one query.

    Also of a register (numbers below 1). Only of those ``within``.
    """
    return list(within.filter(Q(case_id=case_id) | Q(root_id=case_id)).order_by("id"))


def version(entries: Sequence[Entry], *, case_id: int, moment: Moment) -> Version:
    """The case as it stood at the moment, told by its entries as :func:`entries_of` gives them."""
    counted = entries
    if moment.seq is not None:
        end = next((entry.pk for entry in entries if (entry.case_id, entry.seq) == (case_id, moment.seq)), 0)
        counted = [entry for entry in entries if entry.pk <= end]
    counted = [entry for entry in counted if moment.holds(entry)]
    if moment.basis == Basis.HAPPENED:
        counted.sort(key=lambda entry: (entry.happened_at, entry.pk))
    return fold(counted, case_id=case_id)
