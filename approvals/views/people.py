"""People and posts: read by both administrators, kept by the security administrator through the register."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from approvals import gaps
from approvals.forms.people import EndForm, GrantForm, LendForm
from approvals.views.acting import CONFLICT, UNPROCESSABLE
from approvals.views.common import officer, word_of
from workflows import register
from workflows.models import Delegation, Person, Post
from workflows.offices import ADMINISTRATORS, Office, Seat

PAGE_ROWS = 50
#: Which form was sent -> its class, and what of the register it calls.
DEEDS: dict[str, tuple[Any, Any]] = {
    "grant": (GrantForm, register.grant_post),
    "end": (EndForm, register.end_post),
    "lend": (LendForm, register.lend_post),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with the posts held, lent and ended; granting, ending and lending them."""
    at, person = timezone.now(), officer(request)
    offices = _offices(request, at=at)
    forms: dict[str, Any] = {"grant": GrantForm(initial={"unit": request.GET.get("unit")}), "lend": LendForm()}
    status = 200
    deed = request.POST.get("deed", "")
    if request.method == "POST" and deed in DEEDS:
        form_class, keep = DEEDS[deed]
        form = forms[deed] = form_class(request.POST)
        if form.is_valid():
            try:
                keep(by=person, at=at, **form.cleaned_data)
            except register.NotAllowed as refused:
                form.add_error(None, str(refused))
                status = CONFLICT
            else:
                messages.success(request, _("Entered, and written into the record."))
                return redirect("people")
        else:
            status = UNPROCESSABLE
        # Without a form of its own on the page, or a page without forms, the refusal stands on top.
        if deed == "end" or Office.SECADMIN not in offices:
            messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    today = timezone.localdate(at)
    keeps = Office.SECADMIN in offices
    context = {"keeps": keeps, "forms": forms, "page": _page(request), "today": today, "gaps": gaps.gaps(today)}
    return render(request, "desks/people.html", context, status=status)


@login_required
@require_safe
def vacant(request: HttpRequest) -> HttpResponse:
    """The units at which nobody sits: how much waits there, who sat there last, who sees to it (空岗)."""
    at = timezone.now()
    keeps = Office.SECADMIN in _offices(request, at=at)
    page = Paginator(gaps.vacant(timezone.localdate(at)), PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "desks/vacant.html", {"page": page, "keeps": keeps})


def _offices(request: HttpRequest, *, at: dt.datetime) -> set[Office]:
    """The offices of who asks. Raises :class:`PermissionDenied` where none of them administers."""
    offices = {Office(seat.unit.office) for seat in Seat.of(officer(request), on=timezone.localdate(at))}
    if not offices & {*ADMINISTRATORS}:
        raise PermissionDenied
    return offices


def _page(request: HttpRequest) -> Any:
    found = Person.objects.order_by("username")
    if word := word_of(request.GET.get("q"), longest=40):
        by_unit = Q(posts__unit__name__icontains=word)
        found = found.filter(Q(name__icontains=word) | Q(username__icontains=word) | by_unit)
    lent = Prefetch("delegations", Delegation.objects.select_related("to").order_by("since"))
    posts = Prefetch("posts", Post.objects.select_related("unit").prefetch_related(lent))
    return Paginator(found.distinct().prefetch_related(posts), PAGE_ROWS).get_page(request.GET.get("page"))
