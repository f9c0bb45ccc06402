"""Empty desks (空岗): where cases wait before nobody, how many, and which unit above has to see to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from approvals.models import WAITING, DeskTask
from workflows import vacancy, words
from workflows.models import Area, Post, Unit
from workflows.offices import DEPARTMENTS


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """An empty desk: a unit at which nobody sits, or an office that the area does not have."""

    office: str
    area: Area
    unit: Unit | None
    waiting: int
    #: Who has to see to it; none where nobody sits above either.
    above: Unit | None
    #: The post that was held there last; none where there was none, or where it was not asked for.
    last: Post | None = None

    @property
    def name(self) -> str:
        """What the reader knows it by."""
        return self.unit.name if self.unit else f"{self.area.name} {words.office(self.office)}"


def waiting_before_nobody(on: dt.date) -> QuerySet[DeskTask]:
    """The desks on which something lies and at which nobody sits."""
    sits = Exists(vacancy.manned(on).filter(unit_id=OuterRef("unit_id")))
    found: QuerySet[DeskTask] = DeskTask.objects.filter(~sits, status__in=WAITING)
    return found


def gaps(on: dt.date) -> list[Gap]:
    """Every empty desk that something waits at; one query where there is none, four where there are."""
    rows = waiting_before_nobody(on).order_by().values_list(
        "unit_id", "seat", "process__case__area_id", "process__case__department"
    )  # fmt: skip
    counted = list(rows.annotate(n=Count("pk")))
    if not counted:
        return []
    units = Unit.objects.select_related("area").in_bulk([row[0] for row in counted if row[0] is not None])
    areas = Area.objects.in_bulk([row[2] for row in counted])
    waiting: dict[tuple[str, int, int | None], int] = {}
    for unit_id, seat, area_id, department, count in counted:
        # As `Case.office` has it: the department's seat is the competent one's.
        office = units[unit_id].office if unit_id else department if seat == "department" else seat
        place = (office, units[unit_id].area_id if unit_id else area_id, unit_id)
        waiting[place] = waiting.get(place, 0) + count
    areas |= {unit.area_id: unit.area for unit in units.values()}
    climbs = vacancy.climbing([(office, areas[area]) for office, area, _unit in waiting], on=on)
    found = [
        Gap(
            office=office, area=areas[area], unit=units.get(unit or 0), waiting=count,
            above=climbs.get((office, areas[area].path)),
        )
        for (office, area, unit), count in waiting.items()
    ]  # fmt: skip
    return sorted(found, key=lambda gap: (gap.area.path, gap.office))


def vacant(on: dt.date) -> list[Gap]:
    """Every unit at which nobody sits, whether something waits there or not, most work first; eight queries at most."""
    found = gaps(on)
    pressed = [gap.unit.pk for gap in found if gap.unit]
    sits = Exists(vacancy.manned(on).filter(unit_id=OuterRef("pk")))
    calm = list(Unit.objects.filter(~sits).exclude(pk__in=pressed).select_related("area"))
    climbs = vacancy.climbing([(unit.office, unit.area) for unit in calm], on=on)
    found += [
        Gap(
            office=unit.office, area=unit.area, unit=unit, waiting=0,
            above=climbs.get((unit.office, unit.area.path)),
        )
        for unit in calm
    ]  # fmt: skip
    before = Post.objects.filter(unit_id__in=[gap.unit.pk for gap in found if gap.unit], since__lte=on)
    ended = Coalesce("until", "person__retired_on")
    held = {post.unit_id: post for post in before.select_related("person").order_by(ended, "-id")}
    found = [replace(gap, last=held.get(gap.unit.pk)) if gap.unit else gap for gap in found]
    return sorted(found, key=lambda gap: (-gap.waiting, gap.area.path, gap.office))


def before_us(units: Collection[int], *, on: dt.date) -> QuerySet[DeskTask]:
    """What waits before empty desks that one of ``units`` has to see to."""
    ours = Q(pk__in=[])
    for gap in gaps(on):
        if gap.above is None or gap.above.pk not in units:
            continue
        if gap.unit is not None:
            ours |= Q(unit=gap.unit)
        else:
            seat = "department" if gap.office in DEPARTMENTS else gap.office
            here = Q(unit__isnull=True, seat=seat, process__case__area=gap.area)
            ours |= here & (Q(process__case__department=gap.office) if seat == "department" else Q())
    found: QuerySet[DeskTask] = DeskTask.objects.filter(ours, status__in=WAITING)
    return found
