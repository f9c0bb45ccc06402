"""What every page needs: who asks, which case, which version of it he was shown."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows import access
from workflows.models import Case, Person, Unit
from workflows.offices import Office, Seat


def officer(request: HttpRequest) -> Person:
    """The person who is logged in; only behind ``login_required``."""
    assert isinstance(request.user, Person)
    return request.user


def holder_of(office: Office, request: HttpRequest, *, at: dt.datetime) -> Person:
    """The person who is logged in, if one of his posts is of the office.

    Raises:
        PermissionDenied: none is.
    """
    person = officer(request)
    if all(seat.unit.office != office for seat in Seat.of(person, on=timezone.localdate(at))):
        raise PermissionDenied
    return person


def the_case(request: HttpRequest, pk: int) -> Case:
    """The case as its own class; whose posts have ended while his page was open is told so.

    Raises:
        Http404: there is none, or it does not concern the person: the two look the same from outside.
    """
    at, person = timezone.now(), officer(request)
    row = access.visible(person, at=at).filter(pk=pk).first()
    if row is None:
        if not Seat.of(person, on=timezone.localdate(at)):
            messages.warning(request, _("You hold no post today. The security administrator grants posts."))
        raise Http404(_("There is no such case, or it does not concern your posts."))
    return row.typed()


def version_of(case: Case) -> int:
    """The version of the project that a page about ``case`` shows and a decision must quote."""
    return (case.root if case.root is not None else case).family_version


def version_shown(request: HttpRequest) -> int:
    """The version that the form quotes; a form that quotes none has shown nothing, which no case ever was."""
    quoted = number_of(request.POST.get("shown"))
    return -1 if quoted is None else quoted


def number_of(text: str | None) -> int | None:
    """A whole number out of a form's hidden field; a tampered one counts as none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def word_of(text: str | None, *, longest: int) -> str:
    """What is searched for; without null characters, which PostgreSQL knows no text with."""
    return (text or "").replace("\0", "").strip()[:longest]


def villages_of(person: Person, *, at: dt.datetime) -> list[Unit]:
    """The village units for which a person may open applications on a day."""
    seats = Seat.of(person, on=timezone.localdate(at))
    return [seat.unit for seat in seats if seat.unit.office == Office.VILLAGE]
