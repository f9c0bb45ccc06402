"""Writing the record: one entry per act, in the act's own transaction, one INSERT."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import router, transaction

from audit.chain import GENESIS, canonical, digest, link
from audit.models import INDEXED, Entry
from audit.prepared import insert

#: Version of the payload's shape; readers refuse one they do not know.
FORMAT = 1


class NoTransaction(RuntimeError):
    """`record` was called outside the act's transaction: act and entry could part."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """What was done. All of it enters the payload, for good: no personal data may be in it."""

    case_id: int
    case_number: str
    case_title: str = ""
    case_kind: str
    #: The project that the case is or belongs to.
    root_id: int
    #: Code of the act: "project.file".
    act: str
    #: None where the clock acted.
    actor_id: int | None
    actor_name: str
    #: The post held at that time: "finance@tongjiang".
    post: str
    unit_id: int | None
    unit_name: str
    behalf_id: int | None
    behalf_name: str
    state_from: str
    state_to: str
    #: Code of the rulebook edition that the case is pinned to.
    edition: str
    reason: str
    happened_at: dt.datetime
    recorded_at: dt.datetime
    #: Entered afterwards (补录).
    late: bool
    #: What the act is about, in fen.
    amount_fen: int | None
    #: The form of the act, personal values already taken out or digested by the caller.
    data: Mapping[str, Any]
    #: Name and SHA-256 of each file of the act.
    files: Sequence[tuple[str, str]]
    #: The transfers that the act made.
    money: Sequence[Mapping[str, Any]]
    #: Of a late entry: request, reason, who approved it, which papers show it. Nothing where it is none.
    on_paper: Mapping[str, Any] | None = None
    #: What the act left changed: row ("case", or "project" for its project's) -> field -> value. No row, no outcome.
    outcome: Mapping[str, Mapping[str, Any]] | None = None


def record(fact: Fact, *, seq: int, prev: str) -> Entry:
    """Append one entry: number `seq` of its case, after the entry whose hash is `prev`.

    The caller holds the case's row lock and keeps count and head on the case's row; the first
    entry has `seq` 1 and `prev` GENESIS or "". Raises NoTransaction outside an atomic block and
    NotCanonical when the facts have no canonical form.
    """
    if not transaction.get_connection(router.db_for_write(Entry)).in_atomic_block:
        raise NoTransaction("journal.record() needs the act's transaction")
    facts = payload_of(fact, seq=seq, prev=prev or GENESIS)
    payload = canonical(facts)
    columns = {name: facts[name] for name in INDEXED}
    columns |= {"happened_at": fact.happened_at, "recorded_at": fact.recorded_at}
    entry = Entry(payload=payload, hash=link(prev=facts["prev_hash"], payload=payload), **columns)
    insert(entry)
    return entry


def payload_of(fact: Fact, *, seq: int, prev: str) -> dict[str, Any]:
    """Every fact of the entry, ready for `canonical`; the keys are specified in docs/record.md."""
    facts = {name: getattr(fact, name) for name in fact.__slots__}
    for name in ("outcome", "on_paper"):
        if facts[name] is None:
            del facts[name]
    return facts | {
        "format": FORMAT,
        "seq": seq,
        "prev_hash": prev,
        "happened_at": timestamp(fact.happened_at),
        "recorded_at": timestamp(fact.recorded_at),
        "data_sha256": digest(canonical(fact.data)),
        "files": [{"name": name, "sha256": sha256} for name, sha256 in fact.files],
    }


def timestamp(moment: dt.datetime) -> str:
    """The moment in UTC to the microsecond: 2026-03-01T08:00:00.000000Z. Refuses naive times."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs its time zone: {moment!r}")
    utc = moment.astimezone(dt.UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def facts_of(entry: Entry) -> dict[str, Any]:
    """The payload of a stored entry, parsed: the inverse of writing it.

    Raises ValueError where somebody put something else in its place.
    """
    try:
        facts = json.loads(entry.octets)
    except RecursionError as error:
        raise ValueError("the payload nests too deeply") from error
    if not isinstance(facts, dict):
        raise ValueError("the payload is not an object")
    return facts


def readable_facts(entry: Entry) -> dict[str, Any]:
    """As :func:`facts_of`, but nothing where the payload cannot be read any more: `audit verify` reports that."""
    try:
        return facts_of(entry)
    except ValueError:
        return {}
