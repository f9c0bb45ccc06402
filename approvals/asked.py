"""Requests for more time: on which desks they wait, for whoever decides on them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from approvals.models import WAITING, DeskTask
from workflows.cases import Kind
from workflows.offices import Office
from workflows.states import RectificationState
from workflows.superiors import ABOVE

#: Who watches over orders decides on theirs.
WATCHING = (Office.DISCIPLINE, Office.PROGRAMME)


def for_offices(offices: Collection[Office]) -> QuerySet[DeskTask]:
    """Desks whose case asks for more time on which one of ``offices`` decides, as :meth:`Timed.deciders` says."""
    below = [office for office, above in ABOVE.items() if above in offices]
    own = [office for office in offices if office not in ABOVE]
    with_addressee = Q(process__case__kind=Kind.RECTIFICATION) & ~Q(process__case__state=RectificationState.SUBMITTED)
    decides = ~with_addressee & Q(unit__office__in=[*below, *own])
    for office in WATCHING:
        if office in offices:
            decides |= with_addressee & ~Q(unit__office=office)
    asks = DeskTask.objects.filter(decides, status__in=WAITING, process__case__asked_days__isnull=False)
    found: QuerySet[DeskTask] = asks
    return found
