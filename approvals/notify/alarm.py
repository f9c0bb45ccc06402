"""What the clock has done is told in its own transaction: a reminder where the case lies, a report one step above."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from approvals import desks
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
            unit = task.unit
            above = superior_of(unit) if unit and rung.act == "escalate" else None
            if unit is None or above is None:
                # A reminder; and where nobody stands above, those who let it lapse are reminded again.
                letters.tell_desk(task, case=case, kind=Kind.REMINDER, key=f"{rung.step} {due}", at=at, due=due)
            else:
                letters.direct(
                    case=case, kind=Kind.ESCALATED, key=f"{rung.step} {due} {task.pk}", at=at, units=[above.pk],
                    task_id=task.pk, due=due, unit=unit.name,
                )  # fmt: skip

    return tell
