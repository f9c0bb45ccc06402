"""Dossiers made, unpacked and checked as a stranger would check them."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from approvals.inspection import dossier
from audit import checkpoints
from audit.dossier.bundle import MANIFEST


def made(root_id: int) -> bytes:
    """The dossier of a project."""
    out = io.BytesIO()
    dossier.write(root_id, out)
    return out.getvalue()


def unpacked(content: bytes, into: Path) -> Path:
    """The one folder that is in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(into)
    (folder,) = into.iterdir()
    return folder


def checked(
    folder: Path, *more: str, program: Path | None = None, python: Sequence[str] = (), **env: str
) -> tuple[int, str]:
    """Exit code and words of its verify.py, run without anything installed, or of another one."""
    interpreter = [sys.executable, "-I", "-S", *python]
    command = [*interpreter, str(program or folder / "verify.py"), *([str(folder)] if program else [])]
    done = subprocess.run([*command, *more], capture_output=True, text=True, env=env, check=False)
    return done.returncode, done.stdout


def listed_anew(folder: Path, *, drop: str = "") -> str:
    """The list of its files as it would read now, a file left out."""
    title, case, *lines = (folder / MANIFEST).read_text().partition("\n\n")[0].splitlines()
    paths = [line[66:] for line in lines if line[66:] != drop]
    digests = {path: hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in paths}
    return "\n".join([title, case, *(f"{digests[path]}  {path}" for path in paths)]) + "\n"


def signed_anew(folder: Path, *, drop: str = "") -> None:
    """As who holds the key would hide a change: the list made again and signed."""
    (folder / MANIFEST).write_text(checkpoints.signer().sign(listed_anew(folder, drop=drop)))


def flipped(file: Path, at: int) -> None:
    """One byte of it changed."""
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)
