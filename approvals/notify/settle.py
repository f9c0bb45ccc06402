"""Reading: a notification is read once, and the first time counts."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, QuerySet

from approvals.notify.kinds import Kind
from approvals.notify.models import UNREAD, Notification
from workflows.models import Person

#: So many unread of one kind are read as one line, not one by one: the first morning after a standstill, say.
FOLDED_FROM = 5


def read(rows: QuerySet[Notification], *, at: dt.datetime) -> int:
    """Mark what is unread among ``rows`` as read; how many."""
    return rows.filter(read_at__isnull=True).update(read_at=at)


def unread(person: Person) -> int:
    """How many things wait to be read, a folded kind as one; one query over an index of the unread."""
    return sum(1 if is_folded(kind, count) else count for kind, count in unread_of(person).items())


def unread_of(person: Person) -> dict[str, int]:
    """How many notifications of each kind wait to be read."""
    rows = Notification.objects.filter(UNREAD, person=person).order_by().values_list("kind")
    return dict(rows.annotate(count=Count("pk")).order_by("kind"))


def is_folded(kind: str, count: int) -> bool:
    """Whether so many of a kind are one line: a list of its own always is, others from FOLDED_FROM on."""
    return kind == Kind.TRAY or count >= FOLDED_FROM
