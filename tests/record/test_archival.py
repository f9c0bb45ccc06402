"""The reading of PDF/A finds what is not as archives ask, so that its silence means something."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pikepdf
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from approvals import fonts, papers
from tests.record.archival import breaches

Spoil = Callable[[pikepdf.Pdf], None]
MADE = papers.pdf("papers/hand_over.html", {"sheet": None})


def _without_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


def _with_a_profile_of_a_scanner(pdf: pikepdf.Pdf) -> None:
    profile = pdf.Root.OutputIntents[0].DestOutputProfile
    head = bytearray(profile.read_bytes())
    head[12:16] = b"scnr"
    profile.write(bytes(head))


def _of_another_part(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as said:
        said["{http://www.aiim.org/pdfa/ns/id/}part"] = "1"


def _of_another_title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "?"


def _without_metadata(pdf: pikepdf.Pdf) -> None:
    """Neither do they then say the part, nor the title."""
    del pdf.Root.Metadata


def _without_font(pdf: pikepdf.Pdf) -> None:
    [*_others, font] = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/FontFile3" in one]
    del font["/FontFile3"]


def _with_a_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.beep(0)")


def _with_an_action_of_its_pages(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].AA = pikepdf.Dictionary()


def _with_a_bare_file(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, b"a", mime_type="text/plain")
    del pdf.attachments["a.txt"].obj["/AFRelationship"]


def _with_a_form_to_make_up(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], NeedAppearances=True)


def _annotated(kind: str, flags: int) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        shape = pdf.make_stream(b"")
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(kind), Rect=[0, 0, 1, 1], F=flags)
        note.AP = pikepdf.Dictionary(N=shape)
        pdf.pages[0].Annots = pikepdf.Array([note])

    return spoil


def _with_a_note_without_a_shape(pdf: pikepdf.Pdf) -> None:
    _annotated("/Text", 28)(pdf)
    del pdf.pages[0].Annots[0]["/AP"]


def _with_a_stream_elsewhere(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Elsewhere = pdf.make_stream(b"", F="there.bin")


def _with_a_long_name(pdf: pikepdf.Pdf) -> None:
    pdf.Root[f"/{'a' * 128}"] = 1


def _with_a_large_number(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Large = 2**31


def _of_a_huge_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].MediaBox = [0, 0, 14401, 100]


def _with_a_picture(**more: object) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        given = {"Subtype": "/Image", "Width": 1, "Height": 1, "ColorSpace": "/DeviceGray", "BitsPerComponent": 8}
        picture = pdf.make_stream(b"0", {f"/{name}": _named(value) for name, value in (given | more).items()})
        pdf.pages[0].Resources.XObject["/Spoilt"] = picture
        _drawing(b"/Spoilt Do")(pdf)

    return spoil


def _named(value: object) -> object:
    return pikepdf.Name(value) if isinstance(value, str) else value


def _with_a_state(**state: object) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        made = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState)
        for name, value in state.items():
            made[f"/{name}"] = _named(value)
        pdf.Root.Spoilt = made

    return spoil


def _drawing(operators: bytes) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(operators)

    return spoil


def _showing(sign: bytes, *, rendering: int = 0) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        [name, *_others] = pdf.pages[0].Resources.Font.keys()
        _drawing(b"BT %d Tr %s 9 Tf <%s> Tj ET" % (rendering, name.encode(), sign))(pdf)

    return spoil


def _of_other_widths(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        font.DescendantFonts[0].W = pikepdf.Array([0, 65535, 1])


SPOILT: list[tuple[Spoil, set[str]]] = [
    (_with_a_stream_elsewhere, {"6.1.7"}),
    (_with_a_long_name, {"6.1.13"}),
    (_with_a_large_number, {"6.1.13"}),
    (_of_a_huge_page, {"6.1.13"}),
    (_drawing(b"q " * 30 + b"Q " * 30), {"6.1.13"}),
    (_drawing(b"1 2 beep"), {"6.2.2"}),
    (_without_intent, {"6.2.3", "6.2.4.3"}),
    (_with_a_profile_of_a_scanner, {"6.2.3"}),
    (_drawing(b"0 0 0 1 k"), {"6.2.4.3"}),
    (_with_a_state(TR="/Identity"), {"6.2.5"}),
    (_with_a_state(TR2="/Identity"), {"6.2.5"}),
    (_drawing(b"/Nice ri"), {"6.2.6"}),
    (_with_a_picture(Interpolate=True), {"6.2.8"}),
    (_with_a_picture(OPI=1), {"6.2.8"}),
    (_with_a_picture(Subtype2="/PS"), {"6.2.9"}),
    (_with_a_state(BM="/Fancy"), {"6.2.10"}),
    (_without_font, {"6.2.11.4"}),
    (_showing(b"fff0"), {"6.2.11.4"}),
    (_of_other_widths, {"6.2.11.5"}),
    (_showing(b"0000"), {"6.2.11.8"}),
    (_annotated("/Movie", 28), {"6.3.1"}),
    (_annotated("/Text", 2), {"6.3.2"}),
    (_with_a_note_without_a_shape, {"6.3.3"}),
    (_with_a_form_to_make_up, {"6.4.1"}),
    (_with_a_script, {"6.5.1"}),
    (_with_an_action_of_its_pages, {"6.5.2"}),
    (_without_metadata, {"6.6.2.1", "6.6.3", "6.6.4"}),
    (_of_another_title, {"6.6.3"}),
    (_of_another_part, {"6.6.4"}),
    (_with_a_bare_file, {"6.8"}),
]


def clauses(paper: bytes) -> set[str]:
    """The clauses that the paper is against."""
    return {said.partition(":")[0] for said in breaches(paper)}


@pytest.mark.parametrize(("spoil", "against"), SPOILT)
def test_what_is_not_as_archives_ask_is_found(spoil: Spoil, against: set[str]) -> None:
    assert breaches(MADE) == []
    assert clauses(_spoilt(spoil)) == against


def test_a_sign_that_is_not_drawn_need_not_be_inside() -> None:
    assert breaches(_spoilt(_showing(b"fff0", rendering=3))) == []


def _spoilt(spoil: Spoil) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(MADE)) as pdf:
        spoil(pdf)
        pdf.save(out)
    return out.getvalue()


def test_what_stands_before_the_beginning_and_behind_the_end_is_found() -> None:
    assert clauses(b"\n" + MADE) == {"6.1.2"}
    assert clauses(MADE + b"more") == {"6.1.3"}


@pytest.mark.parametrize("family", fonts.FONTS)
def test_a_font_as_its_package_has_it_would_show_other_signs_in_some_readers(family: str) -> None:
    """Its signs have numbers that are not their places; of ours both are the same (ISO 32000-1, 9.7.4.2)."""
    address = fonts.faces()[family]
    packaged = Path(unquote(urlsplit(address).path)).read_bytes()
    for content, same in ((packaged, False), (fonts.content(address), True)):
        with TTFont(io.BytesIO(content), lazy=True) as font:
            numbers = [int(name.removeprefix("cid")) for name in font.getGlyphOrder()[1:]]
            assert (numbers == list(range(1, len(numbers) + 1))) is same
    assert len(packaged) == len(fonts.content(address))


def test_an_encrypted_file_is_found() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(MADE)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=""))
    assert any(said.startswith("6.1.3") for said in breaches(out.getvalue()))
