"""The list of a household batch: loaded from a workbook, read line by line, printed for the board. Numbers masked."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from approvals import desks
from approvals.views.acting import CONFLICT, UNPROCESSABLE, not_yours, refusals_of, too_late
from approvals.views.common import number_of, officer, the_case, version_of, word_of
from audit.access import read
from workflows import acts
from workflows.files import MEDIA_TYPES
from workflows.household import example, rates, workbook
from workflows.household.compare import others_pay
from workflows.household.lines import ListLine
from workflows.law import Refused, Stale
from workflows.models import HouseholdBatch
from workflows.plan.model import PlanRefused

PAGE_ROWS = 50
XLSX = MEDIA_TYPES[".xlsx"]


class WorkbookForm(forms.Form):
    """One workbook; it is read and not kept, for it holds the numbers in full."""

    workbook = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"),
        help_text=gettext_lazy("At most 10 MB. It is read, not kept: the numbers are stored sealed."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


def _batch(request: HttpRequest, pk: int) -> HouseholdBatch:
    case = the_case(request, pk)
    if not isinstance(case, HouseholdBatch):
        raise Http404
    return case


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook in, the list or every fault of it out."""
    batch, at, person = _batch(request, pk), timezone.now(), officer(request)
    spec = acts.spec_of(HouseholdBatch, "load_list")
    others = not_yours(batch, spec, by=person, at=at)
    if request.method != "POST" or others:
        why = others or acts.why_not("load_list", on=batch, by=person, at=at)
        status = CONFLICT if request.method == "POST" else 200
        return _page(request, batch, WorkbookForm(), shown=version_of(batch), status=status, refusals=why)
    form, quoted = WorkbookForm(request.POST, request.FILES), number_of(request.POST.get("shown"))
    if not form.is_valid():
        return _page(request, batch, form, shown=quoted, status=UNPROCESSABLE)
    try:
        lines = _read(form.cleaned_data["workbook"], batch)
        done = desks.take("load_list", on=batch, by=person, at=at, data={"lines": lines}, shown=quoted)
    except PlanRefused as refused:
        return _page(request, batch, form, shown=quoted, status=UNPROCESSABLE, problems=refused.problems)
    except Refused as refused:
        return _page(request, batch, form, shown=quoted, status=CONFLICT, refusals=refusals_of(refused))
    except (Stale, desks.Occupied) as why_not:
        return too_late(request, batch, why_not)
    messages.success(request, _("The list is loaded: %(count)s lines.") % {"count": done.lines.count()})  # type: ignore[attr-defined]
    return redirect("case", pk)


@sensitive_variables()
def _read(upload: Any, batch: HouseholdBatch) -> tuple[ListLine, ...]:
    return workbook.read(
        name=upload.name, data=upload.read(), book=batch.book, months=batch.months,
        compare=lambda lines: others_pay(lines, months=batch.months, but=batch.pk),
    )  # fmt: skip


def _page(
    request: HttpRequest,
    batch: HouseholdBatch,
    form: WorkbookForm,
    *,
    shown: int | None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"case": batch, "form": form, "shown": shown, "rates": _rates(batch), **more}
    return render(request, "desks/household_load.html", context, status=status)


def _rates(batch: HouseholdBatch) -> list[dict[str, Any]]:
    """What each standard comes to for one unit over the batch's months."""
    return [
        {"title": title, "rate": rates.rate_on(batch.book, code, batch.first_month), "fen": fen}
        for code, title in rates.known(batch.book).items()
        if (fen := rates.due_fen(batch.book, code, 1000, batch.months)) is not None
    ]


@login_required
@require_safe
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines of a batch, found by name."""
    batch = _batch(request, pk)
    rows = batch.lines.all()
    for word in word_of(request.GET.get("q"), longest=40).split():
        rows = rows.filter(name__icontains=word)
    if (status := request.GET.get("status")) in rows.model.Status.values:
        rows = rows.filter(status=status)
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    read("household", len(page))
    context = {"case": batch, "page": page, "asked": request.GET, "statuses": rows.model.Status.choices}
    return render(request, "desks/household_lines.html", context)


@login_required
@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as it hangs on the board: names with one character hidden, the last four places of the numbers."""
    return render(
        request, "desks/household_board.html", {"case": (batch := _batch(request, pk)), "lines": batch.standing}
    )


@login_required
@require_safe
def blank(request: HttpRequest, pk: int) -> FileResponse:
    """The workbook to fill in, with the rulebook's standards of the batch's months."""
    batch = _batch(request, pk)
    content = example.workbook(book=batch.book, months=batch.months, examples=False)
    name = _("household-list-%(number)s.xlsx") % {"number": batch.number}
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=XLSX)
