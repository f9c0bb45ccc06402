"""What a case is about, in money."""

from __future__ import annotations

from typing import Any

from workflows.models import Case


def amount_of(case: Case) -> int | None:
    """What the case is about, in fen: its own claim or list, or its project's grant."""
    if case.kind == "claim":
        found = _as(case, "claim").amount_fen
    elif case.kind == "household_batch":
        found = _as(case, "householdbatch").amount_fen
    else:
        project = case if case.kind == "project" else case.root
        found = None if project is None else _as(project, "project").grant_fen
    return None if found is None else int(found)


def _as(case: Case, name: str) -> Any:
    """The case as its own class, without asking where it is that already."""
    return getattr(case, name) if type(case) is Case else case
