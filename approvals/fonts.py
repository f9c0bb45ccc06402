"""The fonts of the papers: from a package, loaded by their files, as every reader of PDF understands them.

Adobe's fonts for one country leave out signs of the whole family and keep the others' numbers (CID), so that a sign's
number is not its place in the file. WeasyPrint writes places. ISO 32000-1, 9.7.4.2 has them read as numbers, as Acrobat
and Preview are said to, which then show other signs; poppler and PDFium read places and show the right ones. So the
font is given to WeasyPrint with its signs numbered by their places, and either reading is the same (decision 28).
"""

from __future__ import annotations

import struct
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

#: Family in the style sheet -> file of the package. Without a bold weight: none is to be made up.
FONTS = {"Paper Serif": "NotoSerifSC-Regular.otf", "Paper Sans": "NotoSansSC-Regular.otf"}
#: A charset of CFF (Adobe Technical Note 5176, 13, format 2): from the first number on, so many more.
CHARSET = struct.Struct(">BHH")


@lru_cache(maxsize=1)
def faces() -> dict[str, str]:
    """Family -> address of its file."""
    return {family: (_folder() / name).as_uri() for family, name in FONTS.items()}


def content(address: str) -> bytes:
    """The font of one of the `faces`, each sign numbered by its place."""
    [path] = [_folder() / FONTS[family] for family, known in faces().items() if known == address]
    made, (start, signs) = bytearray(path.read_bytes()), _charset(path)
    # Sign 0 is the one for missing signs, and is not listed.
    CHARSET.pack_into(made, start, 2, 1, signs - 2)
    return bytes(made)


@lru_cache(maxsize=1)
def glyphs() -> frozenset[int]:
    """The characters that every font of the papers can print."""
    known = []
    for name in FONTS.values():
        with TTFont(_folder() / name, lazy=True) as font:
            known.append(set(font.getBestCmap()))
    return frozenset(set.intersection(*known))


@lru_cache
def _charset(path: Path) -> tuple[int, int]:
    """Where in the file the signs' numbers are listed, and how many signs there are."""
    with TTFont(path, lazy=True) as font:
        top = font["CFF "].cff.topDictIndex[0]
        return font.reader.tables["CFF "].offset + top.rawDict["charset"], len(top.CharStrings)


def _folder() -> Path:
    return Path(str(files("pylopdf_fonts_zh_cn")))
