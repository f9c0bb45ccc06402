"""The columns against the payload, beside the walk over the chains: the database compares while Python hashes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections

from audit.columns import repeat_the_payload
from audit.models import Entry
from audit.snapshot import chunks
from audit.verify import Alteration, flaws, hash_holds

#: What was found: the entry's number, and what is wrong with it.
Found = list[tuple[int, Alteration]]


@contextmanager
def beside(*, using: str) -> Iterator[Callable[[], Found]]:
    """Compare all entries meanwhile; gives a function that waits for the result.

    In a connection of its own, which sees other entries than the caller's at most where one was just added, and
    those the walk reads itself. Inside a transaction, whose rows nobody else sees, in the caller's and afterwards.
    """
    if connections[using].in_atomic_block:
        yield lambda: list(differing(using))
        return
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(_apart, using)
        yield found.result


def differing(using: str) -> Iterator[tuple[int, Alteration]]:
    """Entries with the right hash whose columns say something else; a wrong hash is the walk's to tell."""
    same = repeat_the_payload(connections[using].vendor)
    # The text is ours alone.
    for chunk in chunks(f"SELECT e.id FROM audit_entry e WHERE {same} = 0", using=using):  # noqa: S608
        for pk, entry in Entry.objects.using(using).in_bulk([pk for (pk,) in chunk]).items():
            if hash_holds(entry.prev_hash, entry.octets, entry.hash) and (problems := list(flaws(entry))):
                yield pk, Alteration(entry.case_number, entry.seq, pk, "; ".join(problems))


def _apart(using: str) -> Found:
    try:
        return list(differing(using))
    finally:
        connections[using].close()
