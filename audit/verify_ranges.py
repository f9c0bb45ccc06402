"""The whole record at once, in ranges of entries and as many processes as there are processors.

What a range finds is a set of cases that want a closer look: usually none. Those are read entry by entry and their
alterations named (audit.verify), so that nothing is named by two programs in two ways.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

from django.db import connections

from audit import stored, verify
from audit.columns import LOOSE, ranged
from audit.journal import FORMAT
from audit.ranges import TILE, Found, Reader, Task, look, process
from audit.snapshot import chunks

#: Below so many entries a further process costs more than it saves.
FEW = 100_000
#: Ranges for each process, so that one with slow entries does not keep the others waiting.
RANGES = 8
#: Suspect cases that are read one by one; where there are more, everything is read.
SUSPECTS_MAX = 20_000
COUNTS = "SELECT (SELECT count(*) FROM audit_entry), (SELECT count(*) FROM audit_leaf)"
#: How many entries have a leaf, were there every one of them.
DIFFERENT = "SELECT count(*) FROM (SELECT DISTINCT entry_id FROM audit_leaf) d"
#: From which to which number so many entries lie that have no leaf: usually the last ones.
LEFT = (
    "SELECT min(id), max(id) FROM"  # noqa: S608 - our own words
    f" (SELECT e.id FROM audit_entry e WHERE {LOOSE} ORDER BY e.id DESC LIMIT %s) l"
)
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
    try:
        return _looked(using, signed, processes)
    except (OSError, BrokenExecutor):
        # No further process is to be had.
        return _looked(using, signed, 1)


def _looked(using: str, signed: int, processes: int) -> Looked:
    result, vendor = Looked(), connections[using].vendor

    def task(signed: int | None) -> Task:
        quick, careful = (ranged(vendor, placed=signed is not None, careful=careful) for careful in (False, True))
        return Task(vendor, quick, careful, signed, FORMAT)

    ((entries, leaves),) = next(chunks(COUNTS, using=using))
    with _shared(using, processes if entries >= FEW else 1) as share:
        placed = share(task(signed), 0, leaves - 1)
        _last_entries(result, using)
        ((different,),) = next(chunks(DIFFERENT, using=using))
        for found in placed:
            result.add(found)
        # An entry that has two leaves was counted twice.
        if left := entries - result.entries if different == leaves else entries:
            ((first, last),) = next(chunks(LEFT, [left], using=using))
            for found in share(task(None), first, last) if first is not None else ():
                result.add(found)
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


@contextmanager
def _shared(using: str, processes: int) -> Iterator[Callable[[Task, int, int], Iterable[Found]]]:
    """Looks at a range, in so many processes where that can be."""
    vendor = connections[using].vendor
    place = _place(using) if processes > 1 else None
    if place is None:
        connections[using].ensure_connection()
        reader = Reader(vendor, connections[using].connection)
        yield lambda task, first, last: (look(reader, task, *part) for part in [(first, last)])
        return
    # Never forked: SQLite's locks and Django's connections do not survive it.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:

        def share(task: Task, first: int, last: int) -> Iterable[Found]:
            # Begun with a tile each.
            step = (max(last - first, 0) // (processes * RANGES) // TILE + 1) * TILE
            firsts = range(first, last + 1, step)
            lasts = [min(start + step - 1, last) for start in firsts]
            return pool.map(process, repeat(place), repeat(task), firsts, lasts)

        yield share


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
