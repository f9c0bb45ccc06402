"""Files are what they say they are, of a size one can read, and kept once."""

from __future__ import annotations

import hashlib
import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import Image

from approvals.forms.actform import files_field
from workflows import files, unpacking
from workflows.files import BadFile
from workflows.law import StoredFile


@pytest.fixture(autouse=True)
def _own_shelf(tmp_path: Path) -> object:
    with override_settings(MEDIA_ROOT=tmp_path / "files"):
        yield


def a_pdf(**root: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for key, value in root.items():
            pdf.Root[f"/{key}"] = value
        pdf.save(out)
    return out.getvalue()


def a_picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, kind)
    return out.getvalue()


def a_workbook() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def a_zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in members.items():
            folder.writestr(name, content)
    return out.getvalue()


def a_picture_that_claims_to_be(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises more pixels than any scan has."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR" + header, b"IDAT" + zlib.compress(b"\0"), b"IEND")
    chunks = (struct.pack(">I", len(p) - 4) + p + struct.pack(">I", zlib.crc32(p)) for p in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def a_pdf_that_unpacks_to(megabytes: int, *, says: bytes, packed: bytes = b"/FlateDecode") -> bytes:
    """A PDF made by hand whose fourth object is a stream of blanks; the fifth stands in it."""
    deflate = zlib.compressobj(9)
    stream = deflate.compress(b"5 0 << >> ") + deflate.compress(b" " * (megabytes << 20)) + deflate.flush()
    head = b"<< " + says + b" /Filter " + packed + b" /Length %d >>" % len(stream)
    things = [
        b"<< /Type /Catalog /Pages 2 0 R /Thing 5 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>", head + b"\nstream\n" + stream + b"\nendstream",
    ]  # fmt: skip
    out, places = b"%PDF-1.5\n", b"\0" * 7
    for number, thing in enumerate(things, 1):
        places += b"\x01" + len(out).to_bytes(4, "big") + b"\0\0"
        out += b"%d 0 obj\n" % number + thing + b"\nendobj\n"
    places += b"\x02" + (4).to_bytes(4, "big") + b"\0\0" + b"\x01" + len(out).to_bytes(4, "big") + b"\0\0"
    table = b"<< /Type /XRef /Size 7 /Root 1 0 R /W [1 4 2] /Length %d >>\nstream\n" % len(places)
    return out + b"6 0 obj\n" + table + places + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(out)


def a_workbook_whose_folder_lies() -> bytes:
    """Its folder says of a part of ten megabytes that it has ten bytes."""
    honest = a_zip(**{"xl/workbook.xml": b"<workbook/>", "xl/big.xml": b"\0" * (10 << 20)})
    return honest.replace((10 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little"))


OBJECTS = b"/Type /ObjStm /N 1 /First 4"


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def script() -> pikepdf.Object:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def named_script() -> pikepdf.Object:
    names = pikepdf.Array([pikepdf.String("x"), script()])
    return pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=names))


def put(name: str, content: bytes) -> StoredFile:
    return files.store(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("决议.pdf", a_pdf(), "application/pdf"),
        ("决议.PDF", a_pdf(), "application/pdf"),
        ("决议.pdf", a_pdf_that_unpacks_to(1, says=OBJECTS), "application/pdf"),
        ("决议.pdf", a_pdf_that_unpacks_to(1, says=b"", packed=b"[/ASCII85Decode /FlateDecode]"), "application/pdf"),
        ("现场.png", a_picture(), "image/png"),
        ("现场.jpg", a_picture("JPEG"), "image/jpeg"),
        ("现场.jpeg", a_picture("JPEG"), "image/jpeg"),
        ("预算.xlsx", a_workbook(), files.MEDIA_TYPES[".xlsx"]),
    ],
)
def test_a_sound_file_is_kept_byte_for_byte_under_its_digest(name: str, content: bytes, media_type: str) -> None:
    kept = put(name, content)
    assert kept == StoredFile(
        name=name, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content), media_type=media_type
    )
    assert files.path_of(kept.sha256).read_bytes() == content


#: What is wrong with it -> its name, and its bytes or how to make so many.
DISGUISED: dict[str, tuple[str, bytes | Callable[[], bytes]]] = {
    "a program named as a paper": ("决议.pdf", b"MZ\x90\x00" + b"\0" * 200),
    "a page of HTML behind the signature of a PDF": ("决议.pdf", b"%PDF-1.7\n<html><script>alert(1)</script></html>"),
    "a page of HTML named as a picture": ("现场.png", b"<html></html>"),
    "a PDF that breaks off": ("决议.pdf", a_pdf()[:60]),
    "a PDF without pages": ("决议.pdf", b"%PDF-1.4\n%%EOF\n"),
    "a PDF that runs a script when opened": ("决议.pdf", a_pdf(OpenAction=script())),
    "a PDF with a script by name": ("决议.pdf", a_pdf(Names=named_script())),
    "a PDF with additional actions": ("决议.pdf", a_pdf(AA=pikepdf.Dictionary(WC=script()))),
    "a PDF that starts a program": ("决议.pdf", a_pdf(Names=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe"))),
    "a PDF under a password": ("决议.pdf", encrypted()),
    "a JPEG named as a PNG": ("现场.png", a_picture("JPEG")),
    "a picture that breaks off": ("现场.png", a_picture()[:50]),
    "a picture of a billion pixels": ("现场.png", a_picture_that_claims_to_be(40_000, 40_000)),
    "a folder named as a workbook": ("预算.xlsx", a_zip(readme=b"hello")),
    "a workbook that unpacks to more than one can read": (
        "预算.xlsx",
        lambda: a_zip(**{"xl/workbook.xml": b"<workbook/>", "xl/big.xml": b"\0" * (files.UNZIPPED_MAX_BYTES + 1)}),
    ),
    "a workbook whose folder lies about what it unpacks to": ("预算.xlsx", a_workbook_whose_folder_lies()),
    "a PDF whose list of objects unpacks to a hundred megabytes": (
        "决议.pdf",
        partial(a_pdf_that_unpacks_to, 100, says=OBJECTS),
    ),
    "a PDF that writes the filter of such a list in escapes": (
        "决议.pdf",
        partial(a_pdf_that_unpacks_to, 100, says=OBJECTS, packed=b"/#46late#44ecode"),
    ),
    "a PDF whose list of objects does not say what it is": (
        "决议.pdf",
        partial(a_pdf_that_unpacks_to, 100, says=b"/N 1 /First 4"),
    ),
    "a PDF whose list of objects is packed twice": (
        "决议.pdf",
        a_pdf_that_unpacks_to(1, says=OBJECTS, packed=b"[/FlateDecode /FlateDecode]"),
    ),
    "a PDF whose list of objects is packed in a way that cannot be counted": (
        "决议.pdf",
        a_pdf_that_unpacks_to(1, says=OBJECTS, packed=b"/LZWDecode"),
    ),
    "a PDF that says elsewhere how its list of objects is packed": (
        "决议.pdf",
        a_pdf_that_unpacks_to(1, says=OBJECTS, packed=b"3 0 R"),
    ),
    "a PDF with a picture of a quarter of a billion bytes": (
        "决议.pdf",
        partial(a_pdf_that_unpacks_to, 256, says=b"/Type /XObject /Subtype /Image"),
    ),
    "a workbook with macros": ("预算.xlsx", a_zip(**{"xl/workbook.xml": b"<workbook/>", "xl/vbaProject.bin": b"x"})),
    "a drawing that may carry scripts": ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "a program": ("安装.exe", b"MZ"),
    "a file without an extension": ("决议", a_pdf()),
    "an extension in the middle of the name": ("决议.pdf.exe", a_pdf()),
    "nothing at all": ("决议.pdf", b""),
}


def test_a_bomb_is_refused_before_it_is_held_whole() -> None:
    bomb = a_pdf_that_unpacks_to(400, says=OBJECTS)
    tracemalloc.start()
    try:
        assert not unpacking.pdf_is_bounded(bomb)
        assert tracemalloc.get_traced_memory()[1] < 8 * unpacking.PIECE_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("what", DISGUISED)
def test_is_refused_with_a_word_and_not_kept(what: str, tmp_path: Path) -> None:
    name, content = DISGUISED[what]
    with pytest.raises(BadFile) as told:
        put(name, content() if callable(content) else content)
    assert name in str(told.value)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_one_byte_too_large_is_refused_and_the_largest_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    content = a_pdf()
    monkeypatch.setattr(files, "SIZE_MAX_BYTES", len(content))
    assert put("决议.pdf", content).size_bytes == len(content)
    monkeypatch.setattr(files, "SIZE_MAX_BYTES", len(content) - 1)
    with pytest.raises(BadFile):
        put("决议.pdf", content)


def test_the_same_bytes_under_two_names_are_one_file(tmp_path: Path) -> None:
    one, two = put("决议.pdf", a_pdf()), put("决议(副本).pdf", a_pdf())
    assert one.sha256 == two.sha256
    assert (one.name, two.name) == ("决议.pdf", "决议(副本).pdf")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\决议.pdf", "决议.pdf"),
        ("长" * 300 + ".pdf", "长" * 156 + ".pdf"),
        ("决议\u202efdp.pdf", "决议fdp.pdf"),
        ("决议\x00\r\n.pdf", "决议.pdf"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    upload = SimpleUploadedFile("决议.pdf", a_pdf())
    upload._name = given  # type: ignore[attr-defined]
    assert files.store(upload).name == kept


def test_sixty_files_at_once_are_kept_and_sixty_one_are_not() -> None:
    field = files_field(label="附件", required=True)
    uploads = [SimpleUploadedFile(f"{n}.png", a_picture()) for n in range(files.COUNT_MAX + 1)]
    assert len(field.clean(uploads[1:])) == 60
    with pytest.raises(ValidationError) as told:
        field.clean(uploads)
    assert "60" in str(told.value)


def test_a_broken_picture_is_refused_also_where_papers_are_printed() -> None:
    import approvals.papers  # noqa: F401 - its library would let the whole process take such pictures

    with pytest.raises(files.BadFile):
        files.store(SimpleUploadedFile("现场.png", a_picture()[:50]))
