"""The page of a case: where it stands, whose turn, until when, what is there, what can be done and why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from approvals import desks
from approvals.amounts import amount_of
from approvals.changes import since_return
from approvals.inspection import flags
from approvals.inspection.checks import of_project
from approvals.models import WAITING, DeskProcess, DeskTask
from approvals.notify import urging
from approvals.views.common import officer, the_case
from approvals.views.steps import steps
from approvals.views.works import works_of
from audit import journal
from audit.models import Entry
from audit.views import RIGHT
from funds import ledger
from workflows import access, acts, vacancy, words
from workflows.checks import Finding
from workflows.flags import taken
from workflows.flags.verdicts import Verdict
from workflows.law import Act, Opening, Refusal
from workflows.lifecycles import KINDS
from workflows.models import Case, Opinion, Person
from workflows.rules import belated
from workflows.states import SpecialAuditState, label

HISTORY_ROWS = 20
#: Opened on a page of its own: what a red flag is about is not typed into a form.
NO_FORM = ("red_flag",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """An act of this state: possible for the reader, or why not."""

    act: Act
    refusals: list[Refusal]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the history, in the reader's words."""

    entry: Entry
    act: str
    before: str
    after: str
    reason: str
    files: int
    #: Of an act that was entered afterwards (补录): why, who approved it, and the papers that show it.
    on_paper: Mapping[str, Any] | None


@login_required
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case, a project or a sub-case."""
    row, at, person = the_case(request, pk), timezone.now(), officer(request)
    buttons = [Button(act=act, refusals=acts.why_not(act.name, on=row, by=person, at=at)) for act in acts.possible(row)]
    if row.kind == "project":
        # Both the budget and the works show them.
        prefetch_related_objects([row], "lines")
    attached = list(row.attachments.select_related("by"))
    openings = _openings(row, person, at=at)
    hidden = access.hidden_kinds(person, at=at)
    in_the_field = access.reads_fieldwork(person, at=at)
    unseen = Q() if in_the_field else access.fieldwork()
    history = _history(row, page=request.GET.get("page"), hidden=hidden, unseen=unseen)
    position = ledger.position(case_id=row.project_id)
    context: dict[str, Any] = {
        "at": at,
        "case": row,
        "facts": f"desks/facts/{row.kind}.html",
        "steps": steps(row),
        "overdue": row.overdue(at=at),
        "returned": since_return(row),
        "turn": acts.turn_of(row),
        "amount_fen": amount_of(row),
        "ready": [button for button in buttons if not button.refusals],
        "barred": [button for button in buttons if button.refusals],
        "openings": [(kind, opening) for kind, opening, refusals in openings if not refusals],
        "closed_to": [(opening, refusals) for _kind, opening, refusals in openings if refusals],
        "desks": _desks(row, person, at=at),
        "attached": attached,
        "shows_fieldwork": in_the_field or row.state != SpecialAuditState.FIELDWORK,
        "missing": _missing(row, [button.act for button in buttons], {file.paper for file in attached}),
        "opinions": _opinions(row),
        "page": history,
        "history": [_line(entry) for entry in history],
        "family": _family(row, hidden=hidden),
        "position": position,
        "works": works_of(row, position),
        "findings": _findings(request, row),
        "flags": flags.of_project(person, row, at=at),
        "flags_left": _flags_left(row, person, at=at),
        # On a project's own page it stands among what may be opened.
        "may_enter_late": row.root_id and any(acts.seat_for(row, act, person, at=at) for act in belated.enterable(row)),
        "may_edit": any(button.act.name == "save_draft" and not button.refusals for button in buttons),
    }
    return render(request, "desks/case.html", context)


def _flags_left(row: Case, person: Person, *, at: dt.datetime) -> list[Verdict]:
    """On an audit's page: the adopted flags of the project that no finding takes up yet, for who reads flags."""
    return taken.left(row.project_id) if row.kind == "special_audit" and access.reads_flags(person, at=at) else []


def _findings(request: HttpRequest, row: Case) -> list[Finding] | None:
    """What the checks find in the project's record, for who may read it."""
    return of_project(row.pk) if row.kind == "project" and request.user.has_perm(RIGHT) else None


def _desks(row: Case, person: Person, *, at: dt.datetime) -> list[dict[str, Any]]:
    """The desks on which it lies; for those of my units also who could take it over."""
    units = desks.units_of(person, at=at)
    found = []
    sitting = vacancy.manned(timezone.localdate(at)).filter(unit=OuterRef("unit"))
    waiting = urging.with_count(desks.waiting_on(row.pk)).annotate(manned=Exists(sitting))
    for task in waiting.select_related("owner", "unit"):
        ours = task.unit_id in units
        found.append(
            {
                "task": task,
                "seat": task.unit.name if task.unit else words.office(row.office(task.seat)),
                "ours": ours,
                "mine": task.owner_id == person.pk,
                "colleagues": list(desks.colleagues(task, at=at)) if ours else [],
            }
        )
    return found


def _openings(row: Case, person: Person, *, at: dt.datetime) -> list[tuple[str, Opening, list[Refusal]]]:
    """Sub-cases that the reader's posts let him open on this project, and what stands in the way now."""
    if row.kind != "project" or row.ended:
        return []
    machines = [(kind, machine) for kind, machine in KINDS.items() if kind not in ("project", *NO_FORM)]
    return [
        (kind, machine.opening, acts.why_not_open(machine, root=row, by=person, at=at))
        for kind, machine in machines
        if acts.seat_for(row, machine.opening.act, person, at=at)
    ]


def _missing(row: Case, known: list[Act], there: set[str]) -> list[tuple[Act, list[tuple[str, bool]]]]:
    """For each act of this state that asks for papers: which, and whether each is there."""
    asked = [(act, row.papers_for(act.code(row.kind))) for act in known]
    return [(act, [(words.paper(paper), paper in there) for paper in papers]) for act, papers in asked if papers]


def _opinions(row: Case) -> list[tuple[Opinion, bool]]:
    """The signatures, and which of them a later round of the same state has replaced."""
    given = list(row.opinions.select_related("person", "post__unit", "behalf"))
    last = {one.state: one.round_no for one in sorted(given, key=lambda one: one.round_no)} | {row.state: row.round_no}
    return [(one, one.round_no < last[one.state]) for one in given]


def _family(row: Case, *, hidden: Sequence[str]) -> list[dict[str, Any]]:
    """The project's sub-cases, with whose turn each is; two queries however many there are."""
    if row.kind != "project":
        return []
    members = list(
        row.family.select_related("claim", "householdbatch", "notice", "tender", "rectification")
        .exclude(kind__in=hidden)
        .order_by("pk")
    )
    turns: dict[int, list[str]] = {}
    for task in DeskTask.objects.filter(process__case__root=row, status__in=WAITING).select_related("unit"):
        office = task.unit.office if task.unit else row.office(task.seat)
        turns.setdefault(task.process_id, []).append(words.office(office))
    by_case = dict(DeskProcess.objects.filter(case__root=row).values_list("case_id", "pk"))
    return [{"case": one, "turn": words.listed(turns.get(by_case.get(one.pk, 0), []))} for one in members]


def _history(row: Case, *, page: str | None, hidden: Sequence[str], unseen: Q) -> Page[Entry]:
    entries = Entry.objects.filter(root_id=row.pk) if row.kind == "project" else Entry.objects.filter(case_id=row.pk)
    entries = entries.exclude(case_kind__in=hidden) if hidden else entries
    entries = entries.exclude(unseen) if unseen else entries
    return Paginator(entries.order_by("-id"), HISTORY_ROWS).get_page(page)


def _line(entry: Entry) -> Line:
    facts = journal.facts_of(entry)
    return Line(
        entry=entry,
        act=words.act(entry.act),
        before=label(entry.case_kind, entry.state_from) if entry.state_from else "",
        after=label(entry.case_kind, entry.state_to),
        reason=facts["reason"],
        files=len(facts["files"]),
        on_paper=facts.get("on_paper"),
    )
