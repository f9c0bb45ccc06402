"""Thousands of random orders: no fen is lost, nothing goes below nothing, every past day stays as it was."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F
from django.utils import timezone

from funds import ledger
from funds.balances import Balance, balance
from funds.books import Identity, balance_identity, verify
from funds.models import Account
from funds.routes import OF_CASE, OF_SOURCE, ROUTES
from tests.money.orders import CASES, Clerk

pytestmark = pytest.mark.django_db


def held(identity: Identity) -> dict[str, int]:
    return {kind: getattr(identity, f"{kind}_fen") for kind in (*OF_SOURCE, *OF_CASE)}


# Committed as in an office: rows rewritten thousands of times in one transaction slow PostgreSQL down.
@pytest.mark.django_db(transaction=True)
def test_three_thousand_orders_lose_no_fen() -> None:
    clerk = Clerk(7)
    start = held(balance_identity())
    evenings: dict[dt.date, Balance] = {}
    for _hundred in range(30):
        clerk.work(100)
        assert verify().wrong == []
        assert not Account.objects.exclude(kind="issued").filter(credits_fen__lt=F("debits_fen")).exists()
        yesterday = timezone.localdate(clerk.at) - dt.timedelta(days=1)
        evenings[yesterday] = balance(on=yesterday)
    assert clerk.done > 1000
    assert clerk.refused > 300
    assert set(clerk.moved) == set(ROUTES) - {"lapse"}
    end = held(balance_identity())
    for account in (*OF_SOURCE, *OF_CASE):
        come = sum(fen for kind, fen in clerk.moved.items() if ROUTES[kind][1] == account)
        gone = sum(fen for kind, fen in clerk.moved.items() if ROUTES[kind][0] == account)
        assert end[account] - start[account] == (gone if account == "issued" else come - gone), account
    for day, then in evenings.items():
        assert then.holds
        assert balance(on=day) == then


def test_the_counters_and_the_transfers_tell_the_same_of_each_project() -> None:
    clerk = Clerk(11).work(600)
    on = timezone.localdate(clerk.at)
    for case_id, stands in ledger.positions(case_ids=CASES).items():
        books = balance(on=on, case_id=case_id)
        money = books.money
        assert (stands.reserved_fen, stands.ordered_fen) == (money.reserved_fen, money.ordered_fen)
        assert (stands.paid_fen, stands.retained_fen) == (money.paid_fen, money.retained_fen)
        assert stands.planned_fen - stands.given_back_fen == money.allocated_fen
        assert stands.counted_fen == books.labour.counted_fen
