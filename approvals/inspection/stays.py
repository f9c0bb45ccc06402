"""Time in stage beside a long record: every wait kept as the worker read it, project by project (decision 55).

A page adds up what is kept, and reads for itself the projects that have had an entry since: what it shows is what the
record says now. Only where too much has come since does it show what is kept, with the time. Thrown away, it is made
anew; so it is when days of rest were published, by which working days count.
"""

from __future__ import annotations

import datetime as dt
import heapq
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction
from django.db.models import Count, F, QuerySet
from django.utils import timezone

from approvals.inspection.looks import LONG_ENTRIES_MIN, Told, came, newest
from approvals.models import Look, Stay
from audit.models import Entry
from workflows import calendar
from workflows.reach import Reach
from workflows.waits import Key, Length, Limit, Stop, Wait, steps_of, waits

NAME = "stays"
#: Projects that one job of the worker reads: the clock and the mail wait for no more.
PROJECTS = 200
ROWS = 2000
#: Of the waits as they are counted: a later program that counts otherwise starts anew.
EDITION = "1"


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a page has its waits from: kept ones, the entries of the projects that changed since, and how old it is."""

    kept: QuerySet[Stay]
    changed: QuerySet[Entry]
    #: Nothing where it is what the record says now.
    told: Told | None = None


def basis(reach: Reach, *, at: dt.datetime) -> Basis:
    """All that a reader may see of; a page reads no more than `LONG_ENTRIES_MIN` entries itself."""
    last = Look.objects.filter(name=NAME).only("head", "made_at").first()
    head, since = (last.head, newest() - last.head) if last else (0, newest())
    kept = Stay.objects.exclude(root_id__in=reach.foreign_projects().values("pk"))
    kept = kept if reach.paths and head else kept.none()
    roots = _changed(head).values("root_id")
    of_changed = Entry.objects.filter(root_id__in=roots)
    if since <= LONG_ENTRIES_MIN and of_changed.order_by()[: LONG_ENTRIES_MIN + 1].count() <= LONG_ENTRIES_MIN:
        return Basis(kept.exclude(root_id__in=roots), reach.entries().filter(root_id__in=roots))
    return Basis(kept, Entry.objects.none(), Told(last.made_at, came(head)) if last and head else Told())


def keep(at: dt.datetime) -> int:
    """The worker's job: the waits of some projects that have had an entry since; how many projects.

    Killed, it goes on behind the projects that it has done; several workers do each once.
    """
    last = Look.objects.filter(name=NAME).first() or Look(
        name=NAME, head=0, day=timezone.localdate(at), made_at=at, took_ms=0, value="{}"
    )
    before, start = last.value, time.monotonic()
    round_ = json.loads(before)
    by = f"{EDITION} {calendar.known_until(2020)}"
    if round_.get("by") != by or newest() < last.head:
        last.head, round_ = 0, {"by": by}
    if "upto" not in round_:
        upto, running = _frontier()
        if upto == last.head:
            return 0
        round_ |= {"upto": upto, "running": running, "after": 0, "took": 0}
    roots: list[int] = []
    if _ended(round_["running"]):
        found = _changed(last.head, after=round_["after"], upto=round_["upto"])
        roots = list(found.order_by("root_id").values_list("root_id", flat=True).distinct()[:PROJECTS])
        made = [_row(wait) for wait in waits(Entry.objects.filter(root_id__in=roots), today=timezone.localdate(at))]
        round_["took"] += round((time.monotonic() - start) * 1000)
        if roots:
            round_["after"] = roots[-1]
        else:
            last.head, last.made_at, last.took_ms, round_ = round_["upto"], at, round_["took"], {"by": by}
    with transaction.atomic():
        if _taken(last, before):
            return 0
        if roots:
            Stay.objects.filter(root_id__in=roots).delete()
            Stay.objects.bulk_create(made, batch_size=ROWS)
        last.value = json.dumps(round_)
        last.save()
    return len(roots)


def _taken(last: Look, before: str) -> bool:
    """Whether another worker was quicker; the row is ours alone from here on."""
    if last._state.adding:
        first = {"head": 0, "day": last.day, "made_at": last.made_at, "took_ms": 0, "value": before}
        last.pk = Look.objects.get_or_create(name=NAME, defaults=first)[0].pk
    return Look.objects.select_for_update().values_list("value", flat=True).get(pk=last.pk) != before


def _changed(head: int, *, after: int = 0, upto: int | None = None) -> QuerySet[Entry]:
    """The entries of projects since ``head``; from the first on by projects alone, which an index has in order."""
    if not head:
        return Entry.objects.filter(root_id__gt=after)
    # The sum keeps SQLite from going through the whole index of projects for the few entries since.
    found = Entry.objects.alias(root=F("root_id") + 0).filter(id__gt=head, root__gt=after)
    return found if upto is None else found.filter(id__lte=upto)


def _frontier() -> tuple[int, int]:
    """The newest entry, and the first transaction that began after it; 0 where writers are alone (SQLite)."""
    if connection.vendor == "sqlite":
        return newest(), 0
    with connection.cursor() as cursor:
        last = newest()
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return last, int(cursor.fetchone()[0])


def _ended(running: int) -> bool:
    """Whether every transaction before this one has ended: one of them may commit a lower number later."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_snapshot_xip(pg_current_snapshot()) one WHERE one::text::bigint < %s)",
            [running],
        )
        return bool(cursor.fetchone()[0])


def _row(wait: Wait) -> Stay:
    limit, ended = wait.limit, wait.ended
    return Stay(
        root_id=wait.began.root_id, kind=wait.began.case_kind, state=wait.began.state_to, began_id=wait.began.id,
        limit_days=limit.days if limit else None, limit_kind=limit.day_kind if limit else "",
        ended_id=ended.id if ended else None, since=wait.since, until=ended.day if ended else None,
        days=wait.days if ended else None, over=wait.over if ended else None, unit=wait.unit, township=wait.township,
        stops=json.dumps(wait.stops, default=str) if wait.stops else "", extended=wait.extended,
    )  # fmt: skip


def _limit(days: int | None, day_kind: str) -> Limit | None:
    return None if days is None else Limit(days, day_kind)


def _stops(said: str) -> list[Stop]:
    days = dt.date.fromisoformat
    return [(days(stopped), days(on) if on else None) for stopped, on in json.loads(said or "[]")]


@dataclass(frozen=True, slots=True)
class Lot:
    """Waits of one row of the table and one length."""

    key: Key
    days: int
    over: bool
    still: bool
    times: int = 1


def lots(kept: QuerySet[Stay], *, today: dt.date) -> Iterator[Lot]:
    """What is kept, added up by the database; those that have not ended by the day on which they began. Two queries."""
    of = ("kind", "state", "limit_days", "limit_kind")
    ended = kept.filter(days__isnull=False).order_by().values_list(*of, "days", "over")
    for kind, state, days, day_kind, lasted, over, times in ended.annotate(times=Count("pk")):
        yield Lot(Key(kind, state, _limit(days, day_kind)), lasted, over, False, times)
    still = kept.filter(days__isnull=True).order_by().values_list(*of, "since", "stops")
    for kind, state, days, day_kind, since, stops, times in still.annotate(times=Count("pk")):
        length = Length(since=since, until=today, limit=_limit(days, day_kind), stops=_stops(stops))
        yield Lot(Key(kind, state, length.limit), length.days, length.over, True, times)


def names(column: str, *, holding: str) -> list[str]:
    """Of the names in a column those with these signs in them: in Python, where capitals are the same everywhere."""
    return [name for name in Stay.objects.values_list(column, flat=True).order_by().distinct() if holding in name]


def slowest(kept: QuerySet[Stay], *, most: int, today: dt.date) -> Iterator[Wait]:
    """Those that may be among the longest, in no order: so many that ended, and so many that have not."""
    lasted = heapq.nlargest(
        most, kept.filter(days__isnull=True).order_by(), key=lambda stay: _length(stay, today=today).days
    )
    yield from _told([*kept.filter(days__isnull=False).order_by("-days", "id")[:most], *lasted], today=today)


def told(kept: QuerySet[Stay], *, today: dt.date) -> Iterator[Wait]:
    """All of them, in the order of the projects."""
    rows = kept.order_by("root_id", "id").iterator(chunk_size=ROWS)
    while some := list(islice(rows, ROWS)):
        yield from _told(some, today=today)


def _told(stays: Sequence[Stay], *, today: dt.date) -> Iterator[Wait]:
    """With the entries at both ends; one query."""
    ends = Entry.objects.filter(pk__in=[n for stay in stays for n in (stay.began_id, stay.ended_id) if n])
    steps = {step.id: step for step in steps_of(ends)}
    for stay in stays:
        # An end that was taken out of the record is named by `audit verify`; there is nothing left to open.
        if stay.began_id in steps:
            length = _length(stay, today=today)
            yield Wait(
                since=length.since, until=length.until, limit=length.limit, stops=length.stops,
                began=steps[stay.began_id], ended=steps.get(stay.ended_id or 0), unit=stay.unit,
                township=stay.township, extended=stay.extended,
            )  # fmt: skip


def _length(stay: Stay, *, today: dt.date) -> Length:
    limit = _limit(stay.limit_days, stay.limit_kind)
    return Length(since=stay.since, until=stay.until or today, limit=limit, stops=_stops(stay.stops))
