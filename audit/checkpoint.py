"""What a checkpoint says: c2sp.org/tlog-checkpoint, the size of the tree and its root, signed as a note."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from audit import merkle
from audit.note import DASH, BadNote, Signer, Verifier, opened

ROOT_BYTES = len(merkle.EMPTY)
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_NOTE = re.compile(
    r"^[^\n]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n(?:[^\n]+\n)*\n(?:" + DASH + r"[^\n]+\n)+",
    re.MULTILINE,
)


@dataclass(frozen=True, order=True, slots=True)
class Head:
    """The tree at one moment: so many leaves, and the root over them."""

    size: int
    root: bytes
    #: Whose tree it is; also the name of the key that signs it.
    origin: str

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, signer: Signer) -> str:
        """The checkpoint: this text as a signed note."""
        return signer.sign(str(self))


def read(note: str, verifiers: Iterable[Verifier]) -> Head:
    """What a checkpoint says, its signature checked. Raises BadNote; lines of extension are passed over."""
    return said(opened(note, verifiers))


def said(text: str) -> Head:
    """What the text of a checkpoint says. Raises BadNote."""
    try:
        origin, size, root, *_more = text.removesuffix("\n").split("\n")
        decoded = base64.b64decode(root, validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadNote("not the text of a checkpoint") from error
    if not origin or not _SIZE.fullmatch(size) or len(decoded) != ROOT_BYTES:
        raise BadNote("not the text of a checkpoint")
    return Head(int(size), decoded, origin)


def parted(text: str) -> Iterator[str]:
    """The checkpoints that stand in a text, whatever stands around them: a file of many, a mail, a scanned code."""
    for found in _NOTE.finditer(text.replace("\r\n", "\n")):
        yield found.group()
