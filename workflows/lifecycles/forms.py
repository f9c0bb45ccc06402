"""The forms of a project's acts: what the actor fills in. Amounts are fen, quantities thousandths."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from workflows.law import Data

Fen = Annotated[int, Field(ge=0, le=10**13)]


class Opened(Data):
    """A new application: whose, and what it is to be called."""

    unit_id: int
    title: Annotated[str, Field(min_length=2, max_length=120)]
    department: Literal["roads", "water", "agriculture"] = "roads"
    category: Literal["infrastructure", "industry", "social", "household"] = "infrastructure"
    plan_item_id: int | None = None


class Line(Data):
    """A line of the budget: quantity in thousandths of its unit, prices in fen."""

    item: Annotated[str, Field(min_length=1, max_length=80)]
    quantity_milli: Annotated[int, Field(gt=0, le=10**12)]
    unit: Annotated[str, Field(min_length=1, max_length=12)]
    unit_price_fen: Fen
    amount_fen: Fen


class Application(Data):
    """The filing form; a draft may leave anything out."""

    title: Annotated[str, Field(min_length=2, max_length=120)]
    department: Literal["roads", "water", "agriculture"] = "roads"
    category: Literal["infrastructure", "industry", "social", "household"] = "infrastructure"
    work_kind: Literal["works", "goods", "services"] = "works"
    quantity_milli: Annotated[int, Field(ge=0, le=10**12)] = 0
    quantity_unit: Annotated[str, Field(max_length=12)] = ""
    description: Annotated[str, Field(max_length=2000)] = ""
    benefit: Annotated[str, Field(max_length=1000)] = ""
    responsible: Annotated[str, Field(max_length=40)] = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    grant_fen: Fen = 0
    self_raised_fen: Fen = 0
    labour_fen: Fen = 0
    self_build: bool = False
    resolution_on: dt.date | None = None
    villagers_entitled: Annotated[int, Field(ge=0, le=100_000)] = 0
    villagers_present: Annotated[int, Field(ge=0, le=100_000)] = 0
    lines: Annotated[tuple[Line, ...], Field(max_length=60)] = ()


class Board(Data):
    """The sign-board at the site: since when it stands."""

    posted_on: dt.date
    paper: Literal["photos"] = "photos"


class Sign(Data):
    """A signature of the joint review."""

    agrees: bool


class Return(Data):
    """The earlier stage to correct something at."""

    stage: Literal["village", "township", "programme"]


class Grant(Data):
    """Which sources the grant comes from: source -> fen (资金拼盘)."""

    sources: dict[int, Fen]


class Amount(Data):
    """A new total after a change of plan."""

    total_fen: Fen


class Received(Data):
    """Money that came in: self-raised, or an overpayment returned."""

    amount_fen: Annotated[int, Field(gt=0, le=10**13)]


class LabourDone(Data):
    """Days that the villagers worked, in thousandths, and the source that says what a day counts for."""

    source_id: int
    days_milli: Annotated[int, Field(gt=0, le=10**9)]


class Repair(Data):
    """A repair paid from the retention, and who made it."""

    amount_fen: Annotated[int, Field(gt=0, le=10**13)]
    payee: Annotated[str, Field(min_length=2, max_length=80)]
