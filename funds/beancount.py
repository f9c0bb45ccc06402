"""The books as a beancount file, so that a program that is not ours can add them up.

Each transfer is a transaction of two postings. The balances asserted at the end come from the accounts'
counters and not from the transfers: that `bean-check` accepts the file means that both agree, account by
account and in sum. Tolerance is nought; left to itself beancount would let half a fen pass.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from django.db.models import Max, Min
from django.utils import timezone

from audit.export import guarded
from funds.models import Account, Source, Transfer

#: Where each kind of account stands. Money that left the county, or never was any, is no asset.
PLACES: Final = {
    "issued": "Equity:Issued",
    "returned": "Equity:Returned",
    "unallocated": "Assets:Unallocated",
    "carried": "Assets:Carried",
    "reserved": "Assets:Reserved",
    "ordered": "Assets:Ordered",
    "retained": "Assets:Retained",
    "paid": "Expenses:Paid",
    "counted": "Expenses:Counted",
}
#: Line ends, other control characters and lone surrogates have no place in a string of the file.
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def lines() -> Iterator[str]:
    """The file, line by line: accounts, transactions by day, balances. Constant memory but for the accounts."""
    days = Transfer.objects.aggregate(first=Min("happened_at"), last=Max("happened_at"))
    first, last = (timezone.localdate(days[end] or timezone.now()) for end in ("first", "last"))
    yield 'option "title" "Fundtrail"'
    yield 'option "operating_currency" "CNY"'
    yield from _accounts(first)
    for transfer in Transfer.objects.order_by("happened_at", "pk").iterator():
        yield from _transaction(transfer)
    yield from _balances(last + dt.timedelta(days=1))


def name_of(code: str) -> str:
    """An account by its code: S7:P41:paid is Expenses:Paid:S7:P41. No name that somebody typed is in it."""
    source, *project, kind = code.split(":")
    return ":".join((PLACES[kind], source, *project))


def quoted(text: str) -> str:
    """A string of the file that says `text`, which neither ends early nor runs in a spreadsheet."""
    plain = str(guarded(_UNPRINTABLE.sub(" ", text)))
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _accounts(day: dt.date) -> Iterator[str]:
    sources = Source.objects.in_bulk()
    for place in PLACES.values():
        yield f"{day} open {place}"
    for account in Account.objects.order_by("code").iterator():
        yield f"{day} open {name_of(account.code)} CNY"
        if account.kind == Account.Kind.ISSUED:
            source = sources[account.source_id]
            yield f"  name: {quoted(source.name)}"
            yield f"  document: {quoted(source.document_number)}"


def _transaction(transfer: Transfer) -> Iterator[str]:
    yield f"{timezone.localdate(transfer.happened_at)} * {quoted(transfer.kind)} {quoted(transfer.memo)}"
    yield f"  voucher: {quoted(transfer.key)}"
    for code, fen in ((transfer.debit_id, -transfer.fen), (transfer.credit_id, transfer.fen)):
        yield f"  {name_of(code)}  {_yuan(fen)} CNY"


def _balances(day: dt.date) -> Iterator[str]:
    sums: dict[str, int] = defaultdict(int)
    for account in Account.objects.order_by("code").iterator():
        sums[PLACES[account.kind]] += account.balance_fen
        yield f"{day} balance {name_of(account.code)}  {_yuan(account.balance_fen)} ~ 0.00 CNY"
    for place, fen in sums.items():
        yield f"{day} balance {place}  {_yuan(fen)} ~ 0.00 CNY"


def _yuan(fen: int) -> str:
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{part:02d}"
