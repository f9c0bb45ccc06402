"""Recomputing the record: what was altered, row by row, in constant memory.

`examine` is a walk over two streams in case order, the entries and the heads that the cases keep
of their own record. It reads; it repairs nothing. What it cannot prove stands in docs/record.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from audit.chain import GENESIS, canonical, digest, link
from audit.journal import FORMAT, facts_of, timestamp
from audit.models import INDEXED, Entry

#: Entries fetched from the database at a time.
CHUNK_ROWS = 1000


class Head(NamedTuple):
    """What a case's own row says of its record: entries so far, hash of the last, state."""

    case_id: int
    entry_count: int
    hash: str
    state: str


@dataclass(frozen=True, slots=True)
class Alteration:
    """A row that is not what was recorded, and what is wrong with it. `entry_id` 0: no such row."""

    case: str
    seq: int
    entry_id: int
    problem: str

    def __str__(self) -> str:
        row = f"id {self.entry_id}" if self.entry_id else _("no row")
        return f"{self.case} #{self.seq} ({row}): {self.problem}"


@dataclass(slots=True)
class Tally:
    """What was read so far."""

    entries: int = 0
    cases: int = 0
    altered: int = 0

    @property
    def verdict(self) -> str:
        """The last line of the report; the same in every language, for scripts."""
        found = f"{self.altered} altered" if self.altered else "intact"
        return f"{self.entries} entries, {self.cases} cases, {found}"


def examine(*, entries: Iterable[Entry], heads: Iterable[Head] | None, tally: Tally) -> Iterator[Alteration]:
    """Every altered row, in case order, counted in `tally`.

    `entries` come by (case, seq) and `heads` by case; without heads, entries cut off at the end
    of a case and cases erased as a whole cannot be seen.
    """
    for alteration in _walk(entries, heads, tally):
        tally.altered += 1
        yield alteration


def stored_heads() -> Iterable[Head] | None:
    """The heads from the callable that the setting AUDIT_HEADS names, or None where it is unset."""
    path: str | None = getattr(settings, "AUDIT_HEADS", None)
    return (Head(*row) for row in import_string(path)()) if path else None


def stored_entries(*, using: str) -> Iterator[Entry]:
    """All entries in the order that `examine` wants, a chunk at a time."""
    return Entry.objects.using(using).order_by("case_id", "seq").iterator(chunk_size=CHUNK_ROWS)


@contextmanager
def snapshot(*, using: str) -> Iterator[BaseDatabaseWrapper]:
    """One unmoving view of the database, so that acts done meanwhile are not taken for damage."""
    connection = connections[using]
    if connection.in_atomic_block:
        yield connection
    elif connection.vendor == "sqlite":
        # Not atomic(): that would take the write lock and hold up every office.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield connection
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(using=using):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection


def _walk(entries: Iterable[Entry], heads: Iterable[Head] | None, tally: Tally) -> Iterator[Alteration]:
    remembered = iter(heads or ())
    head = next(remembered, None)
    for case_id, of_case in groupby(entries, key=attrgetter("case_id")):
        while head is not None and head.case_id < case_id:
            yield from _without_entries(head)
            head = next(remembered, None)
        tally.cases += 1
        last: Entry | None = None
        for entry in of_case:
            tally.entries += 1
            if problems := [*_order(entry, last), *_content(entry)]:
                yield Alteration(entry.case_number, entry.seq, entry.pk, "; ".join(problems))
            last = entry
        if heads is not None and last is not None:
            own = head if head is not None and head.case_id == case_id else None
            yield from _end_of_case(last, own)
            head = next(remembered, None) if own else head
    while head is not None:
        yield from _without_entries(head)
        head = next(remembered, None)


def _order(entry: Entry, last: Entry | None) -> Iterator[str]:
    """Gaps, and links to something else than the entry before."""
    seq_before = last.seq if last else 0
    if entry.seq <= seq_before:
        yield _("this number stands twice in the case")
    elif entry.seq == seq_before + 2:
        yield _("entry %d before it is missing") % (entry.seq - 1)
    elif entry.seq != seq_before + 1:
        yield _("entries %(first)d to %(last)d before it are missing") % {
            "first": seq_before + 1,
            "last": entry.seq - 1,
        }
    elif entry.prev_hash != (last.hash if last else GENESIS):
        yield _("does not follow entry %d: one of the two was altered") % seq_before


def _content(entry: Entry) -> Iterator[str]:
    """Hash, canonical form, digest of the data, and columns that differ from the payload."""
    payload = entry.octets
    try:
        prev = bytes.fromhex(entry.prev_hash).hex()
        intact = entry.hash == link(prev=prev, payload=payload)
    except ValueError:
        intact = False
    if not intact:
        yield _("the hash is not that of the payload")
    try:
        facts = facts_of(entry)
        plain = canonical(facts) == payload
    except ValueError:
        plain = False
    if not plain:
        yield _("the payload is not canonical")
        return
    if facts.get("format") != FORMAT:
        yield _("the payload's format is unknown")
        return
    if not isinstance(facts.get("data"), dict) or facts.get("data_sha256") != digest(canonical(facts["data"])):
        yield _("the data is not that of its digest")
    columns = [name for name in INDEXED if facts.get(name, ...) != _as_written(entry, name)]
    if columns:
        yield _("columns differ from the payload: %s") % ", ".join(columns)


def _as_written(entry: Entry, name: str) -> Any:
    value = getattr(entry, name)
    return timestamp(value) if name in ("happened_at", "recorded_at") else value


def _end_of_case(last: Entry, head: Head | None) -> Iterator[Alteration]:
    """The last entry against what the case's own row remembers."""
    problem = ""
    if head is None:
        problem = _("no such case, or the case remembers no record")
    elif head.entry_count > last.seq:
        cut = {"first": last.seq + 1, "last": head.entry_count}
        yield Alteration(
            last.case_number,
            last.seq + 1,
            0,
            _("entries %(first)d to %(last)d are cut off at the end") % cut,
        )
    elif head.entry_count < last.seq:
        problem = _("the case remembers only %d entries") % head.entry_count
    elif head.hash != last.hash:
        problem = _("the case remembers another last entry")
    elif head.state != last.state_to:
        problem = _("the case stands at “%(state)s”, its last entry led to “%(state_to)s”") % {
            "state": head.state,
            "state_to": last.state_to,
        }
    if problem:
        yield Alteration(last.case_number, last.seq, last.pk, problem)


def _without_entries(head: Head) -> Iterator[Alteration]:
    if head.entry_count:
        problem = _("all %d entries of the case are missing") % head.entry_count
        yield Alteration(_("case with id %d") % head.case_id, 1, 0, problem)
