"""What PDF/A-3b (ISO 19005-3) asks of what is drawn: operators, colours, and the signs of each font."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

#: ISO 32000-1, table 51: every operator there is, without those of inline pictures, which no paper of ours has.
_OPERATORS = (
    "b B b* B* BDC BMC BT BX c cm CS cs d d0 d1 Do DP EMC ET EX f F f* G g gs h i j J K k l m M MP n q Q re RG rg ri"
    " s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \""
)
OPERATORS = frozenset(_OPERATORS.split())
#: Colours that say nothing of a profile, by operator; the profile is of red, green and blue.
RGB, GRAY, CMYK = {"rg", "RG"}, {"g", "G"}, {"k", "K"}
INTENTS = {"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"}
NESTED_MAX = 28
#: Of a thousandth of the font's size: what rounding may come to.
WIDTH_SLACK = 1
INVISIBLE = 3


@dataclass(slots=True)
class Drawn:
    """What the pages came to."""

    #: Fonts by number of their object, with the numbers of the signs that are drawn.
    signs: dict[tuple[int, int], set[int]] = field(default_factory=dict)
    fonts: dict[tuple[int, int], Any] = field(default_factory=dict)
    seen: set[tuple[int, int]] = field(default_factory=set)


def drawn(pdf: pikepdf.Pdf) -> Iterator[str]:
    """What of the pages' contents is not as level B asks."""
    found = Drawn()
    colours = b"".join(head[16:] for head in profile_heads(pdf))
    for page in pdf.pages:
        yield from _stream(page.obj, found, colours)
    for number, signs in found.signs.items():
        yield from _font(found.fonts[number], signs)


def profile_heads(pdf: pikepdf.Pdf) -> list[bytes]:
    """The heads of the output intents' profiles (ICC.1): version in byte 8, class in 12 to 15, colours in 16 to 19."""
    return [
        one.DestOutputProfile.read_bytes()[:20]
        for one in pdf.Root.get("/OutputIntents", [])
        if one.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in one
    ]


def _stream(thing: Any, found: Drawn, colours: bytes) -> Iterator[str]:
    """A page or a form, with the fonts and forms of its own."""
    resources, depth, font, rendering = thing.get("/Resources"), 0, None, 0
    kept: list[tuple[Any, int]] = []
    for one in pikepdf.parse_content_stream(thing):
        name, operands = str(one.operator), one.operands
        if resources is None and name in ("Tf", "Do", "gs", "sh"):
            yield "6.2.2: drawn without saying where the things are that it draws"
            return
        if name not in OPERATORS:
            yield f"6.2.2: operator {name}"
        if name == "q":
            kept.append((font, rendering))
            depth = max(depth, len(kept))
        elif name == "Q" and kept:
            font, rendering = kept.pop()
        elif name == "ri" and str(operands[0]) not in INTENTS:
            yield f"6.2.6: rendering {operands[0]}"
        elif name == "Tr":
            rendering = int(operands[0])
        elif name == "Tf":
            font = resources["/Font"][operands[0]]
        elif name in ("Tj", "TJ", "'", '"') and rendering != INVISIBLE and font is not None:
            _noted(font, operands[-1], found)
        elif name == "Do":
            yield from _form(resources["/XObject"][operands[0]], found, colours)
        yield from _coloured(name, operands, colours)
    if depth > NESTED_MAX:
        yield f"6.1.13: {depth} states within one another"


def _form(thing: Any, found: Drawn, colours: bytes) -> Iterator[str]:
    if thing.objgen in found.seen:
        return
    found.seen.add(thing.objgen)
    if thing.get("/Subtype") == "/Image":
        space = str(thing.get("/ColorSpace", ""))
        yield from _coloured({"/DeviceRGB": "rg", "/DeviceCMYK": "k", "/DeviceGray": "g"}.get(space, ""), [], colours)
        return
    yield from _stream(thing, found, colours)


def _coloured(name: str, operands: Any, colours: bytes) -> Iterator[str]:
    plain = str(operands[0]) if name in ("cs", "CS") else ""
    if (name in RGB or plain == "/DeviceRGB") and colours != b"RGB ":
        yield "6.2.4.3: colours of no profile"
    if name in CMYK or plain == "/DeviceCMYK":
        yield "6.2.4.3: colours for print without their profile"
    if (name in GRAY or plain == "/DeviceGray") and not colours:
        yield "6.2.4.3: greys of no profile"


def _noted(font: Any, shown: Any, found: Drawn) -> None:
    """The signs that are shown: two bytes each, as our fonts have them."""
    texts = [shown] if isinstance(shown, pikepdf.String) else [one for one in shown if isinstance(one, pikepdf.String)]
    signs = found.signs.setdefault(font.objgen, set())
    found.fonts[font.objgen] = font
    for raw in map(bytes, texts):
        signs |= {int.from_bytes(raw[n : n + 2]) for n in range(0, len(raw), 2)}


def _font(font: Any, signs: set[int]) -> Iterator[str]:
    """6.2.11: the signs are in the file, none of them is the one for a missing sign, and as wide as is said."""
    name = font.get("/BaseFont")
    if font.get("/Subtype") != "/Type0" or font.get("/Encoding") != "/Identity-H":
        yield f"6.2.11.3: {name} is read in a way that is not looked into here"
        return
    if 0 in signs:
        yield f"6.2.11.8: {name} lacks a sign that is drawn"
    [below] = font.DescendantFonts
    program = below.FontDescriptor.get("/FontFile3") or below.FontDescriptor.get("/FontFile2")
    if program is None:
        # Said of the font's object.
        return
    with TTFont(io.BytesIO(program.read_bytes())) as inside:
        glyphs, scale = inside.getGlyphOrder(), 1000 / inside["head"].unitsPerEm
        # A font keyed by signs (CID) names them; of another the number is the glyph's place.
        keyed = "CFF " in inside and hasattr(inside["CFF "].cff.topDictIndex[0], "ROS")
        names = {sign: f"cid{sign:05d}" if keyed and sign else glyphs[sign] for sign in signs if sign < len(glyphs)}
        there, widths = set(glyphs), _widths(below)
        for sign in sorted(signs - {0}):
            if names.get(sign) not in there:
                yield f"6.2.11.4: {name} has no sign {sign}"
            elif abs(widths.get(sign, 1000) - inside["hmtx"][names[sign]][0] * scale) > WIDTH_SLACK:
                yield f"6.2.11.5: sign {sign} of {name} is of another width"


def _widths(font: Any) -> dict[int, float]:
    """ISO 32000-1, 9.7.4.3: either a first sign and its and the following widths, or two signs and one width."""
    made: dict[int, float] = {}
    rest = list(font.get("/W", []))
    while rest:
        first, second = int(rest[0]), rest[1]
        if isinstance(second, pikepdf.Array):
            made |= {first + n: float(one) for n, one in enumerate(second)}
            del rest[:2]
        else:
            made |= dict.fromkeys(range(first, int(second) + 1), float(rest[2]))
            del rest[:3]
    return made
