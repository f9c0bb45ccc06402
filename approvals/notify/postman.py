"""The postman: tells what has been laid on desks since he last looked, a batch at a time.

An act only lays the desk; whom that concerns is asked here, afterwards. The rows of a batch are held while
its notifications are written: on PostgreSQL others pass them over, on SQLite there is one writer anyway.
Killed in the middle, he has told nothing of the batch, and the next one tells it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from viewflow.workflow.status import STATUS

from approvals.models import WAITING, DeskProcess, DeskTask
from approvals.notify import hearing
from approvals.notify.held import held
from approvals.notify.kinds import Kind
from approvals.notify.letters import Letter, post, seated
from approvals.notify.models import Notification
from audit.models import Entry
from workflows.models import Person
from workflows.states import LateEntryState, ProjectState

BATCH_ROWS = 200
#: Kinds and states of cases with which only who opened them may go on: the unit's desk is his alone.
HIS_ALONE = frozenset({("late_entry", LateEntryState.APPROVED)})


def tell(at: dt.datetime, limit: int = BATCH_ROWS) -> int:
    """Tell of up to ``limit`` desks laid and as many cases ended; how many there were.

    Eleven queries at most, five more where a desk is empty.
    """
    with transaction.atomic():
        tasks = list(held(hearing.known(DeskTask.objects.filter(told=False)), limit))
        if tasks:
            waiting = [task for task in tasks if task.status in WAITING]
            units = {task.unit_id for task in waiting if task.unit_id is not None}
            seats = seated(units, on=timezone.localdate(at)) if units else {}
            told = [letter for task in waiting for letter in _of_desk(task, seats)]
            empty = [task for task in waiting if task.unit_id not in seats and task.owner_id is None]
            post(told + _above_empty(empty, at=at), at=at)
            DeskTask.objects.filter(pk__in=[task.pk for task in tasks]).update(told=True)
        ended = list(
            held(DeskProcess.objects.filter(told=False, status=STATUS.DONE).select_related("case__opened_by"), limit)
        )
        if ended:
            enders = _enders(ended)
            post([letter for process in ended for letter in _of_end(process, by=enders.get(process.case_id))], at=at)
            DeskProcess.objects.filter(pk__in=[process.pk for process in ended]).update(told=True)
        _clear(at)
    return len(tasks) + len(ended)


def catch_up() -> None:
    """Take the ends of cases as told: for history that was brought in, not lived through."""
    DeskProcess.objects.filter(told=False, status=STATUS.DONE).update(told=True)


def _of_desk(task: DeskTask, seats: Mapping[int, list[Person]]) -> Iterator[Letter]:
    """Who took it is told that it is his; else whoever sits at the unit's desks that it lies in the tray."""
    case = task.process.case
    back = bool(case.returned_to) and case.state == task.state
    common: dict[str, Any] = {
        "case_id": case.pk, "task_id": task.pk, "key": f"desk {task.pk}", "facts": {"state": task.state},
    }  # fmt: skip
    if task.owner is not None:
        yield Letter(to=task.owner, kind=Kind.RETURNED if back else Kind.LAID, **common)
        return
    sitting = seats.get(task.unit_id or 0, [])
    if (case.kind, task.state) in HIS_ALONE and (his := [one for one in sitting if one.pk == case.opened_by_id]):
        yield Letter(to=his[0], kind=Kind.LAID, **common)
        return
    for person in sitting:
        mine = back and person.pk == case.opened_by_id
        yield Letter(to=person, kind=Kind.RETURNED if mine else Kind.TRAY, **common)


def _above_empty(empty: list[DeskTask], *, at: dt.datetime) -> list[Letter]:
    """Where nobody sits, who sees to it is told; a draft is its village's alone."""
    tasks = [task for task in empty if task.state != ProjectState.DRAFT]
    found = hearing.above(tasks, on=timezone.localdate(at))
    return [
        Letter(
            to=person, kind=Kind.EMPTY, case_id=task.process.case_id, task_id=task.pk, key=f"empty {task.pk}",
            facts={"unit": heard.empty} | ({"bare": True} if heard.bare else {}),
        )
        for task in tasks
        for heard in [found[task.pk]]
        for person in heard.people
    ]  # fmt: skip


def _enders(ended: list[DeskProcess]) -> dict[int, int | None]:
    """Who did the last act on each case that has ended."""
    entries = Entry.objects.filter(case_id__in=[process.case_id for process in ended]).order_by("case_id", "seq")
    return dict(entries.values_list("case_id", "actor_id"))


def _of_end(process: DeskProcess, *, by: int | None) -> Iterator[Letter]:
    """Who opened a case is told how it ended, unless he ended it himself."""
    case = process.case
    if case.opened_by is not None and case.opened_by_id != by:
        facts = {"state": case.state}
        yield Letter(to=case.opened_by, kind=Kind.DECIDED, case_id=case.pk, key=f"end {process.pk}", facts=facts)


def _clear(at: dt.datetime) -> None:
    """What told of a desk that is clear by now is over: nobody need read it any more."""
    lies = DeskTask.objects.filter(pk=OuterRef("task_id"), status__in=WAITING)
    over = Notification.objects.filter(over_at__isnull=True, task__isnull=False)
    over.filter(~Exists(lies)).update(over_at=at)
    # Of the rungs of one term the latest says what the ones before it said; every measure is one of its own.
    later = Notification.objects.filter(
        person_id=OuterRef("person_id"), task_id=OuterRef("task_id"), kind=OuterRef("kind"), pk__gt=OuterRef("pk")
    )
    rungs = over.filter(Exists(later), kind__in=(Kind.REMINDER, Kind.ESCALATED), read_at__isnull=True)
    rungs.update(over_at=at)
