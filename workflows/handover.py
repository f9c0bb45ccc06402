"""Leaving (离岗交接): who follows in each post, on which day, with what lies there; one entry for the whole of it.

The security administrator hands over, post by post: to somebody, who gets the same post from the next day on, or
to nobody, and then the entry says which unit above sees to the work (:mod:`workflows.vacancy`). Nothing of a case
changes: desks are units', and who sat at them stands in the record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.models import Entry
from workflows import rowwatch, vacancy
from workflows.offices import Delegation, Office, Period, Person, Post
from workflows.register import NotAllowed, administrator, must_not_reach_back, record, stand_apart

#: What lies at a post on the day of its hand-over: the numbers of the rows of cases and where each stands.
Lying = Mapping[int, Sequence[tuple[int, str]]]


def hand_over(
    *, by: Person, person: Person, to: Mapping[Post, Person | None], until: dt.date, reason: str, at: dt.datetime,
    lying: Lying | None = None,
) -> Entry:  # fmt: skip
    """End posts of a person after a day and give each to who follows him, or knowingly to nobody.

    ``lying``: what lies at each post, for the sheet that both sign.

    Raises:
        NotAllowed: not by the security administrator, to oneself, about posts of somebody else, on a day that
            does not suit, or to somebody who may not hold the post beside his others.
    """
    seat = administrator(by, Office.SECADMIN, at=at)
    if not to or any(post.person_id != person.pk for post in to):
        raise NotAllowed(_("Choose at least one post that %(name)s holds.") % {"name": person.name})
    since = until + dt.timedelta(days=1)
    must_not_reach_back(since, at=at)
    rows: list[dict[str, Any]] = []
    with transaction.atomic(), rowwatch.watching("register") as watch:
        for post, successor in to.items():
            _may_follow(post, successor, by=by, behalf=seat.behalf, since=since)
            rows.append(_pass_on(post, successor, by=by, since=since))
        _name_who_sees_to_it(list(to), rows, until=until)
        for row in rows:
            row["cases"] = [list(one) for one in (lying or {}).get(row["post"], ())]
        facts: dict[str, Any] = {"person": person.username, "until": str(until), "posts": rows}
        facts["loans_ended"] = [] if _still_holds(person, on=since) else _end_loans(person, until=until)
        return record("hand_over", seat, by=by, at=at, data=facts, reason=reason, rows=watch.told())


def _may_follow(post: Post, successor: Person | None, *, by: Person, behalf: Person | None, since: dt.date) -> None:
    if since <= post.since or (post.until is not None and post.until < since):
        raise NotAllowed(_("%(post)s is not held beyond that day.") % {"post": post})
    if successor is None:
        return
    if successor in (by, behalf):
        raise NotAllowed(_("Nobody grants himself a post."))
    if successor == post.person or not successor.serves(on=since):
        raise NotAllowed(_("%(name)s cannot follow in %(post)s.") % {"name": successor.name, "post": post})
    stand_apart(successor, post.unit, since=since, until=post.until)


def _pass_on(post: Post, successor: Person | None, *, by: Person, since: dt.date) -> dict[str, Any]:
    """End one post and give it on, for as long as it was to last; who sits there already needs no second one."""
    until = since - dt.timedelta(days=1)
    row: dict[str, Any] = {"post": post.pk, "unit": post.unit.code, "title": post.title, "to": "", "given": 0}
    Post.objects.filter(pk=post.pk).update(until=until)
    if successor is not None:
        row["to"] = successor.username
        there = Post.objects.filter(Period.on(since), person=successor, unit=post.unit)
        if not there.filter(Period.on(post.until or dt.date.max)).exists():
            given = Post.objects.create(
                person=successor, unit=post.unit, title=post.title, since=since, until=post.until, granted_by=by
            )
            row["given"] = given.pk
    return row


def _name_who_sees_to_it(posts: Sequence[Post], rows: Sequence[dict[str, Any]], *, until: dt.date) -> None:
    """Where a desk is left to nobody, say which unit above its work climbs to. Refuses what would reach nobody."""
    empty = {unit.pk: unit for unit in vacancy.emptied(posts, after=until)}
    above = vacancy.climbing([(unit.office, unit.area) for unit in empty.values()], on=until + dt.timedelta(days=1))
    for post, row in zip(posts, rows, strict=True):
        unit = empty.get(post.unit_id)
        # Who follows is among the manned already: the unit is empty only where nobody does.
        if unit is not None and row["to"] == "":
            climbs = above.get((unit.office, unit.area.path))
            if climbs is None:
                raise NotAllowed(_("Nobody sits above %(unit)s: name who follows.") % {"unit": unit.name})
            row["climbs_to"] = climbs.code


def _still_holds(person: Person, *, on: dt.date) -> bool:
    return Post.objects.filter(Period.on(on), person=person).exists()


def _end_loans(person: Person, *, until: dt.date) -> list[int]:
    """Who has left for good stands in for nobody: what was lent to him goes back to its holders."""
    loans = Delegation.objects.filter(to=person, until__gt=until).filter(until__gte=F("since"))
    ended = list(loans.order_by("id").values_list("pk", flat=True))
    for loan in Delegation.objects.filter(pk__in=ended):
        # A loan that has not begun ends before it begins, as in `register.take_back`.
        Delegation.objects.filter(pk=loan.pk).update(until=max(until, loan.since - dt.timedelta(days=1)))
    return ended
