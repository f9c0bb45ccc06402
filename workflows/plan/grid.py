"""A workbook as tables of cells that remember where they stand, so that a refusal can point."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import string
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from workflows import words
from workflows.plan.model import PlanRefused, Problem

ROWS_MAX = 5_000
COLUMNS_MAX = 40
LETTERS = string.ascii_uppercase
#: A title, a note of the unit, and two rows of names: no heading is deeper.
HEADING_ROWS_MAX = 4

MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:$]+)[\"']")


class Problems:
    """Collects what is wrong, so that a clerk corrects the whole workbook in one go."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, sheet: str, cell: str, message: str) -> None:
        problem = Problem(sheet=sheet, cell=cell, message=message)
        # Two checks may read one cell; its fault is told once.
        if problem not in self.found:
            self.found.append(problem)

    def refuse_if_any(self) -> None:
        """Raise PlanRefused with everything collected so far."""
        if self.found:
            raise PlanRefused(self.found)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and its place. `spoilt` cells were reported already and read as empty."""

    sheet: str
    ref: str
    value: str | Decimal | dt.date | bool | None = None
    spoilt: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet's rows of cells, and the ranges that are merged in it."""

    lines: list[list[Cell]]
    merged: tuple[str, ...] = ()


def grids(data: bytes, *, titles: Sequence[str], optional: Sequence[str], problems: Problems) -> Mapping[str, Grid]:
    """The named sheets of a workbook as rows of cells; reports sheets missing or too many."""
    try:
        found = dict(_sheets(data, wanted=titles, problems=problems))
    except PlanRefused:
        raise
    except Exception as error:
        # openpyxl raises whatever its parser trips over; all of it means a bad file.
        message = _("the file is not a workbook, or a damaged one, whatever its name says")
        raise PlanRefused([Problem(sheet="", cell="", message=message)]) from error
    for title in titles:
        if title not in found:
            problems.add(title, "A1", _("this sheet is missing"))
    for title in found:
        if title not in titles and title not in optional:
            problems.add(title, "A1", _("this sheet does not belong here; its name may be misspelt"))
    return found


def _sheets(data: bytes, *, wanted: Sequence[str], problems: Problems) -> Iterator[tuple[str, Grid]]:
    # Once with what was written, once with what it came to: a formula stands for the value stored with it.
    written = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    reckoned = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        # Streamed sheets offer more than the type stubs know.
        streamed: Any = zip(written.worksheets, reckoned.worksheets, strict=True)
        for sheet, values in streamed:
            title = plain(sheet.title)
            # The size a sheet declares may be a lie; count what is there.
            sheet.reset_dimensions()
            values.reset_dimensions()
            if title not in wanted:
                # Office programs leave empty sheets behind; they say nothing.
                if any(getattr(cell, "value", None) is not None for row in values.iter_rows() for cell in row):
                    yield title, Grid([])
                continue
            # A streamed sheet does not know its merged cells; its XML does.
            merged = MERGED.findall(archive.read(sheet._worksheet_path))
            areas = tuple(ref.decode().replace("$", "") for ref in merged)
            pairs = (tuple(zip(*two, strict=True)) for two in zip(sheet.iter_rows(), values.iter_rows(), strict=True))
            yield title, Grid(_rows(title, pairs, problems), areas)
    written.close()
    reckoned.close()


def _rows(title: str, rows: Iterator[Sequence[tuple[object, object]]], problems: Problems) -> list[list[Cell]]:
    grid: list[list[Cell]] = []
    for number, padded in enumerate(rows, start=1):
        row = _without_empty_end(padded)
        # Rows and columns that only carry a style are no rows; a style may reach to the sheet's end.
        if not row and number > ROWS_MAX:
            continue
        if number > ROWS_MAX or len(row) > COLUMNS_MAX:
            ref = f"{get_column_letter(min(len(row), COLUMNS_MAX + 1) or 1)}{number}"
            problems.add(
                title,
                ref,
                _("the sheet goes beyond %(rows)d rows or %(columns)d columns")
                % {"rows": ROWS_MAX, "columns": COLUMNS_MAX},
            )
            break
        cells = (_cell(title, f"{get_column_letter(at)}{number}", *raw, problems) for at, raw in enumerate(row, 1))
        grid.append(list(cells))
    return grid


def _without_empty_end(row: Sequence[tuple[object, object]]) -> Sequence[tuple[object, object]]:
    filled = [at for at, (written, _reckoned) in enumerate(row, 1) if getattr(written, "value", None) is not None]
    return row[: filled[-1]] if filled else ()


def _cell(title: str, ref: str, raw: object, reckoned: object, problems: Problems) -> Cell:
    value, kind = getattr(reckoned, "value", None), getattr(reckoned, "data_type", "n")
    if getattr(raw, "data_type", "n") == "f" and value is None:
        problems.add(
            title, ref, _("a formula without its value; save the workbook in an office program, or paste values")
        )
        return Cell(title, ref, spoilt=True)
    if kind == "e":
        problems.add(title, ref, _("an error value: %(value)s") % {"value": value})
        return Cell(title, ref, spoilt=True)
    if isinstance(value, str):
        return Cell(title, ref, value.strip() or None)
    if isinstance(value, bool) or value is None:
        return Cell(title, ref, value)
    if isinstance(value, int):
        return Cell(title, ref, Decimal(value))
    if isinstance(value, float) and math.isfinite(value):
        # The shortest text that gives this float back is what was typed: 26.7, not 26.6999999….
        return Cell(title, ref, Decimal(repr(value)))
    if isinstance(value, dt.date):
        return Cell(title, ref, value)
    problems.add(title, ref, _("neither text nor a number"))
    return Cell(title, ref, spoilt=True)


def plain(text: str) -> str:
    """Text with full-width brackets, digits and spaces made ordinary, for comparing names."""
    return unicodedata.normalize("NFKC", text).strip()


class Row:
    """One row under its headers. Every accessor reports what is wrong and then reads as empty."""

    def __init__(self, cells: Mapping[str, Cell], problems: Problems) -> None:
        self.cells = cells
        self.problems = problems

    def refuse(self, column: str, message: str) -> None:
        cell = self.cells[column]
        if not cell.spoilt:
            self.problems.add(cell.sheet, cell.ref, message)

    def text(self, column: str, *, required: bool = True, longest: int = 2000) -> str:
        """The cell as text; a whole number typed as a code reads as its digits."""
        value = self.cells[column].value
        if isinstance(value, str):
            if len(value) > longest:
                self.refuse(column, _("this is longer than %(longest)d characters") % {"longest": longest})
            return value
        if isinstance(value, Decimal):
            return format(value.normalize(), "f")
        if value is not None:
            self.refuse(column, _("this must be text"))
        elif required:
            self.refuse(column, _("this must not be empty"))
        return ""

    def choice(self, column: str, choices: Mapping[str, str], *, required: bool = True) -> str:
        """The code of one of the `choices` (shown word to code)."""
        word = plain(self.text(column, required=required))
        if word and word not in choices:
            self.refuse(
                column,
                _("“%(word)s” is not one of: %(choices)s") % {"word": word, "choices": words.listed(choices)},
            )
        return choices.get(word, "")

    def number(self, column: str, *, required: bool = False) -> Decimal | None:
        """A number of at least zero, exactly as typed; plain digits kept as text count too."""
        value = self.cells[column].value
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", plain(value).replace(",", "")):
            value = Decimal(plain(value).replace(",", ""))
        if value is None:
            if required:
                self.refuse(column, _("this must not be empty"))
            return None
        if not isinstance(value, Decimal):
            self.refuse(column, _("“%(value)s” is not a number") % {"value": value})
            return None
        if value < 0:
            self.refuse(column, _("this must not be negative"))
            return None
        return value

    def year(self, column: str, *, required: bool = True) -> Decimal | None:
        """A calendar year; office programs make a date of it where the cell is formatted so."""
        value = self.cells[column].value
        return Decimal(value.year) if isinstance(value, dt.date) else self.number(column, required=required)

    def code(self, column: str, *, required: bool = True) -> str:
        """A code, in ordinary letters and digits whatever the keyboard's width."""
        return plain(self.text(column, required=required))

    def whole(self, column: str, *, required: bool = True) -> int | None:
        """A whole number, such as a year or a count."""
        value = self.number(column, required=required)
        if value is None:
            return None
        if value != value.to_integral_value() or value > 10**9:
            self.refuse(column, _("this must be a whole number"))
            return None
        return int(value)


def rows(grid: Grid, *, columns: Sequence[str], problems: Problems) -> list[Row]:
    """The filled rows below the header. A missing, repeated or unknown column is reported."""
    depth = _depth(grid.lines, columns)
    header = _header(grid.lines[:depth])
    names = [name for name, _cell_ in header if name]
    sheet = grid.lines[0][0].sheet if grid.lines and grid.lines[0] else ""
    for area in grid.merged:
        if int(area.rpartition(":")[2].lstrip(LETTERS)) > depth:
            problems.add(sheet, area, _("merged cells: give each row its own value"))
    for name, cell in header:
        if name and name not in columns:
            problems.add(cell.sheet, cell.ref, _("unknown column “%(name)s”") % {"name": name})
        elif name and names.count(name) > 1:
            problems.add(cell.sheet, cell.ref, _("column “%(name)s” appears twice") % {"name": name})
    missing = [name for name in columns if name not in names]
    if missing:
        problems.add(sheet, "A1", _("missing columns: %(names)s") % {"names": words.listed(missing)})
        return []
    return [_row(header, line, problems) for line in grid.lines[depth:] if any(cell.value is not None for cell in line)]


def _depth(lines: list[list[Cell]], columns: Sequence[str]) -> int:
    """How many rows the heading has: a title and merged names may stand above the columns' own; 1 where none fits."""
    for depth in range(1, HEADING_ROWS_MAX + 1):
        if set(columns) <= {name for name, _cell_ in _header(lines[:depth])}:
            return depth
    return 1


def _header(lines: list[list[Cell]]) -> list[tuple[str, Cell]]:
    """The name of each column: the lowest one written in the heading."""
    width = max(map(len, lines), default=0)
    stacks = [[line[at] for line in lines if at < len(line)] for at in range(width)]
    lowest = [next((cell for cell in reversed(stack) if cell.value is not None), stack[0]) for stack in stacks]
    return [(plain(str(cell.value)) if cell.value is not None else "", cell) for cell in lowest]


def _row(header: list[tuple[str, Cell]], line: list[Cell], problems: Problems) -> Row:
    number = line[0].ref.lstrip(LETTERS)
    cells = {
        name: line[at] if at < len(line) else Cell(line[0].sheet, f"{get_column_letter(at + 1)}{number}")
        for at, (name, _head) in enumerate(header)
        if name
    }
    return Row(cells, problems)
