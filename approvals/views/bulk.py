"""One decision on several cases, with an outcome for each."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals import desks
from approvals.forms.actform import ActForm
from approvals.views.acting import UNPROCESSABLE
from approvals.views.common import number_of, officer
from workflows import access, acts
from workflows.law import Act
from workflows.lifecycles import KINDS
from workflows.models import Case, Person

#: More than a person can have read.
CASES_MAX = 50


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Choose the act the chosen cases have in common, give the opinion, see what became of each."""
    at, person = timezone.now(), officer(request)
    chosen = _chosen(person, request.POST.getlist("chosen")[:CASES_MAX], at=at)
    cases = [case for case, _shown in chosen]
    common, act = _common(cases), _named(request.POST.get("act", ""), cases)
    if not chosen or not (common or act):
        said = _("The chosen cases have no decision in common.") if chosen else _("Choose at least one case.")
        messages.warning(request, said)
        return redirect("queue")
    context = {"chosen": [(case, f"{case.pk}:{shown}") for case, shown in chosen], "acts": common, "act": act}
    if act is None:
        return render(request, "desks/bulk.html", context)
    deciding = "decide" in request.POST
    form = ActForm(act.takes, case=chosen[0][0], request=request if deciding else None, reason=act.reason_required)
    context["form"] = form
    if not deciding or not form.is_valid():
        return render(request, "desks/bulk.html", context, status=UNPROCESSABLE if deciding else 200)
    outcomes = desks.take_each(act.name, on=chosen, by=person, at=at, reason=form.reason, data=form.payload())
    done = sum(outcome.done for outcome in outcomes)
    context |= {"outcomes": outcomes, "done": done, "left": len(outcomes) - done}
    return render(request, "desks/bulk_done.html", context)


def _chosen(person: Person, tickets: list[str], *, at: dt.datetime) -> list[tuple[Case, int]]:
    """Tickets ``case:version`` -> the cases, as their own class; those one may not see are left out."""
    asked: dict[int, int] = {}
    for ticket in tickets:
        pk, _colon, version = ticket.partition(":")
        if (case := number_of(pk)) is not None and (shown := number_of(version)) is not None:
            asked[case] = shown
    kinds = dict(access.visible(person, at=at).filter(pk__in=asked).values_list("pk", "kind"))
    found: dict[int, Case] = {}
    for kind in sorted(set(kinds.values())):
        machine = KINDS[kind].objects.select_related("edition", "area", "unit", "root")
        found |= {case.pk: case for case in machine.filter(pk__in=[pk for pk, k in kinds.items() if k == kind])}
    return [(found[pk], shown) for pk, shown in asked.items() if pk in found]


def _named(name: str, cases: list[Case]) -> Act | None:
    """The decision already chosen, even if one of the cases has moved on since: that one gets its own outcome."""
    if len({case.kind for case in cases}) != 1:
        return None
    return next((act for act in acts.all_acts(type(cases[0])) if act.bulk and act.name == name), None)


def _common(cases: list[Case]) -> list[Act]:
    """The acts for several cases at once that every one of them knows now."""
    if len({case.kind for case in cases}) != 1:
        return []
    sets = [{act.name for act in acts.possible(case) if act.bulk} for case in cases]
    shared = set.intersection(*sets)
    return [act for act in acts.possible(cases[0]) if act.name in shared]
