"""Drawing a sample that anybody can draw again: a pure function of population, method, size and seed.

docs/sampling.md specifies it to the byte, with test vectors, so that another language can repeat it.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

Method = Literal["simple", "systematic", "monetary_unit"]
WORD = 2**64


class CannotDraw(ValueError):
    """There is no such sample: it is larger than the population, or there is no money to draw by."""


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """One thing that may be drawn: its name in the books, and its amount in fen."""

    key: str
    fen: int


def ordered(items: Iterable[Item]) -> list[Item]:
    """The population in the order in which it is drawn from: by the bytes of the keys."""
    return sorted(items, key=lambda item: item.key.encode())


def as_text(items: Iterable[Item]) -> str:
    """The population as it is kept and digested: a line each, key, tab, fen."""
    return "".join(f"{item.key}\t{item.fen}\n" for item in ordered(items))


def of_text(text: str) -> list[Item]:
    """The inverse of :func:`as_text`."""
    parted = (line.rsplit("\t", 1) for line in text.splitlines())
    return [Item(key, int(fen)) for key, fen in parted]


def digest(items: Iterable[Item]) -> str:
    """SHA-256 of the population's text, in hex."""
    return hashlib.sha256(as_text(items).encode()).hexdigest()


def draw(items: Iterable[Item], *, method: Method, size: int, seed: str) -> tuple[str, ...]:
    """The keys drawn, in the population's order.

    By monetary units one item may be hit several times; it is named once, and then fewer than ``size`` are.

    Raises:
        CannotDraw: the size is below one or above the population, or no amount is above nought.
    """
    population = ordered(items)
    if not 1 <= size <= len(population):
        raise CannotDraw(f"{size} of {len(population)}")
    stream = _numbers(seed, digest(population))
    drawn = METHODS[method](population, size, stream)
    return tuple(population[place].key for place in sorted(drawn))


def _numbers(seed: str, about: str) -> Iterator[int]:
    """Numbers below 2^64: the first eight bytes of SHA-256 over seed, digest and a counter from nought on."""
    count = 0
    while True:
        block = hashlib.sha256(f"{seed}\n{about}\n{count}".encode()).digest()
        yield int.from_bytes(block[:8], "big")
        count += 1


def _below(bound: int, stream: Iterator[int]) -> int:
    """A number below ``bound``, every one as likely: what is above the last whole multiple is passed over."""
    whole = WORD - WORD % bound
    return next(number for number in stream if number < whole) % bound


def _simple(population: Sequence[Item], size: int, stream: Iterator[int]) -> set[int]:
    """Simple random: places are drawn until enough different ones are there."""
    drawn: set[int] = set()
    while len(drawn) < size:
        drawn.add(_below(len(population), stream))
    return drawn


def _systematic(population: Sequence[Item], size: int, stream: Iterator[int]) -> set[int]:
    """Systematic: from a random place on, at even steps, round the end."""
    count = len(population)
    start = _below(count, stream)
    return {(start + step * count // size) % count for step in range(size)}


def _monetary_unit(population: Sequence[Item], size: int, stream: Iterator[int]) -> set[int]:
    """By monetary units: a fen is as likely as any other, at even steps from a random one, round the end."""
    upto = list(accumulate(max(0, item.fen) for item in population))
    total = upto[-1]
    if total == 0:
        raise CannotDraw("nothing to draw by")
    start = _below(total, stream)
    return {bisect_right(upto, (start + step * total // size) % total) for step in range(size)}


METHODS: dict[str, Callable[[Sequence[Item], int, Iterator[int]], set[int]]] = {
    "simple": _simple,
    "systematic": _systematic,
    "monetary_unit": _monetary_unit,
}
