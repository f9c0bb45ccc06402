"""Copies (抄送): a case laid before somebody for his knowledge, with a line of text; he marks it read (已阅)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.notify import letters
from approvals.notify.kinds import Kind
from approvals.notify.models import Copy, Notification
from workflows import access
from workflows.models import Case, Person, Unit


class NotForThem(Exception):
    """The copy would show a case to somebody whom it does not concern; the message says whom."""


def around(case: Case, *, on: dt.date) -> list[tuple[Unit, list[Person]]]:
    """The units that a case may concern, from the village up, with who sits there on a day."""
    units = list(Unit.objects.filter(area__path__in=case.area.paths).order_by("-area__path", "id"))
    seats = letters.seated([unit.pk for unit in units], on=on)
    return [(unit, seats[unit.pk]) for unit in units if unit.pk in seats]


def send(case: Case, *, by: Person, to: Iterable[Person], text: str, at: dt.datetime) -> list[Person]:
    """Copy a case to people, all or none; who got one. Who has an unread one from the same sender gets no second.

    Raises:
        NotForThem: one of them may not see the case, or nobody but the sender is named.
    """
    people = {person.pk: person for person in to if person.pk != by.pk}
    if not people:
        raise NotForThem(_("Choose somebody else than yourself."))
    for person in people.values():
        if not person.is_active or not access.may_see(person, case, at=at):
            raise NotForThem(_("%(name)s may not see this case.") % {"name": person.name})
    with transaction.atomic():
        waiting = set(Copy.objects.filter(case_id=case.pk, by=by, read_at__isnull=True).values_list("to_id", flat=True))
        fresh = [person for person in people.values() if person.pk not in waiting]
        rows = Copy.objects.bulk_create(
            [Copy(case_id=case.pk, by=by, to=person, text=text, at=at) for person in fresh], ignore_conflicts=True
        )
        letters.direct(case=case, kind=Kind.COPIED, key=at.isoformat(), at=at, people=fresh, by=by.name, text=text)
    return [row.to for row in rows]


def unit_people(case: Case, unit: Unit, *, at: dt.datetime) -> list[Person]:
    """Who of a unit may be shown a case: whoever sits there today and may see it."""
    people = letters.seated([unit.pk], on=timezone.localdate(at)).get(unit.pk, [])
    return [person for person in people if access.may_see(person, case, at=at)]


def mark_read(copy: Copy, *, at: dt.datetime) -> None:
    """已阅: the reader has seen it; the first time counts."""
    with transaction.atomic():
        Copy.objects.filter(pk=copy.pk, read_at__isnull=True).update(read_at=at)
        told = Notification.objects.filter(person_id=copy.to_id, case_id=copy.case_id, kind=Kind.COPIED)
        told.filter(at__lte=copy.at, read_at__isnull=True).update(read_at=at)
