"""The prints of identity numbers that a list leaves in the record: equals can be found, nobody can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workflows.secrecy import fingerprints

#: 128 of the 256 bits: equals are found as surely, at half the size of an entry that stays for good.
LENGTH = 32


def of_number(number: str) -> list[str]:
    """Its prints under every key in use, so that lists from before and after a change of keys can be compared."""
    return [whole[:LENGTH] for whole in fingerprints(number)]


def of_lines(lines: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """Position, standard and prints of each line of a list as it was handed in."""
    return [[n, line["standard"], of_number(line["id_number"])] for n, line in enumerate(lines, 1)]
