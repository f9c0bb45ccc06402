"""The forms of a household batch's acts: what the actor fills in. Amounts are fen, quantities thousandths."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from workflows.household.lines import LINES_MAX, ListLine
from workflows.household.months import PATTERN
from workflows.law import Data

Month = Annotated[str, Field(min_length=7, max_length=7, pattern=PATTERN)]
Position = Annotated[int, Field(ge=1, le=LINES_MAX)]
Name = Annotated[str, Field(min_length=2, max_length=40)]


class Opened(Data):
    """A batch: for which months, both included."""

    first_month: Month
    last_month: Month


class Listed(Data):
    """The list, which replaces what was there."""

    lines: Annotated[tuple[ListLine, ...], Field(min_length=1, max_length=LINES_MAX)]


class Objected(Data):
    """An objection to one line, by name or anonymous."""

    position: Position
    objector: Annotated[str, Field(max_length=40)] = ""
    text: Annotated[str, Field(min_length=2, max_length=2000)]


class Decided(Data):
    """The verdict on one objection; a changed line has a new quantity, and the amount that follows from it."""

    objection_id: int
    verdict: Literal["dismiss", "strike", "change"]
    quantity_milli: Annotated[int, Field(gt=0, le=10**9)] | None = None


class BankAnswer(Data):
    """What the bank says to one order; made of a :class:`workflows.payments.bankfile.ResultLine` as well."""

    model_config = ConfigDict(from_attributes=True)

    order: Annotated[str, Field(min_length=1, max_length=40)]
    fen: Annotated[int, Field(gt=0, le=10**13)]
    paid: bool
    reason: Annotated[str, Field(max_length=200)] = ""
    bank_reference: Annotated[str, Field(max_length=60)] = ""
    paid_on: dt.date | None = None


class Answered(Data):
    """What the bank says to some orders or to all."""

    answers: Annotated[tuple[BankAnswer, ...], Field(min_length=1, max_length=LINES_MAX)]


class Corrected(Data):
    """The right account of a line that the bank returned."""

    position: Position
    bank: Annotated[str, Field(min_length=2, max_length=80)]
    account: Annotated[str, Field(min_length=8, max_length=32, pattern=r"^[0-9A-Za-z-]+$", repr=False)]


class Dropped(Data):
    """A line that is not paid after all."""

    position: Position


class Receipts(Data):
    """Goods that were signed for: which lines (empty: all that are left), when, who gave them out, who stood by."""

    positions: Annotated[str, Field(max_length=200, pattern=r"^[0-9０-９ ,，、-]*$")] = ""
    handed_on: dt.date
    distributor: Name
    cadre: Name
    paper: Literal["receipt_sheet"] = "receipt_sheet"
