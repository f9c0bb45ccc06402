"""Recomputing the tree: is it still what was signed? In one stream over the leaves, in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from django.utils.translation import gettext as _

from audit import merkle
from audit.checkpoint import read
from audit.models import Checkpoint, Entry, Tile
from audit.note import BadNote, Verifier
from audit.snapshot import CHUNK_ROWS, chunks
from audit.tree import TILE, TILE_HEIGHT

LEAVES = "SELECT idx, hash FROM audit_leaf ORDER BY idx"
#: Leaves whose entry is missing or has another hash.
OTHERS = (
    "SELECT l.idx, l.entry_id, e.hash FROM audit_leaf l LEFT JOIN audit_entry e ON e.id = l.entry_id"
    " WHERE e.hash IS NULL OR e.hash <> l.hash ORDER BY l.idx"
)
#: The first entry that is not under a checkpoint of so many leaves.
UNCOVERED = (
    "SELECT min(e.id) FROM audit_entry e"
    " WHERE NOT EXISTS (SELECT 1 FROM audit_leaf l WHERE l.entry_id = e.id AND l.idx < %s)"
)


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
    """One walk over the leaves. `lines` gives what is wrong; afterwards `sure_below` says how far all is well."""

    def __init__(self, *, using: str, outside: Iterable[Anchor], verifiers: list[Verifier]) -> None:
        self.using = using
        self.outside = sorted(outside)
        self.verifiers = verifiers
        self.frontier = merkle.Frontier()
        self.pending: list[bytes] = []
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

    def sure_below(self) -> int:
        """Number below which every entry stands under a signature that holds; 0 where anything was wrong."""
        if not self.good:
            return 0
        entries = Entry.objects.using(self.using)
        last = entries.order_by("-pk").values_list("pk", flat=True).first() or 0
        if entries.count() == self.good == self.size:
            return last + 1
        for chunk in chunks(UNCOVERED, [self.good], using=self.using):
            if chunk[0][0] is not None:
                return int(chunk[0][0])
        return last + 1

    def _lines(self) -> Iterator[str]:
        signed = self._signed()
        expected = next(signed, None)
        for chunk in chunks(OTHERS, using=self.using):
            for index, entry_id, found in chunk:
                yield self._differs(index, entry_id, found)
        for chunk in chunks(LEAVES, using=self.using):
            for index, kept in chunk:
                while isinstance(expected, str) or (expected is not None and expected.size <= self.size):
                    yield from self._compared(expected)
                    expected = next(signed, None)
                if index != self.size and not self.broken:
                    self.broken = True
                    yield _("leaves %(first)d to %(last)d of the tree are missing") % {
                        "first": self.size, "last": index - 1,
                    }  # fmt: skip
                yield from self._push(index, kept)
        while expected is not None:
            yield from self._compared(expected)
            expected = next(signed, None)
        yield from self._tiles_left()
        if self.later:
            yield _("%d later checkpoints say otherwise, too") % self.later

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
        entry = Entry.objects.using(self.using).get(pk=entry_id)
        return _("leaf %(leaf)d: %(entry)s (id %(id)d) is not the entry that was put there") % {
            "leaf": index, "entry": f"{entry.case_number} #{entry.seq}", "id": entry_id,
        }  # fmt: skip

    def _push(self, index: int, kept: str) -> Iterator[str]:
        if self.broken:
            self.frontier.size = index + 1 - len(self.pending)
            return
        try:
            self.pending.append(merkle.leaf_hash(bytes.fromhex(kept)))
        except ValueError:
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
