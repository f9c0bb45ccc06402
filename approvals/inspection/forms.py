"""What the auditor asks of the past: the day, by which of the two times, and which cases."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from audit.periods import DAY, DAYS
from workflows.asof.listing import Listed
from workflows.asof.moment import Basis, Moment
from workflows.cases import Kind
from workflows.states import STATES

#: Behind every moment that a case may name.
NEVER = dt.datetime(3000, 1, 1, tzinfo=dt.UTC)


class AsOfForm(forms.Form):
    """A day that is missing is today; a wrong one is refused."""

    on = forms.DateField(label=_("At the end of"), required=False, validators=DAYS, widget=DAY)
    basis = forms.ChoiceField(label=_("What counts"), choices=Basis.choices, required=False)

    def __init__(self, asked: Any, *, today: dt.date, **otherwise: str) -> None:
        otherwise |= {"on": today.isoformat(), "basis": Basis.HAPPENED.value}
        super().__init__({name: asked.get(name) or otherwise.get(name, "") for name in self.base_fields})
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    @property
    def moment(self) -> Moment:
        """The moment asked for; the form is valid."""
        return Moment.end_of(self.cleaned_data["on"], basis=Basis(self.cleaned_data["basis"]))


class ListForm(AsOfForm):
    """Which cases: one kind at a time, as amounts differ."""

    kind = forms.ChoiceField(label=_("Kind of case"), choices=Kind.choices, required=False)
    state = forms.ChoiceField(label=_("Stage"), required=False)
    words = forms.CharField(label=_("Number, title or unit"), max_length=100, required=False)
    late = forms.BooleanField(label=_("Only with late entries"), required=False)

    def __init__(self, asked: Any, *, today: dt.date) -> None:
        super().__init__(asked, today=today, kind=Kind.PROJECT.value)
        states = STATES.get(self.data["kind"])
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("any")), *(states.choices if states else ())]
        self.fields["late"].widget.attrs["class"] = "form-check-input"

    def listed(self, within: QuerySet[Entry]) -> Listed:
        """The cases asked for, of those that one may read; the form is valid."""
        asked = {name: self.cleaned_data[name] for name in ("kind", "state", "words", "late")}
        return Listed(moment=self.moment, within=within, **asked)


class CompareForm(AsOfForm):
    """Two versions: each the end of a day, or right after an entry; from the first to the last where none are named."""

    a = forms.CharField(label=_("First version: day or entry number"), max_length=12)
    b = forms.CharField(label=_("Second version: day or entry number"), max_length=12)

    def __init__(self, asked: Any, *, today: dt.date, last: int) -> None:
        super().__init__(asked, today=today, a="1", b=str(last))
        del self.fields["on"]
        self.order_fields(["a", "b", "basis"])

    def clean_a(self) -> str:
        """A day or a number."""
        return _checked(self.cleaned_data["a"])

    def clean_b(self) -> str:
        """A day or a number."""
        return _checked(self.cleaned_data["b"])

    def version(self, name: str) -> Moment:
        """The moment that a field names; the form is valid."""
        text, basis = self.cleaned_data[name], Basis(self.cleaned_data["basis"])
        if "-" in text:
            return Moment.end_of(dt.date.fromisoformat(text), basis=basis)
        return Moment(basis=basis, before=NEVER, seq=int(text))


def _checked(text: str) -> str:
    bare = text.strip().removeprefix("#")
    if re.fullmatch(r"[0-9]{1,9}", bare):
        return bare
    try:
        day = dt.date.fromisoformat(bare)
        for check in DAYS:
            check(day)
    except ValueError as error:
        raise ValidationError(_("A day such as 2026-03-02, or the number of an entry such as 12.")) from error
    return day.isoformat()
