"""Signed notes as the C2SP specifies them (c2sp.org/signed-note), signed by Ed25519. Pure functions.

A key is one line of text, as Go's `golang.org/x/mod/sumdb/note` writes it:
`PRIVATE+KEY+<name>+<id>+<base64>` signs, `<name>+<id>+<base64>` verifies.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

#: The specification's number of Ed25519; it stands before every key and goes into its id.
ALGORITHM = b"\x01"
PRIVATE = "PRIVATE+KEY+"
KEY_BYTES = 32
ID_BYTES = 4
DASH = "— "
_NAME = re.compile(r"[^\s+\x00-\x1f]+")


class BadKey(ValueError):
    """A key that is none, or whose id is not its own."""


class BadNote(ValueError):
    """A note that is none, or that nobody whom we know has signed."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Who may sign, and how his signature is checked."""

    name: str
    public: bytes

    @classmethod
    def read(cls, line: str) -> Verifier:
        """The verifier written as `<name>+<id>+<base64>`. Raises BadKey."""
        name, key = _parted(line)
        verifier = cls(name, key)
        if str(verifier) != line:
            raise BadKey("the key's id is not its own")
        return verifier

    @property
    def id(self) -> bytes:
        """The four bytes that stand before each of his signatures."""
        return hashlib.sha256(self.name.encode() + b"\n" + ALGORITHM + self.public).digest()[:ID_BYTES]

    def holds(self, text: str, signature: bytes) -> bool:
        """Whether he signed the text so."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(ALGORITHM + self.public)}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A secret with which notes are signed."""

    name: str
    secret: bytes

    @classmethod
    def read(cls, line: str) -> Signer:
        """The signer written as `PRIVATE+KEY+<name>+<id>+<base64>`. Raises BadKey."""
        if not line.startswith(PRIVATE):
            raise BadKey("no private key")
        name, key = _parted(line.removeprefix(PRIVATE))
        signer = cls(name, key)
        if str(signer) != line:
            raise BadKey("the key's id is not its own")
        return signer

    @classmethod
    def new(cls, name: str) -> Signer:
        """A fresh one of that name. Raises BadKey for a name with spaces or a plus sign."""
        if not _NAME.fullmatch(name):
            raise BadKey(f"not a name for a key: {name!r}")
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._key.public_key().public_bytes_raw())

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)

    def sign(self, text: str) -> str:
        """The note: the text, an empty line, and the line of the signature."""
        if not text.endswith("\n"):
            raise BadNote("a note's text ends with a line break")
        signature = self.verifier.id + self._key.sign(text.encode())
        return f"{text}\n{DASH}{self.name} {_base64(signature)}\n"

    def __str__(self) -> str:
        return f"{PRIVATE}{self.name}+{self.verifier.id.hex()}+{_base64(ALGORITHM + self.secret)}"

    def __repr__(self) -> str:
        # A secret has no business in a trace.
        return f"Signer({self.name!r})"


def opened(note: str, verifiers: Iterable[Verifier]) -> str:
    """The text of a note that one of the verifiers signed. Signatures of strangers are passed over.

    Raises:
        BadNote: not a note, signed by nobody known, or a known one's signature is wrong.
    """
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise BadNote("no text and signature, with an empty line between")
    text += "\n"
    known = {(verifier.name, verifier.id): verifier for verifier in verifiers}
    signed = False
    for line in lines.splitlines():
        dash, (name, _, encoded) = line[:2], line[2:].partition(" ")
        signature = _bytes(encoded)
        if dash != DASH or signature is None or len(signature) <= ID_BYTES:
            raise BadNote("a line after the text is no signature")
        verifier = known.get((name, signature[:ID_BYTES]))
        if verifier is None:
            continue
        if not verifier.holds(text, signature[ID_BYTES:]):
            raise BadNote(f"the signature of {name} is not that of this text")
        signed = True
    if not signed:
        raise BadNote("signed by nobody whose key is known")
    return text


def _parted(line: str) -> tuple[str, bytes]:
    name, _, rest = line.partition("+")
    key = _bytes(rest.partition("+")[2])
    if not _NAME.fullmatch(name) or key is None or len(key) != 1 + KEY_BYTES or key[:1] != ALGORITHM:
        raise BadKey("not a key of Ed25519 in the form of a signed note")
    return name, key[1:]


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _bytes(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
