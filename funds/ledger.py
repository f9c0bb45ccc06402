"""The dedicated account, project by project: reserve, order, pay, retain, release, recover.

Every function that moves money wants an open transaction, a `key` that names the order once and
for all, and `at`, when it happened; it returns the transfers it made, one of each source. Amounts
are fen. What may not be is refused by a LedgerRefused, after which the transaction is rolled back.
How a source's own money comes, rests and goes back is in :mod:`funds.sources`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import Q

from funds.drawing import Holdings, transfer
from funds.many import answer_many, answers, order_many
from funds.models import ANY_PURPOSE, Account, Source, Transfer
from funds.money import yuan
from funds.positions import Position, position, positions
from funds.posting import post, require_transaction
from funds.refusals import (
    AlreadyResolved,
    AlreadyReversed,
    DuplicateKey,
    EnteredBefore,
    ImpossibleAmount,
    LedgerRefused,
    MoreThanIssued,
    NoRate,
    NotCash,
    NotIdle,
    NotReceived,
    NotReversible,
    OnItsWay,
    OutsideTransaction,
    Overdrawn,
    UnknownOrder,
    UnknownSource,
    WrongPurpose,
)
from funds.routes import FINAL
from funds.sources import Labour, carry_over, fund, give_back, lapse, open_source, replan

__all__ = [
    "AlreadyResolved", "AlreadyReversed", "DuplicateKey", "EnteredBefore", "ImpossibleAmount", "Labour",
    "LedgerRefused", "MoreThanIssued", "NoRate", "NotCash", "NotIdle", "NotReceived", "NotReversible", "OnItsWay",
    "OutsideTransaction", "Overdrawn", "Position", "UnknownOrder", "UnknownSource", "WrongPurpose", "answer_many",
    "bounce", "carry_over", "count", "fund", "give_back", "lapse", "open_source", "order", "order_many", "pay",
    "position", "positions", "recover", "release", "release_retained", "replan", "reserve", "retain", "reverse",
    "send_back", "settle", "take_back",
]  # fmt: skip


def reserve(
    *, case_id: int, purpose: str, parts: Mapping[int, int], key: str, at: dt.datetime, memo: str = ""
) -> list[Transfer]:
    """Set the grant aside when the plan is issued: number of the source -> fen, zeros left out.

    `purpose` is the project's category. Raises UnknownSource, WrongPurpose, NotReceived, Overdrawn.
    """
    wanted = {source_id: fen for source_id, fen in sorted(parts.items()) if fen != 0}
    if not wanted:
        raise ImpossibleAmount(fen=0)
    fitting = Source.objects.filter(purpose__in=[purpose, ANY_PURPOSE]).values("pk")
    return post(
        [
            transfer("reserve", source_id=source_id, fen=fen, case_id=case_id, at=at, memo=memo)
            for source_id, fen in wanted.items()
        ],
        key=key,
        provided=Q(source_id__in=fitting),
        refusal=lambda account, asked: _why_not_reserved(account, asked, purpose),
    )


def pay(
    *, case_id: int, fen: int, key: str, at: dt.datetime, claim_id: int | None = None, memo: str = ""
) -> list[Transfer]:
    """Pay out of the project's reserves, each source in proportion to what it still reserves.

    Raises NotCash where only labour would be left, Overdrawn.
    """
    drawn = Holdings(case_id).drawn("pay", fen, labour=False, claim_id=claim_id, at=at, memo=memo)
    return post(drawn, key=key)


def order(
    *, case_id: int, fen: int, key: str, at: dt.datetime, claim_id: int | None = None, memo: str = ""
) -> list[Transfer]:
    """Send a payment to the bank: it is spent for nothing else until :func:`settle` or :func:`bounce`.

    Shared out and refused as in :func:`pay`.
    """
    drawn = Holdings(case_id).drawn("order", fen, labour=False, claim_id=claim_id, at=at, memo=memo)
    return post(drawn, key=key)


def settle(
    *, case_id: int, order: str, key: str, at: dt.datetime, retained_fen: int = 0, memo: str = ""
) -> list[Transfer]:
    """The bank has paid the order with that key; what is held back of the same claim is retained with it.

    Raises UnknownOrder, AlreadyResolved, and for what is retained as :func:`retain`.
    """
    held = Holdings(case_id)
    made = _answer("settle", case_id, order, at=at, memo=memo)
    if retained_fen:
        claim_id = made[0].claim_id
        made += held.drawn("retain", retained_fen, labour=False, claim_id=claim_id, at=at, memo=memo)
    return post(made, key=key)


def bounce(*, case_id: int, order: str, key: str, at: dt.datetime, memo: str = "") -> list[Transfer]:
    """The bank has not paid it (退票): reserved again. Raises UnknownOrder, AlreadyResolved."""
    Holdings(case_id)
    return post(_answer("bounce", case_id, order, at=at, memo=memo), key=key)


def send_back(
    *, case_id: int, fen: int, key: str, at: dt.datetime, claim_id: int | None = None, memo: str = ""
) -> list[Transfer]:
    """Paid money came back from the payee's bank afterwards: reserved again, to be paid anew."""
    return post(Holdings(case_id).drawn("send_back", fen, claim_id=claim_id, at=at, memo=memo), key=key)


def count(
    *, case_id: int, fen: int | None = None, key: str, at: dt.datetime, claim_id: int | None = None, memo: str = ""
) -> list[Transfer]:
    """Labour was done (投工投劳): counted at its rate, all of it where not said; no money moves."""
    drawn = Holdings(case_id).drawn("count", fen, labour=True, claim_id=claim_id, at=at, memo=memo)
    return post(drawn, key=key)


def retain(
    *, case_id: int, fen: int, key: str, at: dt.datetime, claim_id: int | None = None, memo: str = ""
) -> list[Transfer]:
    """Earned but held back against defects (质保金), shared out and refused as in :func:`pay`."""
    drawn = Holdings(case_id).drawn("retain", fen, labour=False, claim_id=claim_id, at=at, memo=memo)
    return post(drawn, key=key)


def release_retained(
    *, case_id: int, key: str, at: dt.datetime, fen: int | None = None, memo: str = ""
) -> list[Transfer]:
    """Pay out the retention, all of it where `fen` is not said; nothing held makes no transfer."""
    return post(Holdings(case_id).drawn("refund", fen, at=at, memo=memo), key=key)


def release(*, case_id: int, key: str, at: dt.datetime, fen: int | None = None, memo: str = "") -> list[Transfer]:
    """Give back to its sources what the project still reserves, at its end, or `fen` of it on the way.

    Raises OnItsWay while the end waits for the bank.
    """
    held = Holdings(case_id)
    if fen is None:
        _nothing_on_its_way(held)
    return post(held.drawn("release", fen, at=at, memo=memo), key=key)


def recover(*, case_id: int, key: str, at: dt.datetime, paid_fen: int | None = None, memo: str = "") -> list[Transfer]:
    """Everything goes back to the sources: reserves, retention, and `paid_fen` of what was paid.

    All that was paid where `paid_fen` is not said; none of it where it is 0. Labour that was counted
    is done and stays. Raises OnItsWay.
    """
    held = Holdings(case_id)
    _nothing_on_its_way(held)
    drawn = held.drawn("release", None, at=at, memo=memo)
    drawn += held.drawn("cancel", None, at=at, memo=memo)
    if paid_fen != 0:
        drawn += held.drawn("recover", paid_fen, at=at, memo=memo)
    return post(drawn, key=key)


def take_back(*, case_id: int, fen: int, key: str, at: dt.datetime, memo: str = "") -> list[Transfer]:
    """A payee returns what he was paid too much; it goes back to the sources it came from."""
    return post(Holdings(case_id).drawn("recover", fen, at=at, memo=memo), key=key)


def reverse(*, transfer: Transfer, key: str, at: dt.datetime, memo: str) -> list[Transfer]:
    """Undo a mistaken transfer by its mirror image, once.

    Raises AlreadyReversed, Overdrawn, NotReversible where a bank has to do with it.
    """
    require_transaction()
    if transfer.kind in FINAL:
        raise NotReversible(key=transfer.key)
    if transfer.reverses_id is not None or Transfer.objects.filter(reverses=transfer).exists():
        raise AlreadyReversed(key=transfer.key)
    mirror = Transfer(
        kind=transfer.kind, source_id=transfer.source_id, debit=transfer.credit, credit=transfer.debit,
        fen=transfer.fen, reverses=transfer, case_id=transfer.case_id, claim_id=transfer.claim_id,
        happened_at=at, recorded_at=at, memo=memo,
    )  # fmt: skip
    return post([mirror], key=key)


def _answer(kind: str, case_id: int, order: str, *, at: dt.datetime, memo: str) -> list[Transfer]:
    """The transfers that resolve an order, each one of its own."""
    sent = Transfer.objects.filter(case_id=case_id, kind="order", key__startswith=f"{order}#")
    # SQLite compares without case; a number may follow the last mark, and nothing else.
    parts = [part for part in sent.select_related("resolved_by") if part.key.rpartition("#")[0] == order]
    return answers(kind, parts, order=order, at=at, memo=memo)


def _nothing_on_its_way(held: Holdings) -> None:
    ordered_fen = sum(held.of(Account.Kind.ORDERED).values())
    if ordered_fen:
        raise OnItsWay(fen=yuan(ordered_fen))


def _why_not_reserved(account: Account, asked: int, purpose: str) -> LedgerRefused:
    source = Source.objects.filter(pk=account.source_id).first()
    if source is None:
        return UnknownSource(source=account.source_id)
    if source.purpose not in (purpose, ANY_PURPOSE):
        return WrongPurpose(source=source)
    if source.received_on is None:
        return NotReceived(source=source)
    return Overdrawn.of(account, asked)
