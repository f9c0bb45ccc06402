"""Write the seed's plan as a workbook: python -m workflows.plan.seed OUT.xlsx, same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from workflows.plan import layout, seed_items, seed_promises

SEED_PLAN = Path(__file__).parent / "seed-plan.xlsx"
# A file's own clock would make each run another file.
STAMP = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - the format knows no time zone

NOTES = (
    "本工作簿按《扶贫工作计划七篇》原文整理，供演示与导入测试。",
    "“原文”列照录原文，“存疑”列注明掩去、误读、未列之处；掩去的数字一律留空，不作推测。",
    "误读字母l按1读入的，均在“存疑”列注明。",
    "乡镇、村名原文未列的，以序号占位；首年项目落在哪个村为示例安排。",
    "“示例金额”为演示所拟，非原文。",
    "金额单位：万元。",
)


def write(path: Path) -> None:
    """Write the plan; the same bytes each time on one machine."""
    path.write_bytes(steady(_book()))


def _book() -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(layout.NOTES)
    for line in NOTES:
        sheet.append([line])
    sheet.column_dimensions["A"].width = 90
    measures = _measures()
    category = {str(row[1]): str(row[2]) for row in measures}
    unit = {str(row[1]): str(row[3]) for row in measures}
    code = {str(row[1]): str(row[0]) for row in measures}
    items = seed_items.first_year(category=category, unit=unit, code=code, origin=seed_promises.ORIGIN)
    _sheet(book, layout.PLAN, seed_promises.FIELDS)
    _sheet(book, layout.CATEGORIES, seed_promises.CATEGORIES)
    _sheet(book, layout.MEASURES, measures)
    _sheet(book, layout.AREAS, seed_promises.areas())
    _sheet(book, layout.ITEMS, [_item(item) for item in (*items, *seed_items.OTHERS)])
    _sheet(book, layout.LINES, seed_items.LINES)
    return book


def _measures() -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for number, measure in enumerate(seed_promises.MEASURES, start=1):
        name, category, unit, whole, whole_text, first, first_text, doubt = measure
        rows.append((f"M{number:02d}", name, category, unit, whole, first, whole_text, first_text, doubt))
    return rows


def _item(item: seed_items.SeedItem) -> list[object]:
    year = 1 if item.origin == seed_promises.ORIGIN else None
    return [
        *(
            item.code,
            item.name,
            item.category,
            item.department,
            item.kind,
            year,
            item.place,
            item.measure,
        ),
        *(item.quantity, item.unit, item.amount, item.illustrative),
        *(item.funding.get(column.replace("(", "（").replace(")", "）")) for column in layout.FUNDING),
        *(item.origin, item.text, item.doubt),
    ]


def _sheet(book: Workbook, title: str, rows: Iterable[Sequence[object]]) -> None:
    sheet = book.create_sheet(title)
    sheet.append([name.replace("(", "（").replace(")", "）") for name in layout.COLUMNS[title]])
    for row in rows:
        sheet.append([None if value == "" else value for value in row])
    dress(sheet)


def dress(sheet: Worksheet) -> None:
    """A bold heading that stays in sight, columns as wide as what stands in them."""
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F3E9E7")
        cell.alignment = Alignment(horizontal="center", vertical="center")
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    for at, column in enumerate(sheet.iter_cols(), start=1):
        longest = max(sum(2 if ord(sign) > 255 else 1 for sign in str(cell.value or "")) for cell in column)
        sheet.column_dimensions[get_column_letter(at)].width = min(60, longest + 4)


def steady(book: Workbook) -> bytes:
    """The workbook's bytes with every clock in it set to STAMP."""
    book.properties.creator = "Fundtrail"
    book.properties.created = STAMP
    loose = io.BytesIO()
    book.save(loose)
    steady = io.BytesIO()
    with (
        zipfile.ZipFile(loose) as source,
        zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in sorted(source.namelist()):
            content = source.read(part)
            if part == "docProps/core.xml":
                # openpyxl sets the time of saving, whatever the properties say.
                stamp = rb"\g<1>" + STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", stamp, content)
            info = zipfile.ZipInfo(part, date_time=STAMP.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return steady.getvalue()


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) == 2 else SEED_PLAN)
