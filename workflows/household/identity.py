"""The number of an identity card (公民身份号码, GB 11643-1999), and what of a person may hang on a board."""

from __future__ import annotations

import datetime as dt
import re

LENGTH = 18
#: Weights of the first seventeen places and the sign for each remainder of their sum by 11 (GB 11643, 6.2).
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SIGNS = "10X98765432"
SHAPE = re.compile(r"[1-9]\d{16}[\dX]")
HIDDEN = "*"


def is_identity(number: str) -> bool:
    """Whether it can be somebody's number: shape, day of birth and check sign agree. ASCII digits, X in capitals."""
    if not SHAPE.fullmatch(number) or not number[:-1].isascii():
        return False
    try:
        dt.datetime.strptime(number[6:14], "%Y%m%d").replace(tzinfo=dt.UTC)
    except ValueError:
        return False
    return check_sign(number[:-1]) == number[-1]


def check_sign(first: str) -> str:
    """The eighteenth place to the seventeen before it."""
    return SIGNS[sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True)) % len(SIGNS)]


def masked_name(name: str) -> str:
    """A name with one character hidden: 王小明 is 王*明, 王明 is 王*. Neighbours know who it is, strangers do not."""
    if len(name) < 2:
        return HIDDEN * len(name)
    return f"{name[0]}{HIDDEN}{name[2:]}"
