"""Reading: a notification is read once, and the first time counts."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from approvals.notify.models import UNREAD, Notification
from workflows.models import Person


def read(rows: QuerySet[Notification], *, at: dt.datetime) -> int:
    """Mark what is unread among ``rows`` as read; how many."""
    return rows.filter(read_at__isnull=True).update(read_at=at)


def unread(person: Person) -> int:
    """How many notifications wait to be read; one query over an index of the unread."""
    return Notification.objects.filter(UNREAD, person=person).count()
