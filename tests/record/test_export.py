from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from audit import export
from audit.models import Entry
from tests.record.cases import write
from tests.record.test_pages import EXPORT, auditor

__all__ = ["auditor"]


@pytest.mark.parametrize("start", list("=+-@\t\r\n\0＝＋－＠"))
def test_text_that_a_spreadsheet_might_run_is_defused(start: str) -> None:
    assert export.guarded(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize("cell", ["", "双联村", "1+1", "a=b", -5, 0, Decimal("-12.50")])
def test_plain_text_and_numbers_stay_as_they_are(cell: str | int | Decimal) -> None:
    assert export.guarded(cell) == cell


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0.00"),
        (1, "0.01"),
        (-1, "-0.01"),
        (-1250, "-12.50"),
        (10**13, "100000000000.00"),
        (26_700_000, "267000.00"),
    ],
)
def test_fen_become_yuan_exactly(fen: int, text: str) -> None:
    assert str(export.yuan(fen)) == text


def read(response: Any) -> list[dict[str, str]]:
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.django_db
def test_the_export_is_the_search_without_pages_oldest_first(auditor: Client) -> None:
    entries = write(7, count=60)
    write(8, count=3)
    response = auditor.get(EXPORT, {"case": "00007", "before": "3"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="')
    with translation.override("en"):
        rows = read(response)
    assert [int(row["id"]) for row in rows] == [entry.pk for entry in entries]
    assert rows[0]["happened at"] == "2026-03-02 17:30:00+08:00"
    assert rows[0]["amount (yuan)"] == "267000.00"
    assert rows[0]["hash"] == entries[0].hash


@pytest.mark.django_db
def test_a_title_typed_by_a_stranger_cannot_run_in_the_auditors_spreadsheet(auditor: Client) -> None:
    write(7, count=1, case_title='=cmd|"/c calc"!A1', unit_name="－1", amount_fen=-100)
    with translation.override("en"):
        (row,) = read(auditor.get(EXPORT))
    assert row["title"] == '\'=cmd|"/c calc"!A1'
    assert row["unit"] == "'－1"
    assert row["amount (yuan)"] == "-1.00"


@pytest.mark.django_db
def test_the_export_streams_in_few_queries(auditor: Client) -> None:
    write(7, count=5)
    assert Entry.objects.count() == len(read(auditor.get(EXPORT)))
