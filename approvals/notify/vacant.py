"""A post falls empty, or is held again, while something waits there: who sees to it is told, once a vacancy.

A desk told of before its post fell empty lies with nobody, and nothing new is laid that could tell of it. So each
round asks which units nobody sits at; a row remembers whom that was told, and when he falls away too, the next hears.
A unit at which nothing lies, but to which delays were reported, counts as well: its reports reach nobody.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from approvals import gaps
from approvals.models import WAITING, DeskTask, Vacancy
from approvals.notify import hearing
from approvals.notify.kinds import Kind
from approvals.notify.letters import Letter, post, seated
from approvals.notify.models import Notification
from workflows import vacancy
from workflows.models import Case, Person, Unit
from workflows.states import ended

#: So many cases are named; the rest is counted, and the queue has them all.
NAMED_MAX = 10


@dataclass(slots=True)
class Left:
    """What lies before an empty unit: cases at its desks, and cases whose delay was reported to it."""

    lying: list[Case] = field(default_factory=list)
    raised: list[Case] = field(default_factory=list)

    @property
    def cases(self) -> list[Case]:
        """All of them."""
        return [*self.lying, *self.raised]


def tell(at: dt.datetime) -> int:
    """Tell of every unit that has fallen empty or is held again since the last round; how many there were."""
    on = timezone.localdate(at)
    with transaction.atomic():
        known = {
            row.unit_id: row
            for row in Vacancy.objects.filter(filled_at__isnull=True)
            .select_related("unit")
            .select_for_update(of=("self",), no_key=True)
        }
        held = set(vacancy.manned(on).filter(unit_id__in=known).values_list("unit_id", flat=True))
        filled = [row for pk, row in known.items() if pk in held]
        for row in filled:
            _filled(row, at=at)
        left = _left(on)
        units = Unit.objects.select_related("area").in_bulk(left)
        told = [_emptied(units[pk], one, known.get(pk), at=at) for pk, one in left.items()] if left else []
    return len(filled) + sum(told)


def _left(on: dt.date) -> dict[int, Left]:
    """What lies before each unit at which nobody sits; of drafts no more is told than how many. Two queries."""
    found: dict[int, Left] = defaultdict(Left)
    desks = gaps.waiting_before_nobody(on).filter(unit__isnull=False)
    for task in desks.select_related("process__case").order_by("process__case__due_at", "pk"):
        assert task.unit_id is not None
        found[task.unit_id].lying.append(task.case)
    sits = Exists(vacancy.manned(on).filter(unit_id=OuterRef("raised_to_id")))
    reported = Case.objects.filter(~sits, raised_to__isnull=False).exclude(ended()).order_by("due_at", "pk")
    for case in reported:
        assert case.raised_to_id is not None
        found[case.raised_to_id].raised.append(case)
    return dict(found)


def _emptied(unit: Unit, left: Left, row: Vacancy | None, *, at: dt.datetime) -> bool:
    """Tell who sees to an empty unit, unless he has been told; whether he had not."""
    on = timezone.localdate(at)
    up = vacancy.climbing([(unit.office, unit.area)], on=on).get((unit.office, unit.area.path))
    people = seated([up.pk], on=on).get(up.pk, []) if up else []
    if up is None or not people:
        up, people = hearing.of_county(left.cases[0], unit.area, on=on)
    if up is None or (row is not None and row.told_id == up.pk):
        return False
    if row is None:
        # Two workers at once: the second finds the row, and its letters are the same.
        row, _first = Vacancy.objects.get_or_create(unit=unit, filled_at=None, defaults={"noticed_at": at, "told": up})
    Vacancy.objects.filter(pk=row.pk).update(told=up)
    post(_letters(row, unit, left, up, people), at=at)
    # What is listed here need not be told case by case again.
    DeskTask.objects.filter(unit=unit, status__in=WAITING, told=False).update(told=True)
    return True


def _letters(row: Vacancy, unit: Unit, left: Left, up: Unit, people: Iterable[Person]) -> list[Letter]:
    seen = [case for case in left.cases if not hearing.hides(case, up)]
    facts: dict[str, Any] = {"unit": unit.name, "count": len(left.lying), "raised": len(left.raised)}
    facts |= {"cases": _names(seen)} if seen else {"bare": True}
    about = (seen or left.cases)[0]
    return [
        Letter(to=person, kind=Kind.VACANT, case_id=about.pk, key=f"{_key(row)}{up.pk}", facts=facts)
        for person in people
    ]


def _names(cases: Sequence[Case]) -> list[str]:
    """Numbers, or the titles of what has none; each case once."""
    named = list(dict.fromkeys(case.number or case.title for case in cases))
    return named[:NAMED_MAX] + ["…"] * (len(named) > NAMED_MAX)


def _key(row: Vacancy) -> str:
    return f"vacant {row.pk} "


def _filled(row: Vacancy, *, at: dt.datetime) -> None:
    """Who sits there now is told of his tray; who was told of the empty desk need not look at it any more."""
    Vacancy.objects.filter(pk=row.pk).update(filled_at=at)
    DeskTask.objects.filter(unit_id=row.unit_id, status__in=WAITING).update(told=False)
    of_vacancy = Notification.objects.filter(key__startswith=_key(row), kind=Kind.VACANT)
    post(
        [
            Letter(
                to=one.person, kind=Kind.FILLED, case_id=one.case_id, key=f"filled {row.pk}",
                facts={"unit": row.unit.name} | ({"bare": True} if one.bare else {}),
            )
            for one in of_vacancy.select_related("person")
        ],
        at=at,
    )  # fmt: skip
    _over(row.unit_id, of_vacancy, at=at)


def _over(unit_id: int, of_vacancy: Any, *, at: dt.datetime) -> None:
    of_vacancy.filter(over_at__isnull=True).update(over_at=at)
    instead = Notification.objects.filter(over_at__isnull=True, task__unit_id=unit_id)
    for found in (instead.filter(kind=Kind.EMPTY), instead.filter(facts__has_key="empty")):
        found.update(over_at=at)
