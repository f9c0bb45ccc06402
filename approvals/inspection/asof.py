"""Pages of the past: any case, list or balance as it stood on a day, from the record alone. They only read."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.inspection import compare, told
from approvals.inspection.forms import AsOfForm, CompareForm, ListForm
from audit import export
from audit.labels import label
from audit.models import Entry
from audit.views import readable, readers_only
from funds.balances import COLUMNS
from workflows.asof import balances, cases
from workflows.asof.fold import Version
from workflows.asof.listing import AMOUNTS, Line

PAGE_ROWS = 50
#: What a list of projects says of their money.
MONEY = ("allocated", "paid", "retained", "unpaid")
#: What stands in the file but has no room on the page.
TOO_WIDE = frozenset({"self_raised_fen", "retained"})


@readers_only
def listing(request: HttpRequest) -> HttpResponse:
    """All cases of a kind as they stood: filters, counts by stage, totals."""
    form = ListForm(request.GET, today=timezone.localdate())
    if not form.is_valid():
        return render(request, "inspection/asof_list.html", {"form": form}, status=400)
    asked = form.listed(readable(request).entries())
    names = [name for name in columns(asked.kind) if name not in TOO_WIDE]
    # A paginator cuts slices and asks for the length; the type of its stubs wants single rows as well.
    page = Paginator(cast(list[Line], asked), PAGE_ROWS).get_page(request.GET.get("page"))
    totals = asked.amounts | (asked.money.figures if asked.kind == "project" else {})
    context = {
        "form": form,
        "page": page,
        "rows": [(line, [(heading(name), amount(line, name)) for name in names]) for line in page],
        "count": len(asked),
        "kind": asked.kind,
        "columns": [heading(name) for name in names],
        "totals": [(heading(name), totals[name]) for name in names],
        "states": [(label(f"state:{asked.kind}", state), state, n) for state, n in asked.states],
        "moment": form.moment,
    }
    return render(request, "inspection/asof_list.html", context)


@readers_only
def download(request: HttpRequest) -> HttpResponseBase:
    """The same list as CSV."""
    form = ListForm(request.GET, today=timezone.localdate())
    if not form.is_valid():
        return render(request, "inspection/asof_list.html", {"form": form}, status=400)
    lines = form.listed(readable(request).entries())
    kind, names = lines.kind, columns(lines.kind)
    headings = [_("number"), _("title"), _("unit"), _("stage"), _("since"), _("late entries"), *map(heading, names)]
    rows = (
        [line.number, line.title, line.unit, label(f"state:{kind}", line.state),
         timezone.localtime(line.since.happened_at).isoformat(" ", "seconds"), line.late,
         *("" if (fen := amount(line, name)) is None else export.yuan(fen) for name in names)]
        for line in lines
    )  # fmt: skip
    name = _("as-of-%s.csv") % form.moment.day.isoformat()
    return export.answer(export.table(headings, rows), name=name)


@readers_only
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case as it stood on a day: where, every field with the entry that set it last, files, opinions, money."""
    entries = _entries(request, case_id)
    form = AsOfForm(request.GET, today=timezone.localdate())
    if not form.is_valid():
        return render(request, "inspection/asof_case.html", _case(entries, case_id) | {"form": form}, status=400)
    version = cases.version(entries, case_id=case_id, moment=form.moment)
    context = _case(entries, case_id) | {
        "form": form, "version": version, "moment": form.moment, "money": compare.money_of(version),
        "parts": compare.parts(version, version, told.Words(version.kind, entries)),
    }  # fmt: skip
    return render(request, "inspection/asof_case.html", context)


@readers_only
def two(request: HttpRequest, case_id: int) -> HttpResponse:
    """Two versions of a case, field by field."""
    entries = _entries(request, case_id)
    context = _case(entries, case_id)
    form = CompareForm(request.GET, today=timezone.localdate(), last=context["last"].seq)
    context["form"] = form
    if not form.is_valid():
        return render(request, "inspection/compare.html", context, status=400)
    before, after = (cases.version(entries, case_id=case_id, moment=form.version(name)) for name in ("a", "b"))
    words = told.Words(after.kind or before.kind, entries)
    context |= {"before": before, "after": after, "parts": compare.parts(before, after, words)}
    return render(request, "inspection/compare.html", context)


@readers_only
def money(request: HttpRequest) -> HttpResponse:
    """Every source of funds as it stood on a day."""
    form = AsOfForm(request.GET, today=timezone.localdate())
    if not form.is_valid():
        return render(request, "inspection/asof_money.html", {"form": form}, status=400)
    books = balances.books(form.moment, within=readable(request).entries())
    labour = any(source.labour for source in books.sources)
    context = {"form": form, "books": books, "labour": labour, "moment": form.moment}
    return render(request, "inspection/asof_money.html", context)


def columns(kind: str) -> tuple[str, ...]:
    """The amounts of a kind's list: of its row, and of projects what the transfers say."""
    return AMOUNTS.get(kind, ()) + (MONEY if kind == "project" else ())


def heading(name: str) -> str:
    """An amount by its name."""
    return str(COLUMNS[name]) if name in COLUMNS else told.name_of(name)


def amount(line: Line, name: str) -> int | None:
    """An amount of a case of the list, in fen; none where the record says nothing of it."""
    return line.money.figures[name] if name in COLUMNS else line.amounts.get(name)


def _entries(request: HttpRequest, case_id: int) -> list[Entry]:
    entries = cases.entries_of(case_id, within=readable(request).entries())
    if not any(entry.case_id == case_id for entry in entries):
        raise Http404
    return entries


def _case(entries: list[Entry], case_id: int) -> dict[str, Any]:
    own = [entry for entry in entries if entry.case_id == case_id]
    return {"own": own, "last": own[-1], "case_id": case_id, "version": Version(case_id=case_id)}
