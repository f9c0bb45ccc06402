"""Working and calendar days as the law counts them, pure.

The day of the event is not counted; a term ends at the end of its last day (民法典 art. 201-203);
audit terms are working days (审计法实施条例 art. 56). Holidays and make-up workdays are those the
State Council publishes (``chinesecalendar``); a year that is not published yet counts weekends only
and is provisional.
"""

from __future__ import annotations

import datetime as dt

import chinese_calendar
from django.utils import timezone

# Books count their months as the law does.
from funds.months import months_later as months_later


def published(day: dt.date) -> bool:
    """Whether the holidays of the day's year are known."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def is_working(day: dt.date) -> bool:
    """Whether offices work on ``day``; provisional by weekday where the year is not published."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def add(start: dt.date, *, days: int, day_kind: str) -> dt.date:
    """The last day of a term of ``days`` that begins with an event on ``start``.

    ``day_kind`` is ``calendar`` or ``working``. A term of working days ends on a working day; a
    calendar term that ends on a day of rest ends on the next working day (民法典 art. 203).
    """
    day = start
    if day_kind == "working":
        left = days
        while left:
            day += dt.timedelta(days=1)
            left -= is_working(day)
        return day
    day += dt.timedelta(days=days)
    while not is_working(day):
        day += dt.timedelta(days=1)
    return day


def elapsed(start: dt.date, end: dt.date, *, day_kind: str) -> int:
    """Full days of a term run from an event on ``start`` by the end of ``end``; never negative."""
    if day_kind == "calendar":
        return max(0, (end - start).days)
    return sum(is_working(start + dt.timedelta(days=n)) for n in range(1, (end - start).days + 1))


def term_end(at: dt.datetime, *, days: int, day_kind: str) -> dt.datetime:
    """The last moment of a term of ``days`` that begins with an event at ``at``; as :func:`add` counts."""
    return end_of(add(timezone.localdate(at), days=days, day_kind=day_kind))


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day, where the county is."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59, 59)))
