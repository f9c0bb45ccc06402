"""What the sheets of a plan owe each other: sums, shares, counts, and codes that exist."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from workflows.plan import layout
from workflows.plan.amounts import FEN_PER_WAN, amount_fen, share_permille
from workflows.plan.grid import Row
from workflows.plan.model import Category, Measure, PlanArea, PlanItem

LEVEL_ORDER = tuple(layout.LEVELS.values())


def wan(fen: int) -> str:
    """Fen as 万元 for a message, without a trailing zero."""
    return format((Decimal(fen) / FEN_PER_WAN).normalize(), "f")


def categories(fields: Mapping[str, Row], found: Sequence[tuple[Row, Category]]) -> None:
    """The categories add up to the total, and each share is its amount over the total."""
    total_row = fields[layout.TOTAL]
    total_fen = amount_fen(total_row, layout.CONTENT)
    if not found or total_fen is None:
        return
    sum_fen = sum(category.amount_fen for _row, category in found)
    if sum_fen != total_fen:
        total_row.refuse(
            layout.CONTENT,
            _("the categories add up to %(sum)s, not to the total %(total)s (万元)")
            % {"sum": wan(sum_fen), "total": wan(total_fen)},
        )
    for row, category in found:
        due = share_permille(part_fen=category.amount_fen, total_fen=total_fen)
        if category.share_permille != due:
            row.refuse(
                layout.SHARE,
                _("%(amount)s of %(total)s is %(due)s%%")
                % {
                    "amount": wan(category.amount_fen),
                    "total": wan(total_fen),
                    "due": Decimal(due) / 10,
                },
            )


def measures(found: Sequence[tuple[Row, Measure]], items: Sequence[tuple[Row, PlanItem]]) -> None:
    """The first year stays within all years; the first year's items add up to its quantity."""
    planned: dict[str, list[Decimal | None]] = defaultdict(list)
    for _row, item in items:
        if item.measure and item.year == 1:
            planned[item.measure].append(item.quantity)
    for row, measure in found:
        first, whole = measure.first_year_quantity, measure.quantity
        if first is not None and whole is not None and first > whole:
            row.refuse(layout.QUANTITY_FIRST, _("the first year plans more than all years together"))
        quantities = planned.get(measure.code, [])
        known = [quantity for quantity in quantities if quantity is not None]
        if first is not None and quantities and len(known) == len(quantities) and sum(known) != first:
            row.refuse(
                layout.QUANTITY_FIRST,
                _("the first year's items add up to %(sum)s, not to %(first)s") % {"sum": sum(known), "first": first},
            )


def areas(fields: Mapping[str, Row], found: Sequence[tuple[Row, PlanArea]]) -> None:
    """Every area hangs below a higher one; names are not doubled; the plan's own counts hold."""
    by_code = {area.code: area for _row, area in found}
    names = Counter((area.parent, area.name) for _row, area in found)
    for row, area in found:
        parent = by_code.get(area.parent)
        if area.parent and parent is None:
            row.refuse(layout.PARENT, _("no area has the code %(code)s") % {"code": area.parent})
        elif parent and area.level and parent.level and not _below(area.level, parent.level):
            row.refuse(layout.PARENT, _("%(name)s is not of a higher level") % {"name": parent.name})
        elif not area.parent and area.level in ("township", "village"):
            row.refuse(layout.PARENT, _("a township or village needs the area it lies in"))
        if names[area.parent, area.name] > 1:
            row.refuse(layout.NAME, _("%(name)s appears twice in one area") % {"name": area.name})
    own = [area for _row, area in found if area.source == _own(fields)]
    _count(fields, layout.TOWNSHIPS, sum(area.level == "township" for area in own))
    _count(fields, layout.VILLAGES, sum(area.level == "village" for area in own))


def items(
    fields: Mapping[str, Row],
    found: Sequence[tuple[Row, PlanItem]],
    areas: Sequence[PlanArea],
    categories: Sequence[tuple[Row, Category]],
) -> None:
    """Each item by itself, then what all items make of the plan's counts and categories."""
    years = fields[layout.YEARS].whole(layout.CONTENT) or 0
    levels = {area.code: area.level for area in areas}
    for row, item in found:
        _item(row, item, levels=levels, years=years)
    own = [item for _row, item in found if item.source == _own(fields)]
    first = [item for item in own if item.year == 1]
    _count(fields, layout.FIRST_YEAR_ITEMS, len(first))
    _count(
        fields,
        layout.FIRST_YEAR_VILLAGES,
        len({item.area for item in first if levels.get(item.area) == "village"}),
    )
    for row, category in categories:
        sum_fen = sum(item.amount_fen or item.illustrative_fen or 0 for item in own if item.category == category.code)
        if sum_fen > category.amount_fen:
            row.refuse(
                layout.AMOUNT,
                _("the items of %(name)s add up to %(sum)s, more than its %(amount)s (万元)")
                % {"name": category.name, "sum": wan(sum_fen), "amount": wan(category.amount_fen)},
            )


def _item(row: Row, item: PlanItem, *, levels: Mapping[str, str], years: int) -> None:
    if item.area and item.area not in levels:
        row.refuse(layout.PLACE, _("no area has the code %(code)s") % {"code": item.area})
    if item.year is not None and not 1 <= item.year <= years:
        row.refuse(layout.YEAR, _("the plan's years count from 1 to %(years)d") % {"years": years})
    funded_fen = sum(fen for _kind, fen in item.sources)
    if item.sources and funded_fen != item.amount_fen:
        row.refuse(
            layout.ITEM_AMOUNT,
            _("the sources add up to %(sum)s, not to the amount (万元)") % {"sum": wan(funded_fen)},
        )
    lines_fen = sum(line.amount_fen for line in item.lines)
    if item.lines and lines_fen != item.amount_fen:
        row.refuse(
            layout.ITEM_AMOUNT,
            _("the parts on sheet %(sheet)s add up to %(sum)s, not to the amount (万元)")
            % {"sheet": layout.LINES, "sum": wan(lines_fen)},
        )
    if item.illustrative_fen is not None and item.amount_fen is not None:
        row.refuse(layout.ILLUSTRATIVE, _("an illustrative amount stands only where the source gives none"))


def _below(level: str, parent: str) -> bool:
    return LEVEL_ORDER.index(level) > LEVEL_ORDER.index(parent)


def _own(fields: Mapping[str, Row]) -> str:
    """The origin that marks the plan's own areas and items; other rows only travel with it."""
    return fields[layout.ORIGIN].text(layout.CONTENT)


def _count(fields: Mapping[str, Row], field: str, found: int) -> None:
    row = fields.get(field)
    stated = row.whole(layout.CONTENT) if row else None
    if row and stated is not None and stated != found:
        row.refuse(
            layout.CONTENT,
            _("the plan says %(stated)d, its sheets list %(found)d") % {"stated": stated, "found": found},
        )
