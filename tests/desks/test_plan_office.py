"""Plans as office programs save them: titles above the columns, formulas, full-width digits, styled empty rows."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from workflows.plan import seed, workbook
from workflows.plan.model import PlanRefused

Change = Callable[[Workbook], None]
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
GREY = PatternFill("solid", start_color="DDDDDD")


def saved(tmp_path: Path, change: Change) -> Path:
    book = load_workbook(seed.SEED_PLAN)
    change(book)
    book.save(tmp_path / "plan.xlsx")
    return tmp_path / "plan.xlsx"


def refusals(path: Path) -> list[str]:
    with pytest.raises(PlanRefused) as caught:
        workbook.read(path)
    return [f"{problem.sheet}!{problem.cell}" for problem in caught.value.problems]


def titled(sheet: Worksheet) -> None:
    """A merged title and the unit of the amounts above the columns."""
    sheet.insert_rows(1, amount=2)
    sheet["A1"], sheet["A2"] = f"某县{sheet.title}表", "单位:万元"
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=sheet.max_column)
    sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=sheet.max_column)


def grouped(sheet: Worksheet) -> None:
    """A group's name above the nine funding columns, every other name over both rows of the heading."""
    sheet.insert_rows(1)
    for column in range(1, sheet.max_column + 1):
        name = str(sheet.cell(2, column).value)
        if column in range(13, 22):
            continue
        sheet.cell(1, column).value = name
        sheet.cell(2, column).value = None
        sheet.merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)
    sheet["M1"] = "资金来源"
    sheet.merge_cells("M1:U1")


def by_text(book: Workbook) -> None:
    """Every number typed as full-width text."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, int | float):
                    cell.value = str(cell.value).translate(FULL_WIDTH)


def styled_to_the_end(book: Workbook) -> None:
    for sheet in book.worksheets:
        for row in (200, 6_000):
            for column in (1, 60):
                sheet.cell(row, column).fill = GREY


def each(do: Callable[[Any], object], things: Iterable[Any]) -> None:
    for thing in things:
        do(thing)


CHANGES: dict[str, Change] = {
    "saved again as it is": lambda book: None,
    "a title and the unit above every table": lambda book: each(titled, book.worksheets),
    "a heading of two rows": lambda book: grouped(book["项目"]),
    "numbers as full-width text": by_text,
    "styled rows and columns without content": styled_to_the_end,
    "empty sheets left behind": lambda book: each(book.create_sheet, ("Sheet2", "Sheet3")),
    "codes typed in full width": lambda book: book["项目"].__setitem__("A2", "Ｐ１－０１"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_plan_reads_the_same_however_it_was_saved(tmp_path: Path, change: Change) -> None:
    assert workbook.read(saved(tmp_path, change)) == workbook.read(seed.SEED_PLAN)


def test_a_year_that_became_a_date_is_still_a_year(tmp_path: Path) -> None:
    def dated(book: Workbook) -> None:
        book["计划"]["B5"] = dt.date(2026, 1, 1)
        book["计划"]["C5"] = "2026年起"
        book["计划"]["B5"].number_format = 'yyyy"年"'

    assert workbook.read(saved(tmp_path, dated)).start_year == 2026


@pytest.mark.parametrize("year", [1, 2026.5, 20260])
def test_what_is_no_year_is_refused(tmp_path: Path, year: float) -> None:
    def dated(book: Workbook) -> None:
        book["计划"]["B5"], book["计划"]["C5"], book["计划"]["D5"] = year, None, None

    assert refusals(saved(tmp_path, dated)) == ["计划!B5"]


def reckoned(path: Path, cell: str, formula: str, value: str) -> None:
    """Put a formula with the value that it came to into the sheet of categories, as an office program stores it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet3.xml"
    written = f'<c r="{cell}"><f>{formula}</f>{value}</c>'.encode()
    parts[name], count = re.subn(rb'<c r="%s"[^>]*>.*?</c>' % cell.encode(), written, parts[name])
    assert count == 1
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def test_a_formula_stands_for_the_value_stored_with_it(tmp_path: Path) -> None:
    path = saved(tmp_path, lambda book: None)
    reckoned(path, "B2", "SUM(B7,B8)", "<v>15069.5</v>")
    assert workbook.read(path) == workbook.read(seed.SEED_PLAN)


def test_the_value_of_a_formula_is_checked_like_any_other(tmp_path: Path) -> None:
    path = saved(tmp_path, lambda book: None)
    reckoned(path, "B2", "SUM(B7,B8)", "<v>15069.4</v>")
    assert "资金分类!B2" in refusals(path)


@pytest.mark.parametrize("value", ["", "<v></v>"])
def test_a_formula_without_its_value_is_refused(tmp_path: Path, value: str) -> None:
    path = saved(tmp_path, lambda book: None)
    reckoned(path, "B2", "SUM(B7,B8)", value)
    assert "资金分类!B2" in refusals(path)


def test_merged_rows_below_the_heading_are_refused_where_they_stand(tmp_path: Path) -> None:
    def merged(book: Workbook) -> None:
        titled(book["项目"])
        book["项目"].merge_cells("C4:C5")

    assert refusals(saved(tmp_path, merged))[0] == "项目!C4:C5"


def test_a_wrong_cell_below_a_title_is_named_where_it_stands(tmp_path: Path) -> None:
    def wrong(book: Workbook) -> None:
        titled(book["项目"])
        book["项目"]["C4"] = "XX"

    assert "项目!C4" in refusals(saved(tmp_path, wrong))


def test_a_further_sheet_that_says_something_is_refused(tmp_path: Path) -> None:
    def noted(book: Workbook) -> None:
        book.create_sheet("Sheet2")["D9"] = "待定"

    assert refusals(saved(tmp_path, noted)) == ["Sheet2!A1"]
