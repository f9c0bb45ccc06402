"""Payments by the bank: orders that wait to be sent, files made, results entered line by line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals import payrun
from approvals.views.acting import CONFLICT, UNPROCESSABLE
from approvals.views.common import officer
from workflows.models import PaymentFile, Person
from workflows.offices import Seat
from workflows.payments import bankfile, runs
from workflows.register import NotAllowed
from workflows.treasury import finance_seat

FILES_A_PAGE, LINES_A_PAGE = 20, 100


class ResultsForm(forms.Form):
    """The file that the bank gave back."""

    results = forms.FileField(
        label=gettext_lazy("Results of the bank"),
        help_text=gettext_lazy("CSV as the bank gives it back, at most 5 MB; a file may be entered again."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


def _seat(request: HttpRequest, *, at: dt.datetime) -> tuple[Person, Seat]:
    """Who pays, and from which seat; the page is for the finance bureau alone."""
    person = officer(request)
    try:
        return person, finance_seat(person, at=at)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def payments(request: HttpRequest) -> HttpResponse:
    """What waits to be sent and the files made; a POST enters the bank's results."""
    at = timezone.now()
    person, seat = _seat(request, at=at)
    form = ResultsForm(request.POST, request.FILES) if request.method == "POST" else ResultsForm()
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                context["outcomes"] = payrun.enter_results(form.cleaned_data["results"].read(), by=person, at=at)
                status = 200
            except bankfile.BadBankFile as bad:
                for problem in bad.problems:
                    form.add_error("results", problem)
    waiting = [line for _case, line in runs.unsent(seat, person)]
    files = PaymentFile.objects.filter(area__path__startswith=seat.unit.area.path).select_related("made_by", "behalf")
    page = Paginator(files.annotate(count=Count("lines")).order_by("-id"), FILES_A_PAGE).get_page(
        request.GET.get("page")
    )
    context |= {"waiting_count": len(waiting), "waiting_fen": sum(line.fen for line in waiting), "page": page}
    return render(request, "desks/payments.html", context, status=status)


@login_required
@require_POST
def make_file(request: HttpRequest) -> HttpResponse:
    """Make a file of the orders that wait; the second of two clicks finds nothing waiting."""
    at = timezone.now()
    person, _own = _seat(request, at=at)
    try:
        file = runs.make(by=person, at=at)
    except NotAllowed as refused:
        messages.warning(request, str(refused))
        return redirect("payments")
    messages.success(request, _("File %(number)s is made.") % {"number": file.number})
    return redirect("payment-file", file.pk)


def _file(seat: Seat, pk: int) -> PaymentFile:
    files = PaymentFile.objects.filter(area__path__startswith=seat.unit.area.path)
    file = files.select_related("made_by", "behalf").filter(pk=pk).first()
    if file is None:
        raise Http404(_("There is no such file in this county."))
    return file


@login_required
@require_safe
def payment_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file, line by line, with what became of each order; accounts are masked."""
    person, seat = _seat(request, at=timezone.now())
    file = _file(seat, pk)
    lines = list(file.lines.select_related("case"))
    became = runs.outcomes_of(lines)
    page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
    hands = {person.pk} | ({seat.behalf.pk} if seat.behalf else set())
    context = {
        "file": file,
        "page": page,
        "rows": [(line, became.get(line.order, "")) for line in page],
        "counts": [(mark, sum(outcome == mark for outcome in became.values())) for mark in ("settle", "bounce", "")],
        "may_take_out": bool(hands & file.payers()),
    }
    return render(request, "desks/payment_file.html", context)


@login_required
@require_POST
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself, with the accounts in it: for who pays, and on the record."""
    at = timezone.now()
    person, seat = _seat(request, at=at)
    file = _file(seat, pk)
    try:
        content = runs.take_out(file, by=person, at=at)
    except NotAllowed as refused:
        messages.error(request, str(refused))
        answer = payment_file(_as_read(request), pk)
        answer.status_code = CONFLICT
        return answer
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file.number}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _as_read(request: HttpRequest) -> HttpRequest:
    request.method = "GET"
    return request
