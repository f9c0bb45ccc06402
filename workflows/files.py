"""Uploads: checked by extension, content, size and count; stored once under their SHA-256.

An extension list, then the parser itself (pikepdf, Pillow, the workbook's zip folder): a signature
alone accepts a page of HTML behind ``%PDF``. What is stored is what was uploaded, byte for byte, so
that its digest is the digest of the paper.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import pikepdf
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from workflows import unpacking
from workflows.law import StoredFile

if TYPE_CHECKING:
    from workflows.cases import Attachment, Case
    from workflows.law import Call

SIZE_MAX_BYTES = 20 * 1024 * 1024
COUNT_MAX = 60
PIXELS_MAX = 60_000_000
UNZIPPED_MAX_BYTES = 100 * 1024 * 1024

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class BadFile(Exception):
    """The upload is refused; the message says why and what to do."""


def store(upload: UploadedFile[bytes]) -> StoredFile:
    """Check an upload and keep it.

    Raises:
        BadFile: wrong extension, content that is not what the extension says, too large, empty.
    """
    name = _plain_name(upload.name or "")
    suffix = PurePath(name).suffix.lower()
    if suffix not in MEDIA_TYPES:
        raise BadFile(_("“%(name)s” is refused: only PDF, JPG, PNG and XLSX files are kept.") % {"name": name})
    if not upload.size:
        raise BadFile(_("“%(name)s” is empty.") % {"name": name})
    if upload.size > SIZE_MAX_BYTES:
        raise BadFile(_("“%(name)s” is larger than 20 MB; scan it at a lower resolution.") % {"name": name})
    content = upload.read()
    if not _is_what_it_says(suffix, content):
        raise BadFile(
            _("The content of “%(name)s” is not a sound %(kind)s file.") % {"name": name, "kind": suffix[1:].upper()}
        )
    return keep(name=name, content=content, media_type=MEDIA_TYPES[suffix])


def _plain_name(given: str) -> str:
    """Only the name, whatever path it came with, and nothing invisible that would make it read otherwise."""
    visible = "".join(char for char in given if not unicodedata.category(char).startswith("C"))
    return PurePath(visible.replace("\\", "/")).name[-160:]


def keep(*, name: str, content: bytes, media_type: str) -> StoredFile:
    """Write bytes under their digest; the same bytes are written once."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.rename(path)
    return StoredFile(name=name, sha256=sha256, size_bytes=len(content), media_type=media_type)


def path_of(sha256: str) -> Path:
    """Where the bytes of that digest are kept."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def _is_what_it_says(suffix: str, content: bytes) -> bool:
    match suffix:
        case ".pdf":
            return _is_pdf(content)
        case ".xlsx":
            return _is_workbook(content)
        case _:
            return _is_picture(content, "PNG" if suffix == ".png" else "JPEG")


def _is_pdf(content: bytes) -> bool:
    if not content.startswith(b"%PDF-") or not unpacking.pdf_is_bounded(content):
        return False
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return len(pdf.pages) > 0 and not any(_acts(thing) for thing in pdf.objects)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError, RecursionError):
        return False


def _acts(thing: object) -> bool:
    """Whether an object of a PDF, or what lies directly in it, runs a script or starts a program."""
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        active = "/JS" in thing or "/AA" in thing or thing.get("/S") in ("/JavaScript", "/Launch")
        return active or any(_acts(value) for _name, value in thing.items() if not _stands_apart(value))
    if isinstance(thing, pikepdf.Array):
        return any(_acts(value) for value in thing if not _stands_apart(value))
    return False


def _stands_apart(value: object) -> bool:
    """An indirect object is in the file's own list; following it here could go in circles."""
    return bool(getattr(value, "is_indirect", False))


def _is_picture(content: bytes, kind: str) -> bool:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.format != kind or picture.width * picture.height > PIXELS_MAX:
                return False
            picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


def _is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            names = folder.namelist()
            bounded = unpacking.zip_is_bounded(folder, most=UNZIPPED_MAX_BYTES)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        return False
    macros = any("vbaProject" in name for name in names)
    return "xl/workbook.xml" in names and not macros and bounded


def attach(case: Case, call: Call) -> list[Attachment]:
    """Hang the call's files on the case, each as the paper the form names; the rows made."""
    from workflows.cases import Attachment

    paper = getattr(call.data, "paper", "other")
    papers = Attachment.objects.bulk_create(
        Attachment(
            case=case, paper=paper, name=file.name, sha256=file.sha256, size_bytes=file.size_bytes,
            media_type=file.media_type, by=call.by, at=call.at,
        )
        for file in call.files
    )  # fmt: skip
    case.laid = (*case.laid, *papers)
    return papers
