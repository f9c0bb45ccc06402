"""Working and calendar days as the law counts them, pure.

The day of the event is not counted; a term ends at the end of its last day (民法典 art. 201-203);
audit terms are working days (审计法实施条例 art. 56). Holidays and make-up workdays are those the
State Council publishes (``chinesecalendar``); a year that is not published yet counts weekends only
and is provisional.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import chinese_calendar
from django.utils import timezone
from django.utils.translation import gettext

# Books count their months as the law does.
from funds.months import months_later as months_later


def published(day: dt.date) -> bool:
    """Whether the holidays of the day's year are known."""
    return _workday(chinese_calendar, day) is not None


@lru_cache(maxsize=4096)
def _workday(book: Any, day: dt.date) -> bool | None:
    """What the State Council's calendar says of a day, nothing where it is not out yet.

    Remembered, because the package goes through all its holidays each time.
    """
    try:
        return bool(book.is_workday(day))
    except NotImplementedError:
        return None


def provisional(day: dt.date) -> str:
    """The mark behind a last day that was counted before its year's holidays were published; else nothing."""
    return "" if published(day) else gettext(" (provisional)")


def last_day(day: dt.date | dt.datetime | None) -> str:
    """The last day of a term in figures, with its mark: how every date that was computed from the calendar is shown.

    Empty where there is none.
    """
    if day is None:
        return ""
    date = timezone.localdate(day) if isinstance(day, dt.datetime) else day
    return date.isoformat() + provisional(date)


def known_until(year: int) -> dt.date:
    """The last day whose holidays are known, looked for from ``year`` on; before it where that one is not known."""
    while published(dt.date(year, 1, 1)):
        year += 1
    return dt.date(year - 1, 12, 31)


def guessed_from(day: dt.date) -> dt.date | None:
    """From which day on a count up to ``day`` only guesses at holidays; ``None`` where it knows them all."""
    year = day.year
    if published(day):
        return None
    while not published(dt.date(year - 1, 1, 1)) and year > day.year - 10:
        year -= 1
    return dt.date(year, 1, 1)


def recounted(day: dt.date, *, guessed_from: dt.date, day_kind: str) -> dt.date:
    """The last day of a term that was counted to ``day`` while the holidays from ``guessed_from`` on were a guess.

    Whatever the term began with and however often it was moved: the guess took every weekday for a working day, so
    the weekdays up to ``day`` are the working days that the term has in the years it did not know.
    """
    before = guessed_from - dt.timedelta(days=1)
    if day_kind == "working":
        ahead = range(1, (day - before).days + 1)
        weekdays = sum((before + dt.timedelta(days=n)).weekday() < 5 for n in ahead)
        return add(before, days=weekdays, day_kind="working")
    return off_rest(day)


def is_working(day: dt.date) -> bool:
    """Whether offices work on ``day``; provisional by weekday where the year is not published."""
    said = _workday(chinese_calendar, day)
    return day.weekday() < 5 if said is None else said


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
    return off_rest(day + dt.timedelta(days=days))


def off_rest(day: dt.date) -> dt.date:
    """The day itself or the next working day: no term ends on a day of rest (民法典 art. 203)."""
    while not is_working(day):
        day += dt.timedelta(days=1)
    return day


def elapsed(start: dt.date, end: dt.date, *, day_kind: str) -> int:
    """Full days of a term run from an event on ``start`` by the end of ``end``; never negative."""
    if day_kind == "calendar":
        return max(0, (end - start).days)
    return sum(is_working(start + dt.timedelta(days=n)) for n in range(1, (end - start).days + 1))


def goes_on(last: dt.date, *, stopped: dt.date, on: dt.date, day_kind: str) -> dt.date:
    """The last day of a term that stood still from ``stopped`` and goes on ``on`` a day with the days that were left.

    Counted as the term counts them: a weekend adds no working day. One that had run out is as late as it was. Both last
    days are as they were counted, before :func:`off_rest`: or each stop would make a gift of days of rest.
    """
    if stopped <= off_rest(last):
        left = elapsed(stopped, last, day_kind=day_kind)
        return add(on, days=left, day_kind=day_kind) if day_kind == "working" else on + dt.timedelta(days=left)
    late, day = elapsed(last, stopped, day_kind=day_kind), on
    while late:
        late -= day_kind == "calendar" or is_working(day)
        day -= dt.timedelta(days=1)
    return day


def term_end(at: dt.datetime, *, days: int, day_kind: str) -> dt.datetime:
    """The last moment of a term of ``days`` that begins with an event at ``at``; as :func:`add` counts."""
    return end_of(add(timezone.localdate(at), days=days, day_kind=day_kind))


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day, where the county is."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59, 59)))
