"""The register of rectification orders (整改台账): who must put what right by when, and how far it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals import order_papers
from approvals.views.common import officer, word_of
from approvals.views.papers import case_paper
from audit import export
from workflows import access, calendar
from workflows.lifecycles.rectification_forms import FINDINGS
from workflows.models import Area, Criticism, Rectification
from workflows.offices import Level
from workflows.rules.watching import lapsed_orders
from workflows.states import RectificationState

PAGE_ROWS = 25


#: Everything a row shows, in the one query of the page.
SHOWN = ("addressee__area", "accountable_post__person", "repeats", "edition")
#: The heaps of the register: all orders, and those under supervision (挂牌督办).
TABS = ("all", "supervised")


@login_required
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """The orders that the reader may see, narrowed as he asks: the open ones first, what is due earliest on top."""
    at = timezone.now()
    seen = access.orders(officer(request), at=at)
    page = Paginator(_asked(seen, request.GET, at=at), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "at": at, "page": page, "asked": request.GET, "states": RectificationState.choices,
        "findings": FINDINGS.items(), "townships": Area.objects.filter(level=Level.TOWNSHIP),
        "tab": "supervised" if request.GET.get("supervised") else "all", "counts": _counts(seen, at=at),
    }  # fmt: skip
    return render(request, "desks/orders.html", context)


@login_required
@require_safe
def orders_csv(request: HttpRequest) -> HttpResponseBase:
    """The same orders as CSV."""
    at = timezone.now()
    head = (_("Number of the order"), _("Project"), _("Addressee"), _("Who answers for it"), _("Finding"), _("Stage"),
            _("Deadline"), _("overdue"), _("freezes filing and claims"), _("items"), _("items rectified"),
            _("repeats"), _("criticised in public"), _("listed for supervision"), _("referred"))  # fmt: skip
    rows = _asked(access.orders(officer(request), at=at), request.GET, at=at)
    name = f"orders-{timezone.localdate(at).isoformat()}.csv"
    return export.answer(export.table(head, _lines(rows, at=at)), name=name)


def _counts(seen: QuerySet[Rectification], *, at: dt.datetime) -> dict[str, int]:
    """How many are open, overdue, freezing and under supervision; one query."""
    still = ~Q(state=RectificationState.VERIFIED)
    freezing = Q(pk__in=lapsed_orders(at=at).order_by().values("pk"))
    return seen.aggregate(
        open=Count("pk", filter=still), overdue=Count("pk", filter=still & Q(due_at__lt=at)),
        freezing=Count("pk", filter=freezing), supervised=Count("pk", filter=still & Q(listed_at__isnull=False)),
    )  # fmt: skip


def _asked(rows: QuerySet[Rectification], asked: QueryDict, *, at: dt.datetime) -> QuerySet[Any]:
    """The rows narrowed: free words, stage, finding, township, and what is overdue, freezing, listed or repeated."""
    lapsed, done = Exists(lapsed_orders(at=at).filter(pk=OuterRef("pk"))), Q(items__verdict="done")
    criticised = Exists(Criticism.objects.filter(case_id=OuterRef("pk"), unit_id=OuterRef("addressee_id")))
    rows = rows.annotate(
        lapsed=lapsed, criticised=criticised, items_all=Count("items"), items_done=Count("items", filter=done),
        closed=Q(state=RectificationState.VERIFIED),
    )  # fmt: skip
    for word in word_of(asked.get("q"), longest=80).split():
        rows = rows.filter(Q(number__icontains=word) | Q(title__icontains=word) | Q(addressee__name__icontains=word))
    for name in ("state", "finding"):
        if code := word_of(asked.get(name), longest=40):
            rows = rows.filter(**{name: code})
    if township := word_of(asked.get("township"), longest=20):
        rows = rows.filter(addressee__area__path__contains=f"/{township}/")
    still = ~Q(state=RectificationState.VERIFIED)
    ticked = {
        "overdue": still & Q(due_at__lt=at), "frozen": Q(lapsed=True), "repeated": Q(repeats__isnull=False),
        "supervised": still & Q(listed_at__isnull=False),
    }  # fmt: skip
    for name, condition in ticked.items():
        if asked.get(name):
            rows = rows.filter(condition)
    return rows.select_related(*SHOWN).defer("edition__content").order_by("closed", "deadline", "pk")


def _lines(rows: QuerySet[Any], *, at: dt.datetime) -> Iterator[list[str | int]]:
    def yes(holds: bool) -> str:
        return _("yes") if holds else ""

    for row in rows:
        post = row.accountable_post
        yield [
            row.number or "", row.title, row.addressee.name,
            f"{post.title} {post.person.name}" if post else row.accountable, str(row.get_finding_display()),
            str(row.state_label), calendar.last_day(row.deadline), yes(row.overdue(at=at)), yes(row.lapsed),
            row.items_all, row.items_done, (row.repeats.number or "") if row.repeats else "", yes(row.criticised),
            yes(row.listed_at is not None), yes(row.referred_at is not None),
        ]  # fmt: skip


# Papers


@login_required
@require_safe
def order_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The order to serve on its addressee (整改通知书)."""
    return case_paper(request, pk, Rectification, order_papers.order)


@login_required
@require_safe
def closing_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of its closing out (销号单); there is none before."""
    return case_paper(request, pk, Rectification, order_papers.closing)
