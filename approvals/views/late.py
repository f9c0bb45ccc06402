"""Entering afterwards (补录): the form of the act that was done on paper, under the request that lets it in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals import desks
from approvals.forms.actform import ActForm
from approvals.views.acting import CONFLICT, UNPROCESSABLE, form_of, naming, refusals_of, too_late
from approvals.views.common import officer, the_case, version_of, version_shown
from funds.refusals import LedgerRefused
from workflows import acts
from workflows.law import Refused, Stale
from workflows.models import LateEntry


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """The act's own form, and entering it as happened when the request says."""
    late, at, person = the_case(request, pk), timezone.now(), officer(request)
    if not isinstance(late, LateEntry):
        raise Http404
    refusals = acts.why_not("enter", on=late, by=person, at=at)
    if refusals:
        status = CONFLICT if request.method == "POST" else 200
        return _page(request, late, None, shown=version_of(late), refusals=refusals, status=status)
    about = late.about.typed()
    spec = acts.spec_of(type(about), late.deed)
    form = form_of(spec, about, request if request.method == "POST" else None, by=person, at=late.happened_at)
    if request.method != "POST":
        return _page(request, late, form, shown=version_of(late))
    quoted = version_shown(request)
    if request.POST.get("more"):
        form.quiet()
        return _page(request, late, form, shown=quoted)
    if not form.is_valid():
        return _page(request, late, form, shown=quoted, status=UNPROCESSABLE)
    reason = form.reason if "reason" in form.form.fields else ""
    try:
        done = desks.enter_late(
            late, by=person, at=at, reason=reason, data=form.payload(), files=form.files, shown=quoted
        )
    except acts.BadForm as bad:
        form.blame(bad.problems)
        return _page(request, late, form, shown=quoted, status=UNPROCESSABLE)
    except (Refused, LedgerRefused) as refused:
        return _page(request, late, form, shown=quoted, status=CONFLICT, refusals=refusals_of(refused))
    except (Stale, desks.Occupied) as why:
        return too_late(request, about, why, wrote=reason)
    said = _("Entered afterwards: %(act)s. The case now stands at “%(state)s”.")
    messages.success(request, said % {"act": spec.label, "state": done.state_label})
    return redirect("case", done.pk)


def _page(
    request: HttpRequest, late: LateEntry, form: ActForm | None, *, shown: int, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"case": late, "form": form, "shown": shown, **more}
    return naming(more.get("refusals", ()), render(request, "desks/late.html", context, status=status))
