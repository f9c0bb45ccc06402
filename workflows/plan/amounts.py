"""Numbers of a plan: 万元 to fen without a rounding, shares, and what a garbled source can say."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

from workflows.plan.grid import Row

FEN_PER_WAN = 1_000_000
#: The largest amount that one transfer of the ledger carries.
AMOUNT_FEN_MAX = 10**13

#: Digits the publisher blanked out: XX0亩, 20xx, 20_.
MASKED = re.compile(r"\d*(?:[xX×＊*]{2,}|_+)\d*")
#: A letter standing where a digit was read wrongly: l5069.5, l56处, l处, 5O0.
MISREAD = re.compile(r"(?<![A-Za-z])[lI](?![A-Za-z])|(?<=\d)O|O(?=\d)")


def amount_fen(row: Row, column: str, *, required: bool = False) -> int | None:
    """An amount given in 万元, as fen. Refuses what is finer than a fen; never rounds."""
    wan = row.number(column, required=required)
    if wan is None:
        return None
    fen = wan * FEN_PER_WAN
    if fen > AMOUNT_FEN_MAX:
        row.refuse(column, _("this is more than one account may hold"))
        return None
    if fen != fen.to_integral_value():
        row.refuse(column, _("this is finer than a fen: at most 6 decimals of 万元"))
        return None
    return int(fen)


def share_permille(*, part_fen: int, total_fen: int) -> int:
    """The share of a part in permille, rounded half up as plans print it (34.0%, 15.9%)."""
    return (2000 * part_fen + total_fen) // (2 * total_fen) if total_fen else 0


def is_garbled(text: str) -> bool:
    """Whether a source text is masked or misread somewhere."""
    return bool(MASKED.search(text) or MISREAD.search(text))


def legible(text: str) -> set[Decimal]:
    """The numbers that a source text gives: masked ones are none, `l` is read as 1, `O` as 0."""
    clear = MASKED.sub(" ", unicodedata.normalize("NFKC", text))
    read = MISREAD.sub(lambda hit: "0" if hit[0] == "O" else "1", clear)
    return {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", read)}


def check_source(row: Row, *, text: str, doubt: str, doubt_column: str, values: dict[str, Decimal | None]) -> None:
    """Hold numbers (by column) against the source's own words.

    A garbled text needs its mark; a number that cannot be read in the text was invented.
    """
    if is_garbled(text) and not doubt:
        row.refuse(doubt_column, _("the source text is masked or misread there: say so here"))
    if not text:
        return
    readable = legible(text)
    for column, value in values.items():
        if value is not None and value not in readable:
            row.refuse(
                column,
                _("the source text does not give this number; leave it empty where it is masked"),
            )
