"""One order of transfers onto the books: all of it or nothing.

Counters move by conditional updates in the order of the account codes, so that two orders at once
never wait for each other in a circle; an update that finds no row is the refusal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import ClassVar

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funds.models import Account, Transfer
from funds.money import yuan

# Opens the account where this is its first credit. One statement on both engines.
_CREDIT = """
    INSERT INTO funds_account (code, source_id, case_id, kind, debits_fen, credits_fen)
    VALUES (%s, %s, %s, %s, 0, %s)
    ON CONFLICT (code) DO UPDATE SET credits_fen = funds_account.credits_fen + excluded.credits_fen
"""


class LedgerRefused(Exception):
    """Money that may not move. The surrounding transaction can only be rolled back after it."""

    code: ClassVar[str] = ""
    article: ClassVar[Promise | str] = ""
    message: ClassVar[Promise | str] = ""

    def __init__(self, **params: object) -> None:
        super().__init__(params)
        self.params = params

    def __str__(self) -> str:
        return str(self.message) % self.params


class Overdrawn(LedgerRefused):
    code = "L-01"
    article = _("预算法 art. 13")
    message = _("%(account)s holds %(held)s yuan; %(asked)s yuan were asked for.")

    @classmethod
    def of(cls, account: Account, fen: int) -> Overdrawn:
        """`fen` asked of `account`, which is read for what it holds."""
        held = Account.objects.filter(pk=account.code).first()
        return cls(account=account.code, held=yuan(held.balance_fen if held else 0), asked=yuan(fen))


class DuplicateKey(LedgerRefused):
    code = "L-02"
    article = _("会计法 art. 14")
    message = _("The order %(key)s was carried out before.")


class OutsideTransaction(RuntimeError):
    """Money moves together with the act that moves it: open transaction.atomic() first."""


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

    They are numbered under `key`, the order's name. Whoever gives several orders on one project in
    one transaction holds the project's row lock, or two such could wait for each other in a circle.
    An account gives only what it holds, and only where `provided` also holds of it; otherwise
    `refusal(account, fen)` is raised. Raises DuplicateKey where a key was used before.
    One query for the transfers and one for each account.
    """
    require_transaction()
    for number, transfer in enumerate(transfers, start=1):
        transfer.key = f"{key}#{number}"
    try:
        written = Transfer.objects.bulk_create(transfers)
    except IntegrityError as error:
        # Everything else that the table could refuse was seen to by the caller.
        raise DuplicateKey(key=key) from error
    for account, debits_fen, credits_fen in _movements(written):
        if not _move(account, debits_fen, credits_fen, provided or Q()):
            reason = refusal(account, debits_fen - credits_fen)
            # Should the caller swallow the refusal, half an order must still not be committed.
            transaction.set_rollback(True)
            raise reason
    return written


def _movements(transfers: Sequence[Transfer]) -> list[tuple[Account, int, int]]:
    """Change of the debit and the credit counter of each account, in the order of the codes."""
    accounts: dict[str, Account] = {}
    debits: dict[str, int] = defaultdict(int)
    credits: dict[str, int] = defaultdict(int)
    for transfer in transfers:
        accounts |= {transfer.debit_id: transfer.debit, transfer.credit_id: transfer.credit}
        if transfer.reverses_id is None:
            debits[transfer.debit_id] += transfer.fen
            credits[transfer.credit_id] += transfer.fen
        else:
            credits[transfer.debit_id] -= transfer.fen
            debits[transfer.credit_id] -= transfer.fen
    return [(accounts[code], debits[code], credits[code]) for code in sorted(accounts)]


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
