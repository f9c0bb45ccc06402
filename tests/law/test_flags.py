"""Each red flag on a planted case, and silent just under its parameter; it names the entries behind it."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.utils.translation import override

from tests.law.flagging import PURCHASING, TOWN, TUESDAY, VILLAGE, Journal, limits, moment, raised, rows
from workflows.flags.words import KeptHit, kept
from workflows.rulebook import load as rulebooks

pytestmark = pytest.mark.django_db

ELSEWHERE = (6, "石门村委会")


@pytest.fixture
def journal() -> Journal:
    return Journal()


def later(**time: float) -> dt.datetime:
    return TUESDAY + dt.timedelta(**time)


# RF-01

THRESHOLD = rulebooks.load("default").tender.open_tender_fen_min.works.value
JUST_BELOW = THRESHOLD - THRESHOLD * limits().split_below_permille_max.value // 1000


def test_two_purchases_just_below_the_threshold(journal: Journal) -> None:
    projects = [journal.project(fen=fen) for fen in (THRESHOLD - 1, JUST_BELOW)]
    [hit] = raised()["RF-01"]
    assert [row.root_id for row in hit.rows] == projects
    assert {row.act for row in hit.rows} == {"project.file"}


@pytest.mark.parametrize(
    "second",
    [{"fen": THRESHOLD}, {"fen": JUST_BELOW - 1}, {"kind": "goods"}, {"unit": ELSEWHERE},
     {"on": moment(2025, 3, 4, 9)}],
    ids=["at it", "well below it", "another kind", "another unit", "another year"],
)  # fmt: skip
def test_purchases_that_only_look_like_it(journal: Journal, second: dict[str, object]) -> None:
    journal.project(fen=THRESHOLD - 1)
    journal.project(**{"fen": THRESHOLD - 1} | second)  # type: ignore[arg-type]
    assert "RF-01" not in raised()


def test_what_was_withdrawn_was_not_split(journal: Journal) -> None:
    journal.project(fen=THRESHOLD - 1)
    journal.say(journal.project(fen=THRESHOLD - 1), "withdraw", at=later(days=1), to="withdrawn")
    assert "RF-01" not in raised()


def test_where_procurement_starts_its_amount_counts(journal: Journal) -> None:
    for _n in range(2):
        root = journal.project(fen=THRESHOLD + 1)
        started = journal.say(root, "start_procurement", at=later(days=9), amount=THRESHOLD - 1, to="procuring")
    [hit] = raised()["RF-01"]
    assert started.pk in rows(hit)


# RF-02


def test_one_company_wins_more_than_its_share(journal: Journal) -> None:
    least = limits().winner_awards_min.value
    won = [journal.award(journal.project(), "甲公司").pk for _n in range(least // 2 + 1)]
    for n in range(least - len(won)):
        journal.award(journal.project(), f"别的公司{n}")
    office, township = raised()["RF-02"]
    assert rows(office) == rows(township) == won
    assert {office.unit, township.unit} == {PURCHASING, TOWN}


def test_half_of_the_awards_is_no_more_than_its_share(journal: Journal) -> None:
    for n in range(limits().winner_awards_min.value + 1):
        journal.award(journal.project(), "甲公司" if n % 2 else f"公司{n}")
    assert "RF-02" not in raised()


def test_few_awards_say_nothing(journal: Journal) -> None:
    for _n in range(limits().winner_awards_min.value - 1):
        journal.award(journal.project(), "甲公司")
    assert "RF-02" not in raised()


# RF-03


@pytest.mark.parametrize("early", [1, 0])
def test_a_decision_within_seconds(journal: Journal, early: int) -> None:
    root = journal.project()
    seconds = limits().decided_seconds_min.value - early
    sent = later(days=1)
    journal.say(root, "conclude_joint", at=sent, by=3, to="pipeline")
    quick = journal.say(root, "admit", at=sent + dt.timedelta(seconds=seconds), by=4, to="on_notice")
    assert [rows(hit) for hit in raised().get("RF-03", [])] == ([[quick.pk]] if early else [])


def test_a_flag_speaks_the_readers_language_even_if_it_was_kept_in_another(journal: Journal) -> None:
    root = journal.project()
    for n, by in enumerate((3, 4, 5)):
        journal.say(root, "return_to", at=later(days=1, seconds=n), by=by, to="returned" if n % 2 else "filed")
    journal.project(fen=JUST_BELOW)
    journal.project(fen=JUST_BELOW)
    found = raised()
    hits = [found["RF-03"][0], found["RF-01"][0]]
    again = [KeptHit(**json.loads(json.dumps(kept(hit), default=str)) | {"flag": hit.flag}) for hit in hits]
    with override("en"):
        quick, split = map(str, again)
        assert not re.search("[、，工货]", quick + split.replace(VILLAGE[1], ""))
        assert "decision" in quick
        assert "(works)" in split
    assert [str(one) for one in again] == [str(hit) for hit in hits]


def test_whoever_moved_it_himself_did_not_wait_for_it(journal: Journal) -> None:
    root = journal.project()
    journal.say(root, "conclude_joint", at=later(days=1), by=3, to="pipeline")
    journal.say(root, "admit", at=later(days=1, seconds=1), by=3, to="on_notice")
    assert "RF-03" not in raised()


# RF-04


@pytest.mark.parametrize("more", [1, 0])
def test_more_decisions_than_can_be_looked_at(journal: Journal, more: int) -> None:
    count = limits().burst_acts_max.value + more
    step = limits().burst_minutes.value * 60 / count
    for n in range(count):
        root = journal.case("project", at=TUESDAY, unit=VILLAGE, to="pipeline")
        journal.say(root, "admit", at=later(days=1, seconds=int(step * n)), by=4, to="on_notice")
    assert [len(hit.rows) for hit in raised().get("RF-04", [])] == ([count] if more else [])


def test_the_same_decisions_over_the_day_are_no_burst(journal: Journal) -> None:
    for n in range(limits().burst_acts_max.value + 5):
        root = journal.case("project", at=TUESDAY, unit=VILLAGE, to="pipeline")
        journal.say(root, "admit", at=later(days=1, minutes=9 * n), by=4, to="on_notice")
    assert "RF-04" not in raised()


# RF-05

NIGHT = TUESDAY.replace(hour=limits().night_from_hour.value, minute=0)
MORNING = TUESDAY.replace(hour=limits().night_until_hour.value, minute=0)
SATURDAY, LABOUR_DAY, MAKE_UP_SUNDAY = (moment(2026, 3, 7, 10), moment(2026, 5, 1, 10),
                                        moment(2026, 1, 4, 10))  # fmt: skip


@pytest.mark.parametrize(
    ("at", "raises"),
    [(NIGHT, True), (NIGHT - dt.timedelta(minutes=1), False), (MORNING, False),
     (MORNING - dt.timedelta(minutes=1), True), (SATURDAY, True), (LABOUR_DAY, True), (MAKE_UP_SUNDAY, False)],
)  # fmt: skip
def test_decisions_off_hours(journal: Journal, at: dt.datetime, raises: bool) -> None:
    root = journal.project(on=moment(2025, 11, 4, 9))
    for n in range(limits().off_hours_acts_min.value):
        journal.say(root, "admit", at=at + dt.timedelta(seconds=n), by=4, to="on_notice")
    assert ("RF-05" in raised()) is raises


def test_one_decision_fewer_off_hours(journal: Journal) -> None:
    root = journal.project()
    for _n in range(limits().off_hours_acts_min.value - 1):
        journal.say(root, "admit", at=SATURDAY, by=4, to="on_notice")
    assert "RF-05" not in raised()


def test_the_clock_has_no_hours_and_a_village_files_when_it_likes(journal: Journal) -> None:
    root = journal.project(on=SATURDAY.replace(hour=22))
    for n in range(9):
        journal.say(root, "lapse", at=SATURDAY + dt.timedelta(hours=n), by=None, to="withdrawn")
        journal.say(root, "file", at=SATURDAY + dt.timedelta(hours=n), unit=VILLAGE, to="filed")
    assert "RF-05" not in raised()


def test_what_the_village_hands_in_again_is_no_decision(journal: Journal) -> None:
    root = journal.project()
    for n in range(limits().off_hours_acts_min.value):
        at = SATURDAY + dt.timedelta(hours=n)
        journal.say(root, "return_to", at=TUESDAY, by=4, to="returned")
        journal.say(root, "resubmit", at=at, unit=VILLAGE, to="filed")
    assert not {"RF-03", "RF-05"} & set(raised())
