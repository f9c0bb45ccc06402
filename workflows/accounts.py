"""Accounts: opened, unlocked and retired by the system administrator, each in the chain of the register of posts.

He keeps who can log in, never what anybody may do: an account has no post until the security administrator
grants one (三员分立, GB/T 22239-2019 8.1.5). What a person changes about his own account is entered too.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows.offices import Office, Period, Person, Seat
from workflows.register import NotAllowed, administrator, must_not_empty, must_not_reach_back, record
from workflows.secrecy import fingerprint


def open_account(*, by: Person, username: str, name: str, at: dt.datetime) -> Person:
    """An account without any post and without a password: its holder sets one by a link (:func:`enter`)."""
    seat = administrator(by, Office.SYSADMIN, at=at)
    if Person.objects.filter(username__iexact=username).exists():
        raise NotAllowed(_("The account name is taken."))
    with transaction.atomic():
        person = Person.objects.create_user(username, None, name=name)
        record("open_account", seat, by=by, at=at, data={"person": username})
    return person


def retire(*, by: Person, person: Person, on: dt.date, at: dt.datetime) -> None:
    """A person leaves: no log-in from that day on; what he did stays under his name."""
    seat = administrator(by, Office.SYSADMIN, at=at)
    if person in (by, seat.behalf):
        raise NotAllowed(_("Nobody retires himself."))
    must_not_reach_back(on, at=at)
    last = on - dt.timedelta(days=1)
    must_not_empty(person.posts.select_related("unit__area").filter(Period.on(on)), after=last)
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(retired_on=on)
        record("retire", seat, by=by, at=at, data={"person": person.username, "on": str(on)})


def forget_password(*, by: Person, person: Person, at: dt.datetime) -> None:
    """Make the password void, so that a link can set a new one: whoever knew it knows nothing any more."""
    seat = administrator(by, Office.SYSADMIN, at=at)
    if person in (by, seat.behalf):
        raise NotAllowed(_("Another administrator does this for you."))
    if not person.serves(on=timezone.localdate(at)):
        raise NotAllowed(_("%(name)s has retired.") % {"name": person.name})
    with transaction.atomic():
        person.set_unusable_password()
        person.save(update_fields=["password"])
        record("link", seat, by=by, at=at, data={"person": person.username})


def enter(act: str, *, by: Person, person: Person, at: dt.datetime, **facts: Any) -> None:
    """Enter what the system administrator does to an account and the desks carry out, in the same transaction."""
    seat = administrator(by, Office.SYSADMIN, at=at)
    if person in (by, seat.behalf):
        raise NotAllowed(_("Another administrator does this for you."))
    record(act, seat, by=by, at=at, data={"person": person.username} | facts)


def password_set(*, by: Person, at: dt.datetime) -> None:
    """Enter that a person has set his password by the link."""
    record("set_password", _own_seat(by, at=at), by=by, at=at, data={"person": by.username})


def change_address(*, by: Person, email: str, at: dt.datetime) -> None:
    """One's own address for mail; the record keeps fingerprints, which tell nothing without the key (decision 24)."""
    with transaction.atomic():
        now = Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        if now.email == email:
            return
        Person.objects.filter(pk=by.pk).update(email=email)
        prints = {"from": fingerprint(now.email) if now.email else "", "to": fingerprint(email) if email else ""}
        record("set_address", _own_seat(by, at=at), by=by, at=at, data={"person": by.username} | prints)


def _own_seat(person: Person, *, at: dt.datetime) -> Seat | None:
    return next(iter(Seat.of(person, on=timezone.localdate(at))), None)
