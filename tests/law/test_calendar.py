"""Days as the law counts them: the day of the event not, the last day whole, holidays as published."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import calendar

# Spring Festival 2026: 15 to 23 February off; Saturdays 14 and 28 February are made up for it.
# National Day 2026: 1 to 7 October off, made up for on Sunday 20 September and Saturday 10 October.
# The mid-autumn festival 2026: Friday 25 to Sunday 27 September off.
WORKING = """
2026-02-14 | yes | Saturday, made up before the festival
2026-02-15 | no  | Sunday, first day of the festival
2026-02-16 | no  | Monday of the festival
2026-02-23 | no  | last day of the festival
2026-02-24 | yes | Tuesday after it
2026-02-28 | yes | Saturday, made up after it
2026-03-01 | no  | an ordinary Sunday
2026-09-20 | yes | Sunday, made up before National Day
2026-09-25 | no  | mid-autumn festival
2026-10-01 | no  | National Day
2026-10-07 | no  | last day of National Day
2026-10-08 | yes | Thursday after it
2026-10-10 | yes | Saturday, made up after it
2026-01-01 | no  | New Year
2026-01-04 | yes | Sunday, made up for New Year
"""

ADDED = """
event      | days | kind     | last day   | why
2026-02-13 |    1 | working  | 2026-02-14 | a Saturday that is worked
2026-02-13 |    2 | working  | 2026-02-24 | nine days off between
2026-02-14 |    3 | working  | 2026-02-26 | from a made-up Saturday
2026-02-24 |    4 | working  | 2026-02-28 | to a made-up Saturday
2026-02-24 |    5 | working  | 2026-03-02 | over the month's end
2026-09-18 |    1 | working  | 2026-09-20 | a Sunday that is worked
2026-09-30 |    1 | working  | 2026-10-08 | over National Day
2026-09-30 |    3 | working  | 2026-10-10 | to a made-up Saturday
2026-09-30 |    4 | working  | 2026-10-12 | past it
2025-12-31 |    1 | working  | 2026-01-04 | over the year's end
2026-03-02 |    0 | working  | 2026-03-02 | no days
2026-03-02 |   10 | calendar | 2026-03-12 | the day of the event is not counted
2026-03-05 |   10 | calendar | 2026-03-16 | ends on a Sunday, so on Monday
2026-02-10 |    7 | calendar | 2026-02-24 | ends within Spring Festival, so after it
2026-02-07 |    7 | calendar | 2026-02-14 | ends on a Saturday that is worked
2026-09-24 |    7 | calendar | 2026-10-08 | ends on National Day, so after it
2026-01-31 |   28 | calendar | 2026-02-28 | to the end of February
2024-01-31 |   29 | calendar | 2024-02-29 | in a leap year
2025-12-24 |   10 | calendar | 2026-01-04 | over the year's end, to a Sunday that is worked
"""

MONTHS = """
2026-01-31 |  1 | 2026-02-28
2024-01-31 |  1 | 2024-02-29
2024-02-29 | 12 | 2025-02-28
2026-03-15 | 12 | 2027-03-15
2026-12-31 |  2 | 2027-02-28
2026-11-30 |  3 | 2027-02-28
2026-08-31 | 24 | 2028-08-31
2026-12-01 |  1 | 2027-01-01
"""

days = st.dates(min_value=dt.date(2020, 1, 1), max_value=dt.date(2026, 6, 30))


def cells(table: str, *, headed: bool = False) -> list[list[str]]:
    return [[cell.strip() for cell in row.split("|")] for row in table.strip().splitlines()[headed:]]


@pytest.mark.parametrize(("day", "works", "why"), cells(WORKING))
def test_offices_work_as_the_state_council_published(day: str, works: str, why: str) -> None:
    assert calendar.is_working(dt.date.fromisoformat(day)) == (works == "yes"), why


@pytest.mark.parametrize(("event", "count", "kind", "last", "why"), cells(ADDED, headed=True))
def test_a_term_ends_on(event: str, count: str, kind: str, last: str, why: str) -> None:
    found = calendar.add(dt.date.fromisoformat(event), days=int(count), day_kind=kind)
    assert found == dt.date.fromisoformat(last), why


@pytest.mark.parametrize(("day", "months", "later"), cells(MONTHS))
def test_a_term_of_months_ends_on_the_corresponding_day(day: str, months: str, later: str) -> None:
    assert calendar.months_later(dt.date.fromisoformat(day), months=int(months)) == dt.date.fromisoformat(later)


def test_a_year_without_published_holidays_counts_weekends_and_says_it_is_provisional() -> None:
    spring_festival = dt.date(2047, 1, 28)
    assert not calendar.published(spring_festival)
    assert calendar.is_working(spring_festival)
    assert not calendar.is_working(dt.date(2047, 1, 27))
    assert calendar.published(dt.date(2026, 2, 16))
    assert calendar.add(dt.date(2047, 1, 25), days=1, day_kind="working") == spring_festival


def test_a_last_day_lasts_until_midnight_where_the_county_is() -> None:
    end = calendar.end_of(dt.date(2026, 3, 12))
    assert end.isoformat() == "2026-03-12T23:59:59+08:00"


@given(start=days, count=st.integers(min_value=1, max_value=60))
def test_a_term_of_working_days_has_run_on_its_last_day_and_not_before(start: dt.date, count: int) -> None:
    last = calendar.add(start, days=count, day_kind="working")
    assert calendar.is_working(last)
    assert calendar.elapsed(start, last, day_kind="working") == count
    assert calendar.elapsed(start, last - dt.timedelta(days=1), day_kind="working") == count - 1


@given(start=days, count=st.integers(min_value=0, max_value=60))
def test_a_term_of_calendar_days_is_never_short_and_ends_on_a_working_day(start: dt.date, count: int) -> None:
    last = calendar.add(start, days=count, day_kind="calendar")
    assert calendar.is_working(last)
    assert calendar.elapsed(start, last, day_kind="calendar") >= count
    rest = (start + dt.timedelta(days=n) for n in range(count, (last - start).days))
    assert not any(calendar.is_working(day) for day in rest)
