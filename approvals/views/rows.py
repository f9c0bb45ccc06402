"""A line of a queue: one desk task with all that its reader decides by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from approvals.amounts import amount_of
from approvals.models import DeskTask
from workflows import words
from workflows.models import Case

#: Everything a line shows, in the one query of the page.
SHOWN = (
    "owner",
    "unit",
    "process__case__unit",
    "process__case__area",
    "process__case__project",
    "process__case__claim",
    "process__case__householdbatch",
    "process__case__root__project",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A desk task as the queue shows it."""

    task: DeskTask
    case: Case
    amount_fen: int | None
    overdue: bool
    turn: str
    #: ``case:version``, so that a bulk decision is about what was shown.
    ticket: str

    @classmethod
    def of(cls, task: DeskTask, *, at: dt.datetime) -> Row:
        case = task.process.case
        version = (case.root if case.root is not None else case).family_version
        return cls(
            task=task,
            case=case,
            amount_fen=amount_of(case),
            overdue=case.overdue(at=at),
            turn=task.unit.name if task.unit else words.office(case.office(task.seat)),
            ticket=f"{case.pk}:{version}",
        )


def tiles(tasks: QuerySet[DeskTask], *, at: dt.datetime) -> dict[str, int]:
    """Overdue, due within seven days, waiting, and the money that waits; one query."""
    week = timezone.localtime(at) + dt.timedelta(days=7)
    due = "process__case__due_at"
    return tasks.order_by().aggregate(
        waiting=Count("pk"),
        overdue=Count("pk", filter=Q(**{f"{due}__lt": at})),
        soon=Count("pk", filter=Q(**{f"{due}__gte": at, f"{due}__lte": week})),
        amount_fen=Coalesce(
            Sum(
                Coalesce(
                    F("process__case__claim__amount_fen"),
                    F("process__case__householdbatch__amount_fen"),
                    F("process__case__project__grant_fen"),
                )
            ),
            0,
        ),
    )
