"""The books against the record: who alters one of them is given away by the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection

from approvals.traveller import Traveller
from funds import ledger
from funds.books import verify
from funds.models import Source, Transfer
from funds.vouchers import differences
from tests.factories import MORNING, official, project_at
from tests.guards import lifted
from workflows import treasury
from workflows.register import NotAllowed
from workflows.states import ProjectState


@pytest.fixture
def approved(db: None) -> Traveller:
    """A project whose grant is reserved, every step of it by an act."""
    return project_at(ProjectState.APPROVED)


def run(sql: str) -> None:
    connection.check_constraints()
    with lifted(), connection.cursor() as cursor:
        cursor.execute(sql)
        connection.check_constraints()


def test_what_acts_did_is_on_the_record_from_the_first_fen(approved: Traveller) -> None:
    assert Transfer.objects.count() == 2
    assert list(differences()) == []


def altered_amount() -> None:
    # Counters altered along with it: by themselves the books balance.
    run("UPDATE funds_transfer SET fen = fen - 100 WHERE kind = 'reserve'")
    run("UPDATE funds_account SET credits_fen = credits_fen - 100 WHERE kind = 'reserved'")
    run("UPDATE funds_account SET debits_fen = debits_fen - 100 WHERE kind = 'unallocated'")
    assert verify().wrong == []


def altered_time() -> None:
    run("UPDATE funds_transfer SET happened_at = '2020-01-01 00:00:00+00:00' WHERE kind = 'reserve'")


def missing_transfer() -> None:
    run("DELETE FROM funds_transfer WHERE kind = 'reserve'")
    run("UPDATE funds_account SET credits_fen = 0 WHERE kind = 'reserved'")
    run("UPDATE funds_account SET debits_fen = 0 WHERE kind = 'unallocated'")
    assert verify().wrong == []


def added_transfer() -> None:
    reserve = Transfer.objects.get(kind="reserve")
    ledger.pay(case_id=reserve.case_id or 0, fen=1, key="a gift", at=MORNING)
    assert verify().wrong == []


def missing_entry() -> None:
    run("DELETE FROM audit_entry WHERE act = 'project.approve'")


def unread_entry() -> None:
    run("UPDATE audit_entry SET payload = '[]' WHERE act = 'project.approve'")


def altered_source() -> None:
    run("UPDATE funds_source SET document_number = 'another'")


def missing_opening() -> None:
    run("DELETE FROM audit_entry WHERE act = 'sources.open_source'")


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (altered_amount, "fen is 44999900; P2026-{project:05d} #"),
        (altered_time, "happened_at is 2020-01-01"),
        (missing_transfer, "transfer P2026-{project:05d}/reserve#1: missing; P2026-"),
        (added_transfer, " a gift#1: no entry of the record made it"),
        (missing_entry, "/reserve#1: no entry of the record made it"),
        (unread_entry, "project.approve: cannot be read"),
        (altered_source, ": document_number is another; SOURCES #1 sources.open_source says "),
        (missing_opening, ": no entry of the record opened it"),
    ],
)
def test_verify_names_what_the_record_knows_otherwise(
    tamper: Callable[[], None], named: str, approved: Traveller, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper()
    with pytest.raises(SystemExit) as ended:
        call_command("funds", "verify")
    assert ended.value.code == 1
    told = capsys.readouterr().out
    assert named.format(project=approved.project.pk) in told


def test_honest_books_agree_with_the_record(approved: Traveller, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("funds", "verify")
    assert capsys.readouterr().out == "2 transfers, 3 accounts, balanced\n"


# The finance bureau's own acts

YEAR_END = dt.datetime(2026, 12, 31, 9, tzinfo=dt.UTC)


def test_every_way_of_a_sources_own_money_is_on_the_record(approved: Traveller) -> None:
    finance, source = official(approved, "finance"), Source.objects.get()
    with pytest.raises(ledger.MoreThanIssued):
        treasury.receive(source=source, by=finance, at=MORNING, fen=1)
    facts = {name: getattr(source, name) for name in ("kind", "manager", "channel", "purpose", "nature", "procedure")}
    county = treasury.open_source(
        **facts, name="County match", document_number="[2026] 9", year=2026, amount_fen=900_00, by=finance, at=MORNING
    )
    assert county.received_on is None
    treasury.receive(source=county, fen=500_00, by=finance, at=MORNING)
    treasury.carry_over(source=county, fen=300_00, by=finance, at=YEAR_END, reason="年末结转")
    treasury.give_back(source=county, fen=200_00, by=finance, at=YEAR_END, reason="上缴")
    with pytest.raises(ledger.NotIdle):
        treasury.lapse(source=county, fen=1, by=finance, at=YEAR_END.replace(year=2027, day=30), reason="收回")
    later = YEAR_END.replace(year=2027)
    treasury.replan(source=county, fen=100_00, by=finance, at=later, reason="重新安排")
    with pytest.raises(ledger.NotIdle):
        treasury.lapse(source=county, fen=200_01, by=finance, at=later, reason="收回")
    treasury.lapse(source=county, fen=200_00, by=finance, at=later, reason="收回")
    keys = list(Transfer.objects.filter(source=county).order_by("id").values_list("key", flat=True))
    assert keys == [f"SOURCES/{number}#1" for number in (4, 5, 6, 7, 8)]
    assert verify().wrong == list(differences()) == []
    call_command("audit", "verify")


def test_only_finance_enters_money(approved: Traveller) -> None:
    for office in ("village", "programme", "audit", "leading_group"):
        with pytest.raises(NotAllowed):
            treasury.receive(source=Source.objects.get(), by=official(approved, office), at=MORNING)
