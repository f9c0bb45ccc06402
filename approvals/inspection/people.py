"""What one person did, from entries alone: day by day, in which posts, for whom, and which acts how often."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from approvals.views.common import number_of, officer
from audit.labels import label
from audit.models import Entry
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


@dataclass(frozen=True, slots=True)
class Square:
    """A day in the picture."""

    day: dt.date
    count: int
    x: int
    y: int
    fill: str
    rest: bool


def doings(rows: Iterable[tuple[str, str, str, str, str, bool, dt.datetime]]) -> Doings:
    """Count in one pass; the name is the last."""
    found = Doings()
    for act, found.name, post, unit, behalf, late, happened_at in rows:
        day = timezone.localdate(happened_at)
        found.days[day] += 1
        found.acts[act] += 1
        found.posts[post, unit] += 1
        found.late += late
        if behalf:
            found.behalf[behalf] += 1
        first, last = found.span.get((post, unit), (day, day))
        found.span[post, unit] = (min(first, day), max(last, day))
    return found


def _of_year(seen: QuerySet[Entry], year: int) -> Iterator[tuple[str, str, str, str, str, bool, dt.datetime]]:
    """What :func:`doings` counts; an index has one person's entries by the time when they happened."""
    zone = timezone.get_current_timezone()
    first, after = (dt.datetime(one, 1, 1, tzinfo=zone) for one in (year, year + 1))
    rows = seen.filter(happened_at__gte=first, happened_at__lt=after).order_by("happened_at", "id")
    columns = ("act", "actor_name", "post", "unit_name", "behalf_name", "late", "happened_at")
    return rows.values_list(*columns).iterator(chunk_size=CHUNK)


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
    seen = Reach(officer(request), at=timezone.now()).entries().filter(actor_id=person_id)
    by_time = (seen.order_by(order).values_list("happened_at", flat=True) for order in ("happened_at", "-happened_at"))
    years = [timezone.localdate(end).year for end in (rows.first() for rows in by_time) if end]
    if not years:
        raise Http404
    year = number_of(request.GET.get("year"))
    year = years[1] if year is None else year
    if not years[0] <= year <= years[1]:
        raise Http404
    found = doings(_of_year(seen, year))
    name = found.name or seen.order_by("-happened_at").values_list("actor_name", flat=True)[0]
    drawn = squares(found.days, year)
    busy = sorted(found.days.items(), key=lambda pair: (-pair[1], pair[0]))[:10]
    rest = sum(square.count for square in drawn if square.rest)
    context = {
        "person_id": person_id, "name": name, "year": year, "years": range(years[1], years[0] - 1, -1),
        "squares": drawn, "months": _months(drawn), "busy": busy, "rest": rest, "late": found.late,
        "total": found.days.total(), "behalf": found.behalf.most_common(), "width": 53 * STEP, "square": SQUARE,
        "acts": [(act, label("act", act), count) for act, count in found.acts.most_common()],
        "posts": [(post.partition(" ")[2] or post, unit, count, *found.span[post, unit])
                  for (post, unit), count in found.posts.most_common()],
    }  # fmt: skip
    return render(request, "inspection/person.html", context)
