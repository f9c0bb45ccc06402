"""Stand-ins for the cases: what each remembers of its own record, as the setting AUDIT_HEADS asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from audit.journal import Fact, record
from audit.models import Entry
from audit.verify import Head

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
ACTS = ("file", "pass_township", "sign_joint", "admit", "approve")

#: case id -> what that case remembers.
REMEMBERED: dict[int, Head] = {}


def heads() -> Iterator[Head]:
    """The callable for AUDIT_HEADS."""
    return iter(sorted(REMEMBERED.values()))


def fact(**changes: Any) -> Fact:
    """A complete fact: Alice of Chengguan township files a project."""
    facts: dict[str, Any] = {
        "case_id": 7, "case_number": "P2026-00007", "case_title": "双联村道路硬化", "case_kind": "project",
        "root_id": 7, "act": "project.file", "actor_id": 3, "actor_name": "李明",
        "post": "village@shuanglian", "unit_id": 5, "unit_name": "双联村委会", "behalf_id": None,
        "behalf_name": "", "state_from": "draft", "state_to": "filed", "edition": "default 2026",
        "reason": "", "happened_at": AT, "recorded_at": AT, "late": False, "amount_fen": 26_700_000,
        "data": {"grant_fen": 15_000_000, "self_raised_fen": 11_700_000},
        "files": [("决议.pdf", "ab" * 32)], "money": [],
    }  # fmt: skip
    return Fact(**facts | changes)


def write(case_id: int, *, count: int, **changes: Any) -> list[Entry]:
    """A case with `count` entries, one an hour, that remembers them."""
    written: list[Entry] = []
    with transaction.atomic():
        for number in range(count):
            moment = AT + dt.timedelta(hours=number)
            facts = {
                "case_id": case_id, "case_number": f"P2026-{case_id:05d}", "root_id": case_id,
                "act": f"project.{ACTS[number % len(ACTS)]}", "state_from": f"s{number}",
                "state_to": f"s{number + 1}", "happened_at": moment, "recorded_at": moment,
            }  # fmt: skip
            prev = written[-1].hash if written else ""
            written.append(record(fact(**facts | changes), seq=number + 1, prev=prev))
    REMEMBERED[case_id] = Head(case_id, count, written[-1].hash, written[-1].state_to)
    return written
