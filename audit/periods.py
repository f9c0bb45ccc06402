"""From a day to a day, as every question to the record may ask."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=Model)

#: A day far outside has no midnight that every database can hold.
DAYS = (
    MinValueValidator(dt.date(1949, 10, 1), message=_("The day must not lie before %(limit_value)s.")),
    MaxValueValidator(dt.date(2999, 12, 31), message=_("The day must not lie after %(limit_value)s.")),
)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PeriodForm(forms.Form):
    """Both may stay empty. Days are inclusive, in the office's time zone."""

    since = forms.DateField(label=_("From day"), required=False, validators=DAYS, widget=DAY)
    until = forms.DateField(label=_("To day"), required=False, validators=DAYS, widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The period is asked for last.
        self.order_fields([name for name in self.fields if name not in ("since", "until")])
        for field in self.fields.values():
            look = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["class"] = look

    def clean(self) -> dict[str, Any]:
        """Refuse a period that runs backwards: its empty answer would look like an empty record or account."""
        asked = super().clean() or self.cleaned_data
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            raise ValidationError(_("The period ends before it begins."))
        return asked

    def days(self) -> tuple[dt.date | None, dt.date | None]:
        """First and last day; nothing is narrowed by a faulty question."""
        return (self.cleaned_data["since"], self.cleaned_data["until"]) if self.is_valid() else (None, None)

    def within(self, rows: QuerySet[Row], moment: str) -> QuerySet[Row]:
        """The rows whose ``moment`` lies in the period."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        if since:
            rows = rows.filter(**{f"{moment}__gte": midnight(since)})
        if until:
            rows = rows.filter(**{f"{moment}__lt": midnight(until + dt.timedelta(days=1))})
        return rows


def midnight(day: dt.date) -> dt.datetime:
    """When a day begins in the office."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
