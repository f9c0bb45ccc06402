"""The demo county, whole: what the checks find there is what the demo shows on purpose, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from approvals.demo import county, load
from workflows import checks
from workflows.models import Project
from workflows.openness import notices_on
from workflows.states import ProjectState as S

TODAY = dt.date(2026, 9, 28)


@pytest.mark.django_db
def test_the_demo_county_keeps_the_law_and_one_project_pays_ahead_of_its_works() -> None:
    county.found_demo(today=TODAY)
    evening = timezone.make_aware(dt.datetime.combine(TODAY, dt.time(18)))
    load.load(now=evening, tell=lambda _line: None)
    found = [finding for family in checks.families() for finding in checks.examine(family)]
    ahead = Project.objects.get(plan_item__code="P1-02")
    assert [(one.check.code, one.root_id) for one in found] == [("CH-44", ahead.pk)]


@pytest.mark.django_db
@pytest.mark.parametrize("today", ["2026-02-26", "2026-05-08", "2026-10-14", "2026-11-27"])
def test_on_whatever_day_it_is_loaded_a_visitor_has_a_week_to_object(today: str) -> None:
    """After the long holidays, too, when walks that ended in time in another season end late."""
    day = dt.date.fromisoformat(today)
    county.found_demo(today=day)
    dawn = timezone.make_aware(dt.datetime.combine(day, dt.time(5)))
    load.load(now=dawn, tell=lambda _line: None, leave_out=set(S) - {S.ON_NOTICE})
    assert notices_on(at=dawn + dt.timedelta(days=7)).count() == 1
