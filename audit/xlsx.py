"""The record as a workbook: the table of the CSV, written row by row, numbers and times as what they are."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from audit.eventlog import CHUNK, ILLEGAL
from audit.export import COLUMNS, guarded
from audit.models import Entry

#: A sheet ends at 1,048,576 rows; further entries go on in the next one.
SHEET_ROWS = 1_000_000
MONEY, MOMENT = "#,##0.00", "yyyy-mm-dd hh:mm:ss"
#: Columns of the table that a workbook shows as moments of the office's clock.
MOMENTS = {1: "happened_at", 2: "recorded_at"}
PIECE_BYTES = 64 * 1024


def pieces(found: QuerySet[Entry]) -> Iterator[bytes]:
    """The workbook piece by piece. It waits in a file until it is whole; its rows never lie in memory together."""
    with tempfile.TemporaryFile() as kept:
        _write(kept, found.order_by("id").iterator(chunk_size=CHUNK))
        kept.seek(0)
        while piece := kept.read(PIECE_BYTES):
            yield piece


def _write(kept: IO[bytes], entries: Iterable[Entry]) -> None:
    book = Workbook(write_only=True)
    headings = [str(heading) for heading, _cell in COLUMNS]
    sheet: Any = None
    for number, entry in enumerate(entries):
        if number % SHEET_ROWS == 0:
            sheet = _sheet(book, number // SHEET_ROWS + 1, headings)
        sheet.append(list(_row(sheet, entry)))
    if sheet is None:
        _sheet(book, 1, headings)
    book.save(kept)


def _sheet(book: Workbook, number: int, headings: list[str]) -> Any:
    sheet = book.create_sheet(f"{_('Record')} {number}")
    sheet.freeze_panes = "A2"
    sheet.append(headings)
    return sheet


def _row(sheet: Any, entry: Entry) -> Iterator[Any]:
    for position, (_heading, cell) in enumerate(COLUMNS):
        if position in MOMENTS:
            moment: dt.datetime = getattr(entry, MOMENTS[position])
            shown = WriteOnlyCell(sheet, timezone.localtime(moment).replace(tzinfo=None))
            shown.number_format = MOMENT
            yield shown
            continue
        value = guarded(cell(entry))
        if isinstance(value, Decimal):
            shown = WriteOnlyCell(sheet, value)
            shown.number_format = MONEY
            yield shown
        else:
            yield ILLEGAL.sub("�", value) if isinstance(value, str) else value
