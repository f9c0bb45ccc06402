"""The two files between the finance bureau and its bank, as CSV (docs/bank-file.md).

Out go the orders of a run; back comes a line for each order, paid or failed with a reason. Reading is
strict: a file with any fault is refused whole, each fault by row and column, and nothing is done.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from django.utils.translation import gettext as _

from audit.export import BYTE_ORDER_MARK, guarded
from funds import money
from workflows import words
from workflows.secrecy import Secret

OUT = ("订单号", "收款人", "开户行", "账号", "金额（元）", "用途")
BACK = ("订单号", "金额（元）", "结果", "原因", "流水号", "日期")
PAID, FAILED = "成功", "失败"
#: A year of a county's payments is a few thousand lines; anything larger is not one.
SIZE_MAX_BYTES = 5_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderLine:
    """One order to the bank; ``fen`` in 1/100 yuan."""

    order: str
    payee: str
    bank: str
    account: Secret
    fen: int
    purpose: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultLine:
    """What became of one order; ``reason`` is given where it failed, the rest where it was paid."""

    order: str
    fen: int
    paid: bool
    reason: str = ""
    bank_reference: str = ""
    paid_on: dt.date | None = None


class Reply(NamedTuple):
    """The act that enters what the bank says about a case's orders: its name, its form, its reason."""

    act: str
    data: dict[str, Any]
    reason: str


class Payable(Protocol):
    """A case that gives orders to the bank."""

    pk: int

    def bank_lines(self) -> list[OrderLine]:
        """Its orders on their way and not answered yet."""

    def reply(self, results: Sequence[ResultLine]) -> Reply:
        """The act that enters what the bank says about these orders of it."""


class BadBankFile(Exception):
    """The file cannot be read; every fault by row and column."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def write(lines: Iterable[OrderLine]) -> bytes:
    """The file for the bank: the same orders make the same bytes."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(OUT)
    for line in lines:
        # The account stays text: a spreadsheet would round its last digits away. Here alone it is opened.
        cells = [line.order, line.payee, line.bank, f"\t{line.account.open()}", money.yuan(line.fen).replace(",", ""),
                 line.purpose]  # fmt: skip
        writer.writerow([cell if n == 3 else guarded(cell) for n, cell in enumerate(cells)])
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def read(content: bytes) -> list[ResultLine]:
    """The bank's results.

    Raises:
        BadBankFile: not such a file, or any line of it is wrong; all faults at once.
    """
    if len(content) > SIZE_MAX_BYTES:
        raise BadBankFile([_("The file is too large.")])
    try:
        rows = list(csv.reader(io.StringIO(_text(content), newline="")))
    except csv.Error as error:
        raise BadBankFile([_("The file is not a table of comma-separated values.")]) from error
    if not rows or tuple(cell.strip() for cell in rows[0]) != BACK:
        raise BadBankFile([_("Row 1: the headings must be %(names)s.") % {"names": words.listed(BACK)}])
    problems: list[str] = []
    found: dict[str, ResultLine] = {}
    for number, cells in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        line = _line(number, [cell.strip() for cell in cells], problems)
        if line is not None and line.order in found:
            problems.append(_("Row %(row)s: order %(order)s stands twice.") % {"row": number, "order": line.order})
        elif line is not None:
            found[line.order] = line
    if problems:
        raise BadBankFile(problems)
    if not found:
        raise BadBankFile([_("The file has no results.")])
    return list(found.values())


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadBankFile([_("The file is neither UTF-8 nor GB 18030 text.")])


def _line(number: int, cells: list[str], problems: list[str]) -> ResultLine | None:
    before = len(problems)

    def wrong(column: int, said: str) -> None:
        problems.append(
            _("Row %(row)s, column “%(column)s”: %(said)s") % {"row": number, "column": BACK[column], "said": said}
        )

    if len(cells) != len(BACK):
        problems.append(_("Row %(row)s: %(count)s columns are needed.") % {"row": number, "count": len(BACK)})
        return None
    order, amount, result, reason, reference, day = cells
    fen, paid_on = 0, None
    try:
        fen = money.parse(amount)
    except money.AmountRefused as refused:
        wrong(1, str(refused))
    if not order:
        wrong(0, _("is missing"))
    if result not in (PAID, FAILED):
        wrong(2, _("must be %(paid)s or %(failed)s") % {"paid": PAID, "failed": FAILED})
    if result == FAILED and not reason:
        wrong(3, _("a failed payment needs its reason"))
    if result == PAID:
        if not reference:
            wrong(4, _("is missing"))
        try:
            paid_on = dt.date.fromisoformat(day)
        except ValueError:
            wrong(5, _("must be a day such as 2026-03-31"))
    if len(problems) > before:
        return None
    return ResultLine(
        order=order, fen=fen, paid=result == PAID, reason=reason[:200], bank_reference=reference[:60], paid_on=paid_on
    )
