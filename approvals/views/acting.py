"""Doing an act and opening a sub-case."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals import desks
from approvals.forms.actform import ROWS_MAX, ActForm
from approvals.forms.choices import Choices, deeds, orderable
from approvals.forms.findings import order_to, ordered_by_finding
from approvals.views.common import number_of, officer, the_case, version_of, version_shown
from funds.refusals import LedgerRefused
from workflows import access, acts
from workflows.flags import taken
from workflows.law import Act, DoneAlready, Refusal, Refused, Stale
from workflows.lifecycles import KINDS, spec_of
from workflows.models import Case, Person
from workflows.secrecy import Secret

#: The form was understood, but cannot be accepted; the law says no.
UNPROCESSABLE, CONFLICT = 422, 409

#: Acts whose form is a page of its own.
OWN_PAGES = {"save_draft": "edit", "load_list": "household-load", "enter": "late-enter"}


def refusals_of(refused: Refused | LedgerRefused) -> list[Refusal]:
    """The reasons, whether the law gave them or the books."""
    if isinstance(refused, Refused):
        return list(refused.refusals)
    return [Refusal(code=refused.code, article=str(refused.article), text=str(refused))]


def not_yours(case: Case, act: Act, *, by: Person, at: dt.datetime) -> list[Refusal]:
    """The one reason that comes before any form: the act belongs to others."""
    try:
        acts.must_sit(case, act, by=by, at=at)
    except Refused as refused:
        return list(refused.refusals)
    return []


def naming(refusals: Iterable[Refusal], response: HttpResponse) -> HttpResponse:
    """The answer, with the rules that refused, for the access log to write down."""
    response.rules = [refusal.code for refusal in refusals]  # type: ignore[attr-defined]
    return response


def too_late(request: HttpRequest, case: Case, why: Stale | desks.Occupied, *, wrote: str = "") -> HttpResponse:
    """Somebody was there first: say so kindly, keep what was written, change nothing."""
    done = isinstance(why, DoneAlready)
    context = {"case": case, "why": str(why), "done": done, "wrote": wrote}
    return render(request, "desks/too_late.html", context, status=CONFLICT)


def _spec(case: Case, name: str) -> Act:
    try:
        return spec_of(type(case), name)
    except LookupError as unknown:
        raise Http404(_("This kind of case has no such act.")) from unknown


def form_of(act: Act, case: Case, request: HttpRequest | None, *, by: Person, at: dt.datetime) -> ActForm:
    asks = True if act.reason_required else None if act.tone == "note" else False
    offered = None
    if act.takes is not None and "flag_number" in act.takes.model_fields and not access.reads_flags(by, at=at):
        # The office that pays sits on the audit team, but does not learn which flags were raised.
        offered = {"flag_number": [("", _("none"))]}
    start = starts_with(act.takes, case)
    return ActForm(act.takes, case=case, request=request, initial=start, offered=offered, reason=asks)


def starts_with(takes: Any, case: Any) -> dict[str, Any]:
    """What the form begins with: the case's own facts of the same names."""
    start: dict[str, Any] = {}
    for name in takes.model_fields if takes is not None else ():
        if name in ("lines", "invoices"):
            rows = getattr(case, name, None)
            kept = rows if rows is None or name == "lines" else rows.filter(replaced=False)
            start[name] = [] if kept is None else list(kept.values())
        elif name == "cuts":
            start[name] = [
                {"code": b.code, "number": b.number, "approved_fen": b.counted_fen, "cut_reason": b.cut_reason}
                for b in case.bills
            ]
        elif name == "answers" and case.kind == "household_batch":
            waiting = case.on_their_way
            start[name] = [{"order": line.order_of(case.number), "fen": line.amount_fen} for line in waiting[:ROWS_MAX]]
        elif name == "candidates":
            start[name] = [bid["bidder"] for bid in sorted(case.bids, key=lambda bid: bid["price_fen"])]
        elif name == "winner":
            start[name] = next(iter(case.candidates), "")
        elif not callable(value := getattr(case, name, None)) and not isinstance(value, Secret):
            start[name] = value
    return start


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The form of one act, and doing it."""
    case, at, person = the_case(request, pk), timezone.now(), officer(request)
    spec = _spec(case, name)
    if name in OWN_PAGES:
        return redirect(OWN_PAGES[name], pk)
    shown = version_of(case)
    others = not_yours(case, spec, by=person, at=at)
    if request.method != "POST":
        refusals = acts.why_not(name, on=case, by=person, at=at)
        # The form of others' acts is none of his business either: it may tell what the sources still hold.
        form = None if others else form_of(spec, case, None, by=person, at=at)
        return _page(request, case, spec, form, shown=shown, refusals=refusals)
    if others:
        return _page(request, case, spec, None, shown=shown, status=CONFLICT, refusals=others)
    form = form_of(spec, case, request, by=person, at=at)
    quoted = version_shown(request)
    if request.POST.get("more"):
        form.quiet()
        return _page(request, case, spec, form, shown=quoted)
    if not form.is_valid():
        return _page(request, case, spec, form, shown=quoted, status=UNPROCESSABLE)
    reason = form.reason if "reason" in form.form.fields else ""
    try:
        done = desks.take(
            name, on=case, by=person, at=at, reason=reason, data=form.payload(), files=form.files, shown=quoted
        )
    except acts.BadForm as bad:
        form.blame(bad.problems)
        return _page(request, case, spec, form, shown=quoted, status=UNPROCESSABLE)
    except (Refused, LedgerRefused) as refused:
        return _page(request, case, spec, form, shown=quoted, status=CONFLICT, refusals=refusals_of(refused))
    except (Stale, desks.Occupied) as why:
        return too_late(request, case, why, wrote=reason)
    said = _("Done: %(act)s. The case now stands at “%(state)s”.")
    messages.success(request, said % {"act": spec.label, "state": done.state_label})
    return redirect("case", pk)


def _page(
    request: HttpRequest, case: Case, spec: Act, form: ActForm | None, *, shown: int, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"case": case, "act": spec, "form": form, "shown": shown, **more}
    return naming(more.get("refusals", ()), render(request, "desks/act.html", context, status=status))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Open a sub-case of a project."""
    project = the_case(request, pk)
    machine = KINDS.get(kind)
    if machine is None or kind == "project" or project.kind != "project":
        raise Http404
    if kind == "red_flag":
        return redirect(f"{reverse('inspection:flags')}?project={pk}")
    opening = machine.opening
    at, person = timezone.now(), officer(request)
    others = not_yours(project, opening.act, by=person, at=at)
    bound = request if request.method == "POST" and not others else None
    start = _opens_with(kind, project, finding=number_of(request.GET.get("finding")))
    offered: dict[str, Choices] = {}
    if kind == "late_entry":
        offered = {"deed": deeds(project, by=person, at=at)}
    elif kind == "rectification":
        offered = orderable(project, act=opening.act, by=person, at=at)
    form = ActForm(opening.takes, case=project, request=bound, initial=start, offered=offered)
    context: dict[str, Any] = {"project": project, "opening": opening, "form": form, "refusals": others}
    if kind == "special_audit" and access.reads_flags(person, at=at):
        context["flags_left"] = taken.left(pk)
    if request.method != "POST":
        context["refusals"] = acts.why_not_open(machine, root=project, by=person, at=at)
    context["open_key"] = request.POST.get("open_key") or str(uuid.uuid4())
    if request.POST.get("more"):
        form.quiet()
    if bound is None or request.POST.get("more"):
        status = CONFLICT if others and request.method == "POST" else 200
        return naming(others, render(request, "desks/open.html", context, status=status))
    if not form.is_valid():
        return render(request, "desks/open.html", context, status=UNPROCESSABLE)
    return open_and_go(request, machine, project, form, context)


def open_and_go(
    request: HttpRequest, machine: type[Case], project: Case | None, form: ActForm, context: dict[str, Any]
) -> HttpResponse:
    """Open through the door and go to the new case; the second of two clicks goes to the first's."""
    key = context["open_key"]
    try:
        opened = desks.open_case(
            machine, by=officer(request), at=timezone.now(), root=project, key=key, data=form.payload(),
            files=form.files,
        )  # fmt: skip
    except acts.BadForm as bad:
        form.blame(bad.problems)
        return render(request, "desks/open.html", context, status=UNPROCESSABLE)
    except (Refused, LedgerRefused) as refused:
        context["refusals"] = refusals_of(refused)
        return naming(context["refusals"], render(request, "desks/open.html", context, status=CONFLICT))
    messages.success(request, _("%(number)s is open.") % {"number": opened.number})
    return redirect("edit" if project is None else "case", opened.pk)


def _opens_with(kind: str, project: Any, *, finding: int | None) -> Mapping[str, Any]:
    match kind:
        case "rectification":
            return order_to(project, ordered_by_finding(project, finding) if finding is not None else {})
        case "special_audit":
            return {"period_from": timezone.localdate(project.approved_at), "period_until": timezone.localdate()}
        case "tender":
            return {"subject": project.title}
        case "claim":
            return {"payee": project.contractor}
        case "measurement":
            return {"measured_on": timezone.localdate()}
        case "notice":
            return {"address": project.area.name}
        case "household_batch":
            month = f"{timezone.localdate():%Y-%m}"
            return {"first_month": month, "last_month": month}
        case _:
            return {}
