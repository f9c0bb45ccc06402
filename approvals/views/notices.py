"""What a person was told: read, marked, chosen; and the delivery log of mails for the system administrator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals.forms.notify import SettingsForm
from approvals.notify import settle
from approvals.notify.kinds import Kind, told
from approvals.notify.models import UNREAD, Mail, MailState, Notification
from approvals.views.acting import UNPROCESSABLE
from approvals.views.common import holder_of, officer
from workflows.offices import Office

PAGE_ROWS = 30


@login_required
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """One's own notifications, unread first; of one kind where one is asked for."""
    kind = request.GET.get("kind", "")
    found = Notification.objects.filter(person=officer(request))
    folded: dict[str, int] = {}
    if kind in Kind.values:
        found = found.filter(kind=kind)
    else:
        counts = settle.unread_of(officer(request))
        folded = {one: count for one, count in counts.items() if settle.is_folded(one, count)}
        # The tray is a list itself; of the other kinds those that are read already stand here one by one.
        found = found.exclude(Q(kind=Kind.TRAY) | Q(UNREAD, kind__in=folded))
    # What is over counts as read: nobody need look at it.
    ordered = found.alias(unread=UNREAD).order_by("-unread", "-at", "-id").select_related("case")
    page = Paginator(ordered, PAGE_ROWS).get_page(request.GET.get("page"))
    rows = [(one, told(one.kind, case_kind=one.case.kind, facts=one.facts, at=one.at)) for one in page]
    lines = [(one, Kind(one).label, count) for one, count in folded.items()]
    context = {"page": page, "rows": rows, "kinds": Kind.choices, "kind": kind, "folded": lines}
    return render(request, "desks/notifications.html", context)


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read; on to its case where that was asked for."""
    one = get_object_or_404(Notification, pk=pk, person=officer(request))
    settle.read(Notification.objects.filter(pk=one.pk), at=timezone.now())
    return (
        redirect("case", one.case_id)
        if request.POST.get("then") == "case" and not one.bare
        else redirect("notifications")
    )


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of one's own as read."""
    settle.read(Notification.objects.filter(person=officer(request)), at=timezone.now())
    return redirect("notifications")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Which kinds come by mail and when, to which address, in which language."""
    person, status = officer(request), 200
    if request.method == "POST":
        form = SettingsForm(request.POST, person=person)
        if form.is_valid():
            form.save(at=timezone.now())
            messages.success(request, _("Your choice is kept."))
            return redirect("notification-settings")
        status = UNPROCESSABLE
    else:
        form = SettingsForm(person=person)
    return render(request, "desks/notification_settings.html", {"form": form}, status=status)


@login_required
@require_safe
def mail_log(request: HttpRequest) -> HttpResponse:
    """The delivery log: who, what, when, what became of it; nothing of any case."""
    holder_of(Office.SYSADMIN, request, at=timezone.now())
    state = request.GET.get("state", "")
    found = Mail.objects.select_related("person").order_by("-queued_at", "-id")
    if state in MailState.values:
        found = found.filter(state=state)
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"page": page, "kinds": _kinds_of(list(page)), "states": MailState.choices,
                               "state": state}  # fmt: skip
    return render(request, "desks/mail_log.html", context)


def _kinds_of(mails: list[Mail]) -> dict[int, list[str]]:
    """What each mail was about, by its number."""
    rows = Notification.objects.filter(mail__in=mails).order_by().values_list(F("mail_id"), "kind").distinct()
    found: dict[int, list[str]] = {}
    for mail, kind in rows:
        found.setdefault(mail, []).append(str(Kind(kind).label))
    return found
