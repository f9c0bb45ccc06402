"""What is asked of the books: a day, a period."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.plain import DayField


class OnForm(forms.Form):
    """How the money stood at the end of a day."""

    on = DayField(label=_("At the end of"), required=False)

    def day(self, *, today: dt.date) -> dt.date:
        """The day asked for; today where none was named or the question is faulty."""
        self.full_clean()
        asked: dt.date | None = self.cleaned_data.get("on")
        return asked or today


class PeriodForm(forms.Form):
    """A period of an account book, both days included; either may stay open."""

    since = DayField(label=_("From day"), required=False)
    until = DayField(label=_("To day"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that runs backwards: its empty book would look like an empty account."""
        asked = super().clean() or self.cleaned_data
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            raise forms.ValidationError(_("The period ends before it begins."))
        return asked

    def days(self) -> tuple[dt.date | None, dt.date | None]:
        """First and last day; nothing is narrowed by a faulty question."""
        if not self.is_valid():
            return None, None
        return self.cleaned_data["since"], self.cleaned_data["until"]
