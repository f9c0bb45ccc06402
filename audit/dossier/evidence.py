"""What proves a dossier: the entries as they are, the checkpoint over them, and the way from each to its root."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain, groupby
from operator import attrgetter
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from audit import checkpoints, merkle, tree
from audit.dossier.bundle import Bundle
from audit.models import Checkpoint, Entry, Leaf

VERIFY, KEY, CHECKPOINT, PROOFS = "verify.py", "verifier.txt", "checkpoint.txt", "proofs.txt"
RECORD = "record"
CHUNK_ROWS = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Proven:
    """How far the entries are proven."""

    entries: int
    #: How many of them the checkpoint covers.
    covered: int
    checkpoint: Checkpoint | None


def entries_of(root_id: int) -> QuerySet[Entry]:
    """All entries of a project and its sub-cases, case by case in their order."""
    return Entry.objects.filter(root_id=root_id).order_by("case_id", "seq")


def add(bundle: Bundle, root_id: int) -> Proven:
    """Put the entries in, checkpoint, proofs, the key that verifies, and the program that checks all of it."""
    entries = entries_of(root_id)
    count = 0
    for number, (_case, rows) in enumerate(groupby(entries.iterator(CHUNK_ROWS), key=attrgetter("case_id")), 1):
        first = next(rows)
        name = first.case_number or str(first.case_id)
        kept = _Counted(first, rows)
        bundle.add(f"{RECORD}/{number:03d}-{name}.txt", kept.lines())
        count += kept.count
    placed: QuerySet[Any] = entries.annotate(idx=Subquery(Leaf.objects.filter(entry_id=OuterRef("pk")).values("idx")))
    chosen = _checkpoint(placed)
    covered = placed.filter(idx__lt=chosen.size) if chosen else placed.none()
    if chosen is not None:
        bundle.add(CHECKPOINT, [chosen.note.encode()])
        bundle.add(PROOFS, _proofs(covered, chosen.size))
    bundle.add(KEY, (f"{verifier}\n".encode() for verifier in checkpoints.verifiers()))
    bundle.add(VERIFY, [files("audit.dossier").joinpath(VERIFY).read_bytes()])
    return Proven(entries=count, covered=covered.count(), checkpoint=chosen)


class _Counted:
    """The entries of one case, counted on their way."""

    def __init__(self, first: Entry, rest: Iterator[Entry]) -> None:
        self._first, self._rest, self.count = first, rest, 0

    def lines(self) -> Iterator[bytes]:
        """Hash, previous hash and payload of each, as they are stored."""
        for entry in chain([self._first], self._rest):
            self.count += 1
            yield f"{entry.hash} {entry.prev_hash} ".encode() + entry.octets + b"\n"


def _checkpoint(placed: QuerySet[Any]) -> Checkpoint | None:
    """The first one that covers all, so that later ones do not change the dossier; else the newest."""
    last = placed.order_by("-idx").exclude(idx=None).values_list("idx", flat=True).first()
    newest = Checkpoint.objects.order_by("-size").first()
    if last is None or placed.filter(idx=None).exists():
        return newest
    return Checkpoint.objects.filter(size__gt=last).order_by("size").first() or newest


def _proofs(covered: QuerySet[Any], size: int) -> Iterator[bytes]:
    """Case, number in the case, place in the tree, and the path to the root, an entry a line."""
    subtree = tree.remembering()
    rows = covered.order_by("idx").values_list("case_id", "seq", "idx")
    for case_id, seq, idx in rows.iterator(CHUNK_ROWS):
        path = merkle.inclusion(idx, size, subtree)
        yield " ".join([str(case_id), str(seq), str(idx), *(step.hex() for step in path)]).encode() + b"\n"
