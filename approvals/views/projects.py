"""The list of projects: search, filters, sorting, paging, and the totals of what was found."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from approvals.views.common import officer, villages_of, word_of
from approvals.views.works import standings
from workflows import access, progress
from workflows.models import Area, Case
from workflows.offices import DEPARTMENTS, Level
from workflows.states import ENDS, ProjectState
from workflows.words import CATEGORIES

PAGE_ROWS = 25
#: Column -> what it sorts by.
SORTS = {
    "number": "pk",
    "title": "title",
    "unit": "unit__name",
    "state": "state",
    "due": "due_at",
    "since": "state_since",
    "amount": "project__grant_fen",
    "total": "total_fen",
}


class Counted(Paginator):  # type: ignore[type-arg]
    """A paginator that was told the count: the totals have counted already."""

    def __init__(self, rows: QuerySet[Case], *, count: int) -> None:
        super().__init__(rows, PAGE_ROWS)
        self._count = count

    @cached_property
    def count(self) -> int:
        return self._count


@login_required
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """All projects that the reader may see, narrowed as he asks."""
    at, person = timezone.now(), officer(request)
    rows = access.visible(person, at=at).filter(kind="project")
    rows = _filtered(rows, request.GET)
    if request.GET.get("overdue"):
        rows = rows.filter(due_at__lt=at).exclude(state__in=ENDS["project"])
    if request.GET.get("deviation"):
        rows = progress.deviating(rows)
    parts = F("project__grant_fen") + F("project__self_raised_fen") + F("project__labour_fen")
    totals = rows.aggregate(
        count=Count("pk"), grant_fen=Coalesce(Sum("project__grant_fen"), 0), total_fen=Coalesce(Sum(parts), 0)
    )
    sort = request.GET.get("sort", "-number")
    key = SORTS.get(sort.removeprefix("-"), "pk")
    order = F(key).desc(nulls_last=True) if sort.startswith("-") else F(key).asc(nulls_last=True)
    related = ("unit", "area__parent", "project", "edition")
    # The rulebook of an edition is parsed once a process, not with every row.
    shown = rows.annotate(total_fen=parts).select_related(*related).defer("edition__content").order_by(order, "-pk")
    page = Counted(shown, count=totals["count"]).get_page(request.GET.get("page"))
    return render(
        request,
        "desks/projects.html",
        {
            "at": at,
            "page": page,
            "standings": standings(page),
            "totals": totals,
            "sort": sort,
            "asked": request.GET,
            "states": ProjectState.choices,
            "categories": CATEGORIES.items(),
            "departments": [(office.value, office.label) for office in DEPARTMENTS],
            "townships": Area.objects.filter(level=Level.TOWNSHIP),
            "may_open": bool(villages_of(person, at=at)),
        },
    )


def _filtered(rows: QuerySet[Case], asked: QueryDict) -> QuerySet[Case]:
    for word in word_of(asked.get("q"), longest=80).split():
        rows = rows.filter(Q(number__icontains=word) | Q(title__icontains=word) | Q(unit__name__icontains=word))
    if asked.get("state") in ProjectState.values:
        rows = rows.filter(state=asked["state"])
    if asked.get("category") in CATEGORIES:
        rows = rows.filter(project__category=asked["category"])
    if asked.get("department") in {office.value for office in DEPARTMENTS}:
        rows = rows.filter(department=asked["department"])
    if township := word_of(asked.get("township"), longest=20):
        # Codes hold no slash, so this is one township with all that lies in it.
        rows = rows.filter(area__path__contains=f"/{township}/")
    return rows
