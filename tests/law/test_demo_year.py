"""A year of the demo county: what the clock did, by table, however it looks and however often it is killed.

The county is loaded once, on the eve, into a copy of the tests' database; each way of playing gets a copy of that.
As every copy starts from the same rows, "the same journal" can be taken at its word: digests of all that entries say,
but for the numbers of rows that were new.
"""

from __future__ import annotations

import datetime as dt
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests import forked
from tests.law import counties, demoyear
from tests.law.copies import Copies

#: What must have happened, as ``demoyear journal`` prints it: one file a way of playing.
TABLES = Path(__file__).parent / "demo_year"
KILLS = 10

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo_year")]


class County:
    """The demo county on the eve, and its copies."""

    def __init__(self, copies: Copies, folder: Path) -> None:
        self.copies = copies
        freezing: Any = {"effect": "freeze"}
        book = counties.rulebook(folder, "demo-year", **{"deadlines.returned": freezing})
        self.eve = copies.make("eve")
        run(self.eve, "found", book)
        self.kept = int(run(self.eve, "stays"))
        self.ends: dict[str, str] = {}

    def played(self, how: str) -> list[str]:
        """The journal of a year played undisturbed; each way is played once."""
        at = self.ends[how] = self.copies.make(how, of=self.eve)
        assert run(at, "play", how, f"{demoyear.FIRST}").splitlines()[-1] == f"{demoyear.LAST}"
        return run(at, "journal").splitlines()

    def killed(self, how: str, chance: random.Random) -> list[str]:
        """The journal of the same year, its process killed and started again and again."""
        at, since = self.copies.make("killed", of=self.eve), demoyear.FIRST
        for _kill in range(KILLS):
            since = play_until_killed(at, how, since, rungs=chance.randrange(1, 25), chance=chance)
        assert run(at, "play", how, f"{since}").splitlines()[-1] == f"{demoyear.LAST}"
        assert run(at, "verify") == "ok\n"
        return run(at, "journal").splitlines()


def run(url: str, *what: str) -> str:
    """What a process of its own prints, on the database at ``url``."""
    return forked.run("tests.law.demoyear", *what, url=url)


def play_until_killed(url: str, how: str, since: dt.date, *, rungs: int, chance: random.Random) -> dt.date:
    """Play on from a day, killed some moment after so many rungs; the day after the last one that was done with."""
    with forked.Forked("tests.law.demoyear", "play", how, f"{since}", url=url) as process:
        said, reached = 0, since
        for line in process:
            if line.strip() != "…":
                reached = min(dt.date.fromisoformat(line.strip()) + dt.timedelta(days=1), demoyear.LAST)
                continue
            said += 1
            if said == rungs:
                time.sleep(chance.random() / 100)
                process.kill()
        assert process.wait() == -signal.SIGKILL
    return reached


@pytest.fixture(scope="module")
def county(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[County]:
    folder = tmp_path_factory.mktemp("demo_year")
    with django_db_blocker.unblock():
        copies = Copies(folder)
        try:
            yield County(copies, folder)
        finally:
            copies.drop()


@pytest.fixture(scope="module")
def daily(county: County) -> list[str]:
    return county.played("daily")


def lines(journal: list[str]) -> list[str]:
    """The entries without their hashes, which stand for the whole of each."""
    return [line.partition(" ")[2].rstrip() for line in journal]


def table(how: str) -> list[str]:
    return (TABLES / f"{how}.txt").read_text(encoding="utf-8").splitlines()


def test_day_by_day_the_year_is_what_the_table_says(daily: list[str]) -> None:
    assert lines(daily) == table("daily")


def test_the_clean_county_raises_no_red_flag(county: County) -> None:
    assert run(county.eve, "flags") == ""


def test_waits_kept_on_the_eve_and_again_after_the_year_are_those_of_the_record(
    county: County, daily: list[str]
) -> None:
    assert daily
    assert county.kept > int(run(county.ends["daily"], "stays")) > 0


@pytest.mark.parametrize("how", ["surprise", "week"])
def test_however_the_clock_jumps_the_year_is_what_its_table_says(county: County, how: str) -> None:
    assert lines(county.played(how)) == table(how)


def test_killed_at_random_the_year_has_the_same_journal_entry_for_entry(county: County, daily: list[str]) -> None:
    assert county.killed("daily", random.Random(11)) == daily


def test_only_the_number_of_a_new_row_makes_no_other_journal() -> None:
    lapse = {"due_on": "2025-04-07", "unit_id": 38}
    told, again, other = (
        {"act": "project.remind", "prev_hash": prev, "outcome": {"case": {}, "rows": {"lapse": rows}}}
        for prev, rows in [("aa", {"+140": lapse}), ("bb", {"+141": lapse}), ("aa", {"+140": {**lapse, "unit_id": 9}})]
    )
    assert demoyear.numberless(told) == demoyear.numberless(again) != demoyear.numberless(other)


def test_the_tables_know_every_kind_of_thing_the_clock_does() -> None:
    acts = {line.split()[2].partition(".")[2] for line in table("daily")}
    wanted = {"remind", "escalate", "freeze", "hear_silence", "criticise", "list_for_supervision", "refer"}
    assert wanted <= acts


def test_a_week_of_downtime_loses_nothing_but_reminders() -> None:
    assert but_reminders("week") == but_reminders("daily")


def test_by_surprise_nothing_else_is_lost_but_reports_that_people_made_needless() -> None:
    """Before the clock looked again the case had been decided, or its term extended."""
    left = but_reminders("daily")
    for done in but_reminders("surprise"):
        left.remove(done)
    lost = [" ".join(done[:2]) for done in left]
    assert lost == ["P2-02 rectification.escalate", "P2-04 project.escalate", "P3-02 notice.escalate"]


def but_reminders(how: str) -> list[list[str]]:
    """Plan item, act and step of all the rest: a jump puts it off."""
    return sorted(line.split()[1:] for line in table(how) if ".remind " not in line)
