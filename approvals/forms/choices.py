"""What may be chosen, where that depends on the case, its rulebook or the books of the funds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.amounts import amount_of
from funds.models import ANY_PURPOSE, Account, Source
from funds.money import yuan
from workflows import addressees, progress, superiors, vacancy, words
from workflows.flags import taken
from workflows.law import Act
from workflows.lifecycles.acceptance import GRADES
from workflows.lifecycles.audit_forms import METHODS, OUTCOMES, RESPONSES, SPECIAL_CASES
from workflows.lifecycles.complaint import HANDLERS
from workflows.lifecycles.rectification_forms import FINDINGS, ORIGINS, VERDICTS
from workflows.models import AuditFinding, BudgetLine, Case, LineObjection, Person, Unit
from workflows.offices import DEPARTMENTS, Office, Post
from workflows.populations import POPULATIONS
from workflows.rules import belated
from workflows.rules.funding import labour_sources
from workflows.rules.rectifying import FOUND_IN
from workflows.seating import seat_for

Choices = list[tuple[Any, str]]


def _tranches(case: Any) -> Choices:
    shown = _("%(name)s: %(trigger)s, up to %(percent)s %%")
    found, upto = [], 0
    for tranche in case.book.tranches:
        upto = tranche.upto_permille(upto)
        facts = {
            "name": words.tranche(tranche.code.value),
            "trigger": words.trigger(tranche.trigger.value),
            "percent": f"{upto / 10:g}",
        }
        found.append((tranche.code.value, shown % facts))
    return found


def _open_objections(case: Any) -> Choices:
    left = case.objections.filter(answered_at__isnull=True)
    return [(row.pk, f"{timezone.localdate(row.received_at)} {_text_of(row)[:60]}") for row in left]


def _text_of(objection: Any) -> str:
    return str(objection) if isinstance(objection, LineObjection) else objection.text


def _about(case: Any) -> Choices:
    """Claims that are not done with, and household lists that are to hang."""
    open_claims = Q(kind="claim") & ~Q(state__in=("paid", "rejected"))
    rows = Case.objects.filter(open_claims | Q(kind="household_batch", state="on_notice"), root_id=case.project_id)
    shown = [
        (row.pk, f"{row.get_kind_display()} {row.number} {yuan(amount_of(row) or 0)}")
        for row in rows.select_related("claim", "householdbatch").order_by("pk")
    ]
    return [("", _("about the project")), *shown]


def _found_in(case: Any) -> Choices:
    """Where something may have been found: acceptances and audits of the project."""
    rows = Case.objects.filter(root_id=case.project_id, kind__in=FOUND_IN)
    return [("", _("none of its cases")), *((row.pk, f"{row.get_kind_display()} {row.number}") for row in rows)]


def _addressees(case: Any) -> Choices:
    return [(unit.pk, unit.name) for unit in addressees.candidates(case)]


def orderable(project: Any, *, act: Act, by: Person, at: dt.datetime) -> dict[str, Choices]:
    """Whom somebody may order to put something right, and who may answer for it there: fields of the order's form."""
    seat = seat_for(project, act, by, at=at)
    units = addressees.candidates(project)
    able = [unit for unit in units if seat is None or addressees.may_order(seat.unit, unit)]
    return {"addressee_id": [(unit.pk, unit.name) for unit in able], "accountable_post_id": _accountable_at(able)}


def _posts(rows: Iterable[Post]) -> Choices:
    return [(post.pk, f"{post.unit.name} {post.title} {post.person.name}") for post in rows]


def _accountable(case: Any) -> Choices:
    """Who holds a post today at a unit to which an order may go."""
    return _accountable_at(addressees.candidates(case))


def _accountable_at(units: list[Unit]) -> Choices:
    held = vacancy.manned(timezone.localdate()).filter(unit__in=units).select_related("unit", "person")
    place = {unit.pk: n for n, unit in enumerate(units)}
    rows = sorted(held, key=lambda post: (place[post.unit_id], post.pk))
    return [("", _("nobody holds a post there")), *_posts(rows)]


def _team_posts(case: Any) -> Choices:
    """Who may join the audit team: the posts of the auditing offices in charge of the area."""
    units = [superiors.unit_at(office, case.area) for office in case.book.checks.audit_sections.value]
    held = vacancy.manned(timezone.localdate()).filter(unit__in=[unit for unit in units if unit is not None])
    rows = held.select_related("unit", "person").order_by("unit_id", "id")
    return _posts(rows)


def _open_findings(case: Any) -> Choices:
    """Findings of reports on the project of which nothing has become yet."""
    rows = AuditFinding.objects.filter(AuditFinding.left_open(), audit__root=case.project_id).select_related("audit")
    return [("", _("none")), *((one.pk, f"{one.audit.number} · {finding_label(one)}") for one in rows)]


def _adopted_flags(case: Any) -> Choices:
    """The adopted red flags of the project that no finding takes up yet."""
    rows = taken.left(case.project_id)
    return [("", _("none")), *((one.case_number, f"{one.case_number} · {one.code} {one.flag_name}") for one in rows)]


def _orders_of_audit(case: Any) -> Choices:
    rows = Case.objects.filter(kind="rectification", rectification__about=case.pk).order_by("pk")
    return [("", "—"), *((row.pk, str(row.number)) for row in rows)]


def finding_label(finding: AuditFinding) -> str:
    """A finding in a line."""
    return f"{finding} · {finding.facts[:60]}"


def findings(case: Any, *, answered: bool = False) -> list[tuple[int, str]]:
    """The findings of an audit that an act may be about; those that the auditee answered alone if asked."""
    if not answered:
        return [(one.pk, finding_label(one)) for one in case.on_offer]
    shown = _("%(finding)s · answered: %(reply)s")
    rows = [one for one in case.on_offer if one.reply]
    return [(one.pk, shown % {"finding": finding_label(one), "reply": one.reply}) for one in rows]


def _papers(case: Any) -> Choices:
    return [(code, str(name)) for code, name in words.PAPERS.items()]


def deeds(project: Any, *, by: Person | None = None, at: dt.datetime | None = None) -> Choices:
    """The acts of a project's family that may be entered afterwards as things stand; a person's own if one is named."""
    rows = Case.objects.filter(Q(pk=project.project_id) | Q(root_id=project.project_id), kind__in=belated.ENTERABLE)
    found = []
    for case in (row.typed() for row in rows.order_by("pk")):
        for act in belated.enterable(case):
            if by is None or seat_for(case, act, by, at=at or timezone.now()) is not None:
                found.append((f"{case.pk} {act.name}", f"{case.number} {act.label}"))
    return found


#: Field -> what may be chosen for this case.
BY_CASE: dict[str, Callable[[Any], Choices]] = {
    "accountable_post_id": _accountable,
    "addressee_id": _addressees,
    "about_id": _about,
    "found_in": _found_in,
    "audit_finding_id": _open_findings,
    "deed": deeds,
    "finding_id": findings,
    "flag_number": _adopted_flags,
    "joins_post_id": _team_posts,
    "leaves_id": lambda case: [(one.pk, str(one)) for one in case.team_now],
    "member_post_id": _team_posts,
    "order_id": _orders_of_audit,
    "item_id": lambda case: [*items(case)],
    "invoice": lambda case: [(bill.key, f"{bill.key} {bill.seller} {yuan(bill.amount_fen)}") for bill in case.bills],
    "objection_id": _open_objections,
    "paper": _papers,
    "place": lambda case: [(code, words.place(code)) for code in case.places_missing()],
    "purpose": lambda case: [(code, words.notice(code)) for code in case.book.notices],
    "source_id": lambda case: [(source.pk, source.name) for source in labour_sources(case)],
    "stage": lambda case: [(code, words.stage(code)) for code in case.stages_behind()],
    "tranche": _tranches,
    "winner": lambda case: [(name, name) for name in case.candidates],
}

#: Field -> its codes in words, the same for every case.
IN_WORDS: dict[str, dict[str, Any]] = {
    "category": words.CATEGORIES,
    "department": {office.value: office.label for office in DEPARTMENTS},
    "finding": FINDINGS,
    "grade": GRADES,
    "method": METHODS,
    "origin": ORIGINS,
    "outcome": OUTCOMES,
    "population": POPULATIONS,
    "handler": {office: Office(office).label for office in HANDLERS},
    "referred_to": words.REFERRALS,
    "special_case": SPECIAL_CASES,
    "verdict": dict(LineObjection.Verdict.choices),
    "work_kind": words.WORK_KINDS,
}


def sources(case: Any) -> list[tuple[int, str, int]]:
    """Sources of the project's county that may pay for it, labour being none: number, name, fen left."""
    open_ones = Account.objects.filter(
        kind=Account.Kind.UNALLOCATED,
        credits_fen__gt=F("debits_fen"),
        source__purpose__in=(case.category, ANY_PURPOSE),
        source__county__in=case.area.codes,
    ).exclude(source__kind=Source.Kind.LABOUR)
    shown = _("%(name)s (%(left)s yuan left)")
    return [
        (row.source_id, shown % {"name": row.source.name, "left": yuan(row.balance_fen)}, row.balance_fen)
        for row in open_ones.select_related("source").order_by("source__year", "source_id")
    ]


def bill(case: Any) -> list[tuple[BudgetLine, int, int]]:
    """The lines to be measured: what was signed of each before, and what to begin with, in thousandths.

    A fresh form begins with what was signed last, a correction with what it corrects.
    """
    project = case.of_project if case.root_id else case
    before = progress.last_signed(project, before=case.pk if case.root_id else None)
    signed = before.quantities if before is not None else {}
    start = case.quantities if case.root_id else signed
    return [(line, signed.get(line.position, 0), start.get(line.position, 0)) for line in project.lines.all()]


def items(case: Any) -> list[tuple[int, str]]:
    """The items of a rectification order that are not rectified yet."""
    return [(item.pk, item.text) for item in case.items_left]


def answered(case: Any) -> dict[int, str]:
    """What was answered to each item of an order, with the files that show it: who judges has it before him."""
    said = _("What was done: %(answer)s Evidence: %(files)s")
    return {
        item.pk: said
        % {
            "answer": item.answer or "—",
            "files": words.listed(one.file.name for one in item.evidence.all()) or "—",
        }
        for item in case.items_shown
    }


def verdicts() -> list[tuple[str, Any]]:
    """What may be found about an item."""
    return [("", "—"), *((code, word) for code, word in VERDICTS.items() if code != "open")]


def responses() -> list[tuple[str, Any]]:
    """What may be said to the answer to a finding."""
    return [("", "—"), *RESPONSES.items()]
