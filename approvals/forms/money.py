"""What is asked of the books: a day, a period."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.plain import DayField
from audit import periods


class OnForm(forms.Form):
    """How the money stood at the end of a day."""

    on = DayField(label=_("At the end of"), required=False)

    def day(self, *, today: dt.date) -> dt.date:
        """The day asked for; today where none was named or the question is faulty."""
        self.full_clean()
        asked: dt.date | None = self.cleaned_data.get("on")
        return asked or today


class PeriodForm(periods.PeriodForm):
    """A period of an account book, both days included; either may stay open."""

    since = DayField(label=_("From day"), required=False)
    until = DayField(label=_("To day"), required=False)
