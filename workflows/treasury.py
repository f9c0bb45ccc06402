"""The finance bureau's own acts on sources of funds: entered, received, carried over, returned.

No project is concerned, so no case is: they stand in a register of their own in the record, and the
number of the entry is the voucher of the transfer. The ledger refuses what may not be.

A source belongs to the area in which the finance bureau stands that entered it; no other bureau moves it.
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
from workflows.law import Stale
from workflows.offices import Area, Office, Person, Seat
from workflows.register import NotAllowed, Register


def open_source(*, by: Person, at: dt.datetime, reason: str = "", **facts: Any) -> Source:
    """Enter the document that gives the money; `facts` as in :func:`funds.sources.open_source`, but the county.

    Raises :class:`NotAllowed` unless ``by`` sits in finance on that day; the ledger's refusals.
    """
    seat = finance_seat(by, at=at)
    with transaction.atomic():
        register = Register.held(Register.SOURCES)
        source = ledger.open_source(county=seat.unit.area.code, **facts)
        register.enter(
            "open_source", seat, by=by, at=at, data=source.as_fact(), reason=reason, amount_fen=source.amount_fen
        )
    return source


def receive(
    *, source: Source, by: Person, at: dt.datetime, fen: int | None = None, reason: str = "", shown: int | None = None
) -> list[Transfer]:
    """`fen` of the source, all of it where not said, has arrived on the dedicated account."""
    return _move("receive", ledger.fund, source=source, by=by, at=at, fen=fen, reason=reason, shown=shown)


def carry_over(
    *, source: Source, by: Person, at: dt.datetime, fen: int, reason: str, shown: int | None = None
) -> list[Transfer]:
    """What no project has at the end of the year is kept for the next one (结转)."""
    return _move("carry_over", ledger.carry_over, source=source, by=by, at=at, fen=fen, reason=reason, shown=shown)


def replan(
    *, source: Source, by: Person, at: dt.datetime, fen: int, reason: str, shown: int | None = None
) -> list[Transfer]:
    """Carried money enters the new year's plan."""
    return _move("replan", ledger.replan, source=source, by=by, at=at, fen=fen, reason=reason, shown=shown)


def give_back(
    *, source: Source, by: Person, at: dt.datetime, fen: int, reason: str, shown: int | None = None
) -> list[Transfer]:
    """Unallocated money goes back to who issued it (上缴)."""
    return _move("give_back", ledger.give_back, source=source, by=by, at=at, fen=fen, reason=reason, shown=shown)


def lapse(
    *, source: Source, by: Person, at: dt.datetime, fen: int, reason: str, shown: int | None = None
) -> list[Transfer]:
    """What lay carried over for the rulebook's years goes back: 预算法 art. 42, 预算法实施条例 art. 50."""
    since = lapses_since(finance_seat(by, at=at, source=source).unit.area, at=at)
    return _move("lapse", ledger.lapse, source=source, by=by, at=at, fen=fen, reason=reason, shown=shown, since=since)


def lapses_since(area: Area, *, at: dt.datetime) -> dt.datetime:
    """What was carried over before this moment, and is carried still, has lain for the rulebook's years."""
    years = County.edition_in_force(area, on=timezone.localdate(at)).book.year_end.carried_years_max.value
    day = months_later(timezone.localdate(at), months=-12 * years)
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


def version_of(source: Source) -> int:
    """How often the source's own money has moved: what a page shows and an act on it must quote."""
    return Transfer.objects.filter(source=source, case_id__isnull=True).count()


def _move(
    act: str, order: Callable[..., list[Transfer]], *, source: Source, by: Person, at: dt.datetime,
    fen: int | None, reason: str, shown: int | None, **more: Any,
) -> list[Transfer]:  # fmt: skip
    """Raises NotAllowed, the ledger's refusals, and Stale where the source has moved since it was ``shown``."""
    seat = finance_seat(by, at=at, source=source)
    with transaction.atomic():
        # All moves of all sources wait here for each other, so the version cannot change below.
        register = Register.held(Register.SOURCES)
        if shown is not None and shown != version_of(source):
            raise Stale(_("The money of this source has moved since the page was opened."))
        voucher = f"{register.number}/{register.entry_count + 1}"
        made = order(source=source, fen=fen, key=voucher, at=at, memo=reason[:200], **more)
        moved_fen = sum(transfer.fen for transfer in made)
        register.enter(
            act, seat, by=by, at=at, data={"source": source.pk}, reason=reason, transfers=made, amount_fen=moved_fen
        )
    return made


def finance_seat(by: Person, *, at: dt.datetime, source: Source | None = None) -> Seat:
    """The seat in finance; for a source that is there already, in the bureau that it belongs to.

    Raises:
        NotAllowed: he has none on that day, or none in that bureau.
    """
    seats = [seat for seat in Seat.of(by, on=timezone.localdate(at)) if seat.unit.office == Office.FINANCE]
    for seat in seats:
        if source is None or seat.unit.area.code == source.county:
            return seat
    if seats:
        raise NotAllowed(_("This source of funds belongs to another county's finance bureau."))
    raise NotAllowed(_("Only this office may do it: %(office)s.") % {"office": Office.FINANCE.label})
