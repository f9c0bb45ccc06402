"""Who sits where: the seat from which a person may do an act, and whose turn it is."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from workflows import law, words
from workflows.cases import Case
from workflows.law import Act, Refusal, Refused
from workflows.offices import ADMINISTRATORS, OUTSIDERS, Office, Person, Seat


def seat_for(case: Case, act: Act, person: Person, *, at: dt.datetime) -> Seat | None:
    """The seat from which ``person`` may do ``act`` on a day: his own post first, then a lent one."""
    offices = {case.office(seat) for seat in act.seats}
    if person.outside:
        return Seat.of(person, on=timezone.localdate(at))[0] if person.username in act.seats else None
    for seat in Seat.of(person, on=timezone.localdate(at)):
        unit = seat.unit
        if unit.office not in offices or Office(unit.office) in ADMINISTRATORS:
            continue
        own_village = unit.office != Office.VILLAGE or unit.pk == case.unit_id
        if own_village and case.area.within(unit.area):
            return seat
    return None


def must_sit(case: Case, act: Act, *, by: Person, at: dt.datetime) -> Seat:
    """The seat from which ``by`` does the act; asked before his form is read.

    Raises:
        Refused: the act belongs to others (O-01); what is wrong with the form is none of his business.
    """
    seat = seat_for(case, act, by, at=at)
    if seat is None:
        names = words.listed(_title(case, name) for name in act.seats)
        raise Refused([Refusal.by(law.NOT_YOURS, {"act": act.label, "seats": names})])
    return seat


def _title(case: Case, seat: str) -> str:
    return str(OUTSIDERS[seat] if seat in OUTSIDERS else Office(case.office(seat)).label)


def turn_of(case: Case) -> str:
    """Whose turn it is, as offices in the reader's language; empty when nobody's."""
    if case.ended:
        return ""
    return words.listed(Office(case.office(seat)).label for seat in case.seats())
