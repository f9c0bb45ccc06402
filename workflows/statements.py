"""The sums of a statement for the audit of somebody's leaving (离任审计 履职清单): decided, sent back, done late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from audit.models import Entry
from workflows.cases import Case
from workflows.flags.decisions import PAYMENTS, decisions
from workflows.lapses import Late
from workflows.lifecycles import KINDS, all_acts
from workflows.responsibility import Deeds


@dataclass(frozen=True, kw_only=True, slots=True)
class Sums:
    """What a person's acts of a period add up to."""

    decisions: int
    #: Of what he approved, without the orders to pay.
    approved_fen: int
    returned: int
    #: Terms that passed while he held a post where they lay.
    overdue: int
    #: Rectification orders for which he answered by his post.
    orders: int


def sums(person_id: int, deeds: Iterable[Deeds], *, late: Iterable[Late], orders: QuerySet[Entry]) -> Sums:
    """The sums of his acts, which ``deeds`` hold by kind; ``orders`` are the openings of orders in the period.

    One query, whatever the number of acts.
    """
    done = list(deeds)
    deciding, back = decisions(), _sending_back()
    forward = [one for one in done if one.act in deciding and one.act not in back and one.act not in PAYMENTS]
    named = Case.objects.filter(rectification__accountable_post__person=person_id).values("pk")
    return Sums(
        decisions=sum(one.count for one in done if one.act in deciding),
        approved_fen=sum(one.amount_fen for one in forward),
        returned=sum(one.count for one in done if one.act in back),
        overdue=sum(not one.taken_over for one in late),
        orders=orders.filter(case_id__in=named).count(),
    )


def _sending_back() -> frozenset[str]:
    return frozenset(
        act.code(kind) for kind, machine in KINDS.items() for act in all_acts(machine) if act.tone == "back"
    )
