"""Pages of the access log: for the security administrator and the auditor, who read it and change nothing."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import export, reach
from audit import paging as searching
from audit.access import Access, Kind
from audit.periods import PeriodForm
from audit.views import only_with

RIGHT = "audit.view_access"


class AccessForm(PeriodForm):
    """Every field narrows; all may stay empty."""

    person = forms.CharField(label=gettext_lazy("Person"), max_length=100, required=False)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=45, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What"), required=False, choices=[("", gettext_lazy("any")), *Kind.choices]
    )
    case = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)

    def found(self, within: QuerySet[Access]) -> QuerySet[Access]:
        """The events asked for of those ``within``, in no particular order; none while the question is faulty."""
        if not self.is_valid():
            return Access.objects.none()
        asked = self.cleaned_data
        found = self.within(within, "at")
        if asked["person"]:
            found = found.filter(person_name__icontains=asked["person"])
        if asked["address"]:
            found = found.filter(address=asked["address"])
        if asked["kind"]:
            found = found.filter(kind=asked["kind"])
        if asked["case"] is not None:
            found = found.filter(case_id=asked["case"])
        return found


HEADINGS = (
    gettext_lazy("time"), gettext_lazy("what"), gettext_lazy("person"), gettext_lazy("address"), gettext_lazy("page"),
    gettext_lazy("answer"), gettext_lazy("detail"),
)  # fmt: skip


def _readable(request: HttpRequest) -> QuerySet[Access]:
    return reach.of(request.user, right=RIGHT, at=timezone.now()).accesses()


@only_with(RIGHT)
def access(request: HttpRequest) -> HttpResponse:
    """Who came, was refused, read personal data or took a file out; newest first."""
    form = AccessForm(request.GET)
    page = searching.page_asked(form.found(_readable(request)), request.GET)
    context = {"form": form, "page": page, "counted_max": searching.COUNTED_MAX}
    return render(request, "audit/access.html", context, status=200 if form.is_valid() else 400)


@only_with(RIGHT)
def download(request: HttpRequest) -> HttpResponseBase:
    """The events of the same search as CSV, oldest first, streamed."""
    form = AccessForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "page": searching.page(Access.objects.none())}
        return render(request, "audit/access.html", context, status=400)
    events = form.found(_readable(request)).order_by("id").iterator(chunk_size=1000)
    name = _("access-%s.csv") % timezone.localdate().isoformat()
    rows = (
        (
            timezone.localtime(event.at).isoformat(" ", "seconds"), event.get_kind_display(), event.person_name,
            event.address, event.asked, "" if event.status is None else event.status, event.told,
        )
        for event in events
    )  # fmt: skip
    return export.answer(export.table(HEADINGS, rows), name=name)
