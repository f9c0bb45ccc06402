"""The record as JSON Lines: an entry a line, its payload as a string, byte for byte: its hash can be recomputed."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from audit.eventlog import CHUNK
from audit.models import Entry


def lines(found: QuerySet[Entry]) -> Iterator[str]:
    """Oldest first; constant memory whatever the number of entries."""
    for entry in found.order_by("id").iterator(chunk_size=CHUNK):
        yield json.dumps(_said(entry), ensure_ascii=False) + "\n"


def _said(entry: Entry) -> dict[str, Any]:
    kept = {
        "id": entry.pk,
        "case_id": entry.case_id,
        "seq": entry.seq,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    }
    try:
        return kept | {"payload": entry.octets.decode()}
    except UnicodeDecodeError:
        # Somebody put other bytes in its place: they are shown as they are.
        return kept | {"payload_base64": base64.b64encode(entry.octets).decode()}
