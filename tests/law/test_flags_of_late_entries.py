"""The red flag over a desk that enters late again and again, and its silence just under the parameter."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.law.flagging import FINANCE, TOWN, TUESDAY, Journal, limits, raised, rows

pytestmark = pytest.mark.django_db
TWO_DAYS = dt.timedelta(days=2)


def most() -> int:
    """The parameter of the default book."""
    found = limits().late_entries_max
    assert found is not None
    return found.value


def late(journal: Journal, count: int, *, unit: tuple[int, str] = TOWN, at: dt.datetime = TUESDAY) -> list[int]:
    """So many late entries of a desk, each on a project of its own; their numbers."""
    return [journal.say(journal.project(), "return_to", at=at, unit=unit, late=TWO_DAYS).pk for _n in range(count)]


def test_a_desk_that_enters_late_more_often_than_it_may() -> None:
    planted = late(Journal(), most() + 1)
    [hit] = raised()["RF-13"]
    assert rows(hit) == planted
    assert (hit.unit, hit.facts["count"], hit.facts["year"]) == (TOWN, most() + 1, 2026)


def test_just_as_often_as_it_may() -> None:
    late(Journal(), most())
    assert "RF-13" not in raised()


def test_two_desks_are_two() -> None:
    journal = Journal()
    late(journal, most())
    late(journal, 1, unit=FINANCE)
    assert "RF-13" not in raised()


def test_two_years_are_two_by_the_day_of_the_recording() -> None:
    journal = Journal()
    late(journal, most())
    late(journal, 1, at=TUESDAY.replace(year=2025, month=12, day=29))
    assert "RF-13" not in raised()
    late(journal, 1, at=TUESDAY.replace(year=2025, month=12, day=31))
    assert len(raised()["RF-13"][0].rows) == most() + 1


def test_what_is_entered_on_its_day_is_never_counted() -> None:
    journal = Journal()
    for _n in range(most() + 1):
        journal.say(journal.project(), "return_to", at=TUESDAY, unit=TOWN)
    assert "RF-13" not in raised()
