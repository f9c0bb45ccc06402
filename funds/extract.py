"""A project's part of the books as data (台账摘录): every transfer of it, and what its accounts hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from audit.chain import canonical
from audit.journal import timestamp
from audit.models import Entry
from funds.accountbook import entries_of
from funds.models import Account, Source, Transfer

CHUNK_ROWS = 500
#: Says that the entry which made a transfer is one of the project's own.
OWN = "own"


def written(case_id: int) -> Iterator[bytes]:
    """One JSON object, piece by piece, a transfer a line; amounts in fen."""
    accounts = Account.objects.filter(case_id=case_id)
    sources = Source.objects.filter(pk__in=accounts.order_by().values("source_id")).order_by("pk")
    yield b'{"sources":' + canonical({str(source.pk): source.name for source in sources})
    yield b',\n"balances":' + canonical({account.code: account.balance_fen for account in accounts})
    yield b',\n"transfers":['
    for number, transfer in enumerate(_transfers(case_id)):
        yield (b",\n" if number else b"\n") + canonical(transfer)
    yield b"\n]}\n"


def _transfers(case_id: int) -> Iterator[dict[str, Any]]:
    rows = Transfer.objects.filter(case_id=case_id).select_related("reverses").order_by("pk")
    left = rows.iterator(CHUNK_ROWS)
    while some := list(islice(left, CHUNK_ROWS)):
        made = entries_of(some)
        for transfer in some:
            yield transfer.as_fact() | {
                "happened_at": timestamp(transfer.happened_at),
                "recorded_at": timestamp(transfer.recorded_at),
                "claim_id": transfer.claim_id,
                "reverses": transfer.reverses.key if transfer.reverses else None,
                "entry": _named(made.get(transfer.key), case_id),
            }


def _named(entry: Entry | None, case_id: int) -> str:
    """Whose act made it: the project's own, or one outside, such as the entry of a bank's results."""
    if entry is None:
        return ""
    return OWN if entry.root_id == case_id else f"{entry.case_number} #{entry.seq}"
