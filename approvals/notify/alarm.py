"""What the clock has done is told in its own transaction: a reminder where the case lies, a report one step above.

What it did about a lapsed order (通报、挂牌督办、移送) is told to the addressee, the issuer and whom it is referred to.

Where nobody sits there, it goes to who hears instead (:mod:`approvals.notify.hearing`).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from approvals import desks
from approvals.flow import unit_behind
from approvals.models import DeskTask
from approvals.notify import hearing, letters
from approvals.notify.kinds import Kind
from workflows import superiors
from workflows.clock import Rung, Telling
from workflows.models import Case, Rectification

#: What the clock does about a lapsed term beside reminding and reporting (通报、挂牌督办、移送).
MEASURES = ("criticise", "list_for_supervision", "refer")
#: Whom the clock refers an order to that nobody has put right.
REFERRED_TO = "discipline"


def teller(at: dt.datetime) -> Telling:
    """What hears of every rung that the clock does at ``at``."""

    def tell(case: Case, rung: Rung) -> None:
        if case.due_at is None or rung.act not in ("remind", "escalate", *MEASURES):
            return
        if rung.act == "remind" and case.reminds_again(at=at):
            return
        due = timezone.localdate(case.due_at).isoformat()
        lying = list(hearing.known(desks.waiting_on(case.pk)))
        if rung.act == "remind":
            hearing.tell(lying, kind=Kind.REMINDER, key=f"{rung.step} {due}", at=at, due=due)
        elif rung.act in MEASURES:
            hearing.tell(lying, kind=Kind.MEASURE, key=f"{rung.act} {due}", at=at, due=due, act=rung.act)
            _concerned(case.typed(), rung.act, due=due, at=at)
        else:
            _report(case, lying, step=rung.step, due=due, at=at)

    return tell


def _concerned(case: Case, act: str, *, due: str, at: dt.datetime) -> None:
    """Who issued an order hears what came of it, and whom it is referred to; the county's office where nobody sits."""
    if not isinstance(case, Rectification):
        return
    units = {unit for unit in (case.issuer_id, unit_behind(case, REFERRED_TO) if act == "refer" else None) if unit}
    on = timezone.localdate(at)
    sitting = {person for people in letters.seated(units, on=on).values() for person in people}
    people = sitting or hearing.of_county(case, case.area, on=on)[1]
    letters.direct(case=case, kind=Kind.MEASURE, key=f"{act} {due}", at=at, people=people, due=due, act=act)


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
