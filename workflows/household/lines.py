"""A line of a list as it is handed in, and everything that may be wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import ConfigDict, Field

from funds.money import yuan
from workflows import words
from workflows.household import layout, rates
from workflows.household.identity import is_identity
from workflows.household.months import Months
from workflows.law import Data
from workflows.rulebook.codes import WHOLE_UNITS
from workflows.rulebook.schema import Rulebook

MONEY, GOODS = "money", "goods"
#: No village is larger, and an act's transfers stay readable as one entry.
LINES_MAX = 2_000

Account = Annotated[str, Field(max_length=32, pattern=r"^([0-9A-Za-z-]{8,32})?$")]


class ListLine(Data):
    """Who gets what: money to an account by a standard, or goods in kind at a value. Numbers in full.

    Neither its text nor an error about it shows the two numbers.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    kind: Literal["money", "goods"]
    name: Annotated[str, Field(min_length=1, max_length=40)]
    id_number: Annotated[str, Field(min_length=1, max_length=20, repr=False)]
    members: Annotated[int, Field(ge=1, le=50)]
    bank: Annotated[str, Field(max_length=80)] = ""
    account: Account = Field(default="", repr=False)
    standard: Annotated[str, Field(max_length=40)] = ""
    item: Annotated[str, Field(max_length=40)] = ""
    quantity_milli: Annotated[int, Field(gt=0, le=10**9)]
    unit: Annotated[str, Field(max_length=12)] = ""
    amount_fen: Annotated[int, Field(gt=0, le=10**10)]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a line: which (from 0), in which column, and why."""

    line: int
    column: str
    message: str


def faults(lines: Sequence[ListLine], *, book: Rulebook, months: Months) -> Iterator[Fault]:
    """Everything that is wrong with a list by itself, in its order."""
    twins: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        if not is_identity(line.id_number):
            yield Fault(number, layout.ID, _("this is no identity number: a digit is wrong, missing or too many"))
        if line.kind == GOODS:
            for column in (layout.ITEM, layout.UNIT):
                if not getattr(line, layout.FIELDS[column]):
                    yield Fault(number, column, _("goods need it"))
            continue
        for column in (layout.BANK, layout.ACCOUNT):
            if not getattr(line, layout.FIELDS[column]):
                yield Fault(number, column, _("without it nothing can be paid"))
        twins[line.id_number, line.standard].append(number)
        yield from _of_money(number, line, book, months)
    for same in twins.values():
        for number in same[1:]:
            yield Fault(
                number,
                layout.ID,
                _("the same person stands under the same standard in line %(line)s") % {"line": same[0] + 1},
            )


def _of_money(number: int, line: ListLine, book: Rulebook, months: Months) -> Iterator[Fault]:
    """What the standard has against a line."""
    if line.standard not in (names := rates.known(book)):
        yield Fault(
            number, layout.STANDARD, _("the rulebook has these: %(names)s") % {"names": words.listed(names.values())}
        )
        return
    due = rates.due_fen(book, line.standard, line.quantity_milli, months)
    if due is None:
        said = _("no rate of “%(name)s” is in force in each month of %(months)s")
        yield Fault(number, layout.STANDARD, said % {"name": names[line.standard], "months": months})
        return
    rate = rates.rate_on(book, line.standard, months.first)
    assert rate is not None
    unit, quantity_milli = rate.unit.value, line.quantity_milli
    if unit in WHOLE_UNITS and quantity_milli % 1000:
        yield Fault(number, layout.QUANTITY, _("this must be a whole number"))
    elif unit == "person" and quantity_milli > line.members * 1000:
        yield Fault(number, layout.QUANTITY, _("the household has %(members)s members") % {"members": line.members})
    elif unit == "household" and quantity_milli != 1000:
        yield Fault(number, layout.QUANTITY, _("this standard is paid once to a household"))
    if line.amount_fen != due:
        said = _("standard times quantity for %(months)s is %(due)s yuan, not %(amount)s")
        yield Fault(number, layout.AMOUNT, said % {"months": months, "due": yuan(due), "amount": yuan(line.amount_fen)})
