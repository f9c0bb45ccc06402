"""Plain controls that take nothing strange: text that reads as it is stored, days that a calendar holds."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audit.periods import DAYS

#: They turn what follows around or hide where it ends (Unicode TR36, bidirectional text spoofing).
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Where bytes were no UTF-8 the server reads this: the text has lost something on its way.
LOST = "\ufffd"
#: These two kinds, and the control characters of Unicode (Cc) but for a tab and a line's end.
STRANGE = re.compile(f"[{LOST}{''.join(sorted(TURNING))}\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def readable(text: str) -> None:
    """Refuse characters that a reader of the record could not see or would be deceived by.

    Raises:
        ValidationError: a control character other than a line's end or a tab, one that turns the direction of
            writing, or the mark of a character that was lost.
    """
    found = STRANGE.search(text)
    if found is None:
        return
    if found.group() == LOST:
        raise ValidationError(_("Some characters arrived garbled; type the text again."), code="garbled")
    code = f"U+{ord(found.group()):04X}"
    raise ValidationError(_("The text holds an invisible character (%(code)s); take it out."), params={"code": code})


def one_line(text: str) -> None:
    """Refuse a line's end where the control has one line: a list, a table or a heading would break there.

    Raises:
        ValidationError: the text has more than one line.
    """
    if "\n" in text or "\r" in text:
        raise ValidationError(_("This is one line of text; take the line breaks out."), code="lines")


class TextField(forms.CharField):
    """Text that reads as it is stored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Instead of Django's own word on null characters, which in Chinese is about empty strings.
        self.validators[-1] = readable
        if not isinstance(self.widget, forms.Textarea):
            self.validators.append(one_line)


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day between 1949 and 2999: from others no term can be counted."""

    widget = DateInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], validators=DAYS, **kwargs)
