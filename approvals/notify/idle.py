"""Idle drafts: who made one is reminded of it, a bounded number of times, while he sits there; else who hears."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, OuterRef, Value
from django.db.models import Exists as HasOne
from django.utils import timezone

from approvals import desks
from approvals.notify import hearing, letters
from approvals.notify.kinds import Kind
from approvals.notify.models import Notification
from workflows import standstill
from workflows.editions import Edition
from workflows.models import Case

#: So many a round, so that a county's first night does not hold up the others' messages.
BATCH_ROWS = 200


def remind(at: dt.datetime, limit: int = BATCH_ROWS) -> int:
    """Remind of drafts that lie idle, as the rulebook has it (``clock.remind_idle_draft_days``); how many drafts."""
    lying = Edition.objects.filter(pk__in=Case.objects.filter(state=standstill.DRAFT).values("edition"))
    done = 0
    for edition in lying:
        days = standstill.idle_draft_days(edition.book)
        if days:
            done += _remind_of(edition, days, at=at, limit=limit - done)
    return done


def _remind_of(edition: Edition, days: int, *, at: dt.datetime, limit: int) -> int:
    found: dict[int, int] = {}
    drafts = standstill.idle_drafts(edition.pk, days=days, at=at)
    for turn in range(1, standstill.IDLE_REMINDERS_MAX + 1):
        length = dt.timedelta(days=days * turn)
        come = ExpressionWrapper(
            F("touched_at") + Value(length, output_field=DurationField()), output_field=DateTimeField()
        )
        told = Notification.objects.filter(case=OuterRef("pk"), kind=Kind.REMINDER, at__gte=OuterRef("come"))
        due = drafts.filter(touched_at__lte=at - length).annotate(come=come).filter(~HasOne(told))
        found |= dict.fromkeys(due.order_by("pk").values_list("pk", flat=True)[:limit], turn)
    with transaction.atomic():
        for pk, turn in list(found.items())[:limit]:
            _tell(pk, turn, at=at)
    return min(len(found), limit)


def _tell(pk: int, turn: int, *, at: dt.datetime) -> None:
    for task in hearing.known(desks.waiting_on(pk)):
        case, on = task.case, timezone.localdate(at)
        heard = hearing.of([task], on=on)[task.pk]
        maker = [person for person in heard.people if person.pk == case.opened_by_id]
        key = f"idle {timezone.localdate(case.touched_at).isoformat()} {turn} {task.pk}"
        letters.direct(
            case=case, kind=Kind.REMINDER, key=key, at=at, people=maker or heard.people, task_id=task.pk,
            idle=(on - timezone.localdate(case.touched_at)).days, **heard.facts,
        )  # fmt: skip
