"""How far a project's works and money are, as its page and the list of projects show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from funds import ledger
from workflows import progress
from workflows.models import BudgetLine, Case, Measurement
from workflows.progress import Progress

#: Before the works begin there is nothing to look at.
BEFORE_THE_WORKS = frozenset({"draft", "filed", "joint_review", "pipeline", "on_notice", "returned", "withdrawn",
                              "rejected"})  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the budget with what is signed as done."""

    line: BudgetLine
    done_milli: int
    share_permille: int


def works_of(row: Case, position: ledger.Position) -> dict[str, Any] | None:
    """Works and money side by side, the lines, the measurements; ``None`` where nothing is to be built yet."""
    if row.kind != "project" or row.state in BEFORE_THE_WORKS:
        return None
    project = row.project if type(row) is Case else row
    measurements = list(
        Measurement.objects.filter(root_id=row.pk).select_related("signed_by", "signed_post__unit").order_by("-pk")
    )
    standing = progress.of(project, position, book=row.book)  # type: ignore[arg-type]
    if not measurements and standing.limit_permille is None:
        return None
    signed = next((one for one in measurements if one.signed_at), None)
    done = signed.quantities if signed is not None else {}
    lines = [_line(line, done.get(line.position, 0)) for line in project.lines.all()]  # type: ignore[attr-defined]
    return {"standing": standing, "lines": lines, "measurements": measurements, "signed": signed}


def _line(line: BudgetLine, done_milli: int) -> Line:
    return Line(line=line, done_milli=done_milli, share_permille=progress.share_permille(line, done_milli))


def standings(rows: Iterable[Case]) -> dict[int, Progress]:
    """Project -> its progress, for a page of the list; one query for the money of all of them."""
    shown = [row for row in rows if row.state not in BEFORE_THE_WORKS]
    positions = ledger.positions(case_ids=[row.pk for row in shown])
    return {row.pk: progress.of(row.project, positions[row.pk], book=row.book) for row in shown}
