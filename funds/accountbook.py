"""The account book (明细账) of a project or of a source: every transfer, by whose act, and what it left.

The transfers say what moved; who did it and why is read from the record, where the act that moved it
names the transfer by its key, the voucher.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Sum

from audit.journal import facts_of
from audit.models import Entry
from funds.balances import Flows, Standing, moved, until
from funds.models import Account, Source, Transfer
from funds.routes import ROUTES


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One transfer as it stands in the book; amounts in fen."""

    #: The voucher: no other transfer has it.
    key: str
    happened_at: dt.datetime
    recorded_at: dt.datetime
    kind: str
    source: Source
    case_id: int | None
    claim_id: int | None
    #: Negative where it reverses an earlier one.
    fen: int
    memo: str
    #: The entry of the act that moved it; None where the record has none, which `funds verify` reports.
    entry: Entry | None
    #: How the book's project or source stands after it.
    after: Standing

    @property
    def debit(self) -> str:
        """The account that it left; for a reversal, which stands in red, that of what it reverses."""
        return str(Account.Kind(ROUTES[self.kind][0]).label)

    @property
    def credit(self) -> str:
        """The account that it entered, likewise."""
        return str(Account.Kind(ROUTES[self.kind][1]).label)

    @property
    def reason(self) -> str:
        """Why, as the act's entry says; the transfer's own memo where it says nothing."""
        try:
            said = facts_of(self.entry).get("reason") if self.entry is not None else ""
        except ValueError:
            # Somebody altered the entry. `audit verify` says so.
            said = ""
        return str(said or self.memo)

    @property
    def label(self) -> str:
        """What kind of transfer it is, in the reader's language."""
        return str(Transfer.Kind(self.kind).label)


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """A page of the account book: how things stood before it, its lines, and how many there are in all."""

    before: Standing
    lines: Sequence[Line]
    count: int


def account_book(
    *, source_id: int | None = None, case_id: int | None = None, first_day: dt.date | None = None,
    last_day: dt.date | None = None, offset: int = 0, limit: int = 50,
) -> Book:  # fmt: skip
    """The lines of a period in the order in which they happened, with who and why.

    Four queries, whatever the number of lines.
    """
    everything = moved(source_id=source_id, case_id=case_id)
    period = everything
    if first_day is not None:
        period = period.filter(happened_at__gte=until(first_day - dt.timedelta(days=1)))
    if last_day is not None:
        period = period.filter(happened_at__lt=until(last_day))
    page = list(period.select_related("source").order_by("happened_at", "pk")[offset : offset + limit])
    flows = Flows(case_id is not None)
    earlier = everything
    if page:
        first = page[0]
        earlier = everything.filter(
            Q(happened_at__lt=first.happened_at) | Q(happened_at=first.happened_at, pk__lt=first.pk)
        )
    elif last_day is not None:
        earlier = everything.filter(happened_at__lt=until(last_day))
    sums = earlier.order_by().annotate(reversal=Q(reverses__isnull=False)).values("kind", "reversal")
    for row in sums.annotate(sum=Sum("fen")):
        flows.add(row["kind"], row["sum"], reversal=row["reversal"])
    before, entries = flows.standing, entries_of(page)
    lines = [_line(transfer, flows, entries) for transfer in page]
    return Book(before=before, lines=lines, count=period.count())


def entries_of(transfers: Iterable[Transfer]) -> dict[str, Entry]:
    """Key of the transfer -> the entry of the act that made it. One query."""
    asked = {transfer.key: transfer for transfer in transfers}
    moments = {transfer.happened_at for transfer in asked.values()}
    found: dict[str, Entry] = {}
    for entry in Entry.objects.filter(happened_at__in=moments):
        for key in _keys_of(entry):
            if key in asked:
                found[key] = entry
    return found


def _keys_of(entry: Entry) -> list[str]:
    try:
        return [fact["key"] for fact in facts_of(entry)["money"]]
    except (ValueError, LookupError, TypeError):
        # Somebody altered the entry. `audit verify` says so; the book is still to be read.
        return []


def _line(transfer: Transfer, flows: Flows, entries: dict[str, Entry]) -> Line:
    reversal = transfer.reverses_id is not None
    flows.add(transfer.kind, transfer.fen, reversal=reversal)
    same: dict[str, Any] = {
        name: getattr(transfer, name)
        for name in ("key", "happened_at", "recorded_at", "kind", "source", "case_id", "claim_id", "memo")
    }
    fen = -transfer.fen if reversal else transfer.fen
    return Line(**same, fen=fen, entry=entries.get(transfer.key), after=flows.standing)
