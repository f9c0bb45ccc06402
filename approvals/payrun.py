"""Entering what the bank answers: each case through the door, in a transaction of its own.

A machine that stops in the middle has entered whole answers or none; the same file is loaded again and
goes on where it stopped. A file loaded twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from approvals import desks
from funds import orders
from funds.refusals import LedgerRefused
from workflows import acts
from workflows.law import Refused, Stale
from workflows.models import Case, PaymentLine, Person
from workflows.payments import bankfile
from workflows.payments.bankfile import Payable, ResultLine
from workflows.register import Register
from workflows.treasury import finance_seat

#: What the books call an order that was paid, and one that came back.
SETTLED, BOUNCED = "settle", "bounce"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one line of the bank's file."""

    result: ResultLine
    case: Case | None
    #: ``entered``, ``known`` or ``refused``.
    mark: str
    text: str = ""


def enter_results(content: bytes, *, by: Person, at: dt.datetime) -> list[Outcome]:
    """Enter the bank's file, line by line; what became of each, in the file's order.

    Raises:
        BadBankFile: it cannot be read; nothing was entered.
        NotAllowed: not in finance on that day.
    """
    seat = finance_seat(by, at=at)
    results = bankfile.read(content)
    sent = PaymentLine.objects.filter(order__in=[line.order for line in results]).select_related("case", "file")
    # A line of another county looks like one that was never sent.
    known = {line.order: line for line in sent.filter(file__area__path__startswith=seat.unit.area.path)}
    found = {result.order: _judge(result, known.get(result.order)) for result in results}
    _mark_known(found)
    fresh: defaultdict[int, list[ResultLine]] = defaultdict(list)
    for outcome in found.values():
        if outcome.mark == "entered" and outcome.case is not None:
            fresh[outcome.case.pk].append(outcome.result)
    for pk, lines in fresh.items():
        found |= {outcome.result.order: outcome for outcome in _enter(Case.objects.get(pk=pk), lines, by=by, at=at)}
    outcomes = [found[result.order] for result in results]
    if any(outcome.mark == "entered" for outcome in outcomes):
        _record(content, outcomes, by=by, at=at)
    return outcomes


def _judge(result: ResultLine, line: PaymentLine | None) -> Outcome:
    """Whether the line answers an order of ours."""
    if line is None:
        said = _("No file of this county holds that order.")
        return Outcome(result=result, case=None, mark="refused", text=said)
    if line.fen != result.fen:
        said = _("The order was of another amount.")
        return Outcome(result=result, case=line.case, mark="refused", text=said)
    return Outcome(result=result, case=line.case, mark="entered")


def _mark_known(found: dict[str, Outcome]) -> None:
    """Leave out what the books know already, and refuse what contradicts them."""
    settled = orders.outcomes(order for order, outcome in found.items() if outcome.mark == "entered")
    for order, became in settled.items():
        if became:
            outcome = found[order]
            same = outcome.result.paid == (became == SETTLED)
            said = _("Known already.") if same else _("The books say otherwise: it was answered before.")
            found[order] = Outcome(
                result=outcome.result, case=outcome.case, mark="known" if same else "refused", text=said
            )


def _enter(case: Case, lines: Sequence[ResultLine], *, by: Person, at: dt.datetime) -> list[Outcome]:
    own = case.typed()
    reply = cast(Payable, own).reply(lines)
    try:
        done = desks.take(reply.act, on=own, by=by, at=at, data=reply.data, reason=reply.reason)
    except (Refused, acts.BadForm, Stale, desks.Occupied, LedgerRefused) as refused:
        return [Outcome(result=line, case=case, mark="refused", text=str(refused)) for line in lines]
    return [Outcome(result=line, case=done, mark="entered", text=done.state_label) for line in lines]


@transaction.atomic
def _record(content: bytes, outcomes: Sequence[Outcome], *, by: Person, at: dt.datetime) -> None:
    """That a file was entered, by its digest; what it did stands in the cases' own entries."""
    entered = [outcome.result for outcome in outcomes if outcome.mark == "entered"]
    data = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "paid": [line.order for line in entered if line.paid],
        "failed": [line.order for line in entered if not line.paid],
    }
    Register.held(Register.PAYMENTS).enter(
        "enter_results", finance_seat(by, at=at), by=by, at=at, data=data,
        amount_fen=sum(line.fen for line in entered if line.paid) or None,
    )  # fmt: skip
