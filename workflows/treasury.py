"""The finance bureau's own acts on sources of funds: entered, received, carried over, returned.

No project is concerned, so no case is: they stand in a register of their own in the record, and the
number of the entry is the voucher of the transfer. The ledger refuses what may not be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from funds import ledger
from funds.models import Source, Transfer
from workflows.calendar import months_later
from workflows.editions import County
from workflows.offices import Office, Person, Seat
from workflows.register import NotAllowed, Register


def open_source(*, by: Person, at: dt.datetime, reason: str = "", **facts: Any) -> Source:
    """Enter the document that gives the money; `facts` as in :func:`funds.sources.open_source`.

    Raises :class:`NotAllowed` unless ``by`` sits in finance on that day; the ledger's refusals.
    """
    seat = _finance(by, at=at)
    with transaction.atomic():
        register = Register.held(Register.SOURCES)
        source = ledger.open_source(**facts)
        register.enter(
            "open_source", seat, by=by, at=at, data=source.as_fact(), reason=reason, amount_fen=source.amount_fen
        )
    return source


def receive(*, source: Source, by: Person, at: dt.datetime, fen: int | None = None, reason: str = "") -> list[Transfer]:
    """`fen` of the source, all of it where not said, has arrived on the dedicated account."""
    return _move("receive", ledger.fund, source=source, by=by, at=at, fen=fen, reason=reason)


def carry_over(*, source: Source, by: Person, at: dt.datetime, fen: int, reason: str) -> list[Transfer]:
    """What no project has at the end of the year is kept for the next one (结转)."""
    return _move("carry_over", ledger.carry_over, source=source, by=by, at=at, fen=fen, reason=reason)


def replan(*, source: Source, by: Person, at: dt.datetime, fen: int, reason: str) -> list[Transfer]:
    """Carried money enters the new year's plan."""
    return _move("replan", ledger.replan, source=source, by=by, at=at, fen=fen, reason=reason)


def give_back(*, source: Source, by: Person, at: dt.datetime, fen: int, reason: str) -> list[Transfer]:
    """Unallocated money goes back to who issued it (上缴)."""
    return _move("give_back", ledger.give_back, source=source, by=by, at=at, fen=fen, reason=reason)


def lapse(*, source: Source, by: Person, at: dt.datetime, fen: int, reason: str) -> list[Transfer]:
    """What lay carried over for the rulebook's years goes back: 预算法 art. 42, 预算法实施条例 art. 50."""
    area = _finance(by, at=at).unit.area
    years = County.edition_in_force(area, on=timezone.localdate(at)).book.year_end.carried_years_max.value
    day = months_later(timezone.localdate(at), months=-12 * years)
    since = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    return _move("lapse", ledger.lapse, source=source, by=by, at=at, fen=fen, reason=reason, since=since)


def _move(
    act: str, order: Callable[..., list[Transfer]], *, source: Source, by: Person, at: dt.datetime,
    fen: int | None, reason: str, **more: Any,
) -> list[Transfer]:  # fmt: skip
    seat = _finance(by, at=at)
    with transaction.atomic():
        register = Register.held(Register.SOURCES)
        voucher = f"{register.number}/{register.entry_count + 1}"
        made = order(source=source, fen=fen, key=voucher, at=at, memo=reason[:200], **more)
        moved_fen = sum(transfer.fen for transfer in made)
        register.enter(
            act, seat, by=by, at=at, data={"source": source.pk}, reason=reason, transfers=made, amount_fen=moved_fen
        )
    return made


def _finance(by: Person, *, at: dt.datetime) -> Seat:
    for seat in Seat.of(by, on=timezone.localdate(at)):
        if seat.unit.office == Office.FINANCE:
            return seat
    raise NotAllowed(_("Only this office may do it: %(office)s.") % {"office": Office.FINANCE.label})
