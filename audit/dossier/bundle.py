"""The file itself: a zip that comes out the same whenever it is made, and the signed list of what is in it.

Nothing in it tells when, by whom or on which machine it was made. Nothing is compressed: another version of
zlib would give other bytes, and papers are compressed already.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from audit.note import Signer

TITLE = "Fundtrail dossier 1"
MANIFEST = "manifest.txt"
#: The earliest that a zip can say.
EPOCH = (1980, 1, 1, 0, 0, 0)
UNIX = 3
FILE_MODE, FOLDER_MODE = 0o100644 << 16, (0o040755 << 16) | 0x10
CHUNK_BYTES = 1 << 20


class Bundle:
    """A zip being written, in one folder, with the digest of everything put into it."""

    def __init__(self, out: BinaryIO, *, folder: str) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED)
        self._folder = folder
        #: Path -> SHA-256, in the order in which they were put in.
        self.listed: dict[str, str] = {}

    def add(self, path: str, chunks: Iterable[bytes]) -> str:
        """Put a file in, piece by piece; its digest."""
        assert path not in self.listed, path
        digest = hashlib.sha256()
        with self._zip.open(self._named(path, FILE_MODE), "w") as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
        self.listed[path] = digest.hexdigest()
        return self.listed[path]

    def keep(self, path: str, source: Path, *, sha256: str) -> bool:
        """Put a file of the store in, listed under the digest that the record names; whether it has that digest.

        One that is lost or was altered is listed all the same: whoever checks the dossier is told so.
        """
        found = self.add(path, _read(source)) if source.exists() else ""
        self.listed[path] = sha256
        return found == sha256

    def add_folder(self, path: str) -> None:
        """A folder, also where nothing comes into it."""
        self._zip.writestr(self._named(f"{path}/", FOLDER_MODE), b"")

    def seal(self, signer: Signer, *, case: str) -> None:
        """Put in the signed list of everything, and end."""
        self.add(MANIFEST, [signer.sign(self.manifest(case=case)).encode()])
        self._zip.close()

    def manifest(self, *, case: str) -> str:
        """The list as it is signed: what it is, which case, and a line for each file."""
        lines = (f"{digest}  {path}\n" for path, digest in self.listed.items())
        return f"{TITLE}\ncase {case}\n{''.join(lines)}"

    def _named(self, path: str, mode: int) -> zipfile.ZipInfo:
        named = zipfile.ZipInfo(f"{self._folder}/{path}", EPOCH)
        named.create_system, named.external_attr = UNIX, mode
        return named


def _read(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
