"""A text as a QR code (ISO/IEC 18004), for sheets that are printed and hung up."""

from __future__ import annotations

import segno

#: A scratched, folded or rained-on code is still read: a quarter of it may be lost.
ERROR_LEVEL = "q"
QUIET_MODULES = 4


def drawing(text: str) -> str:
    """The code in SVG."""
    drawn: str = segno.make_qr(text, error=ERROR_LEVEL).svg_inline(border=QUIET_MODULES, omitsize=True)
    return drawn
