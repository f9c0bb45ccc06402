"""Is this file an .xlsx at all, and is it safe to unpack? Asked before any cell is read."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext as _

from workflows.plan.model import PlanRefused, Problem

FILE_BYTES_MAX = 10 * 1024 * 1024
UNPACKED_BYTES_MAX = 64 * 1024 * 1024
# Office writes sheets at about 5:1 to 25:1; a bomb is a thousand to one.
PACKING_RATIO_MAX = 100
PARTS_MAX = 500

OLD_OFFICE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
PARTS_REQUIRED = ("[Content_Types].xml", "xl/workbook.xml")


def contents(*, path: Path) -> bytes:
    """The bytes of a workbook that may be opened. Raises PlanRefused with the reason it may not."""
    _check_name(path.name)
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise _refused(_("%(name)s cannot be read: %(why)s") % {"name": path.name, "why": error.strerror}) from error
    return checked(name=path.name, data=data)


def checked(*, name: str, data: bytes) -> bytes:
    """The same bytes, where they are a workbook that may be opened. Raises PlanRefused with the reason it may not."""
    _check_name(name)
    if len(data) > FILE_BYTES_MAX:
        raise _refused(_("the file is larger than %(limit)d MB") % {"limit": FILE_BYTES_MAX // 1024**2})
    if data.startswith(OLD_OFFICE_MAGIC):
        raise _refused(_("the file is an old .xls or a password-protected workbook behind an .xlsx name"))
    _check_archive(data)
    return data


def _check_name(name: str) -> None:
    if not name.lower().endswith(".xlsx"):
        raise _refused(_("%(name)s is not an .xlsx workbook; save it as .xlsx (Excel workbook) first") % {"name": name})


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_directory(parts)
            for part in parts:
                _check_part(part, archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise _refused(_("the file is not a workbook, or a damaged one, whatever its name says")) from error


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) > PARTS_MAX or len(set(names)) < len(names):
        raise _refused(_("the file is packed as no office program packs a workbook"))
    if any(required not in names for required in PARTS_REQUIRED):
        raise _refused(_("the file is an archive, but not a workbook"))
    if any(part.flag_bits & 0x1 for part in parts):
        raise _refused(_("the workbook is password-protected"))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refused(_("the workbook carries macros; save it as .xlsx without them"))
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if unpacked > UNPACKED_BYTES_MAX or unpacked > PACKING_RATIO_MAX * max(packed, 1):
        raise _refused(_("the file unpacks to far more than a workbook of its size can be"))


def _check_part(part: zipfile.ZipInfo, archive: zipfile.ZipFile) -> None:
    # The zip reader stops at the size the directory declares, so the sum checked above binds.
    text = archive.read(part).replace(b"\0", b"")
    if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in text:
        raise _refused(_("the workbook declares XML entities, which no office program does"))


def _refused(message: str) -> PlanRefused:
    return PlanRefused([Problem(sheet="", cell="", message=message)])
