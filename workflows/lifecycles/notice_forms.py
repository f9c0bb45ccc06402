"""The forms of a notice's acts: what the actor fills in."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from workflows.law import Data
from workflows.rulebook.codes import NoticeKind, Place

Referral = Literal["discipline", "justice"]
#: A receipt's code as it is shown (:mod:`workflows.receipts`); empty where none was given.
Receipt = Annotated[str, Field(max_length=24, repr=False)]
Contact = Annotated[str, Field(max_length=120, repr=False)]


class Opened(Data):
    """A notice: for what, with the text the law demands and where to complain."""

    purpose: NoticeKind
    about_id: int | None = None
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    hotline: Annotated[str, Field(min_length=5, max_length=40)]
    address: Annotated[str, Field(min_length=2, max_length=120)]


class Posted(Data):
    """Evidence that the notice hangs in one of its places, and who hung it."""

    place: Place
    posted_on: dt.date
    poster: Annotated[str, Field(min_length=2, max_length=40)]
    paper: Literal["evidence"] = "evidence"


class Objected(Data):
    """An objection, by name or anonymous."""

    objector: Annotated[str, Field(max_length=40)] = ""
    contact: Contact = ""
    text: Annotated[str, Field(min_length=2, max_length=2000)]
    receipt: Receipt = ""


class Answered(Data):
    """The answer to one objection."""

    objection_id: int
    upheld: bool
    #: Where an upheld matter goes back to; left out, to the stage before.
    stage: Literal["village", "township", "programme"] | None = None


class Referred(Data):
    """An objection that others must look into."""

    objection_id: int
    referred_to: Referral
