"""What a household is due: the rulebook's rate of each month times the quantity, to the fen."""

from __future__ import annotations

import datetime as dt

from workflows.household.months import Months
from workflows.rulebook.schema import Rulebook, Standard


def rate_on(book: Rulebook, code: str, day: dt.date) -> Standard | None:
    """The rate of a standard that is in force on a day."""
    return next((one for one in book.standards if one.code.value == code and one.holds_on(day)), None)


def known(book: Rulebook) -> dict[str, str]:
    """Code -> name of every standard of the rulebook, in its order."""
    return {one.code.value: one.title.value for one in book.standards}


def months_due(book: Rulebook, code: str, months: Months) -> list[dt.date]:
    """The months for which a standard is due: each of them, or the first alone where it is paid once."""
    monthly = any(one.every.value == "month" for one in book.standards if one.code.value == code)
    return list(months) if monthly else [months.first]


def due_fen(book: Rulebook, code: str, quantity_milli: int, months: Months) -> int | None:
    """What is due for a quantity over the months; ``None`` where no rate is in force in one of them.

    A month is paid at the rate of its first day. A fraction of a fen, which only a fraction of a unit
    can make, is dropped once, from the sum.
    """
    total = 0
    for month in months_due(book, code, months):
        rate = rate_on(book, code, month)
        if rate is None:
            return None
        total += rate.rate_fen.value * quantity_milli
    return total // 1000
