"""A term that reaches into a year without published holidays is provisional, and counted anew when they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import chinese_calendar
import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from approvals import clockwork, stops
from approvals.traveller import Traveller
from audit import journal
from audit.models import Entry
from tests.factories import MORNING, project_at
from workflows import calendar
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db
#: A Monday: ten working days are 23, 24, 25, 26, 29, 30, 31 December and three in January.
FILED = MORNING.replace(year=2025, month=12, day=22)


class Published:
    """The State Council's calendar as it stood when the years up to one were published."""

    def __init__(self, until: int) -> None:
        self.until = until

    def is_workday(self, day: dt.date) -> bool:
        if day.year > self.until:
            raise NotImplementedError
        return bool(chinese_calendar.is_workday(day))


def publish(monkeypatch: Any, until: int) -> None:
    monkeypatch.setattr(calendar, "chinese_calendar", Published(until))


def due(t: Traveller) -> str:
    moment = t.project.typed().due_at
    return f"{timezone.localdate(moment)}" if moment else ""


@pytest.fixture
def filed(monkeypatch: Any) -> Traveller:
    publish(monkeypatch, 2025)
    return project_at(S.FILED, at=FILED)


def test_it_is_marked_wherever_it_is_shown_until_the_year_is_published(filed: Traveller, monkeypatch: Any) -> None:
    page = Template("{% load desks %}{% term due at as one %}{{ one.text }}{{ one.mark }} {{ due|last_day }}")
    with translation.override("en"):
        shown = Context({"due": filed.project.due_at, "at": filed.at})
        assert page.render(shown).count("(provisional)") == 2
        publish(monkeypatch, 2026)
        assert "provisional" not in page.render(shown)


def test_it_is_counted_anew_by_the_clock_once_and_in_the_record(filed: Traveller, monkeypatch: Any) -> None:
    # Guessed: 1, 2 and 5 January. True: 1 to 3 January are holidays, Sunday the 4th is worked: 4, 5, 6.
    assert due(filed) == "2026-01-05"
    assert "redate" not in clockwork.sweep(at=filed.at)
    publish(monkeypatch, 2026)
    assert clockwork.sweep(at=filed.at)["redate"] == 1
    assert due(filed) == "2026-01-06"
    assert "redate" not in clockwork.sweep(at=filed.at)
    entry = Entry.objects.get(case_id=filed.project.pk, act="project.redate")
    assert (entry.actor_name, journal.facts_of(entry)["data"]["due_on"]) == ("超时自动", "2026-01-05")


def test_an_extension_on_top_is_counted_anew_with_it(filed: Traveller, monkeypatch: Any) -> None:
    filed.do("ask_extension", seat="township", reason="汛期道路中断。", data={"working_days": 5})
    filed.do("grant_extension", seat="programme", reason="情况属实。")
    assert due(filed) == "2026-01-12"
    publish(monkeypatch, 2026)
    clockwork.sweep(at=filed.at)
    # The fifth working day after the 6th.
    assert due(filed) == "2026-01-13"


def test_an_orders_day_is_counted_anew_and_its_extensions_are_not(monkeypatch: Any) -> None:
    publish(monkeypatch, 2025)
    t = project_at(S.BUILDING, at=FILED - dt.timedelta(days=90))
    order: Any = stops.rectify(t).typed()
    assert order.deadline.year == 2026
    publish(monkeypatch, 2026)
    clockwork.sweep(at=t.at)
    anew: Any = order.typed()
    issued, days = timezone.localdate(order.state_since), order.book.rectification.deadline_working_days.value
    assert anew.deadline == calendar.add(issued, days=days, day_kind="working") != order.deadline
    assert (anew.extensions, timezone.localdate(anew.due_at)) == (0, anew.deadline)


def test_a_term_within_the_published_years_is_never_counted_again(monkeypatch: Any) -> None:
    publish(monkeypatch, 2026)
    t = project_at(S.FILED, at=MORNING)
    assert t.project.guessed_from is None
