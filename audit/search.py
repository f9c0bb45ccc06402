"""Searching the record: what an auditor may ask, and the pages of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from audit.labels import label
from audit.models import Entry
from audit.periods import PeriodForm

Row = TypeVar("Row", bound=Model)

PAGE_ROWS = 50
#: Counting goes no further: a page must not cost more as the record grows.
COUNTED_MAX = 1000


class SearchForm(PeriodForm):
    """Every field narrows; all may stay empty."""

    case = forms.CharField(label=_("Case number or title"), max_length=100, required=False)
    person = forms.CharField(label=_("Person"), max_length=100, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=100, required=False)
    act = forms.ChoiceField(label=_("Act"), required=False)
    root = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts = Entry.objects.order_by("act").values_list("act", flat=True).distinct()
        choices = [(act, label("act", act)) for act in acts]
        field = self.fields["act"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("any")), *choices]

    def found(self) -> QuerySet[Entry]:
        """The entries asked for, in no particular order; none while the question is faulty."""
        if not self.is_valid():
            return Entry.objects.none()
        asked = self.cleaned_data
        found = Entry.objects.all()
        if asked["case"]:
            found = found.filter(Q(case_number__icontains=asked["case"]) | Q(case_title__icontains=asked["case"]))
        if asked["person"]:
            found = found.filter(Q(actor_name__icontains=asked["person"]) | Q(behalf_name__icontains=asked["person"]))
        if asked["unit"]:
            found = found.filter(unit_name__icontains=asked["unit"])
        if asked["act"]:
            found = found.filter(act=asked["act"])
        if asked["root"] is not None:
            found = found.filter(root_id=asked["root"])
        return self.within(found, "happened_at")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of rows, newest first, and where the pages beside it begin."""

    rows: list[Row]
    #: Rows found, counted no further than COUNTED_MAX.
    count: int
    newer: int | None
    older: int | None

    @property
    def more_than_counted(self) -> bool:
        """Whether `count` is only where counting stopped."""
        return self.count > COUNTED_MAX


def page(found: QuerySet[Row], *, before: int | None = None, after: int | None = None) -> Page[Row]:
    """The newest page, or the one next to row `before` (older) or `after` (newer).

    By key, not by offset: the thousandth page costs what the first one does.
    """
    count = found.order_by()[: COUNTED_MAX + 1].count()
    if after is not None:
        rows = list(found.filter(id__gt=after).order_by("id")[: PAGE_ROWS + 1])
        further, rows = len(rows) > PAGE_ROWS, rows[:PAGE_ROWS][::-1]
        older = rows[-1].pk if rows else None
        return Page(rows, count, newer=rows[0].pk if rows and further else None, older=older)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id")[: PAGE_ROWS + 1])
    further, rows = len(rows) > PAGE_ROWS, rows[:PAGE_ROWS]
    newer = rows[0].pk if rows and before is not None else None
    return Page(rows, count, newer=newer, older=rows[-1].pk if rows and further else None)


def page_asked(found: QuerySet[Row], asked: QueryDict) -> Page[Row]:
    """The page that an address names by its ``before`` or ``after``."""
    return page(found, before=key(asked.get("before")), after=key(asked.get("after")))


def key(text: str | None) -> int | None:
    """An entry's id from an address; None where there is none or it is not one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
