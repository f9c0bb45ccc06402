"""The finance bureau's pages: a source entered, received, carried over, planned anew, returned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.forms.sources import MoveForm, SourceForm
from approvals.views import again
from approvals.views.acting import CONFLICT, UNPROCESSABLE, refusals_of
from approvals.views.common import number_of, officer
from funds import ledger
from funds.models import Account, Source
from funds.money import FEN_MAX
from funds.sources import idle_carried_fen
from workflows import access, treasury, words
from workflows.law import Stale
from workflows.models import Person
from workflows.offices import Area, Office, Seat
from workflows.register import NotAllowed


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceAct:
    """One of the bureau's acts on a source: what does it, and out of which account."""

    name: str
    do: Callable[..., Any]
    takes_from: Account.Kind
    reason_required: bool = True

    @property
    def label(self) -> str:
        """As the record calls it."""
        return words.record("act", f"sources.{self.name}")


ACTS = {
    act.name: act
    for act in (
        SourceAct(name="receive", do=treasury.receive, takes_from=Account.Kind.ISSUED, reason_required=False),
        SourceAct(name="carry_over", do=treasury.carry_over, takes_from=Account.Kind.UNALLOCATED),
        SourceAct(name="replan", do=treasury.replan, takes_from=Account.Kind.CARRIED),
        SourceAct(name="give_back", do=treasury.give_back, takes_from=Account.Kind.UNALLOCATED),
        SourceAct(name="lapse", do=treasury.lapse, takes_from=Account.Kind.CARRIED),
    )
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """An act that the reader may do on a source, and how much there is to move."""

    act: SourceAct
    fen_max: int


def ready_acts(source: Source, person: Person, *, at: dt.datetime) -> list[Ready]:
    """The acts for which there is money; none for others than the source's own finance bureau."""
    bureaus = _bureaus(person, at=at)
    if source.county not in bureaus:
        return []
    held = {row.kind: row.balance_fen for row in Account.objects.filter(source=source, case_id__isnull=True)}
    # The issuer's account stands below nothing by what he gave.
    held[Account.Kind.ISSUED] = source.amount_fen + held.get(Account.Kind.ISSUED, 0)
    found = {act.name: held.get(act.takes_from, 0) for act in ACTS.values()}
    if found["lapse"]:
        found["lapse"] = idle_carried_fen(source=source, since=treasury.lapses_since(bureaus[source.county], at=at))
    return [Ready(act=ACTS[name], fen_max=fen) for name, fen in found.items() if fen > 0]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter the document that gives the money."""
    at, person = timezone.now(), officer(request)
    if not _bureaus(person, at=at):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "money/new.html", {"form": SourceForm(initial={"year": timezone.localdate(at).year})})
    form = SourceForm(request.POST)
    if again.asked(request, form):
        return render(request, "money/new.html", {"form": form})
    if not form.is_valid():
        return render(request, "money/new.html", {"form": form}, status=UNPROCESSABLE)
    facts = form.facts()
    try:
        opened = treasury.open_source(by=person, at=at, **facts)
    except ledger.EnteredBefore as refused:
        known = refused.params["source"]
        assert isinstance(known, Source)
        if not _same(known, facts):
            context = {"form": form, "refusals": refusals_of(refused), "known": known}
            return render(request, "money/new.html", context, status=CONFLICT)
        # The second of two clicks, or a colleague's: what was to be entered is there.
        messages.info(request, _("This source is in the books already; nothing was entered twice."))
        return redirect("source", known.pk)
    except ledger.LedgerRefused as refused:
        context = {"form": form, "refusals": refusals_of(refused)}
        return render(request, "money/new.html", context, status=CONFLICT)
    messages.success(request, _("Entered, and written into the record."))
    return redirect("source", opened.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One act on a source's own money."""
    at, person = timezone.now(), officer(request)
    source = get_object_or_404(access.sources(person, at=at), pk=pk)
    if name not in ACTS:
        raise Http404
    spec = ACTS[name]
    if source.county not in _bureaus(person, at=at):
        raise PermissionDenied
    ready = {one.act.name: one.fen_max for one in ready_acts(source, person, at=at)}
    context: dict[str, Any] = {"source": source, "act": spec, "fen_max": ready.get(name, 0)}
    context["shown"] = treasury.version_of(source)
    if request.method != "POST":
        initial = {"fen": context["fen_max"] or None}
        return _form_page(request, MoveForm(fen_max=FEN_MAX, reason=spec.reason_required, initial=initial), context)
    form = MoveForm(request.POST, fen_max=FEN_MAX, reason=spec.reason_required)
    context["shown"] = number_of(request.POST.get("shown"))
    if again.asked(request, form):
        return _form_page(request, form, context)
    if not form.is_valid() or context["shown"] is None:
        return _form_page(request, form, context, status=UNPROCESSABLE)
    try:
        spec.do(source=source, by=person, at=at, shown=context["shown"], **form.cleaned_data)
    except ledger.LedgerRefused as refused:
        return _form_page(request, form, context | {"refusals": refusals_of(refused)}, status=CONFLICT)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except Stale as late:
        wrote = form.cleaned_data["reason"]
        told = (_("Nothing was entered twice; look at the account book below."),
                *((_("Your opinion, to be copied if you still need it:"), wrote) if wrote else ()))  # fmt: skip
        messages.warning(request, " ".join((str(late), *told)))
        return redirect("source", pk)
    messages.success(request, _("Entered, and written into the record."))
    return redirect("source", pk)


def _form_page(request: HttpRequest, form: MoveForm, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "money/act.html", {"form": form, **context}, status=status)


def _bureaus(person: Person, *, at: dt.datetime) -> dict[str, Area]:
    """The areas in whose finance bureau the person sits, by code."""
    seats = Seat.of(person, on=timezone.localdate(at))
    return {seat.unit.area.code: seat.unit.area for seat in seats if seat.unit.office == Office.FINANCE}


def _same(known: Source, facts: dict[str, Any]) -> bool:
    """Whether the form says again what stands in the books."""
    labour = facts.get("labour")
    worth = {"amount_fen": labour.worth_fen} if labour is not None else {}
    said = {name: value for name, value in facts.items() if name != "labour"} | worth
    return all(getattr(known, name) == value for name, value in said.items())
