"""The tree over all entries as it is stored: a leaf an entry, and tiles of 256 (as in c2sp.org/tlog-tiles).

An entry gets its place when the sequencer first sees it committed, not when it is written: so no act
waits for another's place, and a lower number that is committed later simply comes later (decision 37).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from audit import merkle
from audit.models import Entry, Leaf, Tile

#: Levels of the tree that lie between one level of tiles and the next.
TILE_HEIGHT = 8
TILE = 1 << TILE_HEIGHT
#: Tiles that stay in memory while many proofs are made: a few megabytes.
TILES_KEPT = 256
#: Entries that one transaction puts in their places: none of them is long.
BATCH = 5_000
#: PostgreSQL's advisory lock of who sequences: any number, but always this one.
LOCK = 0x46545243

#: Says of an entry whether it may be put under a signature.
Sound = Callable[[Entry], bool]


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry is leaf `index` of the tree of `size` leaves."""

    index: int
    size: int
    path: list[bytes]


def grow(sound: Sound) -> int:
    """Give every committed entry that has none its place, in the order of their numbers; how many got one.

    An entry that is not `sound` gets none: what is wrong is not put under a signature.
    """
    placed, after = 0, 0
    while waiting := list(_waiting().filter(pk__gt=after).order_by("pk")[:BATCH]):
        after = waiting[-1].pk
        with transaction.atomic():
            alone()
            placed += _placed([entry for entry in waiting if sound(entry)])
    return placed


def size() -> int:
    """Leaves so far."""
    last = Leaf.objects.order_by("-idx").values_list("idx", flat=True).first()
    return 0 if last is None else last + 1


def root(of: int) -> bytes:
    """Root of the tree over the first `of` leaves."""
    return merkle.root(of, subtree)


def inclusion(entry_id: int, of: int) -> Proof:
    """Proof that the entry stands in the tree of `of` leaves. Raises merkle.NoProof."""
    index = Leaf.objects.filter(entry_id=entry_id).values_list("idx", flat=True).first()
    if index is None:
        raise merkle.NoProof(f"entry {entry_id} has no place in the tree yet")
    return Proof(index, of, merkle.inclusion(index, of, cache(subtree)))


def consistency(old: int, of: int) -> list[bytes]:
    """Proof that the tree of `old` leaves is the beginning of that of `of`. Raises merkle.NoProof."""
    return merkle.consistency(old, of, cache(subtree))


def subtree(height: int, index: int) -> bytes:
    """Hash of a complete subtree; reads at most 128 rows. Raises merkle.NoProof where they are not there."""
    level, rest = divmod(height, TILE_HEIGHT)
    return merkle.complete(_row(level, index << rest, 1 << rest))


def remembering() -> merkle.Subtree:
    """`subtree` for many proofs at once: reads whole tiles, each once while it is still remembered."""
    tile = lru_cache(maxsize=TILES_KEPT)(lambda level, index: _there(level, index << TILE_HEIGHT, TILE))

    @lru_cache(maxsize=TILES_KEPT * TILE_HEIGHT)
    def read(height: int, index: int) -> bytes:
        level, rest = divmod(height, TILE_HEIGHT)
        start, count = index << rest, 1 << rest
        within = start % TILE
        row = tile(level, start >> TILE_HEIGHT)[within : within + count]
        if len(row) != count:
            raise merkle.NoProof(f"of {count} hashes from {start} of level {level} only {len(row)} are there")
        return merkle.complete(row)

    return read


def leaf(entry_hash: str) -> bytes:
    """The leaf's hash of an entry with that hash."""
    return merkle.leaf_hash(bytes.fromhex(entry_hash))


def _row(level: int, start: int, count: int) -> list[bytes]:
    hashes = _there(level, start, count)
    if len(hashes) != count:
        raise merkle.NoProof(f"of {count} hashes from {start} of level {level} only {len(hashes)} are there")
    return hashes


def _there(level: int, start: int, count: int) -> list[bytes]:
    """Of so many hashes of a level those that are there, which at the tree's right end are fewer."""
    wanted = {"idx__gte": start, "idx__lt": start + count}
    table = Tile.objects.filter(level=level, **wanted) if level else Leaf.objects.filter(**wanted)
    hashes = table.order_by("idx").values_list("hash", flat=True)
    return [bytes.fromhex(found) if level else leaf(found) for found in hashes]


def _waiting() -> QuerySet[Entry]:
    # Never "above the highest so far": a transaction may commit a lower number later.
    return Entry.objects.filter(~Exists(Leaf.objects.filter(entry_id=OuterRef("pk"))))


def alone() -> None:
    """One sequencer at a time, until the transaction ends; SQLite's writers are alone anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _placed(entries: list[Entry]) -> int:
    """Append leaves and the tiles that they complete. Another sequencer may have been quicker with some."""
    there = set(Leaf.objects.filter(entry_id__in=[entry.pk for entry in entries]).values_list("entry_id", flat=True))
    fresh = [entry for entry in entries if entry.pk not in there]
    start = size()
    Leaf.objects.bulk_create(
        [Leaf(idx=start + n, entry_id=entry.pk, hash=entry.hash) for n, entry in enumerate(fresh)], batch_size=300
    )
    level, before, after = 1, start, start + len(fresh)
    while before >> TILE_HEIGHT != after >> TILE_HEIGHT:
        before, after = before >> TILE_HEIGHT, after >> TILE_HEIGHT
        Tile.objects.bulk_create(
            Tile(level=level, idx=idx, hash=merkle.complete(_row(level - 1, idx << TILE_HEIGHT, TILE)).hex())
            for idx in range(before, after)
        )
        level += 1
    return len(fresh)
