"""Many payments of one project at once: a list of households ordered, and what the bank says to each.

Every payment keeps a name of its own, so that it is settled or bounced by itself; together they take one
posting: the transfers in one insert, one move for each account.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from funds.drawing import Holdings, transfer
from funds.models import Transfer
from funds.posting import post_each
from funds.refusals import AlreadyResolved, UnknownOrder


def order_many(
    *, case_id: int, orders: Mapping[str, int], claim_id: int, at: dt.datetime, memo: str = ""
) -> list[Transfer]:
    """Send payments to the bank, key -> fen: the same transfers as one `ledger.order` after the other.

    `claim_id` is the case that they belong to. All of them or none; refused as a single one.
    """
    held, drawn = Holdings(case_id), {}
    for key, fen in orders.items():
        drawn[key] = held.drawn("order", fen, labour=False, claim_id=claim_id, at=at, memo=memo)
        held = held.less(drawn[key])
    return post_each(drawn)


def answer_many(
    *, case_id: int, claim_id: int, paid: Collection[str], returned: Collection[str], at: dt.datetime, memo: str = ""
) -> list[Transfer]:
    """The bank has paid the orders with the keys `paid` and not the `returned`, which are reserved again.

    The answer to an order is named after it. Raises UnknownOrder, AlreadyResolved; also where one order is
    said to be both.
    """
    Holdings(case_id)
    sent = _sent(case_id, claim_id)
    made: dict[str, list[Transfer]] = {}
    for kind, orders in (("settle", paid), ("bounce", returned)):
        for order in orders:
            if any(f"{order}/{answer}" in made for answer in ("settle", "bounce")):
                raise AlreadyResolved(key=order)
            made[f"{order}/{kind}"] = answers(kind, sent.get(order, []), order=order, at=at, memo=memo)
    return post_each(made)


def answers(kind: str, parts: Iterable[Transfer], *, order: str, at: dt.datetime, memo: str) -> list[Transfer]:
    """The transfers that resolve the `parts` of an order, each one of its own.

    Raises UnknownOrder where there are none, AlreadyResolved.
    """
    made = []
    for part in parts:
        if hasattr(part, "resolved_by"):
            raise AlreadyResolved(key=order)
        move = transfer(
            kind, source_id=part.source_id, fen=part.fen, case_id=part.case_id, claim_id=part.claim_id, at=at, memo=memo
        )
        move.resolves = part
        made.append(move)
    if not made:
        raise UnknownOrder(key=order)
    return made


def _sent(case_id: int, claim_id: int) -> dict[str, list[Transfer]]:
    """The orders of one case by their names, with what became of them; one query."""
    found: defaultdict[str, list[Transfer]] = defaultdict(list)
    for part in Transfer.objects.filter(claim_id=claim_id, case_id=case_id, kind="order").select_related("resolved_by"):
        found[part.key.rpartition("#")[0]].append(part)
    return found
