"""The life of a project as one picture: a lane a case, a bar a stage, a mark an act; from entries alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from approvals.views.common import officer
from audit.labels import label
from audit.views import readers_only
from workflows.flags.look import Books
from workflows.lifecycles import KINDS
from workflows.reach import Reach
from workflows.waits import Step, Wait, of_project, steps_of

#: Of the drawing's own units.
WIDTH, LANE_HEIGHT, FOOT = 700, 36, 22
#: A project with more sub-cases than fit a page is drawn as far as they do; the record has them all.
LANES_MAX = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A stage; `over_x` is where it became overdue."""

    wait: Wait
    label: str
    x: str
    width: str
    over_x: str = ""
    over_width: str = ""
    odd: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """An act, at the time when it happened."""

    step: Step
    label: str
    x: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """A case."""

    opened: Step
    kind: str
    bars: Sequence[Bar]
    marks: Sequence[Mark]
    y: int

    @property
    def late(self) -> list[Mark]:
        """The acts that were entered afterwards."""
        return [mark for mark in self.marks if mark.step.late]


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """All lanes to one scale, and where the months begin."""

    title: str
    lanes: Sequence[Lane]
    months: Sequence[tuple[str, dt.date]]
    #: How many lanes there are beyond those drawn.
    more: int
    width: int = WIDTH

    @property
    def foot_y(self) -> int:
        return LANE_HEIGHT * len(self.lanes)

    @property
    def height(self) -> int:
        return self.foot_y + FOOT


class Scale:
    """From days to places in the drawing."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.first, self.days = first, max(1, (last - first).days + 1)

    def at(self, day: dt.date) -> float:
        """Where a day begins."""
        return WIDTH * min(max(0, (day - self.first).days), self.days) / self.days

    def months(self) -> list[tuple[str, dt.date]]:
        """The beginnings of at most eight months, evenly apart."""
        last = self.first + dt.timedelta(days=self.days)
        count = (last.year - self.first.year) * 12 + last.month - self.first.month
        found = []
        for n in range(1, count + 1, max(1, -(-count // 8))):
            years, month = divmod(self.first.month - 1 + n, 12)
            day = dt.date(self.first.year + years, month + 1, 1)
            found.append((f"{self.at(day):.1f}", day))
        return found


def drawn(steps: Sequence[Step], *, today: dt.date) -> Picture:
    """The picture of a project's steps; there is at least one."""
    of_case: dict[int, list[Step]] = {}
    for step in steps:
        of_case.setdefault(step.case_id, []).append(step)
    stays: dict[int, list[Wait]] = {}
    for wait in of_project(steps, books=Books(), today=today):
        stays.setdefault(wait.began.case_id, []).append(wait)
    days = [timezone.localdate(step.happened_at) for step in steps]
    ends = [wait.until for stay in stays.values() for wait in stay]
    scale = Scale(min(days), max(days + ends))
    lanes = [
        Lane(
            opened=case[0], kind=label("kind", case[0].case_kind), y=n * LANE_HEIGHT,
            bars=[_bar(wait, scale, odd=bool(place % 2)) for place, wait in enumerate(stays.get(case_id, ()))],
            marks=[_mark(step, scale) for step in case],
        )
        for n, (case_id, case) in enumerate(list(of_case.items())[:LANES_MAX])
    ]  # fmt: skip
    return Picture(title=steps[-1].case_title, lanes=lanes, months=scale.months(), more=len(of_case) - len(lanes))


def _bar(wait: Wait, scale: Scale, *, odd: bool) -> Bar:
    begins, ends = scale.at(wait.since), max(scale.at(wait.until), scale.at(wait.since) + 1)
    name = label(f"state:{wait.began.case_kind}", wait.began.state_to)
    due = wait.due_on
    over = min(ends, scale.at(due + dt.timedelta(days=1))) if wait.over and due else ends
    return Bar(wait=wait, label=name, x=f"{begins:.1f}", width=f"{ends - begins:.1f}", odd=odd,
               over_x=f"{over:.1f}" if wait.over else "", over_width=f"{ends - over:.1f}")  # fmt: skip


def _mark(step: Step, scale: Scale) -> Mark:
    day = timezone.localdate(step.happened_at)
    return Mark(step=step, label=label("act", step.act), x=f"{scale.at(day):.1f}")


@readers_only
def timeline(request: HttpRequest, case_id: int) -> HttpResponse:
    """The project that the case is or belongs to."""
    at = timezone.now()
    seen = Reach(officer(request), at=at).entries().filter(case_kind__in=KINDS)
    root = seen.filter(case_id=case_id).values_list("root_id", flat=True).first()
    if root is None:
        raise Http404
    steps = list(steps_of(seen.filter(root_id=root).order_by("id")))
    context = {"picture": drawn(steps, today=timezone.localdate(at)), "root": root, "case_id": case_id}
    return render(request, "inspection/timeline.html", context)
