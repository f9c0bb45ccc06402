"""Desks at which nobody sits: who would leave one behind, and to whom its work climbs (空岗上提).

A unit is manned on a day while somebody who serves holds a post there; a post that is lent is held. Where
nobody does, the case stays where the law has laid it, and the nearest manned unit above has to see to it:
it urges, and has a post granted. It decides nothing in the place of the one below, whose review would else
be given by the same hand as its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from workflows.offices import ADMINISTRATORS, Area, Office, Period, Person, Post, Unit
from workflows.states import ended
from workflows.superiors import ABOVE

if TYPE_CHECKING:
    from workflows.rulebook.schema import Rulebook

#: An office in charge of an area: where a case lies, also where the county has no such unit.
Place = tuple[str, Area]


def manned(on: dt.date) -> QuerySet[Post]:
    """The posts that somebody fills on a day; what an administrator holds besides rests."""
    administers = Post.objects.filter(Period.on(on), unit__office__in=ADMINISTRATORS).values("person_id")
    deciding = Q(unit__office__in=ADMINISTRATORS) | ~Q(person_id__in=administers)
    return Post.objects.filter(Period.on(on) & Person.serving(on, "person__") & deciding)


def emptied(posts: Sequence[Post], *, after: dt.date) -> list[Unit]:
    """The units with open work at which nobody would sit on the day after, were ``posts`` to end; two queries each.

    Open is every case in the unit's area that has not ended, not only what lies on its desk that day: what
    does not wait there today comes tomorrow. An administrator's desk is always needed.
    """
    morrow = after + dt.timedelta(days=1)
    ending = [post.pk for post in posts]
    units = {post.unit_id: post.unit for post in posts}.values()
    return [
        unit
        for unit in units
        if not manned(morrow).filter(unit=unit).exclude(pk__in=ending).exists() and _has_work(unit)
    ]


def _has_work(unit: Unit) -> bool:
    # Here, because the register is loaded before the cases are.
    from workflows.cases import Case

    if unit.office in ADMINISTRATORS:
        return True
    here = Q(unit=unit) if unit.office == "village" else Q(area__path__startswith=unit.area.path)
    return Case.objects.filter(here).exclude(ended()).exists()


def climbing(places: Collection[Place], *, on: dt.date) -> dict[tuple[str, str], Unit]:
    """Where the work of empty desks climbs to: office and path of the area -> the nearest manned unit above.

    An empty unit above is passed over. A place that is missing in the answer has nobody above it at all.
    One query, however many places.
    """
    paths = {path for _office, area in places for path in area.paths}
    if not paths:
        return {}
    sits = Exists(manned(on).filter(unit_id=OuterRef("pk")))
    units = Unit.objects.filter(sits, office__in={*ABOVE.values()}, area__path__in=paths)
    found: dict[tuple[str, str], Unit] = {}
    for unit in units.select_related("area").order_by("-area__path", "id"):
        found.setdefault((unit.office, unit.area.path), unit)
    climbed = {(office, area.path): _nearest(office, area, found) for office, area in places}
    return {place: unit for place, unit in climbed.items() if unit is not None}


def hears_last(book: Rulebook) -> list[Office]:
    """The administrators who hear of a desk above which every post is empty, in the rulebook's order.

    Where it names none, who can grant a post comes first (GB/T 22239-2019 8.1.5).
    """
    named = book.clock.empty_line_office if book.clock else None
    first = Office(named.value) if named else Office.SECADMIN
    return [first, *(office for office in (Office.SECADMIN, Office.SYSADMIN) if office != first)]


def _nearest(office: str, area: Area, manned_at: dict[tuple[str, str], Unit]) -> Unit | None:
    above = ABOVE.get(office)
    while above is not None:
        for path in reversed(area.paths):
            if (above, path) in manned_at:
                return manned_at[above, path]
        above = ABOVE.get(above)
    return None
