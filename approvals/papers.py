"""Papers: a template becomes a PDF, in one Chinese font, the same bytes for the same words.

Nothing but the font is ever fetched, so a paper cannot be made to read the disk or the net. A character that the
font lacks fails the paper: an official paper with an empty box in it is worse than none.
"""

from __future__ import annotations

import os
from typing import Any

import weasyprint
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from PIL import ImageFile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from approvals import fonts

# WeasyPrint lets Pillow take broken pictures, in the whole process; an upload must be whole (workflows.files).
ImageFile.LOAD_TRUNCATED_IMAGES = False

#: Everything that is needed to show it lies in the file: fonts, colours, what it says of itself.
VARIANT = "pdf/a-3b"
#: A digest is read sign by sign: an "ff" in it must not become one shape.
EACH_SIGN = "* { font-variant-ligatures: none }"
#: Fonts and PDF carry a date of making, which would make every copy another file.
EPOCH = "0"


class NoGlyph(ValueError):
    """The font lacks characters of the paper; the message names them."""


class Forbidden(FatalURLFetchingError):
    """A paper asked for something that is none of its fonts."""


class _FontsOnly(URLFetcher):
    def fetch(self, url: str, headers: Any = None) -> Any:
        if url not in fonts.faces().values():
            raise Forbidden(url)
        return URLFetcherResponse(url, fonts.content(url))


def pdf(template: str, context: dict[str, Any], *, spelled: bool = False) -> bytes:
    """The paper as a PDF for archives (PDF/A-3b, ISO 19005-3): what an office prints it may have to keep for decades.

    Where it only lists what stands elsewhere, a character that cannot be printed may be `spelled`: 〔U+1F600〕.

    Raises:
        NoGlyph: it has a character that cannot be printed.
    """
    numbered = _("page %(page)s of %(pages)s") % {"page": '" counter(page) "', "pages": '" counter(pages) "'}
    given = {"faces": fonts.faces(), "numbered": numbered, "font": "Paper Sans", **context}
    html: str = render_to_string(template, given)
    if spelled:
        html = "".join(_spelled(char) if _lacks(char) else char for char in html)
    if lacking := "".join(sorted({char for char in html if _lacks(char)})):
        raise NoGlyph(_("These characters cannot be printed: %(characters)s") % {"characters": lacking})
    return drawn(html)


def drawn(html: str) -> bytes:
    """The words on paper."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", EPOCH)
    page = weasyprint.HTML(string=html, url_fetcher=_FontsOnly(allowed_protocols=["file"], allow_redirects=False))
    style = [weasyprint.CSS(string=EACH_SIGN)]
    made: bytes = page.write_pdf(stylesheets=style, font_config=FontConfiguration(), pdf_variant=VARIANT)
    return made


def _lacks(char: str) -> bool:
    return char not in "\r\n\t" and ord(char) not in fonts.glyphs()


def _spelled(char: str) -> str:
    return f"〔U+{ord(char):04X}〕"
