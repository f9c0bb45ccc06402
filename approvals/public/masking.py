"""Numbers that name a person or his account are taken out of free text before it is shown to everybody.

The clerk who writes a notice may put a telephone, an identity number or an account into it. Nobody reads every
text before it is public, so whatever looks like one is hidden: rather a quantity too many than a number too few.
"""

from __future__ import annotations

import re
import unicodedata

HIDDEN = "***"
#: What people put between the groups of a long number.
_GAP = r"[ \u00a0\u3000\u2009\u202f\-‐‑–－—_·.]{0,2}"
#: A landline of an office: area code, number. It is there to be called and stays.
_LANDLINE = r"(?<!\d)(?:0\d{2,3}[ \-－]|[(（]0\d{2,3}[)）]) ?\d{7,8}(?!\d)"
_IDENTITY = rf"(?<!\d)\d{{6}}{_GAP}(?:\d{{8}}{_GAP}\d{{3}}[\dXxＸｘ]|\d{{6}}{_GAP}\d{{3}})(?!\d)"
_MOBILE = rf"(?<!\d)(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)"
_ACCOUNT = rf"(?<!\d)\d{{4}}(?:{_GAP}\d{{4}}){{2,}}(?:{_GAP}\d{{1,4}})?(?!\d)"
#: Whatever is that long names somebody; no quantity, date or document number is.
_LONG = r"\d{11,}[Xx]?"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"

_PERSONAL = re.compile("|".join(f"({one})" for one in (_LANDLINE, _IDENTITY, _MOBILE, _ACCOUNT, _LONG, _MAIL)))
_CALLABLE = re.compile(rf"({_LANDLINE}|(?<!\d)0\d{{9,11}}(?!\d))|{_IDENTITY}|{_ACCOUNT}|\d{{12,}}[Xx]?|{_MAIL}")


def said(text: str) -> str:
    """Free text as everybody may read it."""
    return _PERSONAL.sub(_hide, _visible(text))


def hotline(text: str) -> str:
    """The telephone for complaints: it is public by its purpose, also a mobile one; other numbers are not."""
    return _CALLABLE.sub(_hide, _visible(text))


def _hide(found: re.Match[str]) -> str:
    return found[1] or HIDDEN


def _visible(text: str) -> str:
    """Without what cannot be seen: a zero-width character would tear a number apart for the search alone."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cf", "Cc", "Co"))
