"""A county left alone for a year, and what the clock must have done in it.

Nobody acts after 2026-03-31; the clock alone goes on. ``main`` plays the year from a day on, one round a morning,
and says each day when it is done, so that a test may kill it.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils import timezone

#: Silence and contract ran out before the clock began: one reminder stands for those missed.
#: 2026: 清明 4-4 to 4-6, 劳动节 5-1 to 5-5 (5-9 worked), 端午 6-19 to 6-21, 中秋 9-25 to 9-27,
#: 国庆 10-1 to 10-7 (9-20 and 10-10 worked). The terms are the rulebooks' of :func:`settle`.
TABLE = """
contract   2026-04-01 remind   after:1
contract   2026-04-01 escalate after:3
contract   2026-04-01 remind   after:5
silence    2026-04-01 remind   before:1
silence    2026-04-01 hear_silence expiry
filed      2026-04-07 remind   before:3
filed      2026-04-09 remind   before:1
filed      2026-04-13 remind   after:1
filed      2026-04-15 escalate after:3
filed      2026-04-17 remind   after:5
joint      2026-04-07 remind   before:3
joint      2026-04-09 remind   before:1
joint      2026-04-13 remind   after:1
joint      2026-04-15 escalate after:3
joint      2026-04-17 remind   after:5
automatic  2026-04-21 remind   before:3
automatic  2026-04-23 remind   before:1
automatic  2026-04-25 lapse    expiry
freeze     2026-04-21 remind   before:3
freeze     2026-04-23 remind   before:1
freeze     2026-04-25 freeze   expiry
freeze     2026-04-27 remind   after:1
freeze     2026-04-29 escalate after:3
freeze     2026-05-06 remind   after:5
remind     2026-04-21 remind   before:3
remind     2026-04-23 remind   before:1
remind     2026-04-27 remind   after:1
remind     2026-05-06 remind   after:5
building   2026-09-19 remind   before:3
building   2026-09-21 remind   before:1
building   2026-09-23 remind   after:1
building   2026-09-28 escalate after:3
building   2026-09-30 remind   after:5
"""
FIRST, LAST = dt.date(2026, 4, 1), dt.date(2027, 3, 31)


def mornings(first: dt.date = FIRST) -> list[dt.datetime]:
    """Nine o'clock of every day of the year."""
    days = range((LAST - first).days + 1)
    return [timezone.make_aware(dt.datetime.combine(first + dt.timedelta(days=n), dt.time(9))) for n in days]


def table() -> list[tuple[str, str, str, str]]:
    """Name, day, act, step; each name's in the order in which they come."""
    rows = [line.split() for line in TABLE.strip().splitlines()]
    return [(name, day, act, step) for name, day, act, step in rows]


def settle(folder: Path) -> dict[int, str]:
    """The cases of the year, each left waiting in its own way: case -> its name in the table."""
    from approvals import auditing
    from tests.factories import MORNING, project_at
    from tests.law import counties
    from workflows.states import ProjectState as S

    left: dict[int, str] = {}
    late = MORNING.replace(day=26)
    left[project_at(S.FILED, at=late).project.pk] = "filed"
    left[project_at(S.JOINT_REVIEW, at=MORNING.replace(day=23)).project.pk] = "joint"
    left[project_at(S.CONTRACTED, at=MORNING - dt.timedelta(days=60)).project.pk] = "contract"
    left[project_at(S.BUILDING, at=MORNING - dt.timedelta(days=36)).project.pk] = "building"
    for effect in ("automatic", "freeze", "remind", "none"):
        term: Any = {"days": 20, "day_kind": "working", "effect": effect}
        book = counties.rulebook(folder, f"county-{effect}", **{"deadlines.returned": term})
        t = project_at(S.FILED, rulebook=book, at=late)
        t.do("return_to", seat="township", reason="预算有误。", data={"stage": "village"})
        left[t.project.pk] = effect
    t = project_at(S.UNDER_AUDIT, at=MORNING - dt.timedelta(days=240))
    audit = auditing.send_notice(t)
    t.wait(6)
    t.do("begin_fieldwork", on=audit, seat="audit")
    auditing.sign_sections(t, audit)
    t.do("draft", on=audit, seat="audit", reason="审定。", data={"audited_fen": 100})
    left[audit.pk] = "silence"
    return left


def played(names: dict[int, str]) -> list[tuple[str, str, str, str]]:
    """What the record says the clock did to the named cases, as the table writes it."""
    from audit import journal
    from audit.models import Entry

    found = []
    for entry in Entry.objects.filter(case_id__in=names, actor_id=None).order_by("happened_at", "id"):
        day, act = timezone.localdate(entry.happened_at), entry.act.partition(".")[2]
        found.append((names[entry.case_id], f"{day}", act, journal.facts_of(entry)["data"]["step"]))
    return found


def main(since: str) -> None:
    """Play the year from a day on; ``…`` is said in the middle of each rung."""
    from approvals import clockwork

    def say(_case: object, _rung: object) -> None:
        print("…", flush=True)

    for at in mornings(dt.date.fromisoformat(since)):
        clockwork.sweep(at=at, tell=say)
        print(timezone.localdate(at), flush=True)
