"""Who answered for a case, stage by stage; what a person answered for, for the audit of his leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals import papers, statement_paper
from approvals.models import WAITING, DeskTask
from approvals.views.common import officer, the_case
from audit import export
from audit.models import Entry
from audit.periods import PeriodForm
from workflows import access, lapses, responsibility, statements
from workflows.models import Person

PAGE_ROWS = 50


@login_required
@require_safe
def of_case(request: HttpRequest, pk: int) -> HttpResponse:
    """The chain of responsibility of a project and all its sub-cases (责任链)."""
    case = the_case(request, pk)
    root_id = case.root_id or case.pk
    family = Q(process__case_id=root_id) | Q(process__case__root_id=root_id)
    lying = DeskTask.objects.filter(family, status__in=WAITING, unit__isnull=False).select_related("unit", "process")
    waiting = [(task.process.case_id, task.unit) for task in lying.order_by("id") if task.unit]
    # Who may not read a complaint does not learn of it here either.
    seen = access.visible(officer(request), at=timezone.now()).filter(Q(pk=root_id) | Q(root_id=root_id))
    told = {case.pk} if case.root_id else set(seen.values_list("pk", flat=True))
    stages = [stage for stage in responsibility.of_family(root_id, waiting=waiting) if stage.case_id in told]
    page = Paginator(stages, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "desks/responsibility.html", {"case": case, "page": page})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of a person, as far as he may read it."""

    person: Person
    form: PeriodForm
    #: What the person did in the period, and the orders that were opened in it.
    acts: QuerySet[Entry]
    orders: QuerySet[Entry]
    #: What the reader may read of anybody, of any day.
    seen: QuerySet[Entry]

    @classmethod
    def by(cls, request: HttpRequest, pk: int) -> Asked:
        """Raises Http404 where he may read nothing of the person."""
        person, form = get_object_or_404(Person, pk=pk), PeriodForm(request.GET)
        seen = access.record_of(person, reader=officer(request), at=timezone.now())
        if seen is None:
            raise Http404
        within = form.within(seen, "happened_at") if form.is_valid() else seen.none()
        return cls(person, form, within & responsibility.acts_of(pk), within.filter(act="rectification.open"), seen)

    def told(self) -> responsibility.Statement:
        """Posts and acts by kind."""
        since, until = self.form.days()
        return responsibility.statement(self.person.pk, acts=self.acts, since=since, until=until)

    def late(self) -> list[lapses.Late]:
        """The terms that passed in his hands or lay lapsed there."""
        since, until = self.form.days()
        today = timezone.localdate()
        return lapses.of_person(self.person.pk, seen=self.seen, since=since, until=until, today=today)

    def sums(self, told: responsibility.Statement, late: list[lapses.Late]) -> statements.Sums:
        """What they add up to."""
        return statements.sums(self.person.pk, told.deeds, late=late, orders=self.orders)


def _refused(form: PeriodForm) -> HttpResponseBadRequest:
    """A file has no place for the form's messages; an empty one would look like an empty record."""
    faults = "\n".join(str(fault) for field in form.errors.values() for fault in field)
    return HttpResponseBadRequest(faults, content_type="text/plain; charset=utf-8")


@login_required
@require_safe
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Posts, acts by kind and act by act, in a period (履职清单)."""
    asked = Asked.by(request, pk)
    told = asked.told()
    newest = asked.acts.defer("payload").order_by("-happened_at", "-id")
    page = Paginator(newest, PAGE_ROWS).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"person": asked.person, "form": asked.form, "told": told, "page": page}
    context["late"] = late = asked.late() if asked.form.is_valid() else []
    context["sums"] = asked.sums(told, late)
    return render(request, "desks/statement.html", context, status=200 if asked.form.is_valid() else 400)


@login_required
@require_safe
def of_person_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same acts as a table, oldest first."""
    asked = Asked.by(request, pk)
    if not asked.form.is_valid():
        return _refused(asked.form)
    lines = export.lines(asked.acts.order_by("happened_at", "id").iterator(chunk_size=1000))
    return export.answer(lines, name=_("statement-%s.csv") % asked.person.username)


@login_required
@require_safe
def of_person_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Posts and acts by kind as a paper for the audit of a leaving official (离任审计)."""
    asked = Asked.by(request, pk)
    if not asked.form.is_valid():
        return _refused(asked.form)
    since, until = asked.form.days()
    try:
        told, late = asked.told(), asked.late()
        sums = asked.sums(told, late)
        made = statement_paper.statement(asked.person, told, sums, late, asked.acts, since=since, until=until)
    except papers.NoGlyph as lacking:
        messages.error(request, str(lacking))
        return redirect("statement", pk)
    name = _("statement-%s.pdf") % asked.person.username
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
