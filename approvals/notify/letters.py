"""Writing notifications: to whom, in how many queries, and never the same twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone

from approvals.notify.kinds import Channel, Kind, usual
from approvals.notify.models import Notification, Preference
from workflows import vacancy
from workflows.models import Case, Delegation, Person
from workflows.offices import ADMINISTRATORS, Period


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One thing to be told to one person."""

    to: Person
    kind: Kind
    case_id: int
    key: str
    task_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def direct(
    *, case: Case, kind: Kind | str, key: str, at: dt.datetime, units: Collection[int] = (),
    people: Iterable[Person] = (), task_id: int | None = None, **facts: Any,
) -> None:  # fmt: skip
    """Tell people, and whoever sits at the desks of units, about a case: five queries, in the caller's transaction.

    ``key`` names the event within its kind and case: who calls twice has told once. ``facts`` fill the
    kind's sentence: ``by``, ``text``, ``unit`` (names), ``due`` (a day, ISO 8601), ``state`` (its code); ``empty``
    (the name of a desk) and ``bare`` are :class:`approvals.notify.hearing.Heard`'s.
    """
    to = {person.pk: person for person in people}
    for holders in (seated(units, on=timezone.localdate(at)) if units else {}).values():
        to |= {person.pk: person for person in holders}
    event = f"{kind} {case.pk} {key}"
    post(
        [
            Letter(to=person, kind=Kind(kind), case_id=case.pk, key=event, task_id=task_id, facts=facts)
            for person in to.values()
        ],
        at=at,
    )


def post(letters: Sequence[Letter], *, at: dt.datetime) -> None:
    """Write the notifications of ``letters``: two queries, however many; what was told before stays as it is."""
    if not letters:
        return
    chosen = preferences({letter.to.pk for letter in letters})
    Notification.objects.bulk_create(
        [
            Notification(
                person=letter.to, kind=letter.kind, case_id=letter.case_id, task_id=letter.task_id, key=letter.key,
                facts=letter.facts, at=at, channel=_channel(letter, chosen),
            )
            for letter in letters
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _channel(letter: Letter, chosen: dict[tuple[int, str], str]) -> str:
    """How it leaves the app: as its reader has chosen, if mail reaches him at all."""
    if not settings.MAILS or not letter.to.email:
        return Channel.NONE
    return chosen.get((letter.to.pk, letter.kind), usual(letter.kind))


def preferences(people: Collection[int]) -> dict[tuple[int, str], str]:
    """What people have chosen, by person and kind."""
    rows = Preference.objects.filter(person_id__in=people)
    return {(person, kind): channel for person, kind, channel in rows.values_list("person_id", "kind", "channel")}


def seated(units: Collection[int], *, on: dt.date, administrators: bool = False) -> dict[int, list[Person]]:
    """Who sits at the desks of units on a day; where a post is lent, its borrower does. Two queries.

    Administrators have no desk at which a case could lie, and are left out unless they are asked for.
    """
    held = vacancy.manned(on).filter(unit_id__in=units)
    if not administrators:
        held = held.exclude(unit__office__in=ADMINISTRATORS)
    posts = list(held.select_related("person").order_by("id"))
    lent: dict[int, list[Person]] = {}
    for loan in Delegation.objects.filter(Period.on(on), post__in=posts).select_related("to").order_by("id"):
        if loan.to.serves(on=on):
            lent.setdefault(loan.post_id, []).append(loan.to)
    found: dict[int, list[Person]] = {}
    for one in posts:
        here = found.setdefault(one.unit_id, [])
        here += [person for person in lent.get(one.pk, [one.person]) if person not in here]
    return found
