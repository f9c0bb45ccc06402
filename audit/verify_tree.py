"""Recomputing the tree: is it still what was signed? In one stream over the leaves, in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from django.utils.translation import gettext as _

from audit import merkle
from audit.checkpoint import read
from audit.models import Checkpoint, Tile
from audit.note import BadNote, Verifier
from audit.snapshot import CHUNK_ROWS, chunks
from audit.tree import TILE, TILE_HEIGHT

_BLOCK = "idx BETWEEN %s AND %s"
LEAVES = f"SELECT idx, hash FROM audit_leaf WHERE {_BLOCK} ORDER BY idx"  # noqa: S608 - our own words
#: Leaves whose entry is missing or has another hash.
OTHERS = (
    "SELECT l.idx, l.entry_id, e.hash FROM audit_leaf l LEFT JOIN audit_entry e ON e.id = l.entry_id"  # noqa: S608
    f" WHERE l.{_BLOCK} AND (e.hash IS NULL OR e.hash <> l.hash) ORDER BY l.idx"
)
ENDS = "SELECT min(idx), max(idx), count(*) FROM audit_leaf"
NAMED = "SELECT case_number, seq FROM audit_entry WHERE id = %s"
#: A block of leaves without a known end.
ALL = (-(2**63), 2**63 - 1)


@dataclass(frozen=True, order=True, slots=True)
class Anchor:
    """What the tree has to come to at a size, and who says so."""

    size: int
    root: bytes
    said_by: str


def anchors(notes: Iterable[tuple[str, str]], verifiers: list[Verifier], *, using: str) -> Iterator[Anchor | str]:
    """Checkpoints held elsewhere, each with where it was held; a line where one is not ours, or here no more."""
    here = set(Checkpoint.objects.using(using).values_list("size", "root"))
    for where, note in notes:
        try:
            head = read(note, verifiers)
        except BadNote as error:
            yield _("%(where)s: a checkpoint is not valid: %(why)s") % {"where": where, "why": error}
        else:
            name = _("%(where)s: checkpoint of %(size)d entries") % {"where": where, "size": head.size}
            yield Anchor(head.size, head.root, name)
            if (head.size, head.root.hex()) not in here:
                yield _("%s is not in the database") % name


class TreeCheck:
    """One walk over the leaves. `lines` gives what is wrong; afterwards `good` says how many leaves are well.

    `known` are tiles of 256 leaves whose entries were found to have the leaves' hashes; of these no leaf is read again.
    """

    def __init__(
        self, *, using: str, outside: Iterable[Anchor], verifiers: list[Verifier], known: Mapping[int, bytes]
    ) -> None:
        self.using = using
        self.known = known
        self.outside = sorted(outside)
        self.verifiers = verifiers
        self.frontier = merkle.Frontier()
        self.pending: list[bytes] = []
        self.signed: Iterator[Anchor | str] = iter(())
        self.expected: Anchor | str | None = None
        self.rows: dict[int, Iterator[tuple[int, str]]] = {}
        self.tiles: dict[int, list[bytes]] = {}
        self.made: dict[int, int] = {}
        self.good = 0
        self.broken = False
        self.later = 0

    @property
    def size(self) -> int:
        """Leaves read so far."""
        return self.frontier.size + len(self.pending)

    def lines(self) -> Iterator[str]:
        """Everything that is wrong with leaves, tiles and checkpoints."""
        wrong = 0
        for line in self._lines():
            wrong += 1
            yield line
        self.good = 0 if wrong else self.good

    def _lines(self) -> Iterator[str]:
        self.signed = self._signed()
        self.expected = next(self.signed, None)
        for first, last in self._blocks():
            made = self.known.get(first // TILE) if self._plain(first, last) else None
            if made is None:
                yield from self._leaf_by_leaf(first, last)
                continue
            yield from self._due()
            self.frontier.push_subtree(made, TILE_HEIGHT)
            yield from self._tile(1, made)
        yield from self._due()
        while self.expected is not None:
            yield from self._compared(self.expected)
            self.expected = next(self.signed, None)
        yield from self._tiles_left()
        if self.later:
            yield _("%d later checkpoints say otherwise, too") % self.later

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """First and last leaf of each tile, or of all leaves where some are missing."""
        ((least, most, count),) = next(chunks(ENDS, using=self.using))
        if count and (least, most) != (0, count - 1):
            yield ALL
            return
        for first in range(0, count, TILE):
            yield first, first + TILE - 1

    def _plain(self, first: int, last: int) -> bool:
        """Whether all is well before this block, and no checkpoint ends within it."""
        inside = isinstance(self.expected, Anchor) and first < self.expected.size <= last
        return not self.broken and not self.pending and not inside

    def _leaf_by_leaf(self, first: int, last: int) -> Iterator[str]:
        for chunk in chunks(OTHERS, [first, last], using=self.using):
            for index, entry_id, found in chunk:
                yield self._differs(index, entry_id, found)
        for chunk in chunks(LEAVES, [first, last], using=self.using):
            for index, kept in chunk:
                yield from self._due()
                if index != self.size and not self.broken:
                    self.broken = True
                    yield _("leaves %(first)d to %(last)d of the tree are missing") % {
                        "first": self.size, "last": index - 1,
                    }  # fmt: skip
                yield from self._push(index, kept)

    def _due(self) -> Iterator[str]:
        """The checkpoints up to here."""
        while isinstance(self.expected, str) or (self.expected is not None and self.expected.size <= self.size):
            yield from self._compared(self.expected)
            self.expected = next(self.signed, None)

    def _signed(self) -> Iterator[Anchor | str]:
        """The checkpoints here and elsewhere by size; a line instead of one that is not valid."""
        return merge(self._stored(), iter(self.outside), key=lambda a: a.size if isinstance(a, Anchor) else 0)

    def _stored(self) -> Iterator[Anchor | str]:
        for row in Checkpoint.objects.using(self.using).order_by("size").iterator(chunk_size=CHUNK_ROWS):
            name = _("checkpoint %(id)d of %(size)d entries") % {"id": row.pk, "size": row.size}
            try:
                head = read(row.note, self.verifiers)
            except BadNote as error:
                yield f"{name}: {error}"
                continue
            if (row.size, row.root) != (head.size, head.root.hex()):
                yield _("%s: its columns differ from its note") % name
            yield Anchor(head.size, head.root, name)

    def _compared(self, expected: Anchor | str) -> Iterator[str]:
        """The tree as it is now against one checkpoint."""
        if isinstance(expected, str):
            yield expected
        elif expected.size > self.size:
            yield _("%(who)s: only %(size)d leaves are in the tree; %(first)d to %(last)d are cut off") % {
                "who": expected.said_by, "size": self.size, "first": self.size, "last": expected.size - 1,
            }  # fmt: skip
        elif not self.broken and self._root() == expected.root:
            self.good = expected.size
        elif self.broken:
            self.later += 1
        else:
            self.broken = True
            yield _("%(who)s: the root is another; something among leaves %(first)d to %(last)d was altered") % {
                "who": expected.said_by, "first": self.good, "last": expected.size - 1,
            }  # fmt: skip

    def _root(self) -> bytes:
        tree = merkle.Frontier()
        tree.size, tree.peaks = self.frontier.size, list(self.frontier.peaks)
        for leaf in self.pending:
            tree.push(leaf)
        return tree.root

    def _differs(self, index: int, entry_id: int, found: str | None) -> str:
        if found is None:
            return _("leaf %(leaf)d: entry %(id)d is missing") % {"leaf": index, "id": entry_id}
        ((number, seq),) = next(chunks(NAMED, [entry_id], using=self.using))
        return _("leaf %(leaf)d: %(entry)s (id %(id)d) is not the entry that was put there") % {
            "leaf": index, "entry": f"{number} #{seq}", "id": entry_id,
        }  # fmt: skip

    def _push(self, index: int, kept: str) -> Iterator[str]:
        if self.broken:
            self.frontier.size = index + 1 - len(self.pending)
            return
        try:
            self.pending.append(merkle.leaf_hash(bytes.fromhex(kept)))
        except (TypeError, ValueError):
            self.broken = True
            yield _("leaf %d: no hash") % index
            return
        if len(self.pending) == TILE:
            made = self.frontier.push_all(self.pending, TILE_HEIGHT)
            self.pending = []
            yield from self._tile(1, made)

    def _tile(self, level: int, made: bytes) -> Iterator[str]:
        """One more tile of a level is complete: against the stored one."""
        index = self.made.get(level, 0)
        self.made[level] = index + 1
        if next(self._stored_tiles(level), None) != (index, made.hex()):
            yield _("tile %(index)d of level %(level)d is not what the leaves say") % {"index": index, "level": level}
        row = self.tiles.setdefault(level, [])
        row.append(made)
        if len(row) == TILE:
            above = merkle.complete(row)
            row.clear()
            yield from self._tile(level + 1, above)

    def _stored_tiles(self, level: int) -> Iterator[tuple[int, str]]:
        if level not in self.rows:
            stored = Tile.objects.using(self.using).filter(level=level).order_by("idx").values_list("idx", "hash")
            self.rows[level] = stored.iterator(chunk_size=CHUNK_ROWS)
        return self.rows[level]

    def _tiles_left(self) -> Iterator[str]:
        """Tiles of which there are no leaves."""
        if self.broken:
            return
        for level in (0, *self.made):
            for index, _hash in islice(self._stored_tiles(level + 1), 1) if level + 1 not in self.made else ():
                yield _("tile %(index)d of level %(level)d is not what the leaves say") % {
                    "index": index, "level": level + 1,
                }  # fmt: skip
