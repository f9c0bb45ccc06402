"""The months that a payment is for: `2026-03` to `2026-05`, both included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

#: As a form takes it.
PATTERN = r"^(20\d\d)-(0[1-9]|1[0-2])$"
MONTHS_MAX = 12


@dataclass(frozen=True, slots=True)
class Months:
    """From the first day of one month to the first day of another or the same."""

    first: dt.date
    last: dt.date

    @classmethod
    def read(cls, first: str, last: str) -> Months:
        """From two texts of the shape of PATTERN."""
        return cls(dt.date.fromisoformat(f"{first}-01"), dt.date.fromisoformat(f"{last}-01"))

    def __iter__(self) -> Iterator[dt.date]:
        """The first day of each of them."""
        for number in range(len(self)):
            year, month = divmod(self.first.month - 1 + number, 12)
            yield dt.date(self.first.year + year, month + 1, 1)

    def __len__(self) -> int:
        return max(0, (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1)

    def __str__(self) -> str:
        first, last = f"{self.first:%Y-%m}", f"{self.last:%Y-%m}"
        return first if first == last else f"{first}–{last}"
