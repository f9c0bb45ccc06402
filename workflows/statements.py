"""The sums of a statement for the audit of somebody's leaving (离任审计 履职清单): decided, sent back, done late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from audit.models import Entry
from workflows.cases import Case
from workflows.flags.decisions import PAYMENTS, decisions
from workflows.lifecycles import KINDS, all_acts
from workflows.responsibility import LATE, Deeds


@dataclass(frozen=True, kw_only=True, slots=True)
class Sums:
    """What a person's acts of a period add up to."""

    decisions: int
    #: Of what he approved, without the orders to pay.
    approved_fen: int
    returned: int
    #: Stages that he ended after the clock had found their term lapsed.
    overdue: int
    #: Rectification orders for which he answered by his post.
    orders: int


def sums(person_id: int, deeds: Iterable[Deeds], *, acts: QuerySet[Entry], orders: QuerySet[Entry]) -> Sums:
    """The sums of ``acts``, which ``deeds`` hold by kind; ``orders`` are the openings of orders in the period.

    Two queries, whatever the number of acts.
    """
    done = list(deeds)
    deciding, back = decisions(), _sending_back()
    forward = [one for one in done if one.act in deciding and one.act not in back and one.act not in PAYMENTS]
    named = Case.objects.filter(rectification__accountable_post__person=person_id).values("pk")
    return Sums(
        decisions=sum(one.count for one in done if one.act in deciding),
        approved_fen=sum(one.amount_fen for one in forward),
        returned=sum(one.count for one in done if one.act in back),
        overdue=_ended_late(acts).count(),
        orders=orders.filter(case_id__in=named).count(),
    )


def _sending_back() -> frozenset[str]:
    return frozenset(
        act.code(kind) for kind, machine in KINDS.items() for act in all_acts(machine) if act.tone == "back"
    )


def _ended_late(acts: QuerySet[Entry]) -> QuerySet[Entry]:
    """The acts that ended a stage in which the clock had found the term lapsed: read from the record of the case."""
    before = Entry.objects.filter(case_id=OuterRef("case_id"), seq__lt=OuterRef("seq"))
    moved = before.exclude(state_from=F("state_to")).order_by("-seq").values("seq")[:1]
    late = [f"{kind}.{name}" for kind in KINDS for name in LATE]
    lapses = before.filter(actor_id=None, act__in=late, seq__gt=OuterRef("stage_seq"))
    ending = acts.order_by().exclude(state_from=F("state_to"))
    return ending.annotate(stage_seq=Coalesce(Subquery(moved), Value(0))).filter(Exists(lapses))
