"""The forms in which a search of the record is taken out: by page and by command the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from audit import bpmn, export, jsonl, ocel, ocel_sqlite, pnml, xes, xlsx
from audit.eventlog import CHUNK
from audit.models import Entry
from audit.net import Net


@dataclass(frozen=True, slots=True)
class Format:
    """How a file of the form is named, announced and written."""

    suffix: str
    media_type: str
    write: Callable[[QuerySet[Entry]], Iterator[str] | Iterator[bytes]]


def _csv(found: QuerySet[Entry]) -> Iterator[str]:
    return export.lines(found.order_by("id").iterator(chunk_size=CHUNK))


FORMATS = {
    "csv": Format("csv", "text/csv; charset=utf-8", _csv),
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.pieces),
    "jsonl": Format("jsonl", "application/x-ndjson", jsonl.lines),
    "xes": Format("xes", "application/xml", xes.lines),
    "ocel": Format("jsonocel", "application/json", ocel.lines),
    "ocel-sqlite": Format("sqlite", "application/vnd.sqlite3", ocel_sqlite.pieces),
}
#: Suffix of a model's file -> media type and writer.
MODELS: dict[str, tuple[str, Callable[..., Iterator[str]]]] = {
    "bpmn": ("application/xml", bpmn.lines),
    "pnml": ("application/xml", pnml.lines),
}


def as_bytes(pieces: Iterator[str] | Iterator[bytes]) -> Iterator[bytes]:
    """Text in UTF-8, bytes as they are."""
    for piece in pieces:
        yield piece.encode() if isinstance(piece, str) else piece


def model(net: Net, *, suffix: str, ended: bool) -> Iterator[bytes]:
    """A net as a file. Raises KeyError for a suffix that no model has."""
    return as_bytes(MODELS[suffix][1](net, ended=ended))
