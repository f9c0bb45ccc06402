"""Red flags of money, orders and lists on planted cases; and an ordinary year, which raises none."""

from __future__ import annotations

import datetime as dt

import pytest

from audit.models import Entry
from tests.law.flagging import TUESDAY, VILLAGE, Journal, limits, moment, raised, rows
from tests.law.test_flags import ELSEWHERE, JUST_BELOW, THRESHOLD, later
from tests.law.test_flags import journal as journal
from workflows import calendar
from workflows.flags.story import Row
from workflows.household import prints

pytestmark = pytest.mark.django_db

ID, OTHER_ID = "513721196001010013", "513721197002020024"

# RF-06

LAST_DAYS = moment(2025, 12, 31, 9) - dt.timedelta(days=limits().year_end_days.value - 1)


@pytest.mark.parametrize(("late_fen", "day", "raises"), [(501, 0, True), (500, 0, False), (501, -1, False)])
def test_too_much_in_the_last_days_of_the_year(journal: Journal, late_fen: int, day: int, raises: bool) -> None:
    root = journal.project(on=moment(2025, 3, 4, 9))
    others = limits().year_end_acts_min.value - 1
    share = limits().year_end_share_permille_max.value
    for n in range(others):
        journal.payment(root, (1000 - share - (late_fen - 500)) * 100 // others, at=moment(2025, 6, 3 + n, 9))
    late = journal.payment(root, (share + late_fen - 500) * 100, at=LAST_DAYS + dt.timedelta(days=day))
    hits = raised().get("RF-06", [])
    assert bool(hits) is raises
    if raises:
        assert {hit.facts["count"] for hit in hits} == {1}
        assert [late.pk] in [rows(hit) for hit in hits]


def test_few_payments_are_no_rush(journal: Journal) -> None:
    root = journal.project(on=moment(2025, 3, 4, 9))
    for n in range(limits().year_end_acts_min.value - 1):
        journal.payment(root, 100, at=LAST_DAYS + dt.timedelta(hours=n))
    assert "RF-06" not in raised()


# RF-07


@pytest.mark.parametrize("more", [1, 0])
def test_one_case_returned_again_and_again(journal: Journal, more: int) -> None:
    claim = journal.case("claim", root=journal.project(), at=TUESDAY, unit=VILLAGE, to="submitted")
    back = []
    for n in range(limits().returns_max.value + more):
        back.append(journal.say(claim, "return_claim", at=later(days=n + 1), to="returned").pk)
        journal.say(claim, "submit", at=later(days=n + 1, hours=3), unit=VILLAGE, to="submitted")
    assert [rows(hit) for hit in raised().get("RF-07", [])] == ([back] if more else [])


# RF-08


@pytest.mark.parametrize("more", [1, 0])
def test_money_that_has_not_moved(journal: Journal, more: int) -> None:
    root = journal.project()
    money = [{"kind": "reserve", "debit": "S1:unallocated", "credit": f"S1:P{root}:reserved", "fen": 500, "key": "k"}]
    granted = journal.say(root, "approve", at=TUESDAY, money=money, to="approved")
    today = TUESDAY.date() + dt.timedelta(days=limits().idle_days_max.value + more)
    assert [rows(hit) for hit in raised(today=today).get("RF-08", [])] == ([[granted.pk]] if more else [])


def test_money_that_was_paid_out_is_not_idle(journal: Journal) -> None:
    root = journal.project()
    held, paid = f"S1:P{root}:reserved", f"S1:P{root}:paid"
    for debit, credit in (("S1:unallocated", held), (held, paid)):
        moved = [{"kind": "x", "debit": debit, "credit": credit, "fen": 500, "key": credit}]
        journal.say(root, "approve", at=TUESDAY, money=moved, to="approved")
    assert "RF-08" not in raised(today=dt.date(2029, 1, 1))


# RF-09


def paid_by(journal: Journal, *, ours: int, others: int, by: tuple[int, int] = (7, 8)) -> None:
    root, elsewhere = journal.project(), journal.project(unit=ELSEWHERE)
    for n in range(ours):
        journal.payment(root, 100, at=later(days=n), payee="甲公司")
    for n in range(others):
        journal.payment(elsewhere, 100, at=later(days=n), payee=f"公司{n}", hands=by)


def test_one_unit_is_paid_by_two_hands_alone(journal: Journal) -> None:
    paid_by(journal, ours=limits().hands_payments_min.value, others=4, by=(10, 11))
    unit, payee = raised()["RF-09"]
    assert len(unit.rows) == len(payee.rows) == 2 * limits().hands_payments_min.value
    assert {unit.facts["payee"], payee.facts["payee"]} == {VILLAGE[1], "甲公司"}


def test_one_payment_fewer(journal: Journal) -> None:
    paid_by(journal, ours=limits().hands_payments_min.value - 1, others=4, by=(10, 11))
    assert "RF-09" not in raised()


def test_an_office_with_two_hands_pays_everybody_by_them(journal: Journal) -> None:
    paid_by(journal, ours=limits().hands_payments_min.value, others=4)
    assert "RF-09" not in raised()


def test_the_share_at_its_limit(journal: Journal) -> None:
    most, least = limits().hands_share_permille_max.value, limits().hands_payments_min.value
    paid_by(journal, ours=least, others=4, by=(10, 11))
    for n in range(least * (1000 - most) // most + 1):
        journal.payment(next(iter(journal.roots)), 100, at=later(days=40 + n), payee="甲公司", hands=(10, 11))
    assert "RF-09" not in raised()


# RF-10


def order_and_payment(journal: Journal, *, days_over: int, verified: bool = False) -> list[int]:
    order = journal.case("rectification", root=journal.project(), at=TUESDAY, to="issued",
                         data={"deadline": "2026-04-10"})  # fmt: skip
    if verified:
        journal.say(order, "verify", at=moment(2026, 4, 2, 9), to="verified")
    paid = journal.payment(journal.project(), 100, at=moment(2026, 4, 10, 9) + dt.timedelta(days=days_over))
    return [journal.last[order].pk, paid.pk]


def test_a_payment_while_an_order_lies_overdue(journal: Journal) -> None:
    expected = order_and_payment(journal, days_over=limits().order_overdue_days_min.value)
    assert [rows(hit) for hit in raised()["RF-10"]] == [expected]


def test_a_payment_before_the_order_is_overdue(journal: Journal) -> None:
    order_and_payment(journal, days_over=limits().order_overdue_days_min.value - 1)
    assert "RF-10" not in raised()


def test_a_payment_after_the_order_was_verified(journal: Journal) -> None:
    order_and_payment(journal, days_over=9, verified=True)
    assert "RF-10" not in raised()


def test_an_order_from_before_deadlines_were_recorded(journal: Journal) -> None:
    order = journal.case("rectification", root=journal.project(), at=TUESDAY, to="issued")
    journal.say(order, "list_for_supervision", at=later(days=60), by=None)
    journal.payment(journal.project(), 100, at=later(days=61))
    assert "RF-10" in raised()


# RF-11


def test_the_same_person_on_two_lists(journal: Journal) -> None:
    one = journal.listing(journal.project(), ID, OTHER_ID)
    two = journal.listing(journal.project(unit=ELSEWHERE), ID)
    [hit] = raised()["RF-11"]
    assert (hit.facts["count"], {row.case_id for row in hit.rows}) == (1, {one, two})
    assert ID not in str([row.data for row in hit.rows])


def test_the_same_project_pays_in_parts_of_the_year(journal: Journal) -> None:
    root = journal.project()
    journal.listing(root, ID, months=("2026-01", "2026-06"))
    journal.listing(root, ID, months=("2026-07", "2026-12"))
    assert "RF-11" not in raised()
    journal.listing(root, ID, months=("2026-06", "2026-06"))
    assert "RF-11" in raised()


@pytest.mark.parametrize("what", ["another standard", "another year", "withdrawn", "struck", "loaded anew"])
def test_lists_that_only_look_like_it(journal: Journal, what: str) -> None:
    journal.listing(journal.project(), ID)
    other = {"another standard": {"standard": "forest"}, "another year": {"months": ("2025-01", "2025-12")}}
    batch = journal.listing(journal.project(unit=ELSEWHERE), ID, **other.get(what, {}))  # type: ignore[arg-type]
    match what:
        case "withdrawn":
            journal.say(batch, "withdraw", at=later(days=1), to="withdrawn")
        case "struck":
            journal.say(batch, "decide", at=later(days=1), data={"verdict": "strike", "position": 1})
        case "loaded anew":
            journal.say(batch, "load_list", at=later(days=1), data={"prints": []})
    assert "RF-11" not in raised()


# RF-12


@pytest.mark.parametrize(("died", "raises"), [("2026-02-20", True), ("2026-03-01", False)])
def test_a_list_that_pays_after_the_month_of_death(journal: Journal, died: str, raises: bool) -> None:
    journal.listing(journal.project(), ID, OTHER_ID, months=("2026-01", "2026-03"))
    deaths = dict.fromkeys(prints.of_number(ID), dt.date.fromisoformat(died))
    assert [hit.facts["count"] for hit in raised(deaths=deaths).get("RF-12", [])] == ([1] if raises else [])


def test_without_a_register_of_deaths_nobody_is_dead(journal: Journal) -> None:
    journal.listing(journal.project(), ID)
    assert "RF-12" not in raised()


# All of them


def test_an_ordinary_year_raises_none(journal: Journal) -> None:
    for n in range(12):
        day = calendar.add(dt.date(2025, 1 + n, 13), days=1, day_kind="working")
        at = moment(day.year, day.month, day.day)
        root = journal.project(on=at, unit=(50 + n % 4, f"村{n % 4}"), fen=9_000_000 * (n + 1))
        journal.award(root, f"公司{n % 4}", at=at)
        journal.payment(root, 100_000, at=at, payee=f"公司{n % 4}")
    assert raised(today=dt.date(2026, 1, 5)) == {}


def test_an_entry_that_cannot_be_read_hides_no_other(journal: Journal) -> None:
    journal.project(fen=THRESHOLD - 1)
    journal.project(fen=JUST_BELOW)
    spoilt = Entry.objects.latest("id")
    spoilt.payload = b"["
    assert Row.of(spoilt).data == {}
    assert "RF-01" in raised()
