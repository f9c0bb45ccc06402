"""Read a county's plan from a workbook: every sheet, every problem at once, nothing half read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from workflows import words
from workflows.plan import checks, container, layout
from workflows.plan.amounts import amount_fen, check_source
from workflows.plan.grid import Grid, Problems, Row, grids, plain, rows
from workflows.plan.model import Category, Measure, Plan, PlanArea, PlanItem, PlanLine

T = TypeVar("T")

# What the tables of the law hold.
NAME_LENGTH_MAX, UNIT_LENGTH_MAX, DOUBT_LENGTH_MAX = 80, 12, 200

CODE_SHAPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")


def read(path: Path) -> Plan:
    """The plan in a workbook. Raises PlanRefused with every problem by sheet and cell."""
    problems = Problems()
    data = container.contents(path=path)
    sheets = grids(data, titles=layout.SHEETS, optional=(layout.NOTES,), problems=problems)
    problems.refuse_if_any()
    return _Reader(sheets, problems).plan()


class _Reader:
    """Reads sheet by sheet. Rows are kept beside what they gave, so that later checks can point."""

    def __init__(self, sheets: Mapping[str, Grid], problems: Problems) -> None:
        self.problems = problems
        self.rows: dict[str, list[Row]] = {}
        for name in layout.SHEETS:
            sheet, columns = sheets[name], layout.COLUMNS[name]
            self.rows[name] = rows(sheet, columns=columns, problems=problems) if sheet.lines else []
            if not sheet.lines:
                problems.add(name, "A1", _("this sheet is empty"))

    def plan(self) -> Plan:
        fields = self._fields()
        categories = [(row, self._category(row)) for row in self._keyed(layout.CATEGORIES, layout.NAME)]
        codes = {category.name: category.code for _row, category in categories}
        measures = [(row, self._measure(row, codes)) for row in self._keyed(layout.MEASURES, layout.CODE)]
        areas = [(row, self._area(row)) for row in self._keyed(layout.AREAS, layout.CODE)]
        lines = self._lines()
        measure_codes = {measure.code: measure.code for _row, measure in measures}
        items = [(row, self._item(row, codes, measure_codes, lines)) for row in self._keyed(layout.ITEMS, layout.CODE)]
        checks.categories(fields, categories)
        checks.measures(measures, items)
        checks.areas(fields, areas)
        checks.items(fields, items, _values(areas), categories)
        self.problems.refuse_if_any()
        return Plan(
            title=fields[layout.TITLE].text(layout.CONTENT, longest=NAME_LENGTH_MAX),
            source=fields[layout.ORIGIN].text(layout.CONTENT),
            years=fields[layout.YEARS].whole(layout.CONTENT) or 0,
            start_year=_year(fields[layout.START_YEAR]),
            total_fen=amount_fen(fields[layout.TOTAL], layout.CONTENT) or 0,
            categories=_values(categories),
            measures=_values(measures),
            areas=_values(areas),
            items=_values(items),
            garbled=tuple((field, doubt) for field, row in fields.items() if (doubt := _doubt(row))),
        )

    def _fields(self) -> dict[str, Row]:
        fields: dict[str, Row] = {}
        for row in self.rows[layout.PLAN]:
            name = plain(row.text(layout.FIELD))
            if name not in (*layout.FIELDS_REQUIRED, *layout.FIELDS_COUNTED):
                row.refuse(layout.FIELD, _("“%(name)s” is not a field of a plan") % {"name": name})
            elif name in fields:
                row.refuse(layout.FIELD, _("“%(name)s” appears twice") % {"name": name})
            else:
                fields[name] = row
        missing = [name for name in layout.FIELDS_REQUIRED if name not in fields]
        if missing:
            self.problems.add(layout.PLAN, "A1", _("missing fields: %(names)s") % {"names": words.listed(missing)})
            self.problems.refuse_if_any()
        for name in (layout.TITLE, layout.ORIGIN):
            fields[name].text(layout.CONTENT, longest=NAME_LENGTH_MAX)
        self._numbered_fields(fields)
        return fields

    def _numbered_fields(self, fields: Mapping[str, Row]) -> None:
        """Hold the plan's own numbers against its text; a masked start year may stay empty."""
        for name, row in fields.items():
            if name in (layout.TITLE, layout.ORIGIN):
                continue
            masked = name == layout.START_YEAR and bool(_doubt(row))
            number = row.year if name == layout.START_YEAR else row.number
            value = number(layout.CONTENT, required=not masked)
            if name == layout.YEARS and value is not None and not 1 <= value <= 10:
                row.refuse(layout.CONTENT, _("a plan runs for 1 to 10 years"))
            if name not in (layout.TOTAL, layout.START_YEAR) and value is not None:
                row.whole(layout.CONTENT)
            if name == layout.START_YEAR and value is not None and (value % 1 or not 1949 <= value <= 2999):
                row.refuse(layout.CONTENT, _("this is no year"))
            text = row.text(layout.SOURCE_TEXT, required=False)
            # Counts are often written in characters (三年); only digits can be held against digits.
            values = {layout.CONTENT: value} if re.search(r"\d", text) else {}
            check_source(row, text=text, doubt=_doubt(row), doubt_column=layout.DOUBT, values=values)

    def _keyed(self, sheet: str, key: str) -> list[Row]:
        """The rows of a sheet, once each has its own key; a code is also well formed."""
        found = self.rows[sheet]
        keys = Counter(row.code(key, required=False) for row in found)
        for row in found:
            value = row.code(key)
            if key == layout.CODE and value and not CODE_SHAPE.fullmatch(value):
                row.refuse(key, _("a code is up to 20 letters, digits, dots and dashes"))
            elif value and keys[value] > 1:
                row.refuse(
                    key,
                    _("%(key)s %(value)s appears more than once") % {"key": key, "value": value},
                )
        if not found and sheet != layout.MEASURES and sheet not in self._unread():
            self.problems.add(sheet, "A2", _("this sheet has no rows"))
        return found

    def _unread(self) -> set[str]:
        return {problem.sheet for problem in self.problems.found if problem.cell == "A1"}

    def _category(self, row: Row) -> Category:
        text, doubt = row.text(layout.SOURCE_TEXT, required=False), _doubt(row)
        fen = amount_fen(row, layout.AMOUNT, required=True)
        share = row.number(layout.SHARE, required=True)
        if share is not None and share * 10 != (share * 10).to_integral_value():
            row.refuse(layout.SHARE, _("a share has at most one decimal"))
        values = {layout.AMOUNT: row.number(layout.AMOUNT), layout.SHARE: share}
        check_source(row, text=text, doubt=doubt, doubt_column=layout.DOUBT, values=values)
        return Category(
            code=row.choice(layout.NAME, layout.CATEGORY_NAMES),
            name=row.text(layout.NAME, longest=NAME_LENGTH_MAX),
            amount_fen=fen or 0,
            share_permille=int((share or 0) * 10),
            source_text=text,
            garbled=doubt,
        )

    def _measure(self, row: Row, categories: Mapping[str, str]) -> Measure:
        doubt = _doubt(row)
        texts = {column: row.text(column, required=False) for column in (layout.TEXT_ALL, layout.TEXT_FIRST)}
        pairs = ((layout.TEXT_ALL, layout.QUANTITY_ALL), (layout.TEXT_FIRST, layout.QUANTITY_FIRST))
        for text_column, column in pairs:
            values = {column: row.number(column)}
            check_source(row, text=texts[text_column], doubt=doubt, doubt_column=layout.DOUBT, values=values)
        return Measure(
            code=row.code(layout.CODE),
            name=row.text(layout.NAME, longest=NAME_LENGTH_MAX),
            category=row.choice(layout.CATEGORY, categories),
            unit=row.text(layout.UNIT, longest=UNIT_LENGTH_MAX),
            quantity=row.number(layout.QUANTITY_ALL, required=not (doubt or texts[layout.TEXT_FIRST])),
            first_year_quantity=row.number(layout.QUANTITY_FIRST),
            source_text=texts[layout.TEXT_ALL],
            first_year_source_text=texts[layout.TEXT_FIRST],
            garbled=doubt,
        )

    def _area(self, row: Row) -> PlanArea:
        return PlanArea(
            code=row.code(layout.CODE),
            name=row.text(layout.NAME, longest=NAME_LENGTH_MAX),
            level=row.choice(layout.LEVEL, layout.LEVELS),
            parent=row.code(layout.PARENT, required=False),
            source=row.text(layout.ORIGIN, required=False),
            garbled=_named_doubt(row),
            cell=row.cells[layout.CODE].ref,
        )

    def _lines(self) -> dict[str, list[tuple[Row, PlanLine]]]:
        lines: dict[str, list[tuple[Row, PlanLine]]] = defaultdict(list)
        known = {row.code(layout.CODE, required=False) for row in self.rows[layout.ITEMS]}
        for row in self.rows[layout.LINES]:
            item = row.code(layout.ITEM)
            if item and item not in known:
                row.refuse(layout.ITEM, _("no item has the code %(code)s") % {"code": item})
            text, doubt = row.text(layout.SOURCE_TEXT, required=False), _doubt(row)
            values = {
                layout.QUANTITY: row.number(layout.QUANTITY),
                layout.AMOUNT: row.number(layout.AMOUNT),
            }
            check_source(row, text=text, doubt=doubt, doubt_column=layout.DOUBT, values=values)
            line = PlanLine(
                name=row.text(layout.NAME, longest=NAME_LENGTH_MAX),
                quantity=values[layout.QUANTITY],
                unit=row.text(layout.UNIT, required=False, longest=UNIT_LENGTH_MAX),
                amount_fen=amount_fen(row, layout.AMOUNT, required=True) or 0,
                source_text=text,
                garbled=doubt,
            )
            lines[item].append((row, line))
        return lines

    def _item(
        self,
        row: Row,
        categories: Mapping[str, str],
        measures: Mapping[str, str],
        lines: Mapping[str, Sequence[tuple[Row, PlanLine]]],
    ) -> PlanItem:
        text, doubt = row.text(layout.SOURCE_TEXT, required=False), _doubt(row)
        real = (layout.QUANTITY, layout.ITEM_AMOUNT, *layout.FUNDING)
        values = {column: row.number(column) for column in real}
        check_source(row, text=text, doubt=doubt, doubt_column=layout.DOUBT, values=values)
        if values[layout.QUANTITY] is None and not doubt:
            row.refuse(
                layout.QUANTITY,
                _("without a quantity the column %(doubt)s must say why") % {"doubt": layout.DOUBT},
            )
        funded = ((kind, amount_fen(row, column)) for column, kind in layout.FUNDING.items())
        code = row.code(layout.CODE, required=False)
        return PlanItem(
            code=code,
            name=row.text(layout.NAME, longest=NAME_LENGTH_MAX),
            category=row.choice(layout.CATEGORY, categories),
            department=row.choice(layout.DEPARTMENT, layout.DEPARTMENTS),
            area=row.code(layout.PLACE),
            kind=row.choice(layout.KIND, layout.KINDS),
            year=row.whole(layout.YEAR, required=False),
            measure=row.choice(layout.MEASURE, measures, required=False),
            quantity=values[layout.QUANTITY],
            unit=row.text(layout.UNIT, longest=UNIT_LENGTH_MAX),
            amount_fen=amount_fen(row, layout.ITEM_AMOUNT),
            illustrative_fen=amount_fen(row, layout.ILLUSTRATIVE),
            sources=tuple((kind, fen) for kind, fen in funded if fen),
            lines=_values(lines.get(code, ())),
            source=row.text(layout.ORIGIN, required=False),
            source_text=text,
            garbled=doubt,
            cell=row.cells[layout.CODE].ref,
        )


def _doubt(row: Row) -> str:
    return row.text(layout.DOUBT, required=False, longest=DOUBT_LENGTH_MAX)


def _year(row: Row) -> int | None:
    year = row.year(layout.CONTENT, required=False)
    return None if year is None else int(year)


def _named_doubt(row: Row) -> str:
    """The mark of a name: xx镇 is masked as well."""
    doubt = _doubt(row)
    check_source(
        row,
        text=row.text(layout.NAME, required=False),
        doubt=doubt,
        doubt_column=layout.DOUBT,
        values={},
    )
    return doubt


def _values(pairs: Iterable[tuple[Row, T]]) -> tuple[T, ...]:
    return tuple(value for _row, value in pairs)
