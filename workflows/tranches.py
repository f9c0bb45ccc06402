"""Tranches (分批拨付): when each may be claimed, of what, and how much all claims may come to by then.

Pure questions about a project under its rulebook. A tranche's part is either cumulative ("by then,
800 permille of the contract") or its own ("300 permille more"), counted on a base that may change on
the way: the contract while building, the audited price at the end (财政投资项目以审定价为准).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from funds.money import permille_down
from workflows.cases import Attachment, Case
from workflows.rulebook.schema import Tranche
from workflows.states import ClaimState, HouseholdBatchState

if TYPE_CHECKING:
    from workflows.lifecycles.project_facts import ProjectFacts

#: A claim or a household batch that stands here has taken nothing of the grant.
FREE_CLAIMS = (ClaimState.DRAFT, ClaimState.RETURNED, ClaimState.REJECTED)
FREE_BATCHES = (HouseholdBatchState.DRAFT, HouseholdBatchState.RETURNED, HouseholdBatchState.WITHDRAWN,
                HouseholdBatchState.REJECTED)  # fmt: skip
#: What claims and what household batches have taken, in fen.
TAKEN = {
    "taken": Coalesce(Sum("claim__amount_fen", filter=Q(kind="claim") & ~Q(state__in=FREE_CLAIMS)), 0),
    "listed": Coalesce(
        Sum("householdbatch__amount_fen", filter=Q(kind="household_batch") & ~Q(state__in=FREE_BATCHES)), 0
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ceiling:
    """What all claims together may come to once a tranche may be claimed, in fen."""

    tranche: Tranche
    #: What it is counted on; ``None`` while that is not fixed yet.
    base_fen: int | None
    #: ``None`` while the base is not fixed.
    upto_fen: int | None


def base_fen(project: ProjectFacts, base: str) -> int | None:
    """The figure a share is counted on, never above the grant; ``None`` where it is not fixed yet."""
    figures = {
        "grant": project.grant_fen,
        "plan": project.total_fen,
        "contract": project.contract_fen,
        "audited": project.audited_fen,
    }
    figure = figures[base]
    return None if figure is None else min(figure, project.grant_fen)


def most_fen(project: ProjectFacts) -> int:
    """The most that all claims may ever come to: the grant, and once audited the audited price."""
    audited_fen = base_fen(project, "audited")
    return project.grant_fen if audited_fen is None else audited_fen


def claimable_fen(project: ProjectFacts) -> int:
    """The most that claims may come to by now: never above the contract, until the audit has found the price."""
    if project.audited_fen is not None or project.contract_fen is None:
        return most_fen(project)
    return min(most_fen(project), project.contract_fen)


def taken_fen(project_id: int, *, but: int | None = None) -> int:
    """What claims and household batches have taken of a project's grant, one of them left out."""
    others = Case.objects.filter(root_id=project_id).exclude(pk=but or 0)
    return sum(others.aggregate(**TAKEN).values())


def ceilings(project: ProjectFacts) -> list[Ceiling]:
    """Every tranche of the project's rulebook with what may be claimed by then, in order."""
    found, before = [], 0
    for tranche in project.book.tranches:
        base, upto = base_fen(project, tranche.base.value), None
        if base is not None:
            if tranche.share_permille is not None:
                upto = before + permille_down(base, tranche.share_permille.value)
            elif tranche.ceiling_permille is not None:
                upto = permille_down(base, tranche.ceiling_permille.value)
        if upto is not None:
            before = upto = min(upto, claimable_fen(project))
        found.append(Ceiling(tranche=tranche, base_fen=base, upto_fen=upto))
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """What was claimed of a tranche so far, in fen."""

    ceiling: Ceiling
    claimed_fen: int
    paid_fen: int
    retained_fen: int


def drawn(project: ProjectFacts) -> list[Drawn]:
    """Every tranche with the claims on it that were handed in and not rejected; one query."""
    claims = project.family.filter(kind="claim").exclude(state__in=FREE_CLAIMS)
    rows = claims.values_list("claim__tranche", "state", "claim__amount_fen", "claim__retained_fen")
    of: dict[str, list[int]] = {}
    for code, state, amount_fen, held_fen in rows:
        sums = of.setdefault(code, [0, 0, 0])
        paid = state == "paid"
        for n, fen in enumerate((amount_fen, amount_fen - held_fen if paid else 0, held_fen if paid else 0)):
            sums[n] += fen
    found = []
    for ceiling in ceilings(project):
        claimed, paid_fen, held = of.get(ceiling.tranche.code.value, [0, 0, 0])
        found.append(Drawn(ceiling=ceiling, claimed_fen=claimed, paid_fen=paid_fen, retained_fen=held))
    return found


def ceiling_of(project: ProjectFacts, code: str) -> Ceiling:
    """The ceiling of one tranche.

    Raises:
        LookupError: the rulebook knows no such tranche.
    """
    for ceiling in ceilings(project):
        if ceiling.tranche.code.value == code:
            return ceiling
    raise LookupError(code)


def has_come(project: ProjectFacts, tranche: Tranche) -> bool:
    """Whether a tranche may be claimed: its trigger is a fact of the project."""
    return TRIGGERS[tranche.trigger.value](project, tranche)


def came_on(project: ProjectFacts, tranche: Tranche) -> dt.date | None:
    """The day on which a tranche's trigger came, where that is a day of the record."""
    fact = DATED.get(tranche.trigger.value)
    moment: dt.datetime | None = getattr(project, fact) if fact else None
    return None if moment is None else timezone.localdate(moment)


def retained_fen(project: ProjectFacts, claimed_fen: int) -> int:
    """What is held back once claims of so much are paid: a share of them, at most that of the base."""
    policy = project.book.retention
    running = permille_down(claimed_fen, policy.permille_max.value)
    base = base_fen(project, policy.base.value)
    return running if base is None else min(running, permille_down(base, policy.permille_max.value))


def _township_checked(project: ProjectFacts, tranche: Tranche) -> bool:
    levels = project.book.acceptance.levels.value
    needed = levels.index("township") + 1
    checked = project.family.filter(kind="acceptance", acceptance__levels_passed__gte=needed)
    return project.accepted_at is not None or checked.exclude(state="failed").exists()


def _papers_are_filed(project: ProjectFacts, tranche: Tranche) -> bool:
    wanted = set(tranche.papers.value if tranche.papers else ())
    places = Q(case=project.pk) | Q(case__root=project.pk, case__kind__in=("claim", "acceptance", "special_audit"))
    return wanted <= set(Attachment.objects.filter(places).values_list("paper", flat=True))


def _share_is_in(project: ProjectFacts, tranche: Tranche) -> bool:
    return project.self_raised_in_fen * 1000 >= _at(tranche) * project.self_raised_fen


def _at(tranche: Tranche) -> int:
    return tranche.at_permille.value if tranche.at_permille else 1000


def _quantities_are_done(project: ProjectFacts, tranche: Tranche) -> bool:
    return project.done_permille >= _at(tranche)


def _is_nearly_complete(project: ProjectFacts, tranche: Tranche) -> bool:
    return project.state == "building" or project.completed_at is not None


def _known(fact: str) -> Callable[[ProjectFacts, Tranche], bool]:
    return lambda project, tranche: getattr(project, fact) is not None


#: Trigger of the rulebook -> whether it has come.
TRIGGERS: dict[str, Callable[[ProjectFacts, Tranche], bool]] = {
    "plan_issued": _known("approved_at"),
    "contract": _known("contract_fen"),
    "self_raised": _share_is_in,
    "quantity": _quantities_are_done,
    "near_completion": _is_nearly_complete,
    "completed": _known("completed_at"),
    "township_checked": _township_checked,
    "audited": _known("audited_fen"),
    "accepted": _known("accepted_at"),
    "papers_filed": _papers_are_filed,
}

#: Trigger -> the moment at which it came, where it came at one.
DATED = {
    "plan_issued": "approved_at", "near_completion": "approved_at", "completed": "completed_at",
    "accepted": "accepted_at",
}  # fmt: skip
