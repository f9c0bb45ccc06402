"""Read a list of households from a workbook: every problem at once, by cell, nothing half read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from workflows.household import layout, rates
from workflows.household.identity import LENGTH
from workflows.household.lines import GOODS, LINES_MAX, MONEY, Fault, ListLine, faults
from workflows.household.months import Months
from workflows.plan import container
from workflows.plan.grid import Problems, Row, grids, plain, rows
from workflows.rulebook.schema import Rulebook
from workflows.secrecy import masked

#: An identity or account number that got into another column; no message repeats it.
LONG_NUMBER = re.compile(r"[0-9０-９]{8,}[Xx]?")
#: A number of more digits is kept by office programs as a fraction, its last ones lost.
DIGITS_KEPT = 15
ACCOUNT = re.compile(r"[0-9A-Za-z-]{8,32}")

Compare = Callable[[Sequence[ListLine]], Iterable[Fault]]


class Discreet(Problems):
    """Tells what is wrong without the numbers that stand there."""

    def add(self, sheet: str, cell: str, message: str) -> None:
        super().add(sheet, cell, LONG_NUMBER.sub(lambda hit: masked(hit[0]), message))


def read(*, name: str, data: bytes, book: Rulebook, months: Months, compare: Compare) -> tuple[ListLine, ...]:
    """The lines of an uploaded workbook, judged by the rulebook for the months that are paid.

    `compare` tells what other batches have against them. Raises PlanRefused with every problem.
    """
    problems = Discreet()
    container.checked(name=name, data=data)
    sheets = grids(data, titles=(layout.LIST,), optional=(layout.NOTES,), problems=problems)
    problems.refuse_if_any()
    found = rows(sheets[layout.LIST], columns=layout.COLUMNS, problems=problems)
    listed = [row for row in found if not _is_total(row)]
    if not listed:
        problems.add(layout.LIST, "A2", _("the list has no lines"))
    if len(listed) > LINES_MAX:
        problems.add(layout.LIST, "A1", _("a batch has at most %(most)s lines") % {"most": LINES_MAX})
    problems.refuse_if_any()
    lines = [_line(row, book) for row in listed]
    _check_total(found, lines)
    # What could not be read was told already; the rest is judged all the same.
    legible = [(row, line) for row, line in zip(listed, lines, strict=True) if line is not None]
    judged = [line for _row, line in legible]
    for fault in (*faults(judged, book=book, months=months), *compare(judged)):
        legible[fault.line][0].refuse(fault.column, fault.message)
    problems.refuse_if_any()
    return tuple(judged)


def _is_total(row: Row) -> bool:
    heads = (row.cells[layout.NUMBER].value, row.cells[layout.NAME].value)
    return any(isinstance(head, str) and plain(head).replace(" ", "") == layout.TOTAL for head in heads)


def _check_total(found: Sequence[Row], lines: Sequence[ListLine | None]) -> None:
    total_fen = sum(line.amount_fen for line in lines if line is not None)
    for row in found:
        if not _is_total(row):
            continue
        if row is not found[-1]:
            row.refuse(layout.NUMBER, _("the total stands below the last line"))
        stated = _parts(row, layout.AMOUNT, 100, most=10**13)
        if stated is not None and None not in lines and stated != total_fen:
            row.refuse(layout.AMOUNT, _("the lines add up to %(sum)s") % {"sum": f"{Decimal(total_fen) / 100:.2f}"})


def _line(row: Row, book: Rulebook) -> ListLine | None:
    """One line; ``None`` where a cell of it could not be read."""
    before = len(row.problems.found)
    goods = bool(row.text(layout.ITEM, required=False))
    names = {plain(title): code for code, title in rates.known(book).items()}
    given = {
        "kind": GOODS if goods else MONEY,
        "name": plain(row.text(layout.NAME, longest=40)),
        "id_number": _digits(row, layout.ID, required=True).upper(),
        "members": row.whole(layout.MEMBERS),
        "bank": row.text(layout.BANK, required=False, longest=80),
        "account": _digits(row, layout.ACCOUNT, required=False),
        "standard": "" if goods else row.choice(layout.STANDARD, names),
        "item": row.text(layout.ITEM, required=False, longest=40),
        "quantity_milli": _parts(row, layout.QUANTITY, 1000, most=10**9),
        "unit": row.text(layout.UNIT, required=False, longest=12),
        "amount_fen": _parts(row, layout.AMOUNT, 100, most=10**10),
    }
    if len(str(given["id_number"])) > LENGTH:
        row.refuse(layout.ID, _("this is no identity number: a digit is wrong, missing or too many"))
    if given["account"] and not ACCOUNT.fullmatch(str(given["account"])):
        row.refuse(layout.ACCOUNT, _("an account is 8 to 32 digits, letters and hyphens"))
    if given["members"] is not None and not 1 <= int(str(given["members"])) <= 50:
        row.refuse(layout.MEMBERS, _("a household has 1 to 50 members"))
    if goods and row.text(layout.STANDARD, required=False):
        row.refuse(layout.STANDARD, _("goods are not paid by a standard; leave it empty"))
    return ListLine.model_validate(given) if len(row.problems.found) == before else None


def _digits(row: Row, column: str, *, required: bool) -> str:
    """A long number, which must be text: as a number its last digits are lost without a word."""
    value = row.cells[column].value
    if isinstance(value, Decimal) and (column == layout.ID or value.adjusted() >= DIGITS_KEPT):
        said = _("stored as a number, so its last digits are lost; format the column as text and type it anew")
        row.refuse(column, said)
        return ""
    return re.sub(r"[\s']", "", row.code(column, required=required))


def _parts(row: Row, column: str, parts: int, *, most: int) -> int | None:
    """A number above zero in whole parts of one: fen of a yuan, thousandths of a quantity."""
    value = row.number(column, required=True)
    if value is None:
        return None
    if value * parts != (value * parts).to_integral_value() or not 0 < value * parts <= most:
        row.refuse(
            column,
            _("must be above zero and not so large, with at most %(count)s decimals") % {"count": len(str(parts)) - 1},
        )
        return None
    return int(value * parts)
