"""What wants a pass over the whole record, made behind the pages once the record is long (decision 52).

The worker looks, on a thread of its own so that neither clock nor mail waits, and keeps what it found; a page shows it,
with the time, how much was recorded since, and how far a look under way has come. Killed or thrown away, it is made
anew.
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
from audit.paging import counted
from workflows.flags import FLAGS, deaths
from workflows.flags.look import look
from workflows.flags.words import KeptHit, kept

#: A record of no more entries is looked through while the page waits: some two seconds.
LONG_ENTRIES_MIN = 20_000
#: Looking takes no more than one part in so many of the worker's time.
REST = 10
NAME, UNDERWAY = "flags", "flags under way"
#: How often a look says how far it has come; one that has said nothing for much longer was killed.
PROGRESS, KILLED = dt.timedelta(seconds=5), dt.timedelta(minutes=5)
#: What was kept, as this process last read it.
_LAST: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Told:
    """When it was looked last, and how many entries have come since; no time where it was not yet."""

    made_at: dt.datetime | None = None
    since: int = 0
    took_s: int = 0
    #: Of a look that is under way: the entries read, of how many; none where there is none.
    read: int = 0
    of: int = 0


def long() -> bool:
    """Whether the record is too long to be looked through while somebody waits."""
    return newest() > LONG_ENTRIES_MIN


def newest() -> int:
    """The last entry of the record; 0 where there is none."""
    return Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def came(head: int) -> int:
    """The entries behind one, as far as `paging` counts; numbers of acts that were undone are in no entry."""
    return counted(Entry.objects.filter(id__gt=head))


def told(at: dt.datetime) -> Told | None:
    """What a page says of its age; nothing where it looks by itself."""
    head = newest()
    if head <= LONG_ENTRIES_MIN:
        return None
    rows = {row.name: row for row in Look.objects.filter(name__in=(NAME, UNDERWAY)).defer("value")}
    last, now = rows.get(NAME), rows.get(UNDERWAY)
    read = now.head if now and at - now.made_at < KILLED else 0
    if last is None:
        return Told(read=read, of=head)
    return Told(last.made_at, came(last.head), took_s=-(-last.took_ms // 1000), read=read, of=head)


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
    head, today = newest(), timezone.localdate(at)
    last = Look.objects.filter(name=NAME).defer("value").first()
    rested = last is None or at - last.made_at >= dt.timedelta(milliseconds=last.took_ms * REST)
    if head <= LONG_ENTRIES_MIN or not rested or (last and (last.head, last.day) == (head, today)):
        return 0
    if Look.objects.filter(name=UNDERWAY, made_at__gt=at - KILLED, made_at__lte=at).exists():
        # Another worker is looking.
        return 0
    start, said = time.monotonic(), -PROGRESS.total_seconds()

    def progress(read: int) -> None:
        nonlocal said
        passed = time.monotonic() - start
        if passed - said >= PROGRESS.total_seconds():
            said = passed
            _write(UNDERWAY, head=read, day=today, made_at=at + dt.timedelta(seconds=passed), took_ms=0, value="")

    progress(0)
    found = look(today=today, deaths=deaths.register(), progress=progress)
    value = json.dumps([kept(hit) for hit in found], default=str)
    took_ms = round((time.monotonic() - start) * 1000)
    _write(NAME, head=head, day=today, made_at=at, took_ms=took_ms, value=value)
    Look.objects.filter(name=UNDERWAY).delete()
    return 1


def _write(name: str, **row: Any) -> None:
    Look.objects.update_or_create(name=name, defaults=row)
