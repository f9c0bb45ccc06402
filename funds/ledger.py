"""The dedicated account, project by project: receive, reserve, pay, retain, release, recover.

Every function that moves money wants an open transaction, a `key` that names the order once and
for all, and `at`, when it happened; it returns the transfers it made, one of each source. Amounts
are fen. What may not be is refused by a LedgerRefused, after which the transaction is rolled back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.models import ANY_PURPOSE, ROUTES, Account, Source, Transfer
from funds.money import FEN_MAX, largest_remainder, yuan
from funds.positions import Position, position, positions
from funds.posting import (
    DuplicateKey,
    LedgerRefused,
    OutsideTransaction,
    Overdrawn,
    post,
    require_transaction,
)

__all__ = [
    "AlreadyReversed", "DuplicateKey", "ImpossibleAmount", "LedgerRefused", "MoreThanIssued",
    "NotReceived", "OutsideTransaction", "Overdrawn", "Position", "UnknownSource", "WrongPurpose",
    "fund", "give_back", "open_source", "pay", "position", "positions", "recover", "release",
    "release_retained", "reserve", "retain", "reverse", "take_back",
]  # fmt: skip

K = Account.Kind


class ImpossibleAmount(LedgerRefused):
    code = "L-03"
    article = _("会计法 art. 14")
    message = _("An amount of %(fen)s fen cannot be moved.")


class MoreThanIssued(LedgerRefused):
    code = "L-04"
    article = _("预算法 art. 57; five unchangeds (五不变)")
    message = _("%(source)s comes to %(amount)s yuan in all; %(asked)s yuan more would exceed it.")


class UnknownSource(LedgerRefused):
    code = "L-05"
    article = _("five unchangeds (五不变)")
    message = _("There is no source of funds with number %(source)s.")


class WrongPurpose(LedgerRefused):
    code = "L-06"
    article = _("预算法 art. 57; five unchangeds (五不变)")
    message = _("%(source)s may only pay for its own purpose.")


class NotReceived(LedgerRefused):
    code = "L-07"
    article = _("预算法 art. 57")
    message = _("The money of %(source)s has not arrived yet.")


class AlreadyReversed(LedgerRefused):
    code = "L-08"
    article = _("会计法 art. 14")
    message = _("The transfer %(key)s is a reversal, or was reversed before.")


def open_source(
    *, name: str, kind: str, manager: str, channel: str, purpose: str, nature: str, procedure: str,
    document_number: str, year: int, amount_fen: int,
) -> Source:  # fmt: skip
    """Enter the document that gives the money; none of it can be used until :func:`fund`.

    `purpose` is a project category's code or ANY_PURPOSE. None of this can be changed afterwards.
    """
    require_transaction()
    _possible(amount_fen)
    source = Source.objects.create(
        name=name, kind=kind, manager=manager, channel=channel, purpose=purpose, nature=nature,
        procedure=procedure, document_number=document_number, year=year, amount_fen=amount_fen,
    )  # fmt: skip
    Account.at(K.ISSUED, source_id=source.pk).save(force_insert=True)
    return source


def fund(*, source: Source, key: str, at: dt.datetime, fen: int | None = None, memo: str = "") -> list[Transfer]:
    """`fen` of the source, all of it where not said, arrived on the dedicated account.

    Raises MoreThanIssued where it would come to more than the document says.
    """
    fen = _possible(source.amount_fen if fen is None else fen)
    made = post(
        [_transfer("fund", K.ISSUED, source.pk, fen, at=at, memo=memo)],
        key=key,
        provided=Q(debits_fen__lte=source.amount_fen - fen),
        refusal=lambda account, asked: MoreThanIssued(source=source, amount=yuan(source.amount_fen), asked=yuan(asked)),
    )
    if source.received_on is None:
        source.received_on = timezone.localdate(at)
        source.save(update_fields=["received_on"])
    return made


def reserve(
    *,
    case_id: int,
    purpose: str,
    parts: Mapping[int, int],
    key: str,
    at: dt.datetime,
    memo: str = "",
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
            _transfer("reserve", K.UNALLOCATED, source_id, fen, case_id=case_id, at=at, memo=memo)
            for source_id, fen in wanted.items()
        ],
        key=key,
        provided=Q(source_id__in=fitting),
        refusal=lambda account, asked: _why_not_reserved(account, asked, purpose),
    )


def pay(
    *,
    case_id: int,
    fen: int,
    key: str,
    at: dt.datetime,
    claim_id: int | None = None,
    memo: str = "",
) -> list[Transfer]:
    """Pay out of the project's reserves, each source in proportion to what it still reserves."""
    drawn = _drawn("pay", K.RESERVED, case_id, fen, claim_id=claim_id, at=at, memo=memo)
    return post(drawn, key=key)


def retain(
    *,
    case_id: int,
    fen: int,
    key: str,
    at: dt.datetime,
    claim_id: int | None = None,
    memo: str = "",
) -> list[Transfer]:
    """Earned but held back against defects (质保金), shared out as in :func:`pay`."""
    drawn = _drawn("retain", K.RESERVED, case_id, fen, claim_id=claim_id, at=at, memo=memo)
    return post(drawn, key=key)


def release_retained(
    *, case_id: int, key: str, at: dt.datetime, fen: int | None = None, memo: str = ""
) -> list[Transfer]:
    """Pay out the retention, all of it where `fen` is not said; nothing held makes no transfer."""
    return post(_drawn("refund", K.RETAINED, case_id, fen, at=at, memo=memo), key=key)


def release(*, case_id: int, key: str, at: dt.datetime, memo: str = "") -> list[Transfer]:
    """Give what the project still reserves back to its sources, at its end."""
    return post(_drawn("release", K.RESERVED, case_id, None, at=at, memo=memo), key=key)


def recover(*, case_id: int, key: str, at: dt.datetime, paid_fen: int | None = None, memo: str = "") -> list[Transfer]:
    """Everything goes back to the sources: reserves, retention, and `paid_fen` of what was paid.

    All that was paid where `paid_fen` is not said; none of it where it is 0.
    """
    drawn = _drawn("release", K.RESERVED, case_id, None, at=at, memo=memo)
    drawn += _drawn("recover", K.RETAINED, case_id, None, at=at, memo=memo)
    if paid_fen != 0:
        drawn += _drawn("recover", K.PAID, case_id, paid_fen, at=at, memo=memo)
    return post(drawn, key=key)


def take_back(*, case_id: int, fen: int, key: str, at: dt.datetime, memo: str = "") -> list[Transfer]:
    """A payee returns what he was paid too much; it goes back to the sources it came from."""
    return post(_drawn("recover", K.PAID, case_id, fen, at=at, memo=memo), key=key)


def give_back(*, source: Source, fen: int, key: str, at: dt.datetime, memo: str = "") -> list[Transfer]:
    """Unallocated money goes back to who issued it (收回财政)."""
    return post([_transfer("return", K.UNALLOCATED, source.pk, fen, at=at, memo=memo)], key=key)


def reverse(*, transfer: Transfer, key: str, at: dt.datetime, memo: str) -> list[Transfer]:
    """Undo a mistaken transfer by its mirror image, once. Raises AlreadyReversed, Overdrawn."""
    require_transaction()
    if transfer.reverses_id is not None or Transfer.objects.filter(reverses=transfer).exists():
        raise AlreadyReversed(key=transfer.key)
    mirror = Transfer(
        kind=transfer.kind, debit=transfer.credit, credit=transfer.debit, fen=transfer.fen,
        reverses=transfer, case_id=transfer.case_id, claim_id=transfer.claim_id, happened_at=at,
        recorded_at=at, memo=memo,
    )  # fmt: skip
    return post([mirror], key=key)


def _drawn(
    kind: str, leaves: Account.Kind, case_id: int, fen: int | None, *, at: dt.datetime, memo: str,
    claim_id: int | None = None,
) -> list[Transfer]:  # fmt: skip
    """Transfers, not yet posted, of `fen` or everything out of the project's accounts `leaves`."""
    require_transaction()
    held = dict(
        Account.objects.filter(case_id=case_id, kind=leaves, credits_fen__gt=F("debits_fen")).values_list(
            "source_id", F("credits_fen") - F("debits_fen")
        )
    )
    held_fen = sum(held.values())
    if fen is None and held_fen == 0:
        return []
    fen = _possible(held_fen if fen is None else fen)
    if fen > held_fen:
        raise Overdrawn(account=f"P{case_id}:{leaves}", held=yuan(held_fen), asked=yuan(fen))
    return [
        _transfer(kind, leaves, source_id, part, case_id=case_id, claim_id=claim_id, at=at, memo=memo)
        for source_id, part in sorted(largest_remainder(fen, weights=held).items())
        if part
    ]


def _transfer(
    kind: str, leaves: Account.Kind, source_id: int, fen: int, *, at: dt.datetime, memo: str,
    case_id: int | None = None, claim_id: int | None = None,
) -> Transfer:  # fmt: skip
    debit, credit = (
        Account.at(side, source_id=source_id, case_id=case_id if side in Account.OF_CASE else None)
        for side in (leaves, K(ROUTES[kind][1]))
    )
    return Transfer(
        kind=kind, debit=debit, credit=credit, fen=_possible(fen), case_id=case_id,
        claim_id=claim_id, happened_at=at, recorded_at=at, memo=memo,
    )  # fmt: skip


def _possible(fen: int) -> int:
    # PostgreSQL would round 12.5 into a bigint column without a word.
    if type(fen) is not int:
        raise TypeError(f"fen must be an int, not {type(fen).__name__}")
    if not 0 < fen <= FEN_MAX:
        raise ImpossibleAmount(fen=fen)
    return fen


def _why_not_reserved(account: Account, asked: int, purpose: str) -> LedgerRefused:
    source = Source.objects.filter(pk=account.source_id).first()
    if source is None:
        return UnknownSource(source=account.source_id)
    if source.purpose not in (purpose, ANY_PURPOSE):
        return WrongPurpose(source=source)
    if source.received_on is None:
        return NotReceived(source=source)
    return Overdrawn.of(account, asked)
