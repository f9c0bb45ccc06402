"""The household lists as the record knows them: prints of identity numbers, standards, months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflows.flags.story import Row, Story

#: Lists that stand here pay nobody.
ABSENT = ("draft", "withdrawn", "rejected")


@dataclass(frozen=True, slots=True)
class Listed:
    """One person on one list: his prints under every key then in use, what for, for which months, who listed him."""

    prints: tuple[str, ...]
    standard: str
    first: dt.date
    last: dt.date
    row: Row
    unit: tuple[int, str]
    township: tuple[int, str]

    def meets(self, other: Listed) -> bool:
        """Whether two lists may not both hold the person: months in common, another project or another unit.

        A project that pays a standard in parts of the year lists its people in each of them.
        """
        shared = self.first <= other.last and other.first <= self.last
        return self.row.case_id != other.row.case_id and (
            shared or self.row.root_id != other.row.root_id or self.unit[0] != other.unit[0]
        )


def listed(story: Story) -> Iterator[Listed]:
    """Everybody on the lists that stand, without the lines that were struck."""
    for rows in story.cases.values():
        if rows[0].kind != "household_batch" or rows[-1].state_to in ABSENT:
            continue
        loaded = [n for n, row in enumerate(rows) if "prints" in row.data]
        if not loaded:
            continue
        struck = _struck(rows[loaded[-1] + 1 :])
        first, last = (dt.date.fromisoformat(f"{rows[0].data[name]}-01") for name in ("first_month", "last_month"))
        row = rows[loaded[-1]]
        for position, standard, prints in row.data["prints"]:
            if position not in struck:
                yield Listed(tuple(prints), standard, first, last, row.slim, story.unit, story.township)


def _struck(rows: Sequence[Row]) -> set[int]:
    return {
        row.data["position"]
        for row in rows
        if row.act == "household_batch.drop_line" or row.data.get("verdict") == "strike"
        if "position" in row.data
    }
