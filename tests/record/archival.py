"""What PDF/A-3b (ISO 19005-3) asks of a file, as far as it can be seen in the file's own objects.

No program that vouches for the whole standard is at hand; veraPDF, which does, is a Java program.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

#: 6.5: actions that a file for archives may not hold.
ACTIONS = {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans",
           "/GoTo3DView", "/JavaScript"}  # fmt: skip
XMP = "{http://www.aiim.org/pdfa/ns/id/}"


def breaches(content: bytes) -> list[str]:
    """What of the file is not as ISO 19005-3, level B asks, by its clauses."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [*_of_the_file(pdf), *(said for thing in _dictionaries(pdf) for said in _of_a_thing(thing))]


def _of_the_file(pdf: pikepdf.Pdf) -> Iterator[str]:
    with pdf.open_metadata() as said:
        if (said.get(f"{XMP}part"), said.get(f"{XMP}conformance")) != ("3", "B"):
            yield "6.6.4: the metadata do not say part 3, conformance B"
        if str(pdf.docinfo.get("/Title", "")) != str(said.get("dc:title", "")):
            yield "6.6.3: title and metadata differ"
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield "6.1.3: encrypted"
    if "/ID" not in pdf.trailer:
        yield "6.1.3: no file identifier"
    intents: Any = pdf.Root.get("/OutputIntents", [])
    if not any(one.S == "/GTS_PDFA1" and "/DestOutputProfile" in one for one in intents):
        yield "6.2.3: no output intent with a profile"
    if "/NeedAppearances" in pdf.Root.get("/AcroForm", {}) or "/XFA" in pdf.Root.get("/AcroForm", {}):
        yield "6.4: a form that is to be made up"


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    waiting = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array)]
    while waiting:
        thing = waiting.pop()
        if not isinstance(thing, pikepdf.Array):
            yield thing
        inside = thing if isinstance(thing, pikepdf.Array) else [thing[key] for key in thing.keys()]  # noqa: SIM118
        # What is referred to comes by itself; only what lies inside is looked into.
        waiting += [
            one for one in inside
            if isinstance(one, pikepdf.Dictionary | pikepdf.Array) and not one.is_indirect
        ]  # fmt: skip


def _of_a_thing(thing: pikepdf.Object) -> Iterator[str]:
    kind = str(thing.get("/Type", ""))
    if kind == "/FontDescriptor" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(thing.keys()):
        yield f"6.2.11.4: font {thing.get('/FontName')} is not inside"
    if kind == "/Filespec" and ("/AFRelationship" not in thing or "/UF" not in thing):
        yield "6.8: an embedded file without relationship or name"
    if kind == "/Annot" and thing.get("/Subtype") != "/Popup" and not int(thing.get("/F", 0)) & 4:
        yield "6.3.2: an annotation that is not printed"
    if str(thing.get("/S", "")) in ACTIONS or "/JS" in thing or "/AA" in thing:
        yield f"6.5: action {thing.get('/S')}"
    if str(thing.get("/Subtype", "")) == "/PS" or "/Alternates" in thing or "/OPI" in thing:
        yield "6.2: PostScript, alternate pictures or OPI"
    filters = thing.get("/Filter", "")
    if "/LZWDecode" in (str(one) for one in (filters if isinstance(filters, pikepdf.Array) else [filters])):
        yield "6.1.7: LZW"
