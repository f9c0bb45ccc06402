"""Whose turn it is, and sitting down to it: take, claim, release, hand over, reseat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from approvals.flow import CaseFlow
from approvals.models import WAITING, DeskProcess, DeskTask
from approvals.notify import letters
from audit.prepared import Prepared, Slot, number
from workflows import acts, late
from workflows.law import Refused, Stale, StoredFile
from workflows.models import Case, LateEntry, Person
from workflows.offices import Period, Post, Seat


class Occupied(Exception):
    """A colleague has claimed this desk; the message says who."""


def open_case(kind: type[Case], *, by: Person, at: dt.datetime, **given: Any) -> Case:
    """Open a case through the door and lay it on its first desk."""
    with transaction.atomic():
        case = acts.open_case(kind, by=by, at=at, **given)
        if not DeskProcess.objects.filter(case=case).exists():
            CaseFlow.start.run(case=case)
            if case.root is not None and case.moves_root:
                reseat_if_moved(case.of_project, by=by, at=at)
    return case


def take(
    name: str,
    *,
    on: Case,
    by: Person,
    at: dt.datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    files: Sequence[StoredFile] = (),
    shown: int | None = None,
) -> Case:
    """Do an act from one's desk: the door first, then the flow moves the case on; all or nothing.

    Raises:
        Occupied: a colleague has claimed the desk.
        Refused, BadForm, Stale: as :func:`workflows.acts.perform`.
    """
    with transaction.atomic():
        case = acts.perform(name, on=on, by=by, at=at, reason=reason, data=data, files=files, shown=shown)
        reseat_if_moved(case, by=by, at=at)
        if case.root is not None and case.moves_root and _moves_on(case):
            reseat_if_moved(case.of_project, by=by, at=at)
    return case


def enter_late(
    request: LateEntry, *, by: Person, at: dt.datetime, reason: str = "", data: Mapping[str, Any] | None = None,
    files: Sequence[StoredFile] = (), shown: int | None = None,
) -> Case:  # fmt: skip
    """Enter the act of an approved request afterwards (补录), and clear the desks of both.

    Raises:
        Occupied, Refused, BadForm, Stale: as :func:`take`.
    """
    with transaction.atomic():
        case, used = late.enter(request, by=by, at=at, reason=reason, data=data, files=files, shown=shown)
        reseat_if_moved(case, by=by, at=at)
        reseat_if_moved(used, by=by, at=at)
    return case


def _moves_on(case: Case) -> bool:
    """Whether the act just done may have moved the project as well."""
    call = case.acted
    return call is not None and (call.act.tone != "note" or bool(call.brings))


def reseat_if_moved(case: Case, *, by: Person, at: dt.datetime) -> None:
    """Bring the desks into line with the law: clear those whose turn is over, seat those whose turn it is.

    Raises:
        Occupied: the desk that the actor would clear is a colleague's.
    """
    tasks = _WAITING_ON.all(case=case.pk)
    turn = case.seats()
    stale = [task for task in tasks if task.state != case.state or task.seat not in turn]
    kept = {task.seat for task in tasks if task not in stale}
    fresh = [seat for seat in turn if seat not in kept]
    if not stale and not fresh:
        return
    mine = _mine(stale, case, by=by)
    if mine is not None and mine.owner_id not in (None, by.pk):
        raise Occupied(_("%(name)s is working on this case. Ask for it to be handed over.") % {"name": mine.owner})
    for task in stale:
        desk = task.flow_task.activation_class(task)
        if task is mine:
            desk.take(by, at)
            desk.complete()
        else:
            desk.cancel()
    if fresh or not turn:
        process = tasks[0].process if tasks else DeskProcess.objects.get(case_id=case.pk)
        known = {task.seat: task.unit_id for task in stale}
        CaseFlow.route.lay(process, case, fresh, at=at, known=known)


def waiting_on(case_id: int | Slot) -> QuerySet[DeskTask]:
    """The desks on which the case lies now."""
    lying: QuerySet[DeskTask] = DeskTask.objects.filter(process__case_id=case_id, status__in=WAITING)
    return lying


_WAITING_ON = Prepared(lambda: waiting_on(number("case")).select_related("process"))


def _mine(stale: Iterable[DeskTask], case: Case, *, by: Person) -> DeskTask | None:
    """The desk that the actor sat at: his own claim first, else his unit's; none if he acted from elsewhere."""
    candidates = list(stale)
    if by.outside:
        return None
    claimed = next((task for task in candidates if task.owner_id == by.pk), None)
    if claimed is not None or case.acted is None or case.acted.case_id != case.pk:
        return claimed
    return next((task for task in candidates if task.unit_id == case.acted.seat.unit.pk), None)


# Claim, release, hand over: who works on it, not what is decided; no right depends on them.


def claim(task: DeskTask, *, by: Person, at: dt.datetime) -> None:
    """Take a case from the unit's tray onto one's own desk.

    Raises:
        Occupied: somebody was quicker.
    """
    if task.unit_id not in units_of(by, at=at):
        raise Occupied(_("This desk belongs to another unit."))
    free = DeskTask.objects.filter(pk=task.pk, status=STATUS.NEW, owner__isnull=True)
    if free.update(owner=by, status=STATUS.ASSIGNED, assigned=at) != 1:
        # Nothing got updated: a colleague got there first, or the case has moved on.
        raise Occupied(_("A colleague was quicker, or the case has moved on."))


def release(task: DeskTask, *, by: Person) -> None:
    """Put it back into the unit's tray."""
    mine = DeskTask.objects.filter(pk=task.pk, status=STATUS.ASSIGNED, owner=by)
    if mine.update(owner=None, status=STATUS.NEW, assigned=None) != 1:
        raise Occupied(_("This case is not on your own desk."))


def hand_over(task: DeskTask, *, by: Person, to: Person, at: dt.datetime) -> None:
    """Give it to a colleague of the same unit; any member may, so that nothing waits for the absent."""
    if task.unit_id not in units_of(by, at=at):
        raise Occupied(_("This desk belongs to another unit."))
    if task.unit_id not in units_of(to, at=at):
        raise Occupied(_("%(name)s does not sit at this desk.") % {"name": to.name})
    open_task = DeskTask.objects.filter(pk=task.pk, status__in=WAITING)
    with transaction.atomic():
        if open_task.update(owner=to, status=STATUS.ASSIGNED, assigned=at) != 1:
            raise Occupied(_("The case has moved on."))
        if to != by:
            letters.direct(
                case=task.case, kind="handed", key=f"{task.pk} {at.isoformat()}", at=at, people=[to], task_id=task.pk,
                by=by.name,
            )  # fmt: skip


def units_of(person: Person, *, at: dt.datetime) -> set[int]:
    """The units at whose desks a person may sit on a day."""
    return {seat.unit.pk for seat in Seat.of(person, on=timezone.localdate(at))}


def colleagues(task: DeskTask, *, at: dt.datetime) -> QuerySet[Person]:
    """Who else sits at this desk."""
    posts = Post.objects.filter(Period.on(timezone.localdate(at)), unit_id=task.unit_id)
    return Person.objects.filter(posts__in=posts).distinct()


# Queues


def tray(person: Person, *, at: dt.datetime) -> QuerySet[DeskTask]:
    """What lies on the desks of a person's units and is free, or is his own; overdue first, then oldest."""
    units = units_of(person, at=at)
    lying = DeskTask.objects.filter(status__in=WAITING)
    mine = Q(owner=person) | Q(unit_id__in=units, owner__isnull=True)
    related: QuerySet[DeskTask] = lying.filter(mine).select_related(
        "process__case__unit", "process__case__area", "owner", "unit"
    )
    return related.order_by(F("process__case__due_at").asc(nulls_last=True), "process__case_id")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one case of a bulk decision."""

    case: Case
    done: bool
    text: str = ""


def take_each(
    name: str, *, on: Iterable[tuple[Case, int]], by: Person, at: dt.datetime, reason: str, data: Mapping[str, Any]
) -> list[Outcome]:
    """The same decision on several cases, each in its own transaction, each with its outcome."""
    outcomes = []
    for case, shown in on:
        try:
            done = take(name, on=case, by=by, at=at, reason=reason, data=data, shown=shown)
        except (Refused, acts.BadForm, Stale, Occupied, LookupError) as refused:
            outcomes.append(Outcome(case=case, done=False, text=str(refused)))
        else:
            outcomes.append(Outcome(case=done, done=True, text=done.state_label))
    return outcomes
