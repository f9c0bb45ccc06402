"""Amounts of money: whole fen inside, yuan or ten thousand yuan (万元) on paper.

An amount is an `int` of fen from the form to the database and back. It never becomes a float or a
database decimal on the way: SQLite keeps decimals as binary fractions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Largest amount of one source or transfer, 10^11 yuan: far above any county's year, and low
#: enough that a sum of them never overflows a 64-bit column.
FEN_MAX: Final = 10**13
FEN_PER_YUAN: Final = 100
FEN_PER_WAN: Final = 10_000 * FEN_PER_YUAN

_TEXT_LENGTH_MAX: Final = 40
_AMOUNT: Final = re.compile(
    r"¥?\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?\s*(?P<unit>万元|万|元)?"
)


class AmountRefused(ValueError):
    """A text that is not an amount of money; the message says why, in the reader's language."""

    message: Promise | str = ""

    def __str__(self) -> str:
        return str(self.message)


class NotAnAmount(AmountRefused):
    message = _("Enter an amount in yuan, such as 125,000.00, or in ten thousands, such as 12.5万.")


class FractionOfFen(AmountRefused):
    message = _("The amount is finer than one fen.")


class TooLarge(AmountRefused):
    message = _("The amount is too large.")


def parse(text: str) -> int:
    """The fen that `text` says, exactly. Inverse of :func:`yuan`, of :func:`wan` with 万 behind.

    Yuan unless 万 or 万元 follows; separators only between thousands; full-width forms accepted.
    Raises NotAnAmount (also for signs, exponents and NaN), FractionOfFen, TooLarge.
    """
    found = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).strip()) if len(text) <= _TEXT_LENGTH_MAX else None
    if found is None:
        raise NotAnAmount
    decimals = 6 if (found["unit"] or "").startswith("万") else 2
    part = (found["part"] or "").rstrip("0")
    if len(part) > decimals:
        raise FractionOfFen
    fen = int(found["whole"].replace(",", "") + part.ljust(decimals, "0"))
    if fen > FEN_MAX:
        raise TooLarge
    return fen


def yuan(fen: int) -> str:
    """`fen` as yuan with two decimals and thousands separators: 28820400 -> "288,204.00"."""
    sign, whole, part = _split(fen, FEN_PER_YUAN)
    return f"{sign}{whole:,}.{part:02d}"


def wan(fen: int) -> str:
    """`fen` as ten thousand yuan, with as many decimals as it takes: 26700000 -> "26.7"."""
    sign, whole, part = _split(fen, FEN_PER_WAN)
    return f"{sign}{whole:,}" + f".{part:06d}".rstrip("0").rstrip(".")


def largest_remainder(fen: int, *, weights: Mapping[int, int]) -> dict[int, int]:
    """`fen` in whole parts proportional to `weights`, summing exactly (Hamilton's method).

    What rounding down leaves goes by single fen to the largest remainders, ties to the smaller
    key. Where `fen` is at most the sum of the weights, no part exceeds its weight.
    """
    whole = sum(weights.values())
    parts = {name: fen * weight // whole for name, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda name: (-(fen * weights[name] % whole), name))
    for name in by_remainder[: fen - sum(parts.values())]:
        parts[name] += 1
    return parts


def permille_down(fen: int, permille: int) -> int:
    """A share of an amount, rounded down to the fen (舍去): a ceiling is never passed by rounding.

    Parts that are differences of two such shares sum exactly, whatever their number.
    """
    return fen * permille // 1000


def percent(permille: int) -> str:
    """A share as people write it, without idle zeros: 305 -> 30.5%, -200 -> -20%."""
    whole, part = divmod(abs(permille), 10)
    return f"{'-' if permille < 0 else ''}{whole}{f'.{part}' if part else ''}%"


def _split(fen: int, unit_fen: int) -> tuple[str, int, int]:
    # A float or a Decimal here is a programmer's error that rounding would hide.
    if type(fen) is not int:
        raise TypeError(f"fen must be an int, not {type(fen).__name__}")
    return ("-" if fen < 0 else "", *divmod(abs(fen), unit_fen))
