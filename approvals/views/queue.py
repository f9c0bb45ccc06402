"""The queue: what lies on my desk and in my unit's tray, overdue first."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals import asked, desks, gaps
from approvals.models import WAITING, DeskTask
from approvals.views.common import number_of, officer, the_case
from approvals.views.rows import SHOWN, Row, tiles
from workflows import access
from workflows.models import AuditFinding, Person
from workflows.offices import ADMINISTRATORS, Office, Seat

PAGE_ROWS = 50
#: Tabs of the queue, in their order.
TABS = ("mine", "tray", "colleagues", "asked", "raised", "below")
#: Tabs that stand there only while something lies in them.
RARE = ("asked", "raised", "below")


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Mine, my units' tray, and what colleagues have taken."""
    at, person = timezone.now(), officer(request)
    offices = {Office(s.unit.office) for s in Seat.of(person, on=timezone.localdate(at))}
    if not offices - {*ADMINISTRATORS, Office.AUDITOR}:
        if Office.AUDITOR in offices:
            return redirect("inspection:overview")
        return render(request, "desks/no_desk.html", {"administers": offices, "mails": Office.SYSADMIN in offices})
    piles = _piles(person, offices, at=at)
    counts = {name: tiles(pile, at=at) for name, pile in piles.items()}
    tab = request.GET.get("tab", "")
    if tab not in TABS:
        tab = "mine" if counts["mine"]["waiting"] else "tray"
    page = Paginator(piles[tab].select_related(*SHOWN), PAGE_ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "desks/queue.html",
        {
            "at": at,
            "tab": tab,
            "tabs": [(name, counts[name]["waiting"]) for name in TABS if name not in RARE or counts[name]["waiting"]],
            "tiles": {key: counts["mine"][key] + counts["tray"][key] for key in counts["mine"]},
            "page": page,
            "rows": [Row.of(task, at=at) for task in page],
            "reports": _reports(person, at=at) if Office.AUDIT in offices else [],
        },
    )


def _piles(person: Person, offices: set[Office], *, at: dt.datetime) -> dict[str, QuerySet[DeskTask]]:
    tray = desks.tray(person, at=at)
    units = desks.units_of(person, at=at)
    taken = DeskTask.objects.filter(unit_id__in=units, status__in=WAITING, owner__isnull=False)
    raised = DeskTask.objects.filter(process__case__raised_to__in=units, status__in=WAITING)
    below = gaps.before_us(units, on=timezone.localdate(at))
    more_time = asked.for_offices(offices).filter(process__case__in=access.visible(person, at=at))
    return {
        "mine": tray.filter(owner=person),
        "tray": tray.filter(owner__isnull=True),
        "colleagues": taken.exclude(owner=person).order_by(*tray.query.order_by),
        # More time that units below ask for: decided on here.
        "asked": more_time.order_by(*tray.query.order_by),
        # Delays of the units below, reported by the clock: to be looked after, not decided here.
        "raised": raised.order_by(*tray.query.order_by),
        # What waits where nobody sits: to have the post filled, not to decide in its place.
        "below": below.filter(process__case__in=access.visible(person, at=at)).order_by(*tray.query.order_by),
    }


def _reports(person: Person, *, at: dt.datetime) -> list[Any]:
    """Reports with findings of which nothing has become, the oldest first: the audit has ended and lies on no desk."""
    seen = access.visible(person, at=at).filter(kind="special_audit").values("pk")
    left = AuditFinding.objects.filter(AuditFinding.left_open(), audit_id__in=seen)
    rows = left.values("audit_id", "audit__number", "audit__title", "audit__state_since").annotate(
        count=Count("pk", distinct=True)
    )
    return list(rows.order_by("audit__state_since", "audit_id"))


@login_required
@require_POST
def claim(request: HttpRequest, task: int) -> HttpResponse:
    """Take a case from the tray onto one's own desk."""
    row = _task(request, task)
    try:
        desks.claim(row, by=officer(request), at=timezone.now())
    except desks.Occupied as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("%(number)s is on your desk now.") % {"number": row.case.number})
    return _back(request)


@login_required
@require_POST
def release(request: HttpRequest, task: int) -> HttpResponse:
    """Put a case back into the tray."""
    row = _task(request, task)
    try:
        desks.release(row, by=officer(request))
    except desks.Occupied as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("%(number)s is back in the tray.") % {"number": row.case.number})
    return _back(request)


@login_required
@require_POST
def hand_over(request: HttpRequest, task: int) -> HttpResponse:
    """Give a case to a colleague of the unit."""
    row, at = _task(request, task), timezone.now()
    chosen = number_of(request.POST.get("to"))
    if chosen is None:
        messages.warning(request, _("Choose the colleague who takes it over."))
        return _back(request)
    to = get_object_or_404(desks.colleagues(row, at=at), pk=chosen)
    try:
        desks.hand_over(row, by=officer(request), to=to, at=at)
    except desks.Occupied as refused:
        messages.warning(request, str(refused))
    else:
        said = _("%(number)s is on the desk of %(name)s now.")
        messages.success(request, said % {"number": row.case.number, "name": to.name})
    return _back(request)


def _task(request: HttpRequest, pk: int) -> DeskTask:
    row: DeskTask | None = DeskTask.objects.select_related("process__case").filter(pk=pk).first()
    if row is None:
        raise Http404
    the_case(request, row.process.case_id)
    return row


def _back(request: HttpRequest) -> HttpResponse:
    """To the page one came from, if it is ours."""
    target = request.POST.get("next", "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure())
    return redirect(target if safe else "queue")
