"""Sources to draw on: one for roads, one for anything, one that has not arrived."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.db import transaction

from funds import ledger
from funds.models import ANY_PURPOSE, Source

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
COUNTY = "511921"
_numbers = itertools.count(1)


def opened(*, amount_fen: int, purpose: str = ANY_PURPOSE, arrived: bool = True, county: str = COUNTY) -> Source:
    """A new source of `amount_fen`, on the account unless not `arrived`."""
    n = next(_numbers)
    with transaction.atomic():
        source = ledger.open_source(
            county=county, name=f"Source {n}", kind="county", manager="Finance bureau", channel="treasury",
            purpose=purpose, nature="grant", procedure="reimbursement",
            document_number=f"[2026] {n}", year=2026, amount_fen=amount_fen,
        )  # fmt: skip
        if arrived:
            ledger.fund(source=source, key=f"fund/{source.pk}", at=AT)
    return source


@pytest.fixture
def roads(db: None) -> Source:
    return opened(amount_fen=1_000_00, purpose="infrastructure")


@pytest.fixture
def pool(db: None) -> Source:
    return opened(amount_fen=500_00)


@pytest.fixture
def promised(db: None) -> Source:
    return opened(amount_fen=500_00, arrived=False)
