"""The record as an event log: XES, IEEE 1849-2016, a trace a case. What each key holds: docs/event-log.md."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from django.db.models import QuerySet

from audit import export
from audit.eventlog import ILLEGAL, moment, traces
from audit.labels import label
from audit.models import Entry
from audit.net import activity

EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Cost", "cost", "http://www.xes-standard.org/cost.xesext"),
)
#: What every trace and every event has: type, key, default.
OF_TRACES = (("string", "concept:name", ""), ("string", "kind", ""))
OF_EVENTS = (
    ("string", "concept:name", ""),
    ("string", "lifecycle:transition", "complete"),
    ("date", "time:timestamp", "1970-01-01T00:00:00Z"),
    ("string", "org:resource", ""),
    ("string", "act", ""),
)
#: Name -> the keys that make two events the same: by act and where it led, by act alone, by who did it.
CLASSIFIERS = {"Activity": "concept:name", "Act": "act", "Resource": "org:resource"}
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
)


def lines(found: QuerySet[Entry]) -> Iterator[str]:
    """The file piece by piece; constant memory whatever the number of entries."""
    yield HEAD
    for title, prefix, address in EXTENSIONS:
        yield f'<extension name="{title}" prefix="{prefix}" uri="{address}"/>\n'
    for scope, keys in (("trace", OF_TRACES), ("event", OF_EVENTS)):
        yield f'<global scope="{scope}">' + "".join(_said(*key) for key in keys) + "</global>\n"
    for title, key in CLASSIFIERS.items():
        yield f'<classifier name="{title}" keys="{key}"/>\n'
    yield _said("string", "lifecycle:model", "standard") + "\n"
    for _case, entries in traces(found):
        first = next(entries)
        yield _trace(first) + _event(first)
        yield from map(_event, entries)
        yield "</trace>\n"
    yield "</log>\n"


def _trace(first: Entry) -> str:
    facts = [
        ("string", "concept:name", first.case_number or str(first.case_id)),
        ("string", "kind", first.case_kind),
        ("string", "title", first.case_title),
        ("int", "case_id", first.case_id),
        ("int", "project_id", first.root_id),
    ]
    return "<trace>" + "".join(_said(*fact) for fact in facts) + "\n"


def _event(entry: Entry) -> str:
    facts: list[tuple[str, str, object]] = [
        ("string", "concept:name", activity(entry.act, entry.state_from, entry.state_to)),
        ("string", "lifecycle:transition", "complete"),
        ("date", "time:timestamp", moment(entry.happened_at)),
        ("string", "org:resource", entry.actor_name),
        ("string", "org:role", entry.post),
        ("string", "org:group", entry.unit_name),
        ("string", "act", entry.act),
        ("string", "label", label("act", entry.act)),
        ("string", "from", entry.state_from),
        ("string", "to", entry.state_to),
        ("string", "on_behalf_of", entry.behalf_name),
        ("string", "edition", entry.edition),
        ("date", "recorded", moment(entry.recorded_at)),
        ("boolean", "late", str(entry.late).lower()),
        ("int", "entry_id", entry.pk),
        ("int", "number", entry.seq),
        ("string", "hash", entry.hash),
    ]
    if entry.amount_fen is not None:
        facts += [
            ("float", "cost:total", export.yuan(entry.amount_fen)),
            ("string", "cost:currency", "CNY"),
            ("int", "amount_fen", entry.amount_fen),
        ]
    return "<event>" + "".join(_said(*fact) for fact in facts if fact[2] != "") + "</event>\n"


def _said(kind: str, key: str, value: object) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(legal(str(value)))}/>"


def legal(text: str) -> str:
    """Without the characters that no XML file may hold, whatever somebody typed into a title."""
    return ILLEGAL.sub("�", text)
