"""The pages that are only read: notices, projects, pictures, the sign-board. They know no session and set no cookie."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE
from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from approvals import papers
from approvals.public import board, kept
from approvals.public.masking import said
from approvals.public.serializer import PLACE, criticisms, households, listings, notices, projects
from approvals.views.acting import UNPROCESSABLE
from approvals.views.common import word_of
from workflows import acts
from workflows.cases import BULKY
from workflows.models import Area, HouseholdBatch, Notice, Project
from workflows.offices import Level, Office, outsider
from workflows.openness import (
    notices_on,
    notices_over,
    public_criticisms,
    public_listings,
    public_notices,
    public_pictures,
    public_projects,
)
from workflows.states import PUBLIC_STATES, NoticeState

PAGE_ROWS = 20
PICTURES_MAX = 24
#: How long a page may be kept on the way: news about money need not be younger.
FRESH_S, DAY_S = 60, 24 * 3600

View = Callable[..., HttpResponseBase]
#: No page of the public site brings a script.
strict = csp_replace({"script-src": [NONE], "connect-src": [NONE]})


def read_only(*, fresh_s: int = FRESH_S) -> Callable[[View], View]:
    """A page for everybody: safe methods alone, the same for all, kept for a while, asked for anew by its digest."""

    def wrap(view: View) -> View:
        kept_on_the_way: View = cache_control(public=True, max_age=fresh_s)(conditional_page(view))
        wrapped: View = require_safe(strict(kept_on_the_way))
        return wraps(view)(wrapped)

    return wrap


def county_name() -> str:
    """The county whose site this is; no single one where several share the installation."""
    rows = Area.objects.filter(units__office=Office.PROGRAMME).order_by("path").distinct()
    names = list(rows.values_list("name", flat=True))
    return said(names[0]) if len(names) == 1 else ""


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the public site."""
    return render(request, f"public/{template}.html", {"county": county_name(), **context}, status=status)


@read_only()
def home(request: HttpRequest) -> HttpResponse:
    """The notices whose term runs; with ``?past`` those whose term has run, whether closed by the office or not."""
    past = "past" in request.GET
    rows = (notices_over if past else notices_on)(at=timezone.now()).order_by("-running_since", "-pk")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    return show(request, "home", {"past": past, "page": page, "notices": notices(page), "today": timezone.localdate()})


@read_only()
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """One notice, with the way to object while it runs."""
    row = the_notice(number)
    [shown] = notices([row])
    return show(
        request,
        "notice",
        {
            "notice": shown,
            "open": not acts.why_not("raise_objection", on=row, by=outsider("public"), at=timezone.now()),
            "project_is_public": public_projects().filter(pk=row.root_id or 0).exists(),
            "households": _households(row),
            "objections": row.objections.count(),
            "unanswered": row.objections.filter(answered_at__isnull=True).count(),
        },
    )


def the_notice(number: str) -> Notice:
    """The public notice of that number.

    Raises:
        Http404: there is none, or it is not public.
    """
    return get_object_or_404(
        public_notices().select_related("edition", "area", "unit", "root").defer(BULKY), number=number
    )


def _households(row: Notice) -> list[Any]:
    """The list it is about, only while it hangs: whose subsidy was once posted need not be found for ever."""
    if row.purpose != "household" or row.state != NoticeState.RUNNING:
        return []
    batch = HouseholdBatch.objects.select_related("edition").filter(pk=row.about_id or 0).first()
    return households(batch) if batch is not None and batch.list_round == row.list_round else []


@read_only()
def project_list(request: HttpRequest) -> HttpResponse:
    """The public projects, found by name, place, year and how far they are."""
    rows = found(request)
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    asked = {name: word_of(request.GET.get(name), longest=80) for name in ("q", "place", "year", "state")}
    return show(
        request,
        "projects",
        {
            "page": page,
            "projects": projects(page),
            "asked": asked,
            "any_asked": any(asked.values()),
            "states": [(code, word) for code, (word, _states) in PUBLIC_STATES.items()],
            "places": [(one.code, said(one.name)) for one in Area.objects.filter(level=Level.TOWNSHIP)],
            "years": years(),
        },
    )


def found(request: HttpRequest) -> QuerySet[Project]:
    """The public projects that the address asks for, newest first."""
    rows = public_projects().select_related(*PLACE).order_by("-pk")
    for word in word_of(request.GET.get("q"), longest=80).split():
        hit = Q(number__icontains=word) | Q(title__icontains=word)
        rows = rows.filter(hit | Q(unit__name__icontains=word) | Q(area__name__icontains=word))
    if place := word_of(request.GET.get("place"), longest=20):
        rows = rows.filter(area__path__contains=f"/{place}/")
    if year := word_of(request.GET.get("year"), longest=8):
        rows = rows.filter(number__startswith=f"{Project.letter}{year}-")
    if state := word_of(request.GET.get("state"), longest=20):
        rows = rows.filter(state__in=PUBLIC_STATES[state][1] if state in PUBLIC_STATES else ())
    return rows


def years() -> list[str]:
    """The years of the public projects, by their numbers, newest first."""
    numbers = public_projects().order_by().annotate(year=Substr("number", len(Project.letter) + 1, 4))
    return sorted(set(numbers.values_list("year", flat=True).distinct()), reverse=True)


def the_project(number: str) -> Project:
    """The public project of that number.

    Raises:
        Http404: there is none, or it is not public.
    """
    return get_object_or_404(public_projects().select_related(*PLACE), number=number)


@read_only()
def project(request: HttpRequest, number: str) -> HttpResponse:
    """One project: what, where, how much, from whom, how far."""
    row = the_project(number)
    [shown] = projects([row])
    return show(
        request,
        "project",
        {
            "project": shown,
            "notices": notices(public_notices().filter(root_id=row.pk)),
            "pictures": list(public_pictures(row).order_by("-at", "-pk")[:PICTURES_MAX]),
            "steps": steps(shown.state),
            "criticisms": criticisms(public_criticisms(row)),
            "listings": listings(public_listings(row)),
        },
    )


@read_only()
def supervision(request: HttpRequest) -> HttpResponse:
    """Who was criticised in public, and which orders are under supervision: of all projects, newest first."""
    under = Paginator(public_listings(), PAGE_ROWS).get_page(request.GET.get("listed"))
    page = Paginator(public_criticisms(), PAGE_ROWS).get_page(request.GET.get("page"))
    shown = {"page": page, "criticisms": criticisms(page), "under": under, "listings": listings(under)}
    return show(request, "supervision", shown)


def steps(state: str) -> list[tuple[str, str]]:
    """The road in the public's words, each step behind, here or ahead; a stopped project has left it."""
    road = [code for code in PUBLIC_STATES if code != "stopped"]
    here = road.index(state) if state in road else -1
    marks = ["past" if n < here else "here" if n == here else "ahead" for n in range(len(road))]
    return [(str(PUBLIC_STATES[code][0]), mark) for code, mark in zip(road, marks, strict=True)]


@read_only(fresh_s=DAY_S)
def picture(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A photo of the site, the board or the measured works; no other file has an address here."""
    photo = get_object_or_404(public_pictures(the_project(number)), pk=pk)
    try:
        content = kept.picture(photo.sha256)
    except FileNotFoundError as gone:
        raise Http404(_("The file is not in the store.")) from gone
    return HttpResponse(content, content_type="image/jpeg")


@read_only()
def sign_board(request: HttpRequest, number: str) -> HttpResponse:
    """The sign-board to print."""
    try:
        content = board.paper(the_project(number))
    except papers.NoGlyph as lacking:
        return HttpResponse(str(lacking), status=UNPROCESSABLE, content_type="text/plain; charset=utf-8")
    return pdf(content, number)


def pdf(content: bytes, number: str) -> HttpResponse:
    """The board's answer: shown by the browser, named when saved."""
    headers = {"Content-Disposition": f'inline; filename="board-{number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
