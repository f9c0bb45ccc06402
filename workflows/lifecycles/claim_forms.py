"""The forms of a claim's acts: what the actor fills in. Amounts are fen."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from workflows.law import Data

Fen = Annotated[int, Field(gt=0, le=10**13)]
Code = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z-]+$")]
Name = Annotated[str, Field(min_length=2, max_length=80)]
Account = Annotated[str, Field(min_length=8, max_length=32, pattern=r"^[0-9A-Za-z-]+$")]


class InvoiceLine(Data):
    """An invoice: its code and number, date, seller and amount."""

    code: Code
    number: Code
    issued_on: dt.date
    seller: Name
    amount_fen: Fen

    @staticmethod
    def key_of(code: str, number: str) -> str:
        """Code and number in one, as an invoice is named."""
        return f"{code} {number}"


class InvoiceFile(Data):
    """Which invoice of the claim a scan shows."""

    invoice: Annotated[str, Field(min_length=3, max_length=41)]
    paper: Literal["invoice"] = "invoice"


class Cut(Data):
    """What a reviewer leaves of an invoice, and why not all of it."""

    code: Code
    number: Code
    approved_fen: Annotated[int, Field(ge=0, le=10**13)]
    cut_reason: Annotated[str, Field(max_length=200)] = ""

    @property
    def key(self) -> str:
        """Code and number in one."""
        return InvoiceLine.key_of(self.code, self.number)


class Cuts(Data):
    """A partial approval: the invoices line by line."""

    cuts: Annotated[tuple[Cut, ...], Field(min_length=1, max_length=60)]


class Checked(Data):
    """The township's check: the day on its opinion; today where none is given."""

    checked_on: dt.date | None = None


class Payee(Data):
    """Who is paid, and at which account of which bank."""

    payee: Name
    bank: Name
    account: Account


class Opened(Data):
    """What is claimed: the tranche, the amount, the payee, the invoices; a draft may leave the account out."""

    tranche: Annotated[str, Field(min_length=1, max_length=40)]
    amount_fen: Fen
    #: The day on the application; today where none is given.
    applied_on: dt.date | None = None
    payee: Name
    bank: Name | None = None
    account: Account | None = None
    invoices: Annotated[tuple[InvoiceLine, ...], Field(max_length=60)] = ()


class Answer(Data):
    """What a bank says about an order: which one, and how much it was."""

    order_number: Annotated[str, Field(min_length=1, max_length=30)]
    ordered_fen: Fen


class Settled(Answer):
    """It was paid: under which reference of the bank's, and when."""

    bank_reference: Annotated[str, Field(min_length=1, max_length=60)]
    paid_on: dt.date
