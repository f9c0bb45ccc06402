"""What the clock has done is told in its own transaction: a reminder where the case lies, a report one step above.

Where nobody sits there, it goes to who hears instead (:mod:`approvals.notify.hearing`).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from approvals import desks
from approvals.models import DeskTask
from approvals.notify import hearing, letters
from approvals.notify.kinds import Kind
from workflows import superiors
from workflows.clock import Rung, Telling
from workflows.models import Case


def teller(at: dt.datetime) -> Telling:
    """What hears of every rung that the clock does at ``at``."""

    def tell(case: Case, rung: Rung) -> None:
        if case.due_at is None or rung.act not in ("remind", "escalate"):
            return
        due = timezone.localdate(case.due_at).isoformat()
        lying = list(hearing.known(desks.waiting_on(case.pk)))
        if rung.act == "remind":
            hearing.tell(lying, kind=Kind.REMINDER, key=f"{rung.step} {due}", at=at, due=due)
        else:
            _report(case, lying, step=rung.step, due=due, at=at)

    return tell


def _report(case: Case, lying: list[DeskTask], *, step: str, due: str, at: dt.datetime) -> None:
    """The nearest held post above hears of each desk; where nobody stands above one, it is reminded itself."""
    top = [task for task in lying if superiors.above(hearing.place_of(task)[0]) is None]
    hearing.tell(top, kind=Kind.REMINDER, key=f"{step} {due}", at=at, due=due)
    below = [task for task in lying if task not in top]
    for pk, heard in hearing.above(below, on=timezone.localdate(at)).items():
        facts: dict[str, Any] = {"due": due, "unit": heard.empty} | ({"bare": True} if heard.bare else {})
        letters.direct(
            case=case, kind=Kind.ESCALATED, key=f"{step} {due} {pk}", at=at, people=heard.people, task_id=pk, **facts,
        )  # fmt: skip
