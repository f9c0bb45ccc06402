"""One order of transfers onto the books: all of it or nothing.

Counters move by conditional updates, first of the projects' accounts and then of the sources', each by
code, so that two orders at once never wait for each other in a circle; an update that finds no row is
the refusal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q

from funds.models import Account, Transfer
from funds.refusals import AlreadyResolved, AlreadyReversed, DuplicateKey, LedgerRefused, OutsideTransaction, Overdrawn
from funds.routes import undoes

# Opens the account where this is its first credit. One statement on both engines.
_CREDIT = """
    INSERT INTO funds_account (code, source_id, case_id, kind, debits_fen, credits_fen)
    VALUES (%s, %s, %s, %s, 0, %s)
    ON CONFLICT (code) DO UPDATE SET credits_fen = funds_account.credits_fen + excluded.credits_fen
"""


def require_transaction() -> None:
    """Raise OutsideTransaction unless an atomic block is open."""
    if not connection.in_atomic_block:
        raise OutsideTransaction


def post(
    transfers: Sequence[Transfer],
    *,
    key: str,
    provided: Q | None = None,
    refusal: Callable[[Account, int], LedgerRefused] = Overdrawn.of,
) -> list[Transfer]:
    """Write `transfers`, whose accounts are values of `Account.at`, and move the counters.

    They are numbered under `key`, the order's name. An account gives only what it holds, and only where
    `provided` also holds of it; otherwise `refusal(account, fen)` is raised.
    """
    return post_each({key: transfers}, provided=provided, refusal=refusal)


def post_each(
    orders: Mapping[str, Sequence[Transfer]],
    *,
    provided: Q | None = None,
    refusal: Callable[[Account, int], LedgerRefused] = Overdrawn.of,
) -> list[Transfer]:
    """The same for several orders, each under its own key: all of them or none.

    Whoever posts several times on one project in one transaction holds the project's row lock, or two such
    could wait for each other in a circle. Raises DuplicateKey where a key was used before. One insert for
    all transfers (SQLite takes some eighty at a time) and one query for each account.
    """
    require_transaction()
    for key, transfers in orders.items():
        for number, transfer in enumerate(transfers, start=1):
            transfer.key = f"{key}#{number}"
    try:
        written = Transfer.objects.bulk_create([transfer for transfers in orders.values() for transfer in transfers])
    except IntegrityError as error:
        # Everything else that the table could refuse was seen to by the caller.
        names = list(orders)
        raise _twice(error)(key=" … ".join(dict.fromkeys([names[0], names[-1]]))) from error
    for account, debits_fen, credits_fen in _movements(written):
        if not _move(account, debits_fen, credits_fen, provided or Q()):
            reason = refusal(account, debits_fen - credits_fen)
            # Should the caller swallow the refusal, half an order must still not be committed.
            transaction.set_rollback(True)
            raise reason
    return written


def _twice(error: IntegrityError) -> type[LedgerRefused]:
    """Which of the things that may be done once another teller did a moment ago."""
    for column, refused in (("resolves", AlreadyResolved), ("reverses", AlreadyReversed)):
        if f"{column}_id" in str(error):
            return refused
    return DuplicateKey


def lock_order(account: Account) -> tuple[bool, bool, str]:
    """The projects' accounts before the sources', what is reserved before all others, then by code."""
    return account.case_id is None, account.kind != Account.Kind.RESERVED, account.code


def _movements(transfers: Sequence[Transfer]) -> list[tuple[Account, int, int]]:
    """Change of the debit and the credit counter of each account, in the order of locking."""
    accounts: dict[str, Account] = {}
    debits: dict[str, int] = defaultdict(int)
    credits: dict[str, int] = defaultdict(int)
    for transfer in transfers:
        accounts |= {transfer.debit_id: transfer.debit, transfer.credit_id: transfer.credit}
        if undoes(transfer.kind, reversal=transfer.reverses_id is not None):
            credits[transfer.debit_id] -= transfer.fen
            debits[transfer.credit_id] -= transfer.fen
        else:
            debits[transfer.debit_id] += transfer.fen
            credits[transfer.credit_id] += transfer.fen
    in_order = sorted(accounts.values(), key=lock_order)
    return [(account, debits[account.code], credits[account.code]) for account in in_order]


def _move(account: Account, debits_fen: int, credits_fen: int, provided: Q) -> bool:
    if credits_fen > 0 and debits_fen == 0:
        with connection.cursor() as cursor:
            cursor.execute(
                _CREDIT,
                [account.code, account.source_id, account.case_id, account.kind, credits_fen],
            )
        return True
    if debits_fen > credits_fen:
        # In the row's own columns, so that PostgreSQL asks again after waiting for a lock.
        provided &= Q(kind=Account.Kind.ISSUED) | Q(credits_fen__gte=F("debits_fen") + debits_fen - credits_fen)
    moved = {
        "debits_fen": F("debits_fen") + debits_fen,
        "credits_fen": F("credits_fen") + credits_fen,
    }
    return Account.objects.filter(provided, pk=account.code).update(**moved) == 1
