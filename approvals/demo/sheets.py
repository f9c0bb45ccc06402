"""Specimen papers for the demo and the walk: real pictures and PDFs that say what they stand for."""

from __future__ import annotations

import io
import time
from functools import lru_cache
from importlib.resources import as_file, files

from PIL import Image, ImageDraw, ImageFont

from workflows.files import MEDIA_TYPES, keep
from workflows.law import StoredFile

#: Papers carry no clock of their own: the same lines give the same bytes.
EPOCH = time.gmtime(0)


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    """The Chinese font that comes with the Python packages."""
    with as_file(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf") as path:
        return ImageFont.truetype(str(path), 18)


def sheet(*, name: str, lines: tuple[str, ...], suffix: str = ".pdf") -> StoredFile:
    """A page with the lines on it, kept like any upload. The same lines give the same bytes."""
    picture = Image.new("L", (420, 300), 255)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((8, 8, 411, 291), outline=120)
    for n, line in enumerate(lines):
        draw.text((24, 24 + 30 * n), line[:24], font=_font(), fill=20)
    out = io.BytesIO()
    if suffix == ".pdf":
        picture.save(out, "PDF", title=name, creationDate=EPOCH, modDate=EPOCH)
    else:
        picture.save(out, "PNG")
    return keep(name=f"{name}{suffix}", content=out.getvalue(), media_type=MEDIA_TYPES[suffix])
