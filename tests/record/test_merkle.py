"""The tree against numbers published by others, and every small tree against the definition."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from audit import merkle
from audit.checkpoint import Head, parted, read
from audit.note import Verifier

# Inputs, roots and proofs of the Certificate Transparency reference tests (merkletree/merkle_verifier_test.cc),
# as they also stand in github.com/transparency-dev/merkle, testonly/constants.go.
INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (0, 1): [],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
LARGEST = 40


def over(leaves: list[bytes]) -> merkle.Subtree:
    """The complete subtrees over leaves that lie in memory."""
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]

    @cache
    def subtree(height: int, index: int) -> bytes:
        return merkle.complete(hashes[index << height : (index + 1) << height])

    return subtree


def defined(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word by word."""
    if len(leaves) < 2:
        return sha256(b"\x00" + leaves[0]).digest() if leaves else sha256().digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + defined(leaves[:half]) + defined(leaves[half:])).digest()


def test_the_roots_are_those_published() -> None:
    tree = merkle.Frontier()
    assert tree.root == ROOTS[0]
    for size, leaf in enumerate(INPUTS, start=1):
        tree.push(merkle.leaf_hash(leaf))
        assert tree.root == merkle.root(size, over(INPUTS)) == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_those_published(index: int, size: int) -> None:
    path = merkle.inclusion(index, size, over(INPUTS))
    assert [step.hex() for step in path] == INCLUSION[index, size]
    assert merkle.included(merkle.leaf_hash(INPUTS[index]), index, size, path, ROOTS[size])


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_consistency_proofs_are_those_published(old: int, size: int) -> None:
    path = merkle.consistency(old, size, over(INPUTS))
    assert [step.hex() for step in path] == CONSISTENCY[old, size]
    assert merkle.consistent(old, ROOTS[old], size, ROOTS[size], path)


def test_every_small_tree_is_as_defined_and_its_proofs_hold_for_it_alone() -> None:
    leaves = [b"leaf %d" % number for number in range(LARGEST)]
    subtree, roots, tree = over(leaves), [merkle.EMPTY], merkle.Frontier()
    for size in range(1, LARGEST + 1):
        tree.push(merkle.leaf_hash(leaves[size - 1]))
        roots.append(defined(leaves[:size]))
        assert tree.root == merkle.root(size, subtree) == roots[size]
        for index in range(size):
            path, leaf = merkle.inclusion(index, size, subtree), merkle.leaf_hash(leaves[index])
            assert merkle.included(leaf, index, size, path, roots[size])
            assert not merkle.included(merkle.leaf_hash(b"another"), index, size, path, roots[size])
            assert not merkle.included(leaf, index, size, [*path, leaf], roots[size])
            assert not merkle.included(leaf, index, size, path, roots[size - 1])
            assert size == 1 or not merkle.included(leaf, index, size, path[:-1], roots[size])
            assert size == 1 or not merkle.included(leaf, (index + 1) % size, size, path, roots[size])
        for old in range(1, size):
            path = merkle.consistency(old, size, subtree)
            assert merkle.consistent(old, roots[old], size, roots[size], path)
            assert not merkle.consistent(old, roots[old], size, roots[size], [*path, path[0]])
            assert not merkle.consistent(old, roots[old], size, roots[size], path[:-1])
            assert not merkle.consistent(old, merkle.EMPTY, size, roots[size], path)
            assert not merkle.consistent(old, roots[old], size, merkle.EMPTY, path)


def test_many_leaves_at_once_are_the_same_tree() -> None:
    hashes = [merkle.leaf_hash(b"%d" % number) for number in range(29)]
    slowly, quickly = merkle.Frontier(), merkle.Frontier()
    for leaf in hashes:
        slowly.push(leaf)
    for start in range(0, 28, 4):
        quickly.push_all(hashes[start : start + 4], 2)
    quickly.push(hashes[28])
    assert (quickly.size, quickly.peaks, quickly.root) == (slowly.size, slowly.peaks, slowly.root)


@pytest.mark.parametrize("asked", [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_what_is_not_there(asked: tuple[int, int]) -> None:
    with pytest.raises(merkle.NoProof):
        merkle.inclusion(*asked, over(INPUTS))
    assert not merkle.included(merkle.EMPTY, *asked, [], merkle.EMPTY)
    with pytest.raises(merkle.NoProof):
        merkle.consistency(asked[0] + 1 if asked[0] == 3 else 0, asked[1], over(INPUTS))


def test_the_example_in_the_document_is_right() -> None:
    document = Path("docs/record.md").read_text(encoding="utf-8")
    entry = re.search(r"^Hash:\n\n    ([0-9a-f]{64})$", document, re.MULTILINE)
    assert entry is not None
    contents = [bytes.fromhex(entry[1]), b"\x11" * 32, b"\x22" * 32]
    leaves, subtree = [merkle.leaf_hash(content) for content in contents], over(contents)
    named = {
        "leaf 0": leaves[0], "leaf 1": leaves[1], "leaf 2": leaves[2], "node": subtree(1, 0),
        "root": merkle.root(3, subtree),
    }  # fmt: skip
    for name, value in named.items():
        assert f"    {name:<8} {value.hex()}" in document
    assert merkle.inclusion(0, 3, subtree) == leaves[1:]
    assert merkle.consistency(2, 3, subtree) == leaves[2:]
    [note] = [found for found in parted(document.replace("\n    ", "\n")) if found.startswith("Peter")]
    verifier = Verifier.read(re.search(r"`(PeterNeumann\+[^`]+)`", document)[1])  # type: ignore[index]
    assert read(note, [verifier]) == Head(3, merkle.root(3, subtree), "PeterNeumann")
