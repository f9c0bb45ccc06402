"""The tree over all entries: RFC 9162, section 2.1, with SHA-256. Pure functions over hashes.

A tree is known by its complete subtrees: `subtree(height, index)` is the hash of the leaves from
`index * 2**height` to the next multiple, and whoever stores a tree answers that question. Roots and
proofs are put together from such answers, logarithmically many; nothing here holds a tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Subtree = Callable[[int, int], bytes]

LEAF, NODE = b"\x00", b"\x01"
BEGUN_NODE = sha256(NODE)
#: Root of the tree without leaves.
EMPTY = sha256(b"").digest()


class NoProof(ValueError):
    """No such tree, or no such place in it."""


def leaf_hash(content: bytes) -> bytes:
    """The hash by which a leaf's content stands in the tree."""
    return sha256(LEAF + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(NODE + left + right).digest()


class Frontier:
    """A tree that grows leaf by leaf and keeps one hash for each bit of its size: O(log n) memory."""

    def __init__(self) -> None:
        self.size = 0
        #: Hashes of the complete subtrees, largest first: one for each bit that `size` has.
        self.peaks: list[bytes] = []

    def push(self, leaf: bytes) -> None:
        """Append the hash of a leaf."""
        self.peaks.append(leaf)
        ones = self.size
        while ones & 1:
            right = self.peaks.pop()
            self.peaks[-1] = node_hash(self.peaks[-1], right)
            ones >>= 1
        self.size += 1

    def push_all(self, leaves: Sequence[bytes], height: int) -> bytes:
        """Append 2**`height` leaves at a place that they fill exactly; the hash of their subtree."""
        assert len(leaves) == 1 << height
        made = complete(leaves)
        self.push_subtree(made, height)
        return made

    def push_subtree(self, made: bytes, height: int) -> None:
        """Append 2**`height` leaves, whose hash is known, at a place that they fill exactly."""
        assert not self.size % (1 << height)
        peak, ones = made, self.size >> height
        while ones & 1:
            peak = node_hash(self.peaks.pop(), peak)
            ones >>= 1
        self.peaks.append(peak)
        self.size += 1 << height

    @property
    def root(self) -> bytes:
        """Root of the tree as it is now."""
        return _bagged(self.peaks)


def complete(hashes: Sequence[bytes]) -> bytes:
    """Root over a power of two of hashes that stand side by side."""
    row: Sequence[bytes] = hashes
    while len(row) > 1:
        pairs = iter(row)
        above = []
        for left, right in zip(pairs, pairs, strict=True):
            # A copy is begun sooner than a hash.
            node = BEGUN_NODE.copy()
            node.update(left + right)
            above.append(node.digest())
        row = above
    return row[0]


def root(size: int, subtree: Subtree) -> bytes:
    """Root of the tree over the first `size` leaves."""
    return _range(0, size, subtree) if size else EMPTY


def inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Proof that leaf `index` stands in the tree of `size` leaves (2.1.3.1). Raises NoProof."""
    if not 0 <= index < size:
        raise NoProof(f"no leaf {index} in a tree of {size}")
    path, start, stop = [], 0, size
    while stop - start > 1:
        middle = start + _half(stop - start)
        if index < middle:
            path.append(_range(middle, stop, subtree))
            stop = middle
        else:
            path.append(_range(start, middle, subtree))
            start = middle
    return path[::-1]


def consistency(old: int, size: int, subtree: Subtree) -> list[bytes]:
    """Proof that the tree of `old` leaves is the beginning of that of `size` (2.1.4.1). Raises NoProof."""
    if not 0 < old <= size:
        raise NoProof(f"no tree of {old} at the beginning of one of {size}")
    path, start, stop = [], 0, size
    while old != stop:
        middle = start + _half(stop - start)
        if old <= middle:
            path.append(_range(middle, stop, subtree))
            stop = middle
        else:
            path.append(_range(start, middle, subtree))
            start = middle
    # The old tree's own root is known to who asks, unless it is but a part of that tree.
    if start:
        path.append(_range(start, stop, subtree))
    return path[::-1]


def included(leaf: bytes, index: int, size: int, path: Iterable[bytes], root: bytes) -> bool:
    """Whether the proof shows that `leaf` is leaf `index` of the tree with that root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(other, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, other)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def consistent(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the proof shows that the one tree is the beginning of the other (2.1.4.2)."""
    if old == size:
        return not path and old_root == root
    if not 0 < old < size:
        return False
    proof = list(path) if old & (old - 1) else [old_root, *path]
    if not proof:
        return False
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = proof[0]
    for other in proof[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node_hash(other, first), node_hash(other, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node_hash(second, other)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_root and second == root


def _range(start: int, stop: int, subtree: Subtree) -> bytes:
    """Hash over the leaves from `start` to before `stop`, where such a node is in the tree."""
    peaks = []
    while start < stop:
        height = (stop - start).bit_length() - 1
        peaks.append(subtree(height, start >> height))
        start += 1 << height
    return _bagged(peaks)


def _half(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def _bagged(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY
    found = peaks[-1]
    for peak in peaks[-2::-1]:
        found = node_hash(peak, found)
    return found
