"""Who may see a case: whoever's area and office it concerns. The pages ask here and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.models import Entry
from funds.models import Source
from workflows.cases import Case
from workflows.lifecycles import Rectification, SpecialAudit
from workflows.lifecycles.complaint import HANDLERS
from workflows.offices import ADMINISTRATORS, INSPECTORS, Area, Office, Person, Seat
from workflows.reach import Reach
from workflows.states import SpecialAuditState

#: Offices that read the books of their county: who keeps, plans, decides and inspects. Others see their projects'.
MONEY_READERS = (
    Office.FINANCE, Office.PROGRAMME, Office.LEADING_GROUP, Office.AUDIT, Office.DISCIPLINE, Office.AUDITOR,
)  # fmt: skip

#: Offices that read complaints: who looks into them, decides above them, inspects. Whom they are about does not.
COMPLAINT_READERS = (
    Office.TOWNSHIP, Office.PROGRAMME, Office.LEADING_GROUP, Office.AUDIT, Office.DISCIPLINE, Office.AUDITOR,
)  # fmt: skip

#: What the offices of an audit do in the field: nobody else reads it before the draft is out (审计法第十六条).
FIELDWORK = ("special_audit.draw_sample", "special_audit.record_finding", "special_audit.withdraw_finding",
             "special_audit.sign_section", "special_audit.add_note")  # fmt: skip
#: Offices that read an auditor's word on a red flag: who judges it, and who only reads.
FLAG_READERS = (Office.AUDIT, Office.DISCIPLINE, Office.AUDITOR)

#: A project whose works have begun, and all its sub-cases.
BEGUN = Q(project__started_on__isnull=False) | Q(root__project__started_on__isnull=False)


def visible(person: Person, *, at: dt.datetime) -> QuerySet[Case]:
    """The cases ``person`` may see on a day.

    A village sees its own cases, a township and a county those of their area; administrators, who
    decide nothing, see none. A draft is its village's alone until it is filed. The supervision engineers,
    who are no office of the county, see works that have begun. Complaints and red flags are for their readers alone.
    """
    seen = Q(pk__in=[])
    for seat in Seat.of(person, on=timezone.localdate(at)):
        office = Office(seat.unit.office)
        if office in ADMINISTRATORS:
            continue
        if office == Office.VILLAGE:
            concerned = Q(unit_id=seat.unit.pk)
        elif office == Office.SUPERVISION:
            concerned = Q(area__path__startswith=seat.unit.area.path) & BEGUN
        else:
            concerned = Q(area__path__startswith=seat.unit.area.path) & ~Q(kind="project", state="draft")
        seen |= concerned & ~Q(kind__in=unread((office,)))
    return Case.objects.filter(seen)


def unread(offices: Iterable[str]) -> tuple[str, ...]:
    """The kinds of case that none of these offices reads."""
    held = set(offices)
    readers = {"complaint": COMPLAINT_READERS, "red_flag": FLAG_READERS}
    return tuple(kind for kind, those in readers.items() if held.isdisjoint(those))


def hidden_kinds(person: Person, *, at: dt.datetime) -> tuple[str, ...]:
    """The kinds of case of which a person must not learn on the pages of others."""
    return unread(seat.unit.office for seat in Seat.of(person, on=timezone.localdate(at)))


def orders(person: Person, *, at: dt.datetime) -> QuerySet[Rectification]:
    """The rectification orders that ``person`` may see on a day: those of the cases that he sees."""
    seen = visible(person, at=at).filter(kind="rectification").values("pk")
    return Rectification.objects.filter(pk__in=seen)


def may_see(person: Person, case: Case, *, at: dt.datetime) -> bool:
    """Whether ``person`` may see this very case."""
    return visible(person, at=at).filter(pk=case.pk).exists()


def reads_complaints(person: Person, *, at: dt.datetime) -> bool:
    """Whether one of the person's posts of a day opens complaints."""
    return any(seat.unit.office in COMPLAINT_READERS for seat in Seat.of(person, on=timezone.localdate(at)))


def reads_flags(person: Person, *, at: dt.datetime) -> bool:
    """Whether one of the person's posts of a day reads an auditor's word on red flags."""
    return "red_flag" not in hidden_kinds(person, at=at)


def reads_fieldwork(person: Person, *, at: dt.datetime) -> bool:
    """Whether one of the person's posts of a day audits or inspects."""
    offices = {*INSPECTORS, Office.FINANCE}
    return any(seat.unit.office in offices for seat in Seat.of(person, on=timezone.localdate(at)))


def fieldwork() -> Q:
    """The condition that an entry of the record is about fieldwork whose draft is not out yet."""
    going_on = SpecialAudit.objects.filter(state=SpecialAuditState.FIELDWORK).values("pk")
    return Q(act__in=FIELDWORK, case_id__in=going_on)


def reads_informants(person: Person, *, at: dt.datetime) -> bool:
    """Whether one of the person's posts of a day looks into complaints: only it learns who objects or complains."""
    return any(seat.unit.office in HANDLERS for seat in Seat.of(person, on=timezone.localdate(at)))


def reads_money(seats: Iterable[Seat]) -> bool:
    """Whether one of the seats opens the county's books."""
    return any(seat.unit.office in MONEY_READERS for seat in seats)


def sources(person: Person, *, at: dt.datetime) -> QuerySet[Source]:
    """The sources of funds whose books ``person`` may read on a day: those of his posts' areas and what lies in them.

    Two counties on one installation see nothing of each other.
    """
    seen = Q(pk__in=[])
    for seat in Seat.of(person, on=timezone.localdate(at)):
        if reads_money([seat]):
            inside = Area.objects.filter(path__startswith=seat.unit.area.path).values("code")
            seen |= Q(county__in=inside)
    return Source.objects.filter(seen)


def record_of(person: Person, *, reader: Person, at: dt.datetime) -> QuerySet[Entry] | None:
    """The entries by which ``reader`` may read what a person answered for; None where he may not.

    Everybody reads his own, and who reads the record those of his area's people, as far as it reaches.
    """
    if reader.pk == person.pk:
        return Entry.objects.all()
    reach = Reach(reader, at=at)
    return reach.entries() if reach.knows(person) else None
