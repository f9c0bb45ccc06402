"""The application: opened, drafted, taken up again, filed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals import desks
from approvals.changes import since_return
from approvals.forms.actform import ActForm
from approvals.forms.filing import FilingForm
from approvals.views.acting import CONFLICT, UNPROCESSABLE, not_yours, open_and_go, refusals_of, too_late
from approvals.views.common import officer, the_case, version_of, version_shown, villages_of
from funds.refusals import LedgerRefused
from workflows import acts
from workflows.law import Refused, Stale
from workflows.lifecycles import KINDS
from workflows.models import Case, PlanItem, Unit


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_project(request: HttpRequest) -> HttpResponse:
    """Open an application: the village names it, then fills it in."""
    units = villages_of(officer(request), at=timezone.now())
    if not units:
        raise PermissionDenied
    opening = KINDS["project"].opening
    offered = {"unit_id": [(unit.pk, unit.name) for unit in units], "plan_item_id": _plan_items(units)}
    bound = request if request.method == "POST" else None
    form = ActForm(opening.takes, case=None, request=bound, offered=offered)
    context: dict[str, Any] = {"form": form, "opening": opening, "project": None}
    # Sent with the form: the second of two clicks opens nothing new.
    context["open_key"] = request.POST.get("open_key") or str(uuid.uuid4())
    if request.POST.get("more"):
        form.quiet()
    if bound is None or request.POST.get("more"):
        return render(request, "desks/open.html", context)
    if not form.is_valid():
        return render(request, "desks/open.html", context, status=UNPROCESSABLE)
    return open_and_go(request, KINDS["project"], None, form, context)


def _plan_items(units: list[Unit]) -> list[tuple[Any, str]]:
    """Items of the plan for the villages themselves or for an area around them."""
    codes = {code for unit in units for code in unit.area.path.strip("/").split("/")}
    items = PlanItem.objects.filter(area__code__in=codes)
    return [("", _("none")), *((item.pk, str(item)) for item in items)]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The filing form: saved as often as one likes, filed when it is complete."""
    case, at = the_case(request, pk), timezone.now()
    if case.kind != "project":
        raise Http404
    others = not_yours(case, acts.spec_of(type(case), "save_draft"), by=officer(request), at=at)
    if request.method != "POST" or others:
        why = others or acts.why_not("save_draft", on=case, by=officer(request), at=at)
        status = CONFLICT if request.method == "POST" else 200
        return _page(request, case, FilingForm(case), shown=version_of(case), refusals=why, status=status)
    form, quoted = FilingForm(case, request=request), version_shown(request)
    if request.POST.get("more"):
        form.quiet()
        return _page(request, case, form, shown=quoted)
    if not form.is_valid():
        return _page(request, case, form, shown=quoted, status=UNPROCESSABLE)
    try:
        after = _save(request, case, form, at=at, shown=quoted)
    except acts.BadForm as bad:
        form.blame(bad.problems)
        return _page(request, case, form, shown=quoted, status=UNPROCESSABLE)
    except (Refused, LedgerRefused) as refused:
        return _page(request, case, form, shown=quoted, status=CONFLICT, refusals=refusals_of(refused))
    except (Stale, desks.Occupied) as late:
        return too_late(request, case, late)
    filed = after.state != case.state
    messages.success(request, _("Filed: %s.") % after.state_label if filed else _("The draft is saved."))
    return redirect("case" if filed else "edit", pk)


def _save(request: HttpRequest, case: Case, form: FilingForm, *, at: dt.datetime, shown: int) -> Case:
    """Draft, papers and, if asked for, the filing: all of it or nothing."""
    by = officer(request)
    with transaction.atomic():
        after = desks.take("save_draft", on=case, by=by, at=at, data=form.payload(), shown=shown)
        for paper, files in form.papers().items():
            after = desks.take("attach", on=after, by=by, at=at, data={"paper": paper}, files=files)
        if "file" in request.POST:
            name = "resubmit" if case.state == "returned" else "file"
            after = desks.take(name, on=after, by=by, at=at, reason=form.reason)
    return after


def _page(
    request: HttpRequest, case: Case, form: FilingForm, *, shown: int, status: int = 200, **more: Any
) -> HttpResponse:
    attached = case.attachments.select_related("by")
    context = {"case": case, "form": form, "shown": shown, "attached": attached, "returned": since_return(case), **more}
    return render(request, "desks/edit.html", context, status=status)
