"""Reading: a notification is read once, and the first time counts."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q, QuerySet

from approvals.notify.kinds import Kind
from approvals.notify.models import UNREAD, Notification
from workflows.models import Person


def read(rows: QuerySet[Notification], *, at: dt.datetime) -> int:
    """Mark what is unread among ``rows`` as read; how many."""
    return rows.filter(read_at__isnull=True).update(read_at=at)


def unread(person: Person) -> int:
    """How many notifications wait to be read, all of the tray as one; one query over an index of the unread."""
    tray = Q(kind=Kind.TRAY)
    counts = Notification.objects.filter(UNREAD, person=person).aggregate(
        single=Count("pk", filter=~tray), tray=Count("pk", filter=tray)
    )
    return int(counts["single"]) + min(int(counts["tray"]), 1)
