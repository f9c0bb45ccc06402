"""Idle money: how much lies, for how long, and that reshuffling makes it no younger."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from funds import idle, ledger
from funds.balances import balance
from funds.months import months_later
from tests.factories import project_at
from tests.money.conftest import COUNTY, opened
from tests.money.orders import Clerk
from tests.money.test_sources import labour
from workflows.states import ProjectState

DAY = dt.date(2024, 3, 1)


def at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10)))


def fens(day: dt.date) -> dict[str, tuple[int, ...]]:
    return {source.name: ages.fens for source, ages in idle.of_sources(balance(on=day)).items()}


@pytest.mark.parametrize(
    ("months", "age"), [(0, 0), (6, 1), (12, 2), (24, 3)]
)  # fmt: skip
def test_an_age_begins_on_the_day_that_makes_the_months_full(months: int, age: int) -> None:
    day = months_later(DAY, months=months)
    for on, found in ((day, age), (day - dt.timedelta(days=1), max(0, age - 1))):
        lies = idle.aged({DAY: 5}, left_fen=5, on=on)
        assert lies.fens.index(5) == found
        assert lies.oldest == DAY


def test_the_oldest_money_is_spent_first() -> None:
    came = {DAY: 100, months_later(DAY, months=12): 50, months_later(DAY, months=20): 30}
    on = months_later(DAY, months=25)
    assert idle.aged(came, left_fen=180, on=on).fens == (30, 0, 50, 100)
    assert idle.aged(came, left_fen=70, on=on).fens == (30, 0, 40, 0)
    lies = idle.aged(came, left_fen=20, on=on)
    assert (lies.fens, lies.oldest) == ((20, 0, 0, 0), months_later(DAY, months=20))
    assert idle.aged(came, left_fen=0, on=on) == idle.Ages()


@pytest.mark.django_db
def test_who_gives_money_to_another_project_or_carries_it_over_makes_it_no_younger() -> None:
    source = opened(amount_fen=1000, arrived=False)
    ledger.fund(source=source, key="came", at=at(DAY))
    later = months_later(DAY, months=13)
    ledger.reserve(case_id=41, purpose="social", parts={source.pk: 600}, key="plan", at=at(later))
    ledger.release(case_id=41, key="given up", at=at(later))
    ledger.reserve(case_id=42, purpose="social", parts={source.pk: 600}, key="anew", at=at(later))
    ledger.carry_over(source=source, fen=400, key="year", at=at(later))
    assert fens(later) == {source.name: (0, 0, 1000, 0)}
    assert fens(months_later(DAY, months=24)) == {source.name: (0, 0, 0, 1000)}


@pytest.mark.django_db
def test_what_is_paid_or_earned_or_returned_lies_no_more_and_what_is_on_its_way_still_does() -> None:
    source = opened(amount_fen=1000, arrived=False)
    ledger.fund(source=source, key="came", at=at(DAY))
    ledger.reserve(case_id=41, purpose="social", parts={source.pk: 600}, key="plan", at=at(DAY))
    ledger.pay(case_id=41, fen=100, key="paid", at=at(DAY))
    ledger.retain(case_id=41, fen=50, key="held", at=at(DAY))
    ledger.order(case_id=41, fen=200, key="sent", at=at(DAY))
    ledger.give_back(source=source, fen=150, key="back", at=at(DAY))
    assert fens(DAY) == {source.name: (700, 0, 0, 0)}
    assert idle.of_projects(on=DAY)[41].fens == (450, 0, 0, 0)
    ledger.settle(case_id=41, order="sent", key="answer", at=at(DAY))
    assert fens(DAY) == {source.name: (500, 0, 0, 0)}
    assert idle.of_projects(on=DAY)[41].fens == (250, 0, 0, 0)


@pytest.mark.django_db
def test_a_project_is_asked_since_its_reserve() -> None:
    source = opened(amount_fen=1000, arrived=False)
    ledger.fund(source=source, key="came", at=at(DAY))
    ledger.reserve(
        case_id=41, purpose="social", parts={source.pk: 300}, key="first", at=at(months_later(DAY, months=12))
    )
    ledger.reserve(
        case_id=41, purpose="social", parts={source.pk: 200}, key="more", at=at(months_later(DAY, months=20))
    )
    ledger.pay(case_id=41, fen=250, key="paid", at=at(months_later(DAY, months=21)))
    on = months_later(DAY, months=24)
    assert idle.of_projects(on=on) == {41: idle.Ages(fens=(200, 0, 50, 0), oldest=months_later(DAY, months=12))}
    assert idle.of_projects(on=on, case_id=41) == idle.of_projects(on=on)
    assert idle.of_projects(on=DAY) == idle.of_projects(on=on, case_id=42) == {}


@pytest.mark.django_db
def test_a_reversed_receipt_never_came_and_labour_is_no_money() -> None:
    source, work = opened(amount_fen=1000, arrived=False), labour()
    (typo,) = ledger.fund(source=source, fen=900, key="typo", at=at(DAY))
    later = months_later(DAY, months=8)
    ledger.reverse(transfer=typo, key="undo", at=at(later), memo="was 90")
    ledger.fund(source=source, fen=90, key="right", at=at(later))
    ledger.fund(source=work, key="worked", at=at(DAY))
    assert fens(later) == {source.name: (90, 0, 0, 0)}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_what_lies_is_always_the_unallocated_and_the_unpaid(seed: int) -> None:
    clerk = Clerk(seed).work(150)
    for days in (0, 20, 60, 400, 900):
        on = clerk.at.date() - dt.timedelta(days=100) + dt.timedelta(days=days)
        stands = balance(on=on)
        lies = idle.of_sources(stands)
        for source, standing in stands.sources.items():
            if source.kind != "labour":
                left_fen = standing.unallocated_fen + standing.unpaid_fen
                assert (lies[source].total_fen if source in lies else 0) == left_fen
        projects = idle.of_projects(on=on)
        assert sum(ages.total_fen for ages in projects.values()) == stands.money.unpaid_fen


@pytest.mark.django_db
def test_the_question_costs_the_same_whatever_the_number(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _number in range(3):
        opened(amount_fen=100)
    with django_assert_num_queries(5):
        idle.of_sources(balance(on=dt.date(2036, 1, 1)))
        idle.of_projects(on=dt.date(2036, 1, 1))


@pytest.mark.django_db
def test_the_command_says_what_lies(capsys: pytest.CaptureFixture[str]) -> None:
    project = project_at(ProjectState.APPROVED).project
    call_command("funds", "idle", "--on", "2036-01-01", "--json", "--county", project.area.codes[0])
    told = json.loads(capsys.readouterr().out)
    assert told["months"] == [6, 12, 24]
    assert [line["fen"] for line in told["lines"]] == [[0, 0, 0, project.grant_fen]] * 2
    assert told["lines"][1]["line"] == project.number
    call_command("funds", "idle", "--on", "2026-05-01")
    assert "6—12个月  0.00" in capsys.readouterr().out
    call_command("funds", "idle", "--on", "2036-01-01", "--county", COUNTY)
    assert str(project.number) not in capsys.readouterr().out
