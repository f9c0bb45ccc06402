"""The workbook of a household list, empty or with made-up households.

`python -m workflows.household.example OUT.xlsx` writes an example under the default rulebook.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from workflows.household import layout, rates
from workflows.household.identity import check_sign
from workflows.household.months import Months
from workflows.plan.seed import dress, steady
from workflows.rulebook.load import load
from workflows.rulebook.schema import Rulebook

#: So many rows take their numbers as text before anything is typed.
ROWS_PREPARED = 500
TEXT = "@"
PEOPLE = ("赵大山", "钱秀英", "孙小满", "李冬梅", "周长顺")
ADVICE = (
    "身份证号、银行卡号两列为文本格式，不要改成数字：数字超过15位会丢失末位。",
    "补助项目填名称；金额 = 标准 × 数量 × 月数，由系统按各月标准核对。",
    "发放实物的行不填补助项目和银行卡号，填物资名称、数量、单位和折价金额。",
    "可以有合计行，合计必须等于各行之和。",
)


def made_up_identity(number: int) -> str:
    """Nobody's number: a district that is none, a day of birth, a running number, the right check sign."""
    first = f"519999{1950 + number % 50}{number % 12 + 1:02d}{number % 28 + 1:02d}{number % 1000:03d}"
    return first + check_sign(first)


def made_up_account(number: int) -> str:
    """An account that no bank has given out."""
    return f"62284804{number:011d}"


def workbook(*, book: Rulebook, months: Months, examples: bool) -> bytes:
    """The file; the same rulebook and months give the same bytes."""
    out = Workbook()
    sheet = out.active
    sheet.title = layout.LIST
    sheet.append([name.replace("(", "（").replace(")", "）") for name in layout.COLUMNS])
    for row in _examples(book, months) if examples else ():
        sheet.append([None if value == "" else value for value in row])
    dress(sheet)
    for name in (layout.ID, layout.ACCOUNT):
        at = layout.COLUMNS.index(name) + 1
        sheet.column_dimensions[get_column_letter(at)].width = 24
        for row_number in range(2, ROWS_PREPARED + 2):
            sheet.cell(row_number, at).number_format = TEXT
    notes = out.create_sheet(layout.NOTES)
    for line in (f"发放月份：{months}", *ADVICE):
        notes.append([line])
    notes.append(["补助项目", f"每一单位 {months} 应发（元）"])
    for title, fen in _in_force(book, months):
        notes.append([title, Decimal(fen) / 100])
    return steady(out)


def _in_force(book: Rulebook, months: Months) -> list[tuple[str, int]]:
    """Name of each standard that is in force in all the months, and what one unit is due."""
    due = ((title, rates.due_fen(book, code, 1000, months)) for code, title in rates.known(book).items())
    return [(title, fen) for title, fen in due if fen is not None]


def _examples(book: Rulebook, months: Months) -> Iterator[tuple[object, ...]]:
    total = Decimal(0)
    known = _in_force(book, months)
    for number, person in enumerate(PEOPLE[:-1] if known else (), 1):
        title, fen = known[number % len(known)]
        due = Decimal(fen) / 100
        total += due
        yield (number, person, made_up_identity(number), 3, "演练县农村信用联社", made_up_account(number), title, 1,
               "", due, "")  # fmt: skip
    number = len(PEOPLE)
    yield (number, PEOPLE[-1], made_up_identity(number), 2, "", "", "", 4, "袋", Decimal(480), "化肥")
    yield (layout.TOTAL, "", "", "", "", "", "", "", "", total + 480, "")


if __name__ == "__main__":
    march = Months.read("2026-03", "2026-03")
    Path(sys.argv[1]).write_bytes(workbook(book=load("default"), months=march, examples=True))
