"""What a case is about, in money."""

from __future__ import annotations

from workflows.models import Case


def amount_of(case: Case) -> int | None:
    """What the case is about, in fen: its own claim or list, or its project's grant."""
    if case.kind == "claim":
        return case.claim.amount_fen
    if case.kind == "household_batch":
        return case.householdbatch.amount_fen
    project = case if case.kind == "project" else case.root
    return project.project.grant_fen if project is not None else None
