"""The record as a table for spreadsheets: CSV that no cell of can run as a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.labels import label
from audit.models import Entry

#: Spreadsheets take UTF-8 for the local code page unless the file says otherwise.
BYTE_ORDER_MARK = "\ufeff"

#: A cell that begins so is a formula to some spreadsheet; full-width signs to Chinese ones.
FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠")

COLUMNS: tuple[tuple[Promise | str, Callable[[Entry], str | int | Decimal]], ...] = (
    (_("id"), lambda e: e.pk),
    (_("happened at"), lambda e: timezone.localtime(e.happened_at).isoformat(" ", "seconds")),
    (_("recorded at"), lambda e: timezone.localtime(e.recorded_at).isoformat(" ", "seconds")),
    (_("late entry"), lambda e: str(_("yes") if e.late else "")),
    (_("case"), lambda e: e.case_number),
    (_("title"), lambda e: e.case_title),
    (_("kind"), lambda e: label("kind", e.case_kind)),
    (_("number in the case"), lambda e: e.seq),
    (_("act"), lambda e: label("act", e.act)),
    (_("person"), lambda e: e.actor_name),
    (_("post"), lambda e: e.post),
    (_("unit"), lambda e: e.unit_name),
    (_("on behalf of"), lambda e: e.behalf_name),
    (_("from"), lambda e: label(f"state:{e.case_kind}", e.state_from)),
    (_("to"), lambda e: label(f"state:{e.case_kind}", e.state_to)),
    (_("amount (yuan)"), lambda e: "" if e.amount_fen is None else yuan(e.amount_fen)),
    (_("rulebook edition"), lambda e: e.edition),
    (_("previous hash"), lambda e: e.prev_hash),
    (_("hash"), lambda e: e.hash),
)


class _Echo:
    def write(self, line: str) -> str:
        return line


def lines(entries: Iterable[Entry]) -> Iterator[str]:
    """The table line by line, headings first; constant memory whatever the number of entries."""
    return table(
        [heading for heading, _cell in COLUMNS], ([cell(entry) for _heading, cell in COLUMNS] for entry in entries)
    )


def table(headings: Iterable[Promise | str], rows: Iterable[Iterable[str | int | Decimal]]) -> Iterator[str]:
    """Any table line by line, headings first, each cell guarded."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow([guarded(str(heading)) for heading in headings])
    for row in rows:
        yield writer.writerow([guarded(cell) for cell in row])


def answer(lines: Iterator[str], *, name: str, headers: Mapping[str, str] | None = None) -> StreamingHttpResponse:
    """A table to take away as the file ``name``, streamed."""
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', **(headers or {})},
    )


def guarded(cell: str | int | Decimal) -> str | int | Decimal:
    """Text with an apostrophe in front when a spreadsheet might run it; numbers as they are.

    OWASP ASVS 5.0, 1.2.10; a negative number is a number, not a formula.
    """
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA_STARTS else cell


def yuan(amount_fen: int) -> Decimal:
    """An amount of fen in yuan with its two decimals, exactly: 26700000 is 267000.00."""
    return Decimal(amount_fen).scaleb(-2)
