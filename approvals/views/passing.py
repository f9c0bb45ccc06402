"""Urging a case (催办), sending copies of it (抄送), and what was copied to oneself (已阅)."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals import desks
from approvals.forms.notify import CopyForm
from approvals.notify import copying, urging
from approvals.notify.models import Copy, Urge
from approvals.views import again
from approvals.views.acting import CONFLICT, UNPROCESSABLE
from approvals.views.common import officer, the_case
from workflows.models import Case, Person, Unit

PAGE_ROWS = 30
#: The heaps of copies.
TABS = ("to-me", "by-me")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def urge(request: HttpRequest, pk: int) -> HttpResponse:
    """Who urged the case and when; urging it, once a day."""
    row, at, person = the_case(request, pk), timezone.now(), officer(request)
    refused, status = "", 200
    if request.method == "POST":
        try:
            urging.urge(row, by=person, at=at)
        except urging.NotNow as why:
            refused, status = str(why), CONFLICT
        else:
            messages.success(request, _("Urged: whose turn it is has been told."))
            return redirect("case", row.pk)
    lying = list(desks.waiting_on(row.pk).select_related("owner", "unit"))
    context = {
        "case": row,
        "refused": refused or urging.why_not(row, lying, by=person, at=at),
        "desks": lying,
        "urges": Urge.objects.filter(case_id=row.pk).select_related("by").order_by("-day"),
    }
    return render(request, "desks/urge.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a copy of the case; the copies sent so far, and who has read them."""
    row, at, person = the_case(request, pk), timezone.now(), officer(request)
    around, status = copying.around(row, on=timezone.localdate(at)), 200
    form = CopyForm(request.POST if request.method == "POST" else None, around=around, but=person)
    if request.method == "POST" and not again.asked(request, form):
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                sent = copying.send(
                    row, by=person, to=_people(row, form.cleaned_data["to"], around, at=at),
                    text=form.cleaned_data["text"], at=at,
                )  # fmt: skip
            except copying.NotForThem as why:
                form.add_error("to", str(why))
            else:
                said = ngettext("%(count)s copy sent.", "%(count)s copies sent.", len(sent)) % {"count": len(sent)}
                messages.success(request, said)
                return redirect("copy", row.pk)
    copies = Copy.objects.filter(case_id=row.pk).select_related("by", "to")
    page = Paginator(copies, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "desks/copy.html", {"case": row, "form": form, "page": page}, status=status)


def _people(row: Case, chosen: str, around: list[tuple[Unit, list[Person]]], *, at: dt.datetime) -> list[Person]:
    """Whom a choice of the form means: one person, or whoever at a unit's desks may see the case."""
    what, _dash, number = chosen.partition("-")
    if what == "unit":
        return next(copying.unit_people(row, unit, at=at) for unit, _people in around if unit.pk == int(number))
    return [person for _unit, people in around for person in people if person.pk == int(number)][:1]


@login_required
@require_safe
def copies(request: HttpRequest) -> HttpResponse:
    """What was copied to me, unread first, and what I have copied to others, with when they read it."""
    tab = request.GET.get("tab", "")
    if tab not in TABS:
        tab = TABS[0]
    person = officer(request)
    found = Copy.objects.filter(to=person) if tab == "to-me" else Copy.objects.filter(by=person)
    ordered = found.select_related("case", "by", "to").order_by(F("read_at").desc(nulls_first=True), "-at", "-id")
    page = Paginator(ordered, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "desks/copies.html", {"page": page, "tab": tab, "tabs": TABS})


@login_required
@require_POST
def copy_read(request: HttpRequest, pk: int) -> HttpResponse:
    """已阅."""
    row = get_object_or_404(Copy, pk=pk, to=officer(request))
    copying.mark_read(row, at=timezone.now())
    return redirect("case", row.case_id) if request.POST.get("then") == "case" else redirect("copies")
