"""Urging (催办): who waits for a case asks whose turn it is to deal with it, once a day. It changes no case."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals import desks
from approvals.models import DeskTask
from approvals.notify import hearing
from approvals.notify.kinds import Kind
from approvals.notify.models import Urge
from audit.models import Entry
from workflows import access, vacancy
from workflows.models import Case, Person
from workflows.offices import Seat
from workflows.superiors import superior_of


class NotNow(Exception):
    """It cannot be urged now; the message says why."""


def urge(case: Case, *, by: Person, at: dt.datetime) -> Urge:
    """Urge whose turn it is: who has claimed the desk, or whoever sits at it; where nobody does, who sees to it.

    Raises:
        NotNow: nobody's turn, one's own turn, one does not wait for it, or it was urged today.
    """
    lying = list(hearing.known(desks.waiting_on(case.pk)))
    if refused := why_not(case, lying, by=by, at=at):
        raise NotNow(refused)
    day = timezone.localdate(at)
    with transaction.atomic():
        # The case's unique row a day decides between two who urge at the same moment.
        row, first = Urge.objects.get_or_create(case_id=case.pk, day=day, defaults={"by": by, "at": at})
        if not first:
            raise NotNow(_("It has been urged today; once a day is enough."))
        hearing.tell(lying, kind=Kind.URGED, key=f"{day}", at=at, besides=by, by=by.name)
    return row


def with_count(lying: QuerySet[DeskTask]) -> QuerySet[DeskTask]:
    """Desks with how often their case was urged (``urged``) and on which day last (``urged_on``), in one query."""
    urges = Urge.objects.filter(case_id=OuterRef("process__case_id")).order_by().values("case_id")
    counted: QuerySet[DeskTask] = lying.annotate(
        urged=Coalesce(Subquery(urges.annotate(n=Count("pk")).values("n")), 0),
        urged_on=Subquery(urges.annotate(last=Max("day")).values("last")),
    )
    return counted


def why_not(case: Case, lying: list[DeskTask], *, by: Person, at: dt.datetime) -> str:
    """Why somebody could not urge a case, or nothing."""
    seats = Seat.of(by, on=timezone.localdate(at))
    units = {seat.unit.pk for seat in seats}
    if not lying:
        return _("It is nobody's turn: the case has ended.")
    if units & {task.unit_id for task in lying}:
        return _("It lies on your own unit's desk.")
    if not access.may_see(by, case, at=at) or not waits(case, lying, seats, by=by, on=timezone.localdate(at)):
        return _("Only who waits for a case urges it: its unit, who has acted on it, or a superior office.")
    if Urge.objects.filter(case_id=case.pk, day=timezone.localdate(at)).exists():
        return _("It has been urged today; once a day is enough.")
    return ""


def waits(case: Case, lying: list[DeskTask], seats: list[Seat], *, by: Person, on: dt.date) -> bool:
    """Whether somebody waits for a case: his unit's, acted on by him or his unit, or before a desk below his own.

    Below is also a desk whose work climbs to his unit, because the units between are empty.
    """
    units = {seat.unit.pk for seat in seats}
    if case.unit_id in units:
        return True
    family = Entry.objects.filter(root_id=case.project_id)
    if family.filter(Q(actor_id=by.pk) | Q(unit_id__in=units)).exists():
        return True
    above = [superior_of(task.unit) for task in lying if task.unit is not None]
    if any(unit is not None and unit.pk in units for unit in above):
        return True
    climbs = vacancy.climbing([hearing.place_of(task) for task in lying], on=on)
    return any(unit.pk in units for unit in climbs.values())
