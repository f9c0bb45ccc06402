"""Reading the record entry by entry: what was altered, row by row, in constant memory.

`examine` is a walk over two streams in case order, the entries and the heads that the cases keep
of their own record. It reads; it repairs nothing. What it cannot prove stands in docs/record.md.
Of a long record it is shown only the cases that audit.verify_ranges did not find right at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from audit import stored
from audit.chain import GENESIS, canonical, digest, link
from audit.journal import FORMAT, facts_of, timestamp
from audit.models import INDEXED, Entry


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
        # The number of the case may be bytes that no terminal takes.
        return f"{self.case} #{self.seq} ({row}): {self.problem}".encode("utf-8", "replace").decode()


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

    `entries` come by case and number in it, `heads` by case; without heads, entries cut off at the end of a case and
    cases erased as a whole cannot be seen.
    """
    for alteration in _walk(entries, Remembered(heads), tally):
        tally.altered += 1
        yield alteration


def stored_heads() -> Iterable[Head] | None:
    """The heads from the callable that the setting AUDIT_HEADS names, or None where it is unset."""
    path: str | None = getattr(settings, "AUDIT_HEADS", None)
    return (Head(*row) for row in import_string(path)()) if path else None


def stored_entries(*, using: str) -> Iterator[Entry]:
    """All entries in the order that `examine` wants, a chunk at a time."""
    return stored.entries(using=using)


def _walk(entries: Iterable[Entry], remembered: Remembered, tally: Tally) -> Iterator[Alteration]:
    for case_id, acts in groupby(entries, key=attrgetter("case_id")):
        yield from remembered.erased_before(case_id)
        tally.cases += 1
        last: Entry | None = None
        for entry in acts:
            tally.entries += 1
            if problems := [*_order(entry, last), *flaws(entry)]:
                yield Alteration(entry.case_number, entry.seq, entry.pk, "; ".join(problems))
            last = entry if _is_number(entry.seq) else last
        yield from remembered.end(last)
    yield from remembered.erased_before(None)


def hash_holds(prev_hash: str, payload: bytes, kept: str) -> bool:
    """Whether the hash is that of payload and previous hash; false where one of them is no such thing at all."""
    try:
        return sha256(bytes.fromhex(prev_hash) + payload).hexdigest() == kept
    except (TypeError, ValueError):
        return False


def _order(entry: Entry, last: Entry | None) -> Iterator[str]:
    """Gaps, and links to something else than the entry before. What is no number is told with the columns."""
    seq_before = last.seq if last else 0
    if not _is_number(entry.seq):
        return
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


def _is_number(value: Any) -> bool:
    return isinstance(value, int)


def flaws(entry: Entry) -> Iterator[str]:
    """Hash, canonical form, digest of the data, and columns that differ from the payload."""
    payload = entry.octets
    try:
        prev = bytes.fromhex(entry.prev_hash).hex()
        intact = entry.hash == link(prev=prev, payload=payload)
    except (TypeError, ValueError):
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
    return timestamp(value) if isinstance(value, dt.datetime) else value


class Remembered:
    """What the cases' own rows remember of their record, beside the walk over the entries."""

    def __init__(self, heads: Iterable[Head] | None) -> None:
        self.asked = heads is not None
        self.heads = iter(heads or ())
        self.next = next(self.heads, None)

    def erased_before(self, case_id: int | None) -> Iterator[Alteration]:
        """Cases before this one of which no entry is left; with None, before the end."""
        # The database puts what is no number behind all numbers.
        stop = case_id if isinstance(case_id, int) else None
        while self.next is not None and (stop is None or self.next.case_id < stop):
            if self.next.entry_count:
                problem = _("all %d entries of the case are missing") % self.next.entry_count
                yield Alteration(_("case with id %d") % self.next.case_id, 1, 0, problem)
            self.next = next(self.heads, None)

    def end(self, last: Entry | None) -> Iterator[Alteration]:
        """The last entry of a case against what the case remembers."""
        if last is None or not self.asked:
            return
        head = self.next if self.next is not None and self.next.case_id == last.case_id else None
        if head is not None:
            self.next = next(self.heads, None)
        yield from _end_of_case(last, head)


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
