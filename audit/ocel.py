"""The record as an object-centric event log: OCEL 2.0 in JSON. Cases, people, units and editions are its objects.

An event belongs to its own case alone; that the case is part of a project stands with the case. So a log
flattened to one kind of case holds exactly the histories of that kind. See docs/event-log.md; in `ocel_sqlite` the
same log is a database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from audit.eventlog import CHUNK, moment, traces, whole_cases
from audit.labels import label
from audit.models import Entry
from audit.net import activity

PROJECT, PERSON, UNIT, EDITION = "project", "person", "unit", "edition"
#: What never changed has the value from the beginning of time, as the standard has it.
EPOCH = "1970-01-01T00:00:00Z"
EVENT_ATTRIBUTES = {
    "act": "string", "label": "string", "resource": "string", "from": "string", "to": "string", "post": "string",
    "recorded": "time", "late": "boolean", "number": "integer", "amount_fen": "integer", "hash": "string",
}  # fmt: skip
CASE_ATTRIBUTES = {"number": "string", "title": "string", "state": "string"}


def lines(found: QuerySet[Entry]) -> Iterator[str]:
    """The file piece by piece; constant memory whatever the number of entries."""
    yield '{"eventTypes":'
    yield _json([{"name": one, "attributes": _typed(EVENT_ATTRIBUTES)} for one in event_types(found)])
    yield ',\n"objectTypes":'
    yield _json([{"name": one, "attributes": _typed(attributes)} for one, attributes in object_types(found).items()])
    yield ',\n"events":['
    yield from _listed(events(found))
    yield '],\n"objects":['
    yield from _listed(objects(found))
    yield "]}\n"


def event_types(found: QuerySet[Entry]) -> list[str]:
    """The activities of the cases found; each has EVENT_ATTRIBUTES."""
    acts = whole_cases(found).order_by("act").values_list("act", "state_from", "state_to").distinct()
    return sorted({activity(*row) for row in acts})


def object_types(found: QuerySet[Entry]) -> dict[str, dict[str, str]]:
    """The types of objects, and the types of their attributes by name."""
    kinds = sorted({PROJECT, *whole_cases(found).order_by().values_list("case_kind", flat=True).distinct()})
    return dict.fromkeys(kinds, CASE_ATTRIBUTES) | {one: {"name": "string"} for one in (PERSON, UNIT, EDITION)}


def events(found: QuerySet[Entry]) -> Iterator[dict[str, Any]]:
    """The events as the standard's JSON has them, case by case."""
    for _case, history in traces(found):
        yield from map(_event, history)


def objects(found: QuerySet[Entry]) -> Iterator[dict[str, Any]]:
    """The objects as the standard's JSON has them: cases with their history, then people, units and editions."""
    for case, history in traces(found):
        yield _case(case, history)
    entries = whole_cases(found).order_by()
    beyond = entries.exclude(root_id__in=found.order_by().values("case_id"))
    for root in beyond.values_list("root_id", flat=True).distinct().iterator(chunk_size=CHUNK):
        # The project of a sub-case that was searched for alone: named, without its history.
        yield {"id": f"c{root}", "type": PROJECT, "attributes": []}
    # People and units are as many as the county has, however many entries.
    people = dict(entries.values_list("behalf_id", "behalf_name").distinct())
    people |= dict(entries.values_list("actor_id", "actor_name").distinct())
    units = dict(entries.values_list("unit_id", "unit_name").distinct())
    editions = {code: code for code in entries.values_list("edition", flat=True).distinct() if code}
    for kind, named in ((PERSON, people), (UNIT, units), (EDITION, editions)):
        for key, name in named.items():
            if key is not None:
                yield {"id": f"{kind} {key}", "type": kind, "attributes": [_value("name", name, EPOCH)]}


def _case(case: int, history: Iterable[Entry]) -> dict[str, Any]:
    """A case as an object: its title, and the state with each moment at which it changed."""
    first: Entry | None = None
    said: list[dict[str, Any]] = []
    for entry in history:
        if first is None:
            first = entry
            said += [_value("number", entry.case_number, EPOCH), _value("title", entry.case_title, EPOCH)]
        if entry.seq == 1 or entry.state_from != entry.state_to:
            said.append(_value("state", entry.state_to, moment(entry.happened_at)))
    assert first is not None
    part = [{"objectId": f"c{first.root_id}", "qualifier": "part of"}] if first.root_id != case else []
    return {"id": f"c{case}", "type": first.case_kind, "attributes": said, "relationships": part}


def _event(entry: Entry) -> dict[str, Any]:
    values = {
        "act": entry.act, "label": label("act", entry.act), "resource": entry.actor_name, "from": entry.state_from,
        "to": entry.state_to, "post": entry.post, "recorded": moment(entry.recorded_at), "late": entry.late,
        "number": entry.seq, "amount_fen": entry.amount_fen, "hash": entry.hash,
    }  # fmt: skip
    to = (
        (f"c{entry.case_id}", "case"),
        (entry.actor_id and f"{PERSON} {entry.actor_id}", "done by"),
        (entry.behalf_id and f"{PERSON} {entry.behalf_id}", "on behalf of"),
        (entry.unit_id and f"{UNIT} {entry.unit_id}", "unit"),
        (entry.edition and f"{EDITION} {entry.edition}", "rulebook"),
    )
    return {
        "id": f"e{entry.pk}",
        "type": activity(entry.act, entry.state_from, entry.state_to),
        "time": moment(entry.happened_at),
        "attributes": [{"name": key, "value": value} for key, value in values.items() if value not in ("", None)],
        "relationships": [{"objectId": key, "qualifier": how} for key, how in to if key],
    }


def _value(name: str, value: str, time: str) -> dict[str, str]:
    return {"name": name, "value": value, "time": time}


def _typed(attributes: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in attributes.items()]


def _listed(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    between = "\n"
    for row in rows:
        yield between + _json(row)
        between = ",\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
