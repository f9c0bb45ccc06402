"""Receipts for people without an account: a code, shown once, by which they follow what they said.

The code itself is nowhere kept, only its SHA-256; whoever reads the database cannot follow anything with it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflows.lifecycles.complaint import Complaint
from workflows.lifecycles.notice_rows import Objection
from workflows.receipt_codes import digest, issue, plain, well_formed

__all__ = ["Followed", "digest", "find", "issue", "plain", "well_formed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """What whoever holds a receipt may know of what he said: nothing that tells who he is."""

    kind: str
    number: str
    received_at: dt.datetime
    due_on: dt.date | None
    state_words: str
    answer: str
    answered_at: dt.datetime | None


def find(code: str) -> Followed | None:
    """What became of the objection or complaint that was given this code; ``None`` where there is none."""
    if not well_formed(code):
        return None
    kept = digest(code)
    said = Objection.objects.select_related("notice__edition").filter(receipt_sha256=kept).first()
    if said is not None:
        return _objection(said)
    told = Complaint.objects.select_related("edition").filter(receipt_sha256=kept).first()
    return _complaint(told) if told is not None else None


def _objection(said: Objection) -> Followed:
    return Followed(
        kind="objection", number=str(said.notice.number), received_at=said.received_at, due_on=said.due_on,
        state_words=said.state_words, answer=said.answer, answered_at=said.answered_at,
    )  # fmt: skip


def _complaint(told: Complaint) -> Followed:
    return Followed(
        kind="complaint", number=str(told.number), received_at=told.received_at, due_on=told.due_on,
        state_words=told.outcome, answer=told.answer, answered_at=told.answered_at,
    )  # fmt: skip
