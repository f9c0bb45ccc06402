"""The whole record at once, in ranges of entries and as many processes as there are processors.

What a range finds is a set of cases that want a closer look: usually none. Those are read entry by entry and their
alterations named (audit.verify), so that nothing is named by two programs in two ways.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections

from audit import stored, verify
from audit.columns import ranged
from audit.journal import FORMAT
from audit.ranges import Found, Reader, Task, look, process
from audit.snapshot import chunks

#: Below so many entries a further process costs more than it saves.
FEW = 100_000
#: Ranges for each process, so that one with slow entries does not keep the others waiting.
RANGES = 4
#: Suspect cases that are read one by one; where there are more, everything is read.
SUSPECTS_MAX = 20_000
#: Each case with the number of its entries and the last of them.
LAST = (
    "SELECT e.case_id, c.entries, e.seq, e.hash, e.state_to FROM"
    " (SELECT case_id, count(*) AS entries, max(seq) AS last FROM audit_entry GROUP BY case_id) c"
    " JOIN audit_entry e ON e.case_id = c.case_id AND e.seq = c.last ORDER BY e.case_id"
)


@dataclass(slots=True)
class Looked:
    """What all ranges together came to."""

    entries: int = 0
    cases: int = 0
    #: Numbers of the cases that want a closer look; None: all of them.
    suspects: set[int] | None = field(default_factory=set)
    #: See audit.ranges.Found.
    tiles: dict[int, bytes] = field(default_factory=dict)

    def suspect(self, case_id: int) -> None:
        """Want a closer look at the case."""
        if self.suspects is not None:
            self.suspects.add(case_id)
            if len(self.suspects) > SUSPECTS_MAX:
                self.suspects = None

    def add(self, found: Found) -> None:
        """One range more."""
        self.entries += found.entries
        self.tiles |= found.tiles
        for case_id in found.suspects:
            self.suspect(case_id)
        if found.nameless:
            self.suspects = None


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def looked(*, using: str, signed: int, processes: int) -> Looked:
    """Hash all entries and compare columns, chains, leaves and what each case remembers of its last entry.

    Of entries under the first `signed` leaves only hash, place and columns are looked at: that their bytes are those
    that were read as JSON before they were signed is for audit.verify_tree to show. Inside a transaction that may
    have written something, and with an SQLite in memory, it all happens in this process.
    """
    result = Looked()
    ((first, last),) = next(chunks("SELECT min(id), max(id) FROM audit_entry", using=using))
    if first is None:
        _last_entries(result, using)
        return result
    place = _place(using) if processes > 1 and last - first >= FEW else None
    vendor = connections[using].vendor
    texts = ranged(vendor), ranged(vendor, careful=True)
    if place is not None:
        task = Task(vendor, *place, *texts, signed, FORMAT)
        try:
            _in_processes(result, task, _parts(first, last, processes * RANGES), processes, using)
        except (OSError, BrokenExecutor):
            # No further process is to be had.
            result = Looked()
        else:
            return result
    with _texts_as_bytes(using):
        reader = Reader(vendor, connections[using].connection)
        result.add(look(reader, Task(vendor, "", "", *texts, signed, FORMAT), first, last))
    _last_entries(result, using)
    return result


def named(result: Looked, *, using: str) -> Iterator[verify.Alteration]:
    """The alterations of the suspect cases, read entry by entry."""
    suspects, heads = result.suspects, verify.stored_heads()
    if suspects is not None and not suspects:
        return
    if suspects is not None and heads is not None:
        heads = (head for head in heads if head.case_id in suspects)
    entries = stored.entries(using=using, cases=suspects)
    yield from verify.examine(entries=entries, heads=heads, tally=verify.Tally())


def _in_processes(result: Looked, task: Task, parts: list[tuple[int, int]], processes: int, using: str) -> None:
    # Never forked: SQLite's locks and Django's connections do not survive it.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        running = [pool.submit(process, task, first, last) for first, last in parts]
        _last_entries(result, using)
        for part in running:
            result.add(part.result())


def _parts(first: int, last: int, count: int) -> list[tuple[int, int]]:
    """The numbers from `first` to `last` in so many ranges."""
    step = (last - first) // count + 1
    return [(start, min(start + step - 1, last)) for start in range(first, last + 1, step)]


def _place(using: str) -> tuple[str, str] | None:
    """Where another process reads what this transaction sees, and at what moment; None where it cannot."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        own = connection.in_atomic_block or not Path(name).is_file()
        # Entries only ever come behind the last one that is seen here.
        return None if own else (Path(name).absolute().as_uri(), "")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('transaction_read_only'), current_setting('transaction_isolation'),"
            " pg_export_snapshot()"
        )
        read_only, isolation, moment = cursor.fetchone()
    if (read_only, isolation) != ("on", "repeatable read"):
        return None
    from psycopg.conninfo import make_conninfo

    info = connection.connection.info
    return make_conninfo(info.dsn, password=info.password or None), moment


@contextmanager
def _texts_as_bytes(using: str) -> Iterator[None]:
    """What audit.ranges wants of SQLite's connection."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        yield
        return
    raw = connection.connection
    before, raw.text_factory = raw.text_factory, bytes
    try:
        yield
    finally:
        raw.text_factory = before


def _last_entries(result: Looked, using: str) -> None:
    """Every case's last entry against what the case remembers, and as many entries as its number says."""
    stream = verify.stored_heads()
    heads = iter(stream or ())
    head, case = next(heads, None), None
    for chunk in chunks(LAST, using=using):
        for case_id, entries, seq, kept, state in chunk:
            result.cases += case_id != case
            case = case_id
            while head is not None and isinstance(case_id, int) and head.case_id < case_id:
                head = _erased(result, head, heads)
            right = entries == seq
            if stream is not None:
                right = right and head == (case_id, seq, kept, state)
                if head is not None and head.case_id == case_id:
                    head = next(heads, None)
            if not right and isinstance(case_id, int):
                result.suspect(case_id)
    while head is not None:
        head = _erased(result, head, heads)


def _erased(result: Looked, head: verify.Head, heads: Iterator[verify.Head]) -> verify.Head | None:
    """A case of which there is no entry; the head after it."""
    if head.entry_count:
        result.suspect(head.case_id)
    return next(heads, None)
