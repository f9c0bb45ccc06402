"""A year of a county with the clock alone: day by day, by surprise, and killed at random."""

from __future__ import annotations

import datetime as dt
import random
import signal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from approvals import clockwork
from tests.database import url
from tests.forked import Forked
from tests.law import clockyear
from tests.law.clockyear import FIRST, mornings, played, settle, table

KILLS = 8


@pytest.mark.django_db
def test_day_by_day_the_year_is_what_the_table_says(tmp_path: Path) -> None:
    names = settle(tmp_path)
    for at in mornings():
        clockwork.sweep(at=at)
    assert sorted(played(names)) == sorted(table())


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_by_surprise_nothing_is_lost_and_one_reminder_stands_for_those_missed(tmp_path: Path, seed: int) -> None:
    names, chance = settle(tmp_path), random.Random(seed)
    rounds = [*sorted(chance.sample(mornings(), 9)), mornings()[-1]]
    for at in rounds:
        clockwork.sweep(at=at)
    assert sorted(played(names)) == sorted(by_surprise(rounds))


def by_surprise(rounds: list[dt.datetime]) -> list[tuple[str, str, str, str]]:
    """What the table becomes when the clock looks only now and then."""
    found = []
    for name in {row[0] for row in table()}:
        left = [row for row in table() if row[0] == name]
        for at in rounds:
            day = f"{timezone.localdate(at)}"
            come = [row for row in left if row[1] <= day]
            left = left[len(come) :]
            for n, (_name, _day, act, step) in enumerate(come):
                if act == "remind" and n + 1 < len(come) and come[n + 1][2] == "remind":
                    continue
                found.append((name, day, act, step))
    return found


@pytest.mark.django_db(transaction=True)
def test_killed_at_random_the_year_is_the_same_entry_for_entry(tmp_path: Path) -> None:
    names, chance, since = settle(tmp_path), random.Random(7), FIRST
    for _kill in range(KILLS):
        since = play(since, rungs=chance.randrange(1, 5))
    assert play(since, rungs=None) == clockyear.LAST
    assert sorted(played(names)) == sorted(table())
    call_command("audit", "verify")


def play(since: dt.date, *, rungs: int | None) -> dt.date:
    """Play on from a day in a process of its own, killed within a rung; the last day it was done with."""
    with Forked("tests.law.clockyear", f"{since}", url=url()) as process:
        said, reached = 0, since
        for line in process:
            if line.strip() != "…":
                reached = dt.date.fromisoformat(line.strip())
                continue
            said += 1
            if said == rungs:
                process.kill()
        assert process.wait() == (0 if rungs is None else -signal.SIGKILL)
    return reached
