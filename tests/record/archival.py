"""What PDF/A-3b (ISO 19005-3) asks of a file: what can be seen in its objects. What is drawn: archival_pages.

The clauses and what each forbids are those of veraPDF's published profile for level B, which is a Java program's; the
reading is ours. Left out is what a parser mends before it can be seen (6.1.4 to 6.1.9: blanks and ends of lines between
objects) and what no paper of ours has: JPEG 2000 (6.2.8.3), spot colours (6.2.4.4), schemas of their own for metadata
(6.6.2.3).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pikepdf

from tests.record.archival_pages import drawn, profile_heads

FILTERS = {"/ASCIIHexDecode", "/ASCII85Decode", "/FlateDecode", "/RunLengthDecode", "/CCITTFaxDecode", "/JBIG2Decode",
           "/DCTDecode", "/JPXDecode"}  # fmt: skip
ACTIONS = {"/GoTo", "/GoToR", "/GoToE", "/Thread", "/URI", "/Named", "/SubmitForm"}
FORBIDDEN = {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition",
             "/Trans", "/GoTo3DView", "/JavaScript", "/SetState", "/NoOp"}  # fmt: skip
MOVES = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
ANNOTATIONS = {"/Text", "/Link", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight",
               "/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/FileAttachment",
               "/Widget", "/PrinterMark", "/TrapNet", "/Watermark", "/Redact"}  # fmt: skip
BLENDS = {"/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge",
          "/ColorBurn", "/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color",
          "/Luminosity"}  # fmt: skip
#: Flags of an annotation: Invisible, Hidden, NoView, ToggleNoView must not be set; Print must.
UNSEEN, PRINTED = 1 | 2 | 32 | 256, 4
BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
XMP = "{http://www.aiim.org/pdfa/ns/id/}"
Thing = Any


def breaches(content: bytes) -> list[str]:
    """What of the file is not as ISO 19005-3, level B asks, each with its clause first."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = list(_of_the_bytes(content))
        for thing in _things(pdf):
            found += _of_a_value(thing)
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                found += (f"{clause}: {thing.get('/Type', '')}" for clause, breached in RULES if breached(thing))
        # Last, as to read the metadata writes them anew.
        return [*found, *drawn(pdf), *_of_the_file(pdf)]


def _of_the_bytes(content: bytes) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7](\r\n|\r|\n)%[\x80-\xff]{4}", content):
        yield "6.1.2: no header of a file with bytes"
    if not re.search(rb"%%EOF(\r\n|\r|\n)?\Z", content):
        yield "6.1.3: something after the end"


def _of_the_file(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield "6.1.3: encrypted"
    if "/ID" not in pdf.trailer:
        yield "6.1.3: no file identifier"
    metadata = pdf.Root.get("/Metadata")
    if metadata is None or re.search(rb"<\?xpacket begin[^>]*(bytes|encoding)=", metadata.read_bytes()):
        yield "6.6.2.1: no metadata, or a head to them with more than is allowed"
    with pdf.open_metadata() as said:
        if (said.get(f"{XMP}part"), said.get(f"{XMP}conformance")) != ("3", "B"):
            yield "6.6.4: the metadata do not say part 3, conformance B"
        if str(pdf.docinfo.get("/Title", "")) != str(said.get("dc:title", "")):
            yield "6.6.3: title and metadata differ"
    yield from _of_the_intents(pdf)
    if pdf.Root.get("/NeedsRendering") or "/XFA" in pdf.Root.get("/AcroForm", {}):
        yield "6.4.2: a form of XML"
    if "/AlternatePresentations" in pdf.Root.get("/Names", {}):
        yield "6.10: other ways to present it"
    if "/Requirements" in pdf.Root:
        yield "6.11: it asks something of its reader"


def _of_the_intents(pdf: pikepdf.Pdf) -> Iterator[str]:
    heads = profile_heads(pdf)
    if len(heads) != 1:
        yield "6.2.3: no output intent with a profile, or more than one"
    for head in heads:
        if head[12:16] not in (b"prtr", b"mntr") or head[16:] not in (b"RGB ", b"CMYK", b"GRAY") or head[8] >= 5:
            yield "6.2.3: a profile of no printer and no monitor"


def _things(pdf: pikepdf.Pdf) -> Iterator[Thing]:
    """Every object, and what lies inside; what is referred to comes by itself."""
    waiting: list[Thing] = list(pdf.objects)
    while waiting:
        thing = waiting.pop()
        yield thing
        inside: list[Thing] = []
        if isinstance(thing, pikepdf.Array):
            inside = list(thing)
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            inside = [*map(pikepdf.Name, thing.keys()), *(thing[key] for key in thing.keys())]  # noqa: SIM118
        waiting += [one for one in inside if not getattr(one, "is_indirect", False)]


def _of_a_value(thing: Thing) -> Iterator[str]:
    """6.1.13: how large a value may be."""
    if isinstance(thing, bool):
        return
    if isinstance(thing, int) and not -(2**31) <= thing < 2**31:
        yield "6.1.13: a whole number of more than 32 bits"
    elif isinstance(thing, Decimal) and thing and not 1.175e-38 <= abs(thing) <= 3.403e38:
        yield "6.1.13: a number too large, or too near to nought"
    elif isinstance(thing, pikepdf.String) and len(bytes(thing)) >= 32767:
        yield "6.1.13: a string too long"
    elif isinstance(thing, pikepdf.Name) and len(str(thing).encode()) - 1 > 127:
        yield "6.1.13: a name too long"


def _filtered(thing: Thing) -> bool:
    kinds = thing.get("/Filter", pikepdf.Array())
    return not {str(one) for one in (kinds if isinstance(kinds, pikepdf.Array) else [kinds])} <= FILTERS


def _outgrown(thing: Thing) -> bool:
    sides = [
        abs(float(box[n + 2]) - float(box[n]))
        for box in (thing[name] for name in BOXES if name in thing)
        for n in (0, 1)
    ]
    return _is(thing, "/Page") and not all(3 <= side <= 14400 for side in sides)


def _is(thing: Thing, kind: str) -> bool:
    return bool(thing.get("/Type") == kind)


def _annotation(thing: Thing, *kinds: str) -> bool:
    return _is(thing, "/Annot") and (not kinds or str(thing.get("/Subtype")) in kinds)


def _unprinted(thing: Thing) -> bool:
    if not _annotation(thing) or _annotation(thing, "/Popup"):
        return False
    flags = int(thing.get("/F", 0))
    return bool(flags & UNSEEN) or not flags & PRINTED


def _shapeless(thing: Thing) -> bool:
    if not _annotation(thing) or _annotation(thing, "/Popup", "/Link"):
        return False
    left, bottom, right, top = thing.Rect
    return "/AP" not in thing and (left, bottom) != (right, top)


def _font_outside(thing: Thing) -> bool:
    if not _is(thing, "/Font") or str(thing.get("/Subtype")) in ("/Type0", "/Type3"):
        return False
    return len({"/FontFile", "/FontFile2", "/FontFile3"} & set(thing.get("/FontDescriptor", {}).keys())) != 1


def _action(thing: Thing) -> bool:
    """An action has a kind and, unlike other things with a kind, what the kind says: its place, address, script ..."""
    acts = _is(thing, "/Action") or "/JS" in thing or (_is(thing, "") and str(thing.get("/S", "")) in FORBIDDEN)
    return acts and str(thing.get("/S", "")) not in ACTIONS


#: Clause, and whether a dictionary is against it.
RULES: tuple[tuple[str, Callable[[Thing], bool]], ...] = (
    ("6.1.7", lambda it: isinstance(it, pikepdf.Stream) and bool({"/F", "/FFilter", "/FDecodeParms"} & set(it.keys()))),
    ("6.1.7", lambda it: isinstance(it, pikepdf.Stream) and _filtered(it)),
    ("6.1.13", _outgrown),
    ("6.2.2", lambda it: _is(it, "/Page") and "/Contents" in it and "/Resources" not in it),
    ("6.2.5", lambda it: "/TR" in it and "/S" not in it),
    ("6.2.5", lambda it: it.get("/TR2", "/Default") != "/Default" or "/HTP" in it),
    ("6.2.5", lambda it: int(it.get("/HalftoneType", 1)) not in (1, 5) or "/HalftoneName" in it),
    ("6.2.8", lambda it: it.get("/Subtype") == "/Image" and bool({"/Alternates", "/OPI"} & set(it.keys()))),
    ("6.2.8", lambda it: it.get("/Subtype") == "/Image" and bool(it.get("/Interpolate", False))),
    ("6.2.9", lambda it: it.get("/Subtype") == "/Form" and bool({"/OPI", "/PS", "/Ref"} & set(it.keys()))),
    ("6.2.9", lambda it: it.get("/Subtype") == "/PS" or it.get("/Subtype2") == "/PS"),
    ("6.2.10", lambda it: str(it.get("/BM", "/Normal")) not in BLENDS),
    ("6.2.11.3", lambda it: it.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in it),
    ("6.2.11.4", _font_outside),
    ("6.3.1", lambda it: _annotation(it) and not _annotation(it, *ANNOTATIONS)),
    ("6.3.2", _unprinted),
    ("6.3.3", _shapeless),
    ("6.3.3", lambda it: _annotation(it) and "/AP" in it and set(it.AP.keys()) != {"/N"}),
    ("6.4.1", lambda it: _annotation(it, "/Widget") and bool({"/A", "/AA"} & set(it.keys()))),
    ("6.4.1", lambda it: bool(it.get("/NeedAppearances", False))),
    ("6.5.1", _action),
    ("6.5.1", lambda it: it.get("/S") == "/Named" and str(it.get("/N")) not in MOVES),
    ("6.5.2", lambda it: "/AA" in it and not _annotation(it, "/Widget")),
    ("6.8", lambda it: _is(it, "/EmbeddedFile") and "/Subtype" not in it),
    ("6.8", lambda it: "/EF" in it and not {"/F", "/UF", "/AFRelationship"} <= set(it.keys())),
    ("6.9", lambda it: "/AS" in it and "/OCGs" not in it),
    ("6.10", lambda it: "/PresSteps" in it),
)  # fmt: skip
