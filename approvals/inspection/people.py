"""What one person did, from entries alone: day by day, in which posts, for whom, and which acts how often."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from approvals.views.common import number_of, officer
from audit.labels import label
from audit.views import readers_only
from workflows import calendar
from workflows.reach import Reach

CHUNK = 5000
#: Of the drawing's own units: a square a day, a column a week.
STEP, SQUARE, TOP = 12, 10, 14
#: From one act a day to many; the last stands for all above.
SHADES = ((1, "#cfd8e3"), (3, "#9dbbdc"), (8, "#4f83bd"), (20, "#1d4e89"))


@dataclass(slots=True)
class Doings:
    """What was counted."""

    name: str = ""
    days: Counter[dt.date] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    #: (post, unit) and on whose behalf.
    posts: Counter[tuple[str, str]] = field(default_factory=Counter)
    behalf: Counter[str] = field(default_factory=Counter)
    late: int = 0
    #: The first and last day in each post.
    span: dict[tuple[str, str], tuple[dt.date, dt.date]] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Square:
    """A day in the picture."""

    day: dt.date
    count: int
    x: int
    y: int
    fill: str
    rest: bool


def doings(rows: Iterable[tuple[str, str, str, str, str, bool, dt.datetime]], *, year: int | None) -> Doings:
    """Count in one pass; of one year, or of the last in which anything was done."""
    found: dict[int, Doings] = {}
    name = ""
    for act, actor, post, unit, behalf, late, happened_at in rows:
        day, name = timezone.localdate(happened_at), actor
        of_year = found.setdefault(day.year, Doings())
        of_year.days[day] += 1
        of_year.acts[act] += 1
        of_year.posts[post, unit] += 1
        of_year.late += late
        if behalf:
            of_year.behalf[behalf] += 1
        first, last = of_year.span.get((post, unit), (day, day))
        of_year.span[post, unit] = (min(first, day), max(last, day))
    wanted = found.get(year if year is not None else max(found, default=0), Doings())
    wanted.name, wanted.years = name, set(found)
    return wanted


def squares(days: Counter[dt.date], year: int) -> list[Square]:
    """The year's days, Monday uppermost."""
    first = dt.date(year, 1, 1)
    drawn = []
    for n in range((dt.date(year, 12, 31) - first).days + 1):
        day = first + dt.timedelta(days=n)
        week = (n + first.weekday()) // 7
        fill = next((shade for least, shade in reversed(SHADES) if days[day] >= least), "#f3f5f8")
        drawn.append(
            Square(day, days[day], week * STEP, TOP + day.weekday() * STEP, fill, not calendar.is_working(day))
        )
    return drawn


def _months(drawn: Sequence[Square]) -> list[tuple[int, int]]:
    return [(square.x, square.day.month) for square in drawn if square.day.day == 1]


@readers_only
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person's year."""
    seen = Reach(officer(request), at=timezone.now()).entries()
    rows = seen.filter(actor_id=person_id).order_by("id").values_list(
        "act", "actor_name", "post", "unit_name", "behalf_name", "late", "happened_at"
    )  # fmt: skip
    asked = number_of(request.GET.get("year"))
    found = doings(rows.iterator(chunk_size=CHUNK), year=asked)
    if not found.years:
        raise Http404
    year = asked if asked in found.years else max(found.years)
    if asked is not None and asked not in found.years:
        raise Http404
    drawn = squares(found.days, year)
    busy = sorted(found.days.items(), key=lambda pair: (-pair[1], pair[0]))[:10]
    rest = sum(square.count for square in drawn if square.rest)
    context = {
        "person_id": person_id, "name": found.name, "year": year, "years": sorted(found.years, reverse=True),
        "squares": drawn, "months": _months(drawn), "busy": busy, "rest": rest, "late": found.late,
        "total": found.days.total(), "behalf": found.behalf.most_common(), "width": 53 * STEP, "square": SQUARE,
        "acts": [(act, label("act", act), count) for act, count in found.acts.most_common()],
        "posts": [(post.partition(" ")[2] or post, unit, count, *found.span[post, unit])
                  for (post, unit), count in found.posts.most_common()],
    }  # fmt: skip
    return render(request, "inspection/person.html", context)
