"""The road of a case as a line of steps, with you-are-here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workflows.lifecycles.project_facts import CHECKS, LEVELS
from workflows.models import Case
from workflows.states import STATES, ClaimState, label
from workflows.states import ProjectState as S

#: States off the road, and the one beside which they stand.
BESIDE = {S.RECTIFYING.value: S.UNDER_ACCEPTANCE.value, ClaimState.PAYMENT_FAILED.value: ClaimState.PAYING.value}
#: States that are no station of a sub-case's road.
OFF_ROAD = frozenset(
    {
        "void",
        "failed",
        "rejected",
        "returned",
        "withdrawn",
        "payment_failed",
        "declined",
        "referred",
        "refused",
        "lapsed",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A station: its name and whether it lies behind, here or ahead; near ones show on a phone."""

    label: str
    mark: str
    near: bool


def stations(case: Any) -> list[str]:
    """The states of the road in the order that the case's rulebook walks them."""
    if case.kind != "project":
        return [state for state in STATES[case.kind].values if state not in OFF_ROAD]
    levels = [LEVELS[level] for level in case.book.review.levels.value]
    checks = [CHECKS[check] for check in case.book.checks.order.value]
    road = [S.DRAFT, *levels, S.ON_NOTICE, S.APPROVED, S.PROCURING, S.CONTRACTED, S.BUILDING, S.COMPLETED]
    return [state.value for state in (*road, *checks, S.ACCEPTED, S.HANDED_OVER, S.CLOSED)]


def steps(case: Case) -> list[Step]:
    """The line of stations; a case that has left the road stands beside the one it left or will return to."""
    road = stations(case)
    beside = BESIDE.get(case.state) or case.resume_state or ""
    at = case.state if case.state in road else beside
    here = road.index(at) if at in road else -1
    return [
        Step(
            label=label(case.kind, state),
            mark="here" if n == here else "past" if n < here else "ahead",
            near=abs(n - here) <= 1,
        )
        for n, state in enumerate(road)
    ]
