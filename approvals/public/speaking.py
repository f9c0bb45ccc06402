"""The pages on which anybody speaks: objects to a notice, complains about a project, follows his receipt.

They alone set a cookie, which protects the form (CSRF). Nothing of what is said here is ever shown to the public.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from axes.helpers import get_client_ip_address
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from approvals import desks
from approvals.public import tickets
from approvals.public.forms import Complained, ReceiptForm, Said
from approvals.public.knocks import TooOften, knock
from approvals.public.masking import hotline
from approvals.public.pages import View, show, strict, the_notice, the_project
from approvals.public.serializer import hotline_of, notices, projects
from approvals.views.acting import CONFLICT, UNPROCESSABLE
from workflows import acts, receipts
from workflows.law import Refused
from workflows.models import Case, Complaint, Notice, Project
from workflows.offices import outsider
from workflows.openness import public_projects

TOO_MANY = 429


def form_page(view: Callable[..., HttpResponse]) -> View:
    """A page with a form: nobody keeps it, and no report of an error holds what was written."""
    kept: View = never_cache(sensitive_post_parameters()(view))
    wrapped: View = require_http_methods(["GET", "HEAD", "POST"])(strict(kept))
    return wraps(view)(wrapped)


@form_page
def objection(request: HttpRequest, number: str) -> HttpResponse:
    """The form of an objection, and its receipt."""
    row, at = the_notice(number), timezone.now()
    [shown] = notices([row])
    refusals = acts.why_not("raise_objection", on=row, by=outsider("public"), at=at)
    context = {"about": shown, "title": _("Object to this notice"), "name": shown.project_name,
               "hotline": shown.hotline, "back": reverse("public:notice", args=[number])}  # fmt: skip
    if refusals and public_projects().filter(pk=row.root_id or 0).exists():
        context["instead"] = reverse("public:complain", args=[shown.project_number])
    return _hear(request, Said, row, context, refusals=refusals, say=_object, at=at)


@form_page
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    """The form of a complaint, and its receipt."""
    row, at = the_project(number), timezone.now()
    [shown] = projects([row])
    context = {"about": shown, "title": _("Complain, or say what you think"), "name": shown.name,
               "hotline": hotline_of(row.pk), "back": reverse("public:project", args=[number])}  # fmt: skip
    return _hear(request, Complained, row, context, refusals=[], say=_complain, at=at)


def _hear(
    request: HttpRequest,
    form_class: type[Said],
    row: Case,
    context: dict[str, Any],
    *,
    refusals: list[Any],
    say: Callable[..., None],
    at: dt.datetime,
) -> HttpResponse:
    """The empty form, the form with what is wrong, or the receipt."""
    if refusals or request.method != "POST":
        blank = form_class(initial={"ticket": tickets.ticket(row.pk)})
        status = CONFLICT if refusals and request.method == "POST" else 200
        return show(request, "speak", {**context, "form": blank, "refusals": refusals}, status=status)
    form = form_class(request.POST)
    try:
        code = tickets.code(request.POST.get("ticket", ""), about=row.pk)
    except tickets.StaleTicket:
        # What was written stays in the form; only the ticket is new.
        form = form_class(request.POST.dict() | {"ticket": tickets.ticket(row.pk)})
        form.add_error(None, _("This page was open for too long. Look it through, and send it again."))
        return show(request, "speak", {**context, "form": form}, status=UNPROCESSABLE)
    if not form.is_valid():
        return show(request, "speak", {**context, "form": form}, status=UNPROCESSABLE)
    try:
        if receipts.find(code) is None:
            knock(address=get_client_ip_address(request), about=row.pk, at=at)
            say(row, form.cleaned_data, code=code, at=at)
    except TooOften as too_often:
        form.add_error(None, str(too_often))
        return show(request, "speak", {**context, "form": form}, status=TOO_MANY)
    except Refused as refused:
        return show(request, "speak", {**context, "form": form, "refusals": refused.refusals}, status=CONFLICT)
    return show(request, "said", {**context, "code": code, "signed": bool(form.cleaned_data["name"])})


def _object(row: Case, given: dict[str, str], *, code: str, at: dt.datetime) -> None:
    data = {"objector": given["name"], "contact": given["contact"], "text": given["text"], "receipt": code}
    with transaction.atomic():
        held = Notice.locked(row.pk)
        # The twin of a double click may have been quicker than the lock.
        if receipts.find(code) is None:
            desks.take("raise_objection", on=held, by=outsider("public"), at=at, data=data)


def _complain(row: Case, given: dict[str, str], *, code: str, at: dt.datetime) -> None:
    data = {"complainant": given["name"], "contact": given["contact"], "text": given["text"], "receipt": code}
    with transaction.atomic():
        held = Project.locked(row.pk)
        if receipts.find(code) is None:
            desks.open_case(Complaint, by=outsider("public"), at=at, root=held, data=data)


@form_page
def receipt(request: HttpRequest) -> HttpResponse:
    """What became of what somebody said. The code comes in a form: an address is kept in histories and logs."""
    if request.method != "POST":
        return show(request, "receipt", {"form": ReceiptForm()})
    form = ReceiptForm(request.POST)
    followed = receipts.find(form.cleaned_data["code"]) if form.is_valid() else None
    if form.is_valid() and followed is None:
        form.add_error("code", _("There is no receipt with this code. Compare it with what you wrote down."))
    answer = hotline(followed.answer) if followed else ""
    status = 200 if followed else UNPROCESSABLE
    return show(request, "receipt", {"form": form, "followed": followed, "answer": answer}, status=status)
