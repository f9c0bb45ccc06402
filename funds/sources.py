"""A source's own money: opened by its document, received, carried over, returned.

The same manners as in :mod:`funds.ledger`, whose names these are, too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, Sum
from django.utils import timezone

from funds.drawing import possible, transfer
from funds.models import DAYS_MILLI_MAX, RATE_FEN_MAX, Account, Source, Transfer
from funds.money import yuan
from funds.posting import post, require_transaction
from funds.refusals import EnteredBefore, MoreThanIssued, NoRate, NotIdle


@dataclass(frozen=True, kw_only=True, slots=True)
class Labour:
    """Labour that stands for money: thousandths of a day, fen a day, and the document of the rate."""

    days_milli: int
    rate_fen: int
    rate_document: str

    @property
    def worth_fen(self) -> int:
        """Rounded down (舍去): labour never counts for more than was worked."""
        return self.days_milli * self.rate_fen // 1000

    @property
    def in_order(self) -> bool:
        """Whether it is labour at all, and not beyond all measure."""
        within = 0 < self.days_milli <= DAYS_MILLI_MAX and 0 < self.rate_fen <= RATE_FEN_MAX
        return within and bool(self.rate_document.strip())


def open_source(
    *, county: str, name: str, kind: str, manager: str, channel: str, purpose: str, nature: str, procedure: str,
    document_number: str, year: int, amount_fen: int | None = None, labour: Labour | None = None,
) -> Source:  # fmt: skip
    """Enter the document that gives the money; none of it can be used until :func:`fund`.

    `county` is the code of the area that it belongs to, `purpose` a project category's code or ANY_PURPOSE.
    Labour says days and rate, and no other amount than they make: otherwise NoRate. Raises EnteredBefore
    for a document that is in the books. None of this can be changed afterwards.
    """
    require_transaction()
    known = Source.objects.filter(county=county, year=year, document_number=document_number, name=name).first()
    if known is not None:
        raise EnteredBefore(source=known, document=document_number)
    if (kind == Source.Kind.LABOUR) != (labour is not None):
        raise NoRate
    counted: dict[str, int | str] = {}
    if labour is not None:
        if not labour.in_order or amount_fen not in (None, labour.worth_fen):
            raise NoRate
        amount_fen = labour.worth_fen
        counted = {name: getattr(labour, name) for name in labour.__slots__}
    source = Source.objects.create(
        county=county, name=name, kind=kind, manager=manager, channel=channel, purpose=purpose, nature=nature,
        procedure=procedure, document_number=document_number, year=year,
        amount_fen=possible(0 if amount_fen is None else amount_fen), **counted,
    )  # fmt: skip
    Account.at(Account.Kind.ISSUED, source_id=source.pk).save(force_insert=True)
    return source


def fund(*, source: Source, key: str, at: dt.datetime, fen: int | None = None, memo: str = "") -> list[Transfer]:
    """`fen` of the source, all of it where not said, arrived on the dedicated account.

    Raises MoreThanIssued where it would come to more than the document says.
    """
    fen = possible(source.amount_fen if fen is None else fen)
    made = post(
        [transfer("fund", source_id=source.pk, fen=fen, at=at, memo=memo)],
        key=key,
        provided=Q(debits_fen__lte=source.amount_fen - fen),
        refusal=lambda account, asked: MoreThanIssued(source=source, amount=yuan(source.amount_fen), asked=yuan(asked)),
    )
    if source.received_on is None:
        source.received_on = timezone.localdate(at)
        source.save(update_fields=["received_on"])
    return made


def carry_over(*, source: Source, fen: int, key: str, at: dt.datetime, memo: str = "") -> list[Transfer]:
    """At the end of the year, what no project has yet is kept for the next (结转): reserved by nobody
    until :func:`replan`."""
    return post([transfer("carry_over", source_id=source.pk, fen=fen, at=at, memo=memo)], key=key)


def replan(*, source: Source, fen: int, key: str, at: dt.datetime, memo: str = "") -> list[Transfer]:
    """Carried money enters the new year's plan and may be reserved again."""
    return post([transfer("replan", source_id=source.pk, fen=fen, at=at, memo=memo)], key=key)


def give_back(*, source: Source, fen: int, key: str, at: dt.datetime, memo: str = "") -> list[Transfer]:
    """Unallocated money goes back to who issued it (收回财政)."""
    return post([transfer("return", source_id=source.pk, fen=fen, at=at, memo=memo)], key=key)


def lapse(*, source: Source, fen: int, since: dt.datetime, key: str, at: dt.datetime, memo: str = "") -> list[Transfer]:
    """Money carried over before `since` and not planned anew goes back to who issued it.

    预算法 art. 42, 预算法实施条例 art. 50: still unused at the end of the year after its own, it is
    surplus. Raises NotIdle where less has lain that long.
    """
    require_transaction()
    idle_fen = idle_carried_fen(source=source, since=since)
    if fen > idle_fen:
        raise NotIdle(source=source, held=yuan(idle_fen), asked=yuan(fen))
    return post([transfer("lapse", source_id=source.pk, fen=fen, at=at, memo=memo)], key=key)


def idle_carried_fen(*, source: Source, since: dt.datetime) -> int:
    """What was carried over before `since` and is carried still: the oldest money is used first."""
    recent = Transfer.objects.filter(source=source, kind="carry_over", happened_at__gte=since)
    plain = Q(reverses__isnull=True)
    moved = recent.aggregate(there=Sum("fen", filter=plain, default=0), back=Sum("fen", filter=~plain, default=0))
    account = Account.objects.filter(pk=Account.at(Account.Kind.CARRIED, source_id=source.pk).code).first()
    balance_fen: int = (account.balance_fen if account else 0) - moved["there"] + moved["back"]
    return max(0, balance_fen)
