"""From the journal to families: the entries of each project, one project in memory at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from audit import journal
from audit.models import Entry
from workflows.checks.family import Family, Row, as_int
from workflows.editions import Editions

#: Projects asked for in one statement.
AT_ONCE = 1000
#: Entries fetched in one go.
CHUNK = 500
#: What is read of an entry: its place, and its payload, which says the rest. Where that cannot be read, the times too.
READ = ("root_id", "case_id", "case_number", "case_kind", "seq", "payload")


def families(roots: Iterable[int] | None = None) -> Iterator[Family]:
    """Every project's record, or that of some projects, in the order of their numbers.

    Chains that belong to no project, which have no number above nought, are left out.
    """
    editions = Editions()
    if roots is None:
        yield from _grouped(Entry.objects.filter(root_id__gt=0), editions)
        return
    wanted = sorted(set(roots))
    for start in range(0, len(wanted), AT_ONCE):
        yield from _grouped(Entry.objects.filter(root_id__in=wanted[start : start + AT_ONCE]), editions)


def family(root_id: int) -> Family:
    """The record of one project."""
    return next(families([root_id]), None) or Family(root_id, ())


def _grouped(entries: Any, editions: Editions) -> Iterator[Family]:
    ordered = entries.only(*READ).order_by("root_id", "id").iterator(chunk_size=CHUNK)
    for root_id, group in groupby(ordered, key=lambda entry: entry.root_id):
        yield Family(root_id, [row_of(entry, editions) for entry in group])


def row_of(entry: Entry, editions: Editions) -> Row:
    """An entry for the checks: what counts is its payload, the columns only say which entry it is.

    A payload that cannot be read says nothing: then the row has no form, which `audit verify` names.
    """
    facts = journal.readable_facts(entry)
    return Row(
        entry_id=entry.pk,
        case_id=entry.case_id,
        case_number=entry.case_number or f"{entry.case_kind} {entry.case_id}",
        title=_text(facts, "case_title"),
        kind=entry.case_kind,
        seq=entry.seq,
        act=_text(facts, "act"),
        actor_id=as_int(facts.get("actor_id")),
        actor_name=_text(facts, "actor_name"),
        behalf_id=as_int(facts.get("behalf_id")),
        behalf_name=_text(facts, "behalf_name"),
        unit_id=as_int(facts.get("unit_id")),
        state_from=_text(facts, "state_from"),
        state_to=_text(facts, "state_to"),
        edition=_text(facts, "edition"),
        book=editions.book(_text(facts, "edition")),
        reason=_text(facts, "reason"),
        late=facts.get("late") is True,
        amount_fen=as_int(facts.get("amount_fen")),
        happened_at=_moment(facts, "happened_at") or entry.happened_at,
        recorded_at=_moment(facts, "recorded_at") or entry.recorded_at,
        data=facts["data"] if isinstance(facts.get("data"), dict) else {},
        files=tuple(file["sha256"] for file in _lines(facts, "files") if isinstance(file.get("sha256"), str)),
        money=tuple(
            (str(moved.get("kind")), moved["fen"]) for moved in _lines(facts, "money") if as_int(moved.get("fen"))
        ),
    )


def _text(facts: Mapping[str, Any], name: str) -> str:
    said = facts.get(name)
    return said if isinstance(said, str) else ""


def _moment(facts: Mapping[str, Any], name: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(_text(facts, name))
    except ValueError:
        return None


def _lines(facts: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    said = facts.get(name)
    return [line for line in said if isinstance(line, dict)] if isinstance(said, list) else []
