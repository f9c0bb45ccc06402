"""The register of rectification orders (整改台账): who must put what right by when, and how far it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.views.common import officer, word_of
from audit import export
from workflows import access
from workflows.models import Rectification
from workflows.rules.watching import lapsed_orders
from workflows.states import RectificationState

PAGE_ROWS = 25


@login_required
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """The orders that the reader may see, narrowed as he asks; the latest deadline last."""
    at = timezone.now()
    page = Paginator(_asked(request, at=at), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"at": at, "page": page, "asked": request.GET, "states": RectificationState.choices}
    return render(request, "desks/orders.html", context)


@login_required
@require_safe
def orders_csv(request: HttpRequest) -> HttpResponseBase:
    """The same orders as CSV."""
    at = timezone.now()
    head = (_("Number of the order"), _("Project"), _("Addressee"), _("Finding"), _("Stage"), _("Deadline"),
            _("overdue"), _("freezes filing and claims"), _("items"), _("items rectified"), _("repeats"),
            _("listed for supervision"))  # fmt: skip
    lines = export.table(head, _lines(_asked(request, at=at), at=at))
    return export.answer(lines, name=f"orders-{timezone.localdate(at).isoformat()}.csv")


def _asked(request: HttpRequest, *, at: dt.datetime) -> QuerySet[Rectification]:
    seen = access.visible(officer(request), at=at).filter(kind="rectification").values("pk")
    frozen = Exists(lapsed_orders(at=at).filter(pk=OuterRef("pk")))
    rows = Rectification.objects.filter(pk__in=seen).annotate(
        freezes=frozen, items_all=Count("items"), items_done=Count("items", filter=Q(items__verdict="done"))
    )
    asked = request.GET
    for word in word_of(asked.get("q"), longest=80).split():
        rows = rows.filter(Q(number__icontains=word) | Q(title__icontains=word) | Q(addressee__name__icontains=word))
    if asked.get("state") in RectificationState.values:
        rows = rows.filter(state=asked["state"])
    if asked.get("overdue"):
        rows = rows.filter(due_at__lt=at).exclude(state=RectificationState.VERIFIED)
    if asked.get("frozen"):
        rows = rows.filter(freezes=True)
    if asked.get("supervised"):
        rows = rows.filter(listed_at__isnull=False).exclude(state=RectificationState.VERIFIED)
    return rows.select_related("addressee", "repeats", "edition").defer("edition__content").order_by("deadline", "pk")


def _lines(rows: QuerySet[Any], *, at: dt.datetime) -> Iterator[list[str | int]]:
    def yes(holds: bool) -> str:
        return _("yes") if holds else ""

    for row in rows:
        yield [
            row.number or "", row.title, row.addressee.name, str(row.get_finding_display()), str(row.state_label),
            row.deadline.isoformat(), yes(row.overdue(at=at)), yes(row.freezes), row.items_all,
            row.items_done, (row.repeats.number or "") if row.repeats else "", yes(row.listed_at is not None),
        ]  # fmt: skip
