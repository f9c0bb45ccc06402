"""What a plan workbook says, once every check has passed. Plain frozen values, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a workbook; no `sheet` and `cell` when the file itself is wrong."""

    sheet: str
    cell: str
    message: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}: {self.message}" if self.sheet else self.message


class PlanRefused(Exception):
    """The workbook is not a plan that may be loaded. Carries every problem found, not the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One of the plan's money categories; `share_permille` is rounded as the plan prints it."""

    code: str
    name: str
    amount_fen: int
    share_permille: int
    source_text: str
    garbled: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A quantity the plan promises, over all its years and in the first one.

    `None` means the source does not say or masks it: an unknown number stays unknown.
    """

    code: str
    name: str
    category: str
    unit: str
    quantity: Decimal | None
    first_year_quantity: Decimal | None
    source_text: str
    first_year_source_text: str
    garbled: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanArea:
    """A place of the plan. `level` is province, city, county, township or village.

    `cell` is where the workbook says so.
    """

    code: str
    name: str
    level: str
    parent: str
    source: str
    garbled: str
    cell: str = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One part of an item with its own amount; the lines of an item add up to it."""

    name: str
    quantity: Decimal | None
    unit: str
    amount_fen: int
    source_text: str
    garbled: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """One project the plan foresees.

    `amount_fen` is the source's; `illustrative_fen` is a demonstration's proposal and stands only
    where the source gives none. `year` counts the plan's years from 1. `sources` pairs a funding
    kind with fen. `garbled` says what in the source is unreadable, masked or absent.
    """

    code: str
    name: str
    category: str
    department: str
    area: str
    kind: str
    year: int | None
    measure: str
    quantity: Decimal | None
    unit: str
    amount_fen: int | None
    illustrative_fen: int | None
    sources: tuple[tuple[str, int], ...]
    lines: tuple[PlanLine, ...]
    source: str
    source_text: str
    garbled: str
    cell: str = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole plan. `start_year` is None where the source masks it."""

    title: str
    source: str
    years: int
    start_year: int | None
    total_fen: int
    categories: tuple[Category, ...]
    measures: tuple[Measure, ...]
    areas: tuple[PlanArea, ...]
    items: tuple[PlanItem, ...]
    garbled: tuple[tuple[str, str], ...]

    @property
    def marked(self) -> int:
        """How many rows carry a mark of doubt."""
        marks = [each.garbled for each in self.categories] + [each.garbled for each in self.measures]
        marks += [each.garbled for each in self.areas] + [each.garbled for each in self.items]
        return len([mark for mark in marks if mark])

    def place(self, area: str) -> Mapping[str, PlanArea]:
        """The areas from `area` up to its root, by level: {"village": ..., "township": ...}."""
        by_code = {each.code: each for each in self.areas}
        found: dict[str, PlanArea] = {}
        here = by_code.get(area)
        while here is not None:
            found[here.level] = here
            here = by_code.get(here.parent)
        return found
