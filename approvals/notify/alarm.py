"""What the clock has done is told in its own transaction: a reminder where the case lies, a report one step above."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from approvals import desks
from approvals.models import DeskTask
from approvals.notify import letters
from approvals.notify.kinds import Kind
from workflows.clock import Rung, Telling
from workflows.models import Case
from workflows.superiors import superior_of


def teller(at: dt.datetime) -> Telling:
    """What hears of every rung that the clock does at ``at``."""

    def tell(case: Case, rung: Rung) -> None:
        if case.due_at is None or rung.act not in ("remind", "escalate"):
            return
        due = timezone.localdate(case.due_at).isoformat()
        for task in desks.waiting_on(case.pk).select_related("owner", "unit"):
            (_remind if rung.act == "remind" else _report)(
                case, task, key=f"{rung.step} {due} {task.pk}", due=due, at=at
            )

    return tell


def _remind(case: Case, task: DeskTask, *, key: str, due: str, at: dt.datetime) -> None:
    """Who has claimed it, else whoever sits at the desk."""
    people, units = ([task.owner], []) if task.owner else ([], [task.unit_id] if task.unit_id else [])
    letters.direct(case=case, kind=Kind.REMINDER, key=key, at=at, people=people, units=units, task_id=task.pk, due=due)


def _report(case: Case, task: DeskTask, *, key: str, due: str, at: dt.datetime) -> None:
    """The office above; where there is none, those who let it lapse are reminded again."""
    above = superior_of(task.unit) if task.unit else None
    if task.unit is None or above is None:
        _remind(case, task, key=key, due=due, at=at)
        return
    letters.direct(
        case=case, kind=Kind.ESCALATED, key=key, at=at, units=[above.pk], task_id=task.pk, due=due, unit=task.unit.name
    )
