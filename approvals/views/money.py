"""The county's money on a day: the balance by source, the identity, what lies idle; and as a table to take away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.forms.money import OnForm
from approvals.views.common import officer
from audit import export
from funds import idle
from funds.balances import COLUMNS, Balance, Standing, balance
from funds.models import Source
from workflows import access, words
from workflows.models import Case
from workflows.offices import Office, Seat

PROJECT_ROWS = 20
#: Not right, but understood: the day asked for is none.
BAD_QUESTION = 400


@login_required
@require_safe
def money(request: HttpRequest) -> HttpResponse:
    """How the money of the reader's county stands."""
    seats = _readers_seats(request)
    form, stands = _asked(request)
    lying = idle.of_sources(stands)
    page = Paginator(_projects_lying(request, stands.on), PROJECT_ROWS).get_page(request.GET.get("page"))
    cases = Case.objects.select_related("unit").in_bulk([case_id for case_id, _ages in page])
    whole = idle.Ages()
    for ages in lying.values():
        whole = whole.plus(ages)
    context = {
        "form": form,
        "stands": stands,
        "rows": [(source, standing, purpose(source)) for source, standing in stands.sources.items()],
        "labour": stands.labour != Standing(),
        "ages": idle.labels(),
        "lying": lying,
        "lying_in_all": whole,
        "page": page,
        "projects": [(cases[case_id], ages) for case_id, ages in page if case_id in cases],
        "promised": _promised(request, stands),
        "enters": any(seat.unit.office == Office.FINANCE for seat in seats),
    }
    return render(request, "money/overview.html", context, status=200 if form.is_valid() else BAD_QUESTION)


@login_required
@require_safe
def balance_csv(request: HttpRequest) -> HttpResponseBase:
    """The balance as CSV."""
    _readers_seats(request)
    form, stands = _asked(request)
    if not form.is_valid():
        said = " ".join(map(str, form.errors["on"]))
        return HttpResponse(said, status=BAD_QUESTION, content_type="text/plain; charset=utf-8")
    head = (_("No."), _("source"), _("kind"), _("document number"), _("received on"), _("manager"), _("channel"),
            _("purpose"), _("nature"), _("procedure"))  # fmt: skip
    name = _("money-%s.csv") % stands.on.isoformat()
    columns = [*head, *(f"{label} ({_('yuan')})" for label in COLUMNS.values())]
    return export.answer(export.table(columns, _lines(stands)), name=name)


def purpose(source: Source) -> str:
    """The source's purpose in words."""
    return str(words.PURPOSES.get(source.purpose, source.purpose))


def _readers_seats(request: HttpRequest) -> list[Seat]:
    seats = Seat.of(officer(request), on=timezone.localdate())
    if not access.reads_money(seats):
        raise PermissionDenied
    return seats


def _asked(request: HttpRequest) -> tuple[OnForm, Balance]:
    at = timezone.now()
    today = timezone.localdate(at)
    form = OnForm({"on": request.GET.get("on") or today.isoformat()})
    on = form.day(today=today)
    return form, balance(on=on, among=access.sources(officer(request), at=at))


def _promised(request: HttpRequest, stands: Balance) -> list[Source]:
    """Sources of that year or earlier of which nothing had come by that day."""
    mine = access.sources(officer(request), at=timezone.now()).filter(year__lte=stands.on.year)
    return list(mine.exclude(pk__in=[source.pk for source in stands.sources]))


def _projects_lying(request: HttpRequest, on: dt.date) -> list[tuple[int, idle.Ages]]:
    return list(idle.of_projects(on=on, among=access.sources(officer(request), at=timezone.now())).items())


def _lines(stands: Balance) -> Iterator[list[str | int | Decimal]]:
    for source, standing in stands.sources.items():
        facts = (source.manager, source.channel, purpose(source), source.nature, source.procedure)
        yield [source.pk, source.name, str(source.get_kind_display()), source.document_number,
               str(source.received_on or ""), *facts, *_yuan(standing)]  # fmt: skip
    totals = {_("Money, in all"): stands.money, _("Labour, in all"): stands.labour}
    for title, standing in totals.items():
        yield ["", title, *[""] * 8, *_yuan(standing)]


def _yuan(standing: Standing) -> list[Decimal]:
    return [export.yuan(fen) for fen in standing.figures.values()]
