"""How the money stood on a day: the identity, the account book, and what the question costs."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from funds import ledger
from funds.accountbook import account_book
from funds.balances import Standing, balance, until
from funds.books import balance_identity
from funds.models import Source, Transfer
from tests.factories import project_at
from tests.money.bulk import others
from tests.money.conftest import opened
from tests.money.test_sources import WORK, labour
from workflows.states import ProjectState

DAY = dt.date(2026, 3, 2)


def noon(days: int) -> dt.datetime:
    return until(DAY) - dt.timedelta(hours=12) + dt.timedelta(days=days)


@pytest.fixture
def week(roads: Source, pool: Source) -> dict[int, Standing]:
    """Day by day what project 41 and its two sources went through, with the county's standing after it."""
    acts: dict[int, Callable[[dt.datetime], object]] = {
        1: lambda at: ledger.reserve(case_id=41, purpose="infrastructure",
                                     parts={roads.pk: 800_00, pool.pk: 200_00}, key="plan", at=at),
        2: lambda at: ledger.order(case_id=41, fen=300_00, key="line", at=at),
        3: lambda at: ledger.settle(case_id=41, order="line", key="paid", at=at),
        4: lambda at: ledger.retain(case_id=41, fen=50_00, key="held", at=at),
        5: lambda at: ledger.release(case_id=41, key="close", at=at),
        6: lambda at: ledger.carry_over(source=roads, fen=100_00, key="2026", at=at),
        7: lambda at: ledger.give_back(source=pool, fen=10_00, key="back", at=at),
    }  # fmt: skip
    after = {}
    for day, act in acts.items():
        act(noon(day))
        books = balance_identity()
        after[day] = Standing(
            issued_fen=books.issued_fen, returned_fen=books.returned_fen, free_fen=books.unallocated_fen,
            carried_fen=books.carried_fen, allocated_fen=books.allocated_fen, reserved_fen=books.reserved_fen,
            ordered_fen=books.ordered_fen, paid_fen=books.paid_fen, retained_fen=books.retained_fen,
        )  # fmt: skip
    return after


def test_every_past_day_stands_as_it_stood_then(week: dict[int, Standing]) -> None:
    for day, then in week.items():
        stands = balance(on=DAY + dt.timedelta(days=day))
        assert stands.money == then
        assert stands.holds
        assert stands.labour == Standing()
    assert balance(on=DAY + dt.timedelta(days=999)).money == week[7]
    assert balance(on=DAY - dt.timedelta(days=1)).money == Standing()


def test_the_quota_is_allocated_or_not_and_the_allocated_is_paid_held_back_or_not_yet(week: object) -> None:
    stands = balance(on=DAY + dt.timedelta(days=7)).money
    assert stands.quota_fen == 1500_00 - 10_00 == stands.allocated_fen + stands.unallocated_fen
    assert stands.allocated_fen == 350_00 == stands.paid_fen + stands.retained_fen + stands.unpaid_fen
    assert (stands.paid_fen, stands.retained_fen, stands.unpaid_fen, stands.carried_fen) == (300_00, 50_00, 0, 100_00)


def test_the_sources_and_the_projects_sum_to_the_whole(week: object, roads: Source, pool: Source) -> None:
    ledger.reserve(case_id=42, purpose="social", parts={pool.pk: 5_00}, key="other", at=noon(2))
    for day in range(1, 8):
        on = DAY + dt.timedelta(days=day)
        whole = balance(on=on)
        parts = [balance(on=on, source_id=source.pk).money for source in (roads, pool)]
        assert [whole.sources[roads], whole.sources[pool]] == parts
        projects = [balance(on=on, case_id=case_id).money for case_id in (41, 42)]
        both = [balance(on=on, case_id=case_id, source_id=pool.pk).money for case_id in (41, 42)]
        for name in ("allocated_fen", "paid_fen", "retained_fen", "unpaid_fen"):
            assert getattr(whole.money, name) == sum(getattr(part, name) for part in parts)
            assert getattr(whole.money, name) == sum(getattr(project, name) for project in projects)
            assert getattr(whole.sources[pool], name) == sum(getattr(part, name) for part in both)


def test_an_identity_that_is_not_true_is_said_to_be_none() -> None:
    assert not Standing(issued_fen=1).holds
    assert not Standing(issued_fen=1, allocated_fen=1).holds
    assert Standing(issued_fen=1, allocated_fen=1, paid_fen=1).holds
    assert not Standing(of_project=True, paid_fen=1).holds


def test_a_day_ends_at_midnight_in_the_county(pool: Source) -> None:
    ledger.reserve(case_id=41, purpose="social", parts={pool.pk: 1}, key="late", at=until(DAY))
    assert balance(on=DAY).money.allocated_fen == 0
    assert balance(on=DAY + dt.timedelta(days=1)).money.allocated_fen == 1


def test_labour_stands_in_a_line_of_its_own(roads: Source) -> None:
    worked = labour()
    ledger.fund(source=worked, key="worked", at=noon(0))
    parts = {worked.pk: WORK.worth_fen, roads.pk: 100_00}
    ledger.reserve(case_id=41, purpose="infrastructure", parts=parts, key="plan", at=noon(1))
    ledger.count(case_id=41, fen=400_00, key="march", at=noon(2))
    stands = balance(on=DAY + dt.timedelta(days=2))
    assert stands.holds
    assert (stands.labour.counted_fen, stands.labour.unpaid_fen) == (400_00, 600_00)
    assert (stands.money.allocated_fen, stands.money.counted_fen) == (100_00, 0)


def test_a_reversed_transfer_counts_only_while_it_stood(roads: Source) -> None:
    ledger.reserve(case_id=41, purpose="infrastructure", parts={roads.pk: 500_00}, key="plan", at=noon(1))
    (typo,) = ledger.pay(case_id=41, fen=90_00, key="typo", at=noon(2))
    ledger.reverse(transfer=typo, key="undo", at=noon(3), memo="should be 9.00")
    paid = [balance(on=DAY + dt.timedelta(days=day), case_id=41).money.paid_fen for day in range(5)]
    assert paid == [0, 0, 90_00, 0, 0]
    assert [line.fen for line in account_book(case_id=41).lines] == [500_00, 90_00, -90_00]


# The command


def test_the_command_says_what_the_function_says(
    week: dict[int, Standing], roads: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("funds", "balance", "--on", "2026-03-06", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["holds"] is True
    assert told["money"] == {
        "quota_fen": 150000, "allocated_fen": 100000, "unallocated_fen": 50000, "paid_fen": 30000,
        "counted_fen": 0, "retained_fen": 5000, "unpaid_fen": 65000, "ordered_fen": 0,
    }  # fmt: skip
    call_command("funds", "balance", "--on", "2026-03-06", "--source", roads.document_number)
    lines = capsys.readouterr().out
    assert "800.00" in lines
    assert "1,500.00" not in lines


def test_a_project_is_asked_for_by_its_number(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    traveller = project_at(ProjectState.APPROVED)
    project = traveller.project
    call_command("funds", "balance", "--project", project.number, "--on", "2036-01-01", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["money"] == {
        "allocated_fen": project.grant_fen, "paid_fen": 0, "counted_fen": 0, "retained_fen": 0,
        "unpaid_fen": project.grant_fen, "ordered_fen": 0,
    }  # fmt: skip
    (line,) = account_book(case_id=project.pk).lines
    assert line.entry is not None
    assert (line.entry.act, line.after.reserved_fen) == ("project.approve", project.grant_fen)


@pytest.mark.parametrize(
    "asked", [("--source", "77"), ("--source", "nothing"), ("--project", "P1999-1"), ("--on", "2026-02-30")]
)
def test_what_is_not_there_is_said_so(asked: tuple[str, str], roads: Source) -> None:
    with pytest.raises(CommandError, match=asked[1]):
        call_command("funds", "balance", *asked)


# The account book


def test_the_book_runs_from_page_to_page(week: dict[int, Standing]) -> None:
    whole = account_book(case_id=41)
    assert whole.before == Standing(of_project=True)
    assert whole.count == len(whole.lines) == Transfer.objects.filter(case_id=41).count()
    page = account_book(case_id=41, offset=3, limit=2)
    assert page.before == whole.lines[2].after
    assert page.lines == whole.lines[3:5]
    assert whole.lines[-1].after == balance(on=DAY + dt.timedelta(days=9), case_id=41).money


def test_the_book_of_a_period_begins_with_what_was_brought_forward(week: dict[int, Standing], pool: Source) -> None:
    day = DAY + dt.timedelta(days=4)
    book = account_book(source_id=pool.pk, first_day=day, last_day=day)
    assert [line.kind for line in book.lines] == ["retain"]
    assert book.before == balance(on=day - dt.timedelta(days=1), source_id=pool.pk).money
    assert book.lines[0].after == balance(on=day, source_id=pool.pk).money
    quiet = DAY + dt.timedelta(days=40)
    assert (
        account_book(source_id=pool.pk, first_day=quiet, last_day=quiet).before
        == balance(on=quiet, source_id=pool.pk).money
    )


# What it costs


def rows_read(*, case_id: int, on: dt.date) -> tuple[int, str]:
    """How many rows the database looks at for a project's balance, and its plan."""
    with CaptureQueriesContext(connection) as said:
        balance(on=on, case_id=case_id)
    sql = said.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = " / ".join(str(row[3]) for row in cursor.fetchall())
            by_index = "USING INDEX funds_transfer_of_case (case_id=? AND happened_at<?)" in plan
            return (Transfer.objects.filter(case_id=case_id) if by_index else Transfer.objects).count(), plan
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        plan = json.dumps(cursor.fetchone()[0])
        looked_at = [node for node in _nodes(json.loads(plan)[0]["Plan"]) if node.get("Relation Name")]
        return sum(n["Actual Rows"] + n.get("Rows Removed by Filter", 0) for n in looked_at), plan


def _nodes(plan: dict) -> list[dict]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in _nodes(part))]


def test_a_projects_balance_reads_its_own_rows_whatever_the_others_did(
    week: object, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    on = DAY + dt.timedelta(days=7)
    busy = opened(amount_fen=10**9)
    before = balance(on=on, case_id=41)
    others(busy, transfers=20_000)
    assert Transfer.objects.count() > 20_000
    with django_assert_num_queries(2):
        assert balance(on=on, case_id=41) == before
    read, plan = rows_read(case_id=41, on=on)
    assert read <= Transfer.objects.filter(case_id=41).count(), plan
    assert balance(on=on).holds


def test_a_page_of_the_book_costs_the_same_at_any_length(
    roads: Source, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ledger.reserve(case_id=41, purpose="infrastructure", parts={roads.pk: 500_00}, key="plan", at=noon(1))
    chance = random.Random(1)
    for n in range(60):
        ledger.pay(case_id=41, fen=chance.randrange(1, 100), key=f"p{n}", at=noon(2))
    with django_assert_num_queries(4):
        account_book(case_id=41, limit=1)
    with django_assert_num_queries(4):
        account_book(case_id=41, limit=60)
