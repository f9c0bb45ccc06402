"""Put a checked plan into the county's tables: all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from workflows.offices import Area
from workflows.plan import layout
from workflows.plan.model import Plan, PlanArea, PlanItem, PlanRefused, Problem
from workflows.planning import PlanItem as StoredItem

LEVEL_ORDER = tuple(layout.LEVELS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """How many areas and items are new; what was there already and is the same stays untouched."""

    areas: int
    items: int


def store(*, plan: Plan) -> Stored:
    """Add the plan's areas and items. Loading the same plan again changes nothing.

    Raises PlanRefused when a code is taken by something else: a plan is never rewritten.
    """
    with transaction.atomic():
        problems: list[Problem] = []
        areas, planted = _areas(plan, problems)
        items = _items(plan, areas, problems)
        if problems:
            raise PlanRefused(problems)
        StoredItem.objects.bulk_create(items)
    return Stored(areas=planted, items=len(items))


def _areas(plan: Plan, problems: list[Problem]) -> tuple[dict[str, Area], int]:
    codes = [area.code for area in plan.areas]
    known = {area.code: area for area in Area.objects.filter(code__in=codes).select_related("parent")}
    planted = 0
    for area in sorted(plan.areas, key=lambda each: LEVEL_ORDER.index(each.level)):
        stored = known.get(area.code)
        if stored is None:
            parent = known.get(area.parent)
            known[area.code] = Area.plant(code=area.code, name=area.name, level=area.level, parent=parent)
            planted += 1
        elif not _same_area(stored, area):
            message = _("the code %(code)s already names %(name)s") % {
                "code": area.code,
                "name": stored.name,
            }
            problems.append(Problem(sheet=layout.AREAS, cell=area.cell, message=message))
    return known, planted


def _same_area(stored: Area, area: PlanArea) -> bool:
    parent = stored.parent.code if stored.parent else ""
    return (stored.name, stored.level, parent) == (area.name, area.level, area.parent)


def _items(plan: Plan, areas: dict[str, Area], problems: list[Problem]) -> list[StoredItem]:
    codes = [item.code for item in plan.items]
    known = {item.code: item for item in StoredItem.objects.filter(code__in=codes)}
    new = []
    for item in plan.items:
        row = _row(plan, item, areas)
        stored = known.get(item.code)
        if stored is None:
            new.append(row)
        elif _facts(stored) != _facts(row):
            message = _("the code %(code)s already names another item: %(name)s") % {
                "code": item.code,
                "name": stored.name,
            }
            problems.append(Problem(sheet=layout.ITEMS, cell=item.cell, message=message))
    return new


def _row(plan: Plan, item: PlanItem, areas: dict[str, Area]) -> StoredItem:
    return StoredItem(
        plan_title=plan.title,
        code=item.code,
        name=item.name,
        category=item.category,
        area=areas[item.area],
        kind=item.kind,
        year=item.year,
        quantity="" if item.quantity is None else format(item.quantity, "f"),
        unit=item.unit,
        amount_fen=item.amount_fen,
        sources=[list(pair) for pair in item.sources],
        source_text=" ".join(part for part in (item.source, item.source_text) if part),
        garbled=item.garbled,
    )


def _facts(row: StoredItem) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
