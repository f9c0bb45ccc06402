"""The clock as an actor: it finds the cases whose rung has come and does each once, through the one door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from workflows import acts, calendar
from workflows.cases import Case
from workflows.ladder import Rung as Rung
from workflows.law import Refused
from workflows.lifecycles import KINDS, spec_of
from workflows.offices import outsider
from workflows.watch import Rings

#: How an act is done: by the door alone, or by the desks, which also move the case on.
Doing = Callable[..., Case]
Telling = Callable[[Case, Rung], None]


def due(*, at: dt.datetime, limit: int, beyond: tuple[dt.datetime, int] | None = None) -> list[Case]:
    """The next cases with a rung that has come by ``at``, in order of time; nothing is read of the others."""
    # A clock set back does nothing to a case that has entries of a later time (K-01).
    behind = Q(root=None) | Q(root__touched_at__lte=at)
    found = Case.objects.filter(behind, alarm_at__lte=at, touched_at__lte=at).order_by("alarm_at", "pk")
    if beyond is not None:
        # What stays behind, because somebody else holds it or it fails, is not asked for again.
        found = found.filter(alarm_at__gt=beyond[0]) | found.filter(alarm_at=beyond[0], pk__gt=beyond[1])
    return list(found.only("pk", "kind", "alarm_at")[:limit])


def recount(*, at: dt.datetime, do: Doing = acts.perform) -> int:
    """Count anew every open term that was counted by guess and whose holidays have been published; how many.

    One question by an index that holds nothing but such terms; each recount is an act of its own in the record.
    """
    known = calendar.known_until(timezone.localdate(at).year)
    behind = Q(root=None) | Q(root__touched_at__lte=at)
    found = Case.objects.filter(behind, guessed_from__lte=known, touched_at__lte=at).order_by("pk")
    done = 0
    for case in found.only("pk", "kind"):
        with transaction.atomic():
            row = KINDS[case.kind].locked(case.pk)
            if row.due_at is None or row.guessed_from is None or row.guessed_from > known:
                continue
            given = {"step": "published", "due_on": timezone.localdate(row.due_at)}
            do("redate", on=row, by=outsider("clock"), at=at, data=given)
            done += 1
    return done


def ring(case: Case, *, at: dt.datetime, do: Doing = acts.perform, tell: Telling | None = None) -> list[Rung]:
    """Do every rung of a case that has come, each in a transaction of its own with its entry; what was done.

    ``tell`` hears of each in that transaction, so that who is told and what was done go together.

    Safe to run twice and from several processes: the row lock decides, and a rung that is done has
    moved ``alarm_no`` on in the same transaction.
    """
    done: list[Rung] = []
    while True:
        with transaction.atomic():
            row = KINDS[case.kind].locked(case.pk)
            found = row.due_rung(at=at)
            if found is None:
                return done
            row = _do(row, found[1], at=at, do=do)
            if tell is not None:
                tell(row, found[1])
        done.append(found[1])


def _do(row: Case, rung: Rung, *, at: dt.datetime, do: Doing) -> Case:
    assert row.due_at is not None
    given: dict[str, Any] = {"step": rung.step, "due_on": timezone.localdate(row.due_at)}
    takes = spec_of(type(row), rung.act).takes
    clock = outsider("clock")
    try:
        with transaction.atomic():
            return do(rung.act, on=row, by=clock, at=at, data=given if takes is Rings else {})
    except Refused as refused:
        return do("pass_over", on=row, by=clock, at=at, data=given, reason=f"{rung.act}: {refused}")
