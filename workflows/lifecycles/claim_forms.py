"""The forms of a claim's acts: what the actor fills in. Amounts are fen."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

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


class Payee(Data):
    """Who is paid, and at which account of which bank."""

    payee: Name
    bank: Name
    account: Account


class Opened(Data):
    """What is claimed: the tranche, the amount, the payee, the invoices; a draft may leave the account out."""

    tranche: Annotated[str, Field(min_length=1, max_length=40)]
    amount_fen: Fen
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
