"""Who hears about a desk: whoever sits there; where nobody does, the nearest held post above; never nobody.

Whoever has claimed the case hears of it while he sits there, else all who do, a post's borrower in its lender's place.
An empty desk climbs as its work does (:mod:`workflows.vacancy`). Where the whole line above is empty too, the county's
office that the rulebook names (``clock.empty_line_office``) hears of it, else its administrators: they can grant a
post. Hearing gives nobody a decision, and who may not see a case hears of the desk alone.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from approvals.models import DeskTask
from approvals.notify import letters
from approvals.notify.kinds import Kind
from workflows import access, vacancy, words
from workflows.models import Area, Case, Person, Unit
from workflows.offices import ADMINISTRATORS, Office
from workflows.states import ProjectState

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """Who hears of a desk, and as what."""

    people: list[Person]
    #: The empty desk in whose stead they hear; "" where it is their own.
    empty: str = ""
    #: The unit above at which they sit; none at the desk itself.
    above: Unit | None = None
    #: They may not see the case, and are told of the desk only.
    bare: bool = False

    @property
    def facts(self) -> dict[str, Any]:
        """What the sentence must say beside its own."""
        return ({"empty": self.empty} if self.empty else {}) | ({"bare": True} if self.bare else {})


def known(tasks: QuerySet[DeskTask]) -> QuerySet[DeskTask]:
    """Desks with all that is asked here."""
    return tasks.select_related("owner", "unit__area", "process__case__area")


def of(tasks: Collection[DeskTask], *, on: dt.date, besides: Person | None = None) -> dict[int, Heard]:
    """Who hears of each desk (:func:`known`), by its number: two queries, six more where desks are empty.

    ``besides`` speaks himself: what would be told to him alone goes on to the county's office.
    """
    seats = letters.seated({task.unit_id for task in tasks if task.unit_id is not None}, on=on)
    found, empty = {}, []
    for task in tasks:
        sitting = seats.get(task.unit_id or 0)
        if sitting:
            found[task.pk] = Heard(people=[task.owner] if task.owner in sitting else sitting)
        else:
            empty.append(task)
    return found | above(empty, on=on, besides=besides)


def above(tasks: Collection[DeskTask], *, on: dt.date, besides: Person | None = None) -> dict[int, Heard]:
    """Who hears above of desks, by the desk's number: the nearest held post, else the county's office."""
    if not tasks:
        return {}
    places = {task.pk: place_of(task) for task in tasks}
    climbs = vacancy.climbing(list(places.values()), on=on)
    people = letters.seated({unit.pk for unit in climbs.values()}, on=on)
    found = {}
    for task in tasks:
        office, area = places[task.pk]
        up = climbs.get((office, area.path))
        sitting = [one for one in people.get(up.pk, []) if one != besides] if up else []
        if not sitting:
            up, sitting = of_county(task.case, area, on=on)
        found[task.pk] = Heard(people=sitting, empty=name_of(task), above=up, bare=hides(task.case, up))
    return found


def of_county(case: Case, area: Area, *, on: dt.date) -> tuple[Unit | None, list[Person]]:
    """The office that hears where a whole line is empty, and who sits there; three queries."""
    order = vacancy.hears_last(case.book)
    units = list(Unit.objects.filter(office__in=order, area__path__in=area.paths).order_by("-area__path", "id"))
    people = letters.seated({unit.pk for unit in units}, on=on, administrators=True)
    for unit in sorted(units, key=lambda unit: order.index(Office(unit.office))):
        if unit.pk in people:
            return unit, people[unit.pk]
    logger.error("Nobody in the county of %s can hear of an empty desk: no administrator holds a post.", area.code)
    return None, []


def hides(case: Case, up: Unit | None) -> bool:
    """Whether who sits at a unit above may not see the case: a draft, a complaint, what administrators never see."""
    if up is None or up.office in ADMINISTRATORS:
        return True
    return case.state == ProjectState.DRAFT or case.kind in access.unread((up.office,))


def place_of(task: DeskTask) -> vacancy.Place:
    """Office and area of a desk, also where the county has no such unit."""
    if task.unit is not None:
        return task.unit.office, task.unit.area
    return task.case.office(task.seat), task.case.area


def name_of(task: DeskTask) -> str:
    """What the reader knows a desk by."""
    office, area = place_of(task)
    return task.unit.name if task.unit is not None else f"{area.name} {words.office(office)}"


def tell(
    tasks: Iterable[DeskTask], *, kind: Kind, key: str, at: dt.datetime, besides: Person | None = None, **facts: Any
) -> None:
    """Tell of desks (:func:`known`) whoever hears of them; ``key`` is as for :func:`letters.direct`, of each desk."""
    lying = list(tasks)
    for pk, heard in of(lying, on=timezone.localdate(at), besides=besides).items():
        task = next(task for task in lying if task.pk == pk)
        given = facts | heard.facts
        letters.direct(case=task.case, kind=kind, key=f"{key} {pk}", at=at, people=heard.people, task_id=pk, **given)
