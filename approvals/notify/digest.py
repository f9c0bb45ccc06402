"""The digest: once a working day one mail to each person for whom something waits."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from approvals.models import WAITING, DeskTask
from approvals.notify.letters import seated
from approvals.notify.models import UNREAD, DigestDay, Notification
from approvals.notify.outbox import queued, reachable
from workflows import calendar
from workflows.models import Person


def digests(at: dt.datetime) -> int:
    """Queue the digests of the day, from its hour on and once; how many. What each says is asked when it is sent."""
    now = timezone.localtime(at)
    day = now.date()
    if not settings.MAILS or now.hour < settings.DIGEST_HOUR or not calendar.is_working(day):
        return 0
    if DigestDay.objects.filter(day=day).exists():
        return 0
    with transaction.atomic():
        # Two workers at once: the second one's row waits for the first, and finds the day taken.
        _row, ours = DigestDay.objects.get_or_create(day=day)
        return len(queued(_concerned(day), at=at, day=day)) if ours else 0


def _concerned(day: dt.date) -> list[int]:
    """For whom something waits or is unread, and whom mail reaches; five queries."""
    waiting = DeskTask.objects.filter(status__in=WAITING)
    units = set(waiting.filter(owner__isnull=True, unit__isnull=False).values_list("unit_id", flat=True).distinct())
    found = {person.pk for people in seated(units, on=day).values() for person in people}
    found |= set(waiting.filter(owner__isnull=False).values_list("owner_id", flat=True).distinct())
    unread = Notification.objects.filter(UNREAD)
    found |= set(unread.order_by().values_list("person_id", flat=True).distinct())
    return [person.pk for person in Person.objects.filter(pk__in=found).order_by("pk") if reachable(person)]
