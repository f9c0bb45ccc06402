"""The demo county's three files, typed and strict: an unknown or missing key fails the tests."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoUnit:
    """A unit of an office, seated in an area of the plan."""

    code: str
    name: str
    office: str
    area: str
    legal_representative: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """One person with one post; `login` marks the office's account on the demo's login page."""

    username: str
    name: str
    title: str
    unit: str
    login: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSource:
    """Money with its five unchangeable facts (五不变), amount in fen."""

    code: str
    name: str
    kind: str
    manager: str
    channel: str
    purpose: str
    nature: str
    procedure: str
    document_number: str
    months_ago: int
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLine:
    """A budget line: quantity times unit price is the amount, to the fen."""

    item: str
    quantity_milli: int
    unit: str
    unit_price_fen: int
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoProject:
    """A project, and how far the demo takes it.

    `item` is its plan item's code, `unit` its village's. `grant_from` gives each source's part of
    the grant. `idle_days` since the last act count back from the day of loading.
    """

    item: str
    name: str
    category: str
    department: str
    kind: str
    unit: str
    quantity_milli: int
    quantity_unit: str
    description: str
    benefit: str
    responsible: str
    villagers_entitled: int
    villagers_present: int
    grant_fen: int
    self_raised_fen: int
    labour_fen: int
    illustrative: bool
    grant_from: dict[str, int]
    lines: tuple[DemoLine, ...]
    stage: str
    idle_days: int
    measured: tuple[int, ...] = ()
    unsigned: int = 0
    progress_paid: bool = False
    claim: str = ""
    order: str = ""
    returns: int = 0
    notice: str = ""
    audit: str = ""


@lru_cache(maxsize=1)
def units() -> tuple[DemoUnit, ...]:
    """The offices of the demo county."""
    return tuple(DemoUnit(**row) for row in _read("cast")["units"])


@lru_cache(maxsize=1)
def people() -> tuple[DemoPerson, ...]:
    """Everyone with an account."""
    return tuple(DemoPerson(**row) for row in _read("cast")["people"])


@lru_cache(maxsize=1)
def sources() -> tuple[DemoSource, ...]:
    """Where the grants come from."""
    return tuple(DemoSource(**row) for row in _read("sources")["sources"])


@lru_cache(maxsize=1)
def projects() -> tuple[DemoProject, ...]:
    """The projects, in the order of their plan items."""
    return tuple(_project(row) for row in _read("projects")["projects"])


def _project(row: dict[str, Any]) -> DemoProject:
    lines = tuple(DemoLine(**_in_milli(line)) for line in row["lines"])
    return DemoProject(**{**_in_milli(row), "lines": lines})


def _in_milli(row: dict[str, Any]) -> dict[str, Any]:
    """A quantity written as people write it ("11.4") in thousandths of its unit."""
    rest = {name: value for name, value in row.items() if name != "quantity"}
    return {**rest, "quantity_milli": int(Decimal(row["quantity"]) * 1000)}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("approvals.demo") / f"{name}.toml").read_text(encoding="utf-8"))
