"""The code of a receipt: random, read out over a telephone without mistakes, kept only as its digest."""

from __future__ import annotations

import hashlib
import secrets

#: Without letters that look like digits (Crockford); 16 places are 80 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PLACES, GROUP = 16, 4
#: What a hand writes for what was meant.
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def issue() -> str:
    """A new code, to be shown once and forgotten: ``4F7K-92QX-…``."""
    return written("".join(secrets.choice(ALPHABET) for _n in range(PLACES)))


def written(places: str) -> str:
    """The places in groups, as they are read out."""
    return "-".join(places[n : n + GROUP] for n in range(0, PLACES, GROUP))


def plain(code: str) -> str:
    """The code as it was meant: capitals, no separators, no letter that looks like a digit."""
    return "".join(one for one in code.upper() if one.isascii() and one.isalnum()).translate(MISREAD)


def well_formed(code: str) -> bool:
    """Whether it could be a code of ours."""
    meant = plain(code)
    return len(meant) == PLACES and set(meant) <= set(ALPHABET)


def digest(code: str) -> str:
    """What is kept of a code; nothing of an empty one."""
    return hashlib.sha256(plain(code).encode()).hexdigest() if code else ""
