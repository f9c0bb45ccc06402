"""The books against the record: every transfer was made by an act, and every act made what it says.

The ledger and the journal are written by one transaction and lie in two tables. Who alters one of them
leaves the other as it was; here the two are laid side by side, in memory that grows with the number of
transfers but not with their size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from audit.journal import facts_of
from audit.models import Entry
from audit.snapshot import numbers_without
from funds.models import Source, Transfer

#: In canonical JSON an act that moved nothing says exactly this; most acts are such.
NO_MONEY = b'"money":[]'
OPENED = "sources.open_source"
#: What entries written before there was such a column do not say.
SAID_LATER = ("county",)


def differences() -> Iterator[str]:
    """A line for each transfer or source that the books and the record do not agree on."""
    seen: dict[str, str] = {}
    opened: set[int] = set()
    for pks in numbers_without(NO_MONEY, or_act=OPENED):
        entries = list(Entry.objects.filter(pk__in=pks).order_by("pk"))
        yield from _transfers_of(entries, seen)
        yield from _sources_of([entry for entry in entries if entry.act == OPENED], opened)
    for pk, key in Transfer.objects.order_by("pk").values_list("pk", "key").iterator():
        if key not in seen:
            yield f"transfer {pk} {key}: no entry of the record made it"
    for pk in Source.objects.order_by("pk").values_list("pk", flat=True):
        if pk not in opened:
            yield f"source {pk}: no entry of the record opened it"


def _transfers_of(entries: Sequence[Entry], seen: dict[str, str]) -> Iterator[str]:
    """The transfers that the entries say they made, against those that are there."""
    said: dict[str, list[tuple[Entry, dict[str, Any]]]] = defaultdict(list)
    for entry in entries:
        facts = _facts_of(entry)
        if facts is None:
            yield f"entry {entry}: cannot be read"
            continue
        for fact in facts["money"]:
            said[fact["key"]].append((entry, fact))
    there = {transfer.key: transfer for transfer in Transfer.objects.filter(key__in=said)}
    for key, tellings in said.items():
        for entry, fact in tellings:
            if key in seen:
                yield f"transfer {key}: made twice, by {seen[key]} and by {entry}"
            seen.setdefault(key, str(entry))
            if key not in there:
                yield f"transfer {key}: missing; {entry} made it"
            else:
                yield from _compared(entry, fact, there[key])


def _compared(entry: Entry, fact: dict[str, Any], transfer: Transfer) -> Iterator[str]:
    stands = transfer.as_fact() | {"case_id": transfer.case_id, "happened_at": transfer.happened_at}
    made = fact | {"case_id": entry.root_id if entry.root_id > 0 else None, "happened_at": entry.happened_at}
    for name, value in stands.items():
        if made.get(name) != value:
            yield f"transfer {transfer.pk} {transfer.key}: {name} is {value}; {entry} says {made.get(name)}"


def _sources_of(entries: Sequence[Entry], opened: set[int]) -> Iterator[str]:
    """The sources that the entries opened, against those that are there."""
    said = {facts["data"]["source"]: (entry, facts["data"]) for entry in entries if (facts := _facts_of(entry))}
    there = Source.objects.in_bulk(list(said))
    for pk, (entry, data) in said.items():
        opened.add(pk)
        if pk not in there:
            yield f"source {pk}: missing; {entry} opened it"
            continue
        for name, value in there[pk].as_fact().items():
            if data.get(name, value if name in SAID_LATER else None) != value:
                yield f"source {pk}: {name} is {value}; {entry} says {data.get(name)}"


def _facts_of(entry: Entry) -> dict[str, Any] | None:
    """None where somebody altered the entry beyond reading."""
    try:
        facts = facts_of(entry)
        keys = [fact["key"] for fact in facts["money"]]
        readable = all(isinstance(key, str) for key in keys) and (entry.act != OPENED or "source" in facts["data"])
    except (ValueError, LookupError, TypeError):
        return None
    return facts if readable else None
