"""The demo county, whole: what the checks find there is what the demo shows on purpose, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from approvals.demo import county, load
from workflows import checks
from workflows.models import Project
from workflows.openness import notices_on

TODAY = dt.date(2026, 9, 28)


@pytest.mark.django_db
def test_the_demo_county_keeps_the_law_and_one_project_pays_ahead_of_its_works() -> None:
    county.found_demo(today=TODAY)
    evening = timezone.make_aware(dt.datetime.combine(TODAY, dt.time(18)))
    load.load(now=evening, tell=lambda _line: None)
    found = [finding for family in checks.families() for finding in checks.examine(family)]
    assert notices_on(at=evening + dt.timedelta(days=2)).exists(), "a visitor finds nothing to object to"
    ahead = Project.objects.get(plan_item__code="P1-02")
    assert [(one.check.code, one.root_id) for one in found] == [("CH-44", ahead.pk)]
