"""Who stands above an office, and which unit of an office is in charge of a place."""

from __future__ import annotations

from workflows.offices import DEPARTMENTS, Area, Office, Unit

#: Office -> the office that a delay is reported to; the leading group has nobody above it in the county.
ABOVE: dict[str, Office] = {
    Office.VILLAGE: Office.TOWNSHIP,
    Office.TOWNSHIP: Office.PROGRAMME,
    **dict.fromkeys((*DEPARTMENTS, Office.FINANCE, Office.PROCUREMENT, Office.SUPERVISION), Office.PROGRAMME),
    **dict.fromkeys((Office.PROGRAMME, Office.AUDIT, Office.DISCIPLINE), Office.LEADING_GROUP),
}


def above(office: str) -> str | None:
    """The superior office; none above the leading group and beside the road."""
    return ABOVE.get(office)


def stands_under(unit: Unit, other: Unit) -> bool:
    """Whether a unit is below another one, however many steps."""
    office = above(unit.office)
    while office is not None and office != other.office:
        office = above(office)
    return office is not None and unit.area.within(other.area)


def unit_at(office: str, area: Area) -> Unit | None:
    """The unit of an office in charge of an area: the nearest one up the area tree."""
    return Unit.objects.filter(office=office, area__path__in=area.paths).order_by("-area__path", "id").first()


def superior_of(unit: Unit) -> Unit | None:
    """The unit above a unit, or none."""
    office = above(unit.office)
    return unit_at(office, unit.area) if office else None
