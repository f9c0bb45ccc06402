"""What wants a pass over the whole record, made behind the pages once the record is long (decision 52).

The worker looks and keeps what it found; a page shows it, with the time and how much was recorded since. Thrown away,
it is made anew.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from approvals.models import Look
from audit.models import Entry
from workflows.flags import FLAGS, deaths
from workflows.flags.look import look
from workflows.flags.words import KeptHit, kept

#: A record of no more entries is looked through while the page waits: some two seconds.
LONG_ENTRIES_MIN = 20_000
#: Looking takes no more than one part in so many of the worker's time.
REST = 10
NAME = "flags"
#: What was kept, as this process last read it.
_LAST: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Told:
    """When it was looked last, and how many entries have come since; no time where it was not yet."""

    made_at: dt.datetime | None = None
    since: int = 0


def long() -> bool:
    """Whether the record is too long to be looked through while somebody waits."""
    return _head() > LONG_ENTRIES_MIN


def _head() -> int:
    return Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def told(at: dt.datetime) -> Told | None:
    """What a page says of its age; nothing where it looks by itself."""
    head = _head()
    if head <= LONG_ENTRIES_MIN:
        return None
    last = Look.objects.filter(name=NAME).defer("value").first()
    return Told(last.made_at, head - last.head) if last else Told()


def flags() -> list[KeptHit]:
    """The flags as they were kept last; one query, and one more where they were kept anew."""
    made_at = Look.objects.filter(name=NAME).values_list("made_at", flat=True).first()
    if made_at is None:
        return []
    if _LAST.get("made_at") != made_at:
        value = Look.objects.values_list("value", flat=True).get(name=NAME)
        _LAST.update(made_at=made_at, hits=[_hit(one) for one in json.loads(value)])
    hits: list[KeptHit] = _LAST["hits"]
    return hits


def _hit(said: dict[str, Any]) -> KeptHit:
    pairs = {name: tuple(said[name]) for name in ("unit", "township")}
    return KeptHit(**said | pairs | {"flag": FLAGS[said["flag"]]})


def keep(at: dt.datetime) -> int:
    """The worker's job: look through a long record where something has come, and after a rest; 1 if it did."""
    head, today = _head(), timezone.localdate(at)
    last = Look.objects.filter(name=NAME).defer("value").first()
    rested = last is None or at - last.made_at >= dt.timedelta(milliseconds=last.took_ms * REST)
    if head <= LONG_ENTRIES_MIN or not rested or (last and (last.head, last.day) == (head, today)):
        return 0
    start = time.monotonic()
    value = json.dumps([kept(hit) for hit in look(today=today, deaths=deaths.register())], default=str)
    took_ms = round((time.monotonic() - start) * 1000)
    row = {"head": head, "day": today, "made_at": at, "took_ms": took_ms, "value": value}
    Look.objects.update_or_create(name=NAME, defaults=row)
    return 1
