"""What a badge says of a term: how many days, one as one, and the mark of a day that may still move."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone, translation

from approvals import terms
from approvals.notify.kinds import Kind, told

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("days", "said"),
    [(2, "2 days left"), (1, "1 day left"), (0, "due today"), (-1, "1 day overdue"), (-2, "2 days overdue")],
)
def test_one_day_is_a_day(days: int, said: str) -> None:
    due = NOON.replace(hour=23) + dt.timedelta(days=days)
    with translation.override("en"):
        assert terms.badge(due, NOON).text == said


@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.ESCALATED])
def test_a_message_marks_a_last_day_whose_holidays_are_not_published(kind: Kind) -> None:
    for due, marked in (("2026-03-05", False), ("2999-03-05", True)):
        said = told(kind, case_kind="project", facts={"due": due, "unit": "第1村"}, at=NOON)
        assert due in said
        assert ("暂定" in said) == marked
