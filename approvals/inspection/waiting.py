"""Time in stage: how long cases of each kind stood in each stage, against the terms of their rulebooks."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from approvals.inspection import stays
from approvals.inspection.stays import Lot
from approvals.views.common import officer
from audit import export
from audit.labels import label
from audit.periods import PeriodForm
from audit.views import readers_only
from workflows.cases import Kind
from workflows.reach import Reach
from workflows.states import STATES
from workflows.waits import Key, Spread, Wait, waits

#: Of the drawing's own units. The term stands at the same place in every row; what is longer than the drawing is cut.
WIDTH, TERM_AT, ROW_HEIGHT, LEGEND_HEIGHT = 340, 200, 38, 44
CASES_SHOWN = 100
STILL = (("", gettext_lazy("all")), ("over", gettext_lazy("over the term")), ("open", gettext_lazy("not ended")))


class WaitForm(PeriodForm):
    """Whose cases, and when the wait began; all may stay empty."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of case"), required=False)
    unit = forms.CharField(label=gettext_lazy("Unit that opened it"), max_length=100, required=False)
    township = forms.CharField(label=gettext_lazy("Township"), max_length=100, required=False)
    which = forms.ChoiceField(label=gettext_lazy("Which waits"), choices=STILL, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *Kind.choices]

    def kept(self, *, kind: str = "", state: str = "") -> Q:
        """The stays that are asked for, as the database asks; of those that have not ended see :meth:`over`."""
        asked = self.cleaned_data
        wanted = Q()
        for name in ("unit", "township"):
            if asked[name]:
                wanted &= Q(**{f"{name}__in": stays.names(name, holding=asked[name])})
        for name, value in (("kind", kind or asked["kind"]), ("state", state), ("since__gte", asked["since"]),
                            ("since__lte", asked["until"])):  # fmt: skip
            if value:
                wanted &= Q(**{name: value})
        still = {"over": Q(days__isnull=True) | Q(over=True), "open": Q(days__isnull=True)}
        return wanted & still.get(asked["which"], Q())

    def over(self, over: bool) -> bool:
        """Whether one is asked for that is over its term, or is not."""
        return over or self.cleaned_data["which"] != "over"

    def wants(self, wait: Wait, *, kind: str = "", state: str = "") -> bool:
        """Whether a wait is asked for; the form is valid."""
        asked = self.cleaned_data
        return (
            (kind or asked["kind"]) in ("", wait.began.case_kind)
            and state in ("", wait.began.state_to)
            and asked["unit"] in wait.unit
            and asked["township"] in wait.township
            and (not asked["since"] or wait.since >= asked["since"])
            and (not asked["until"] or wait.since <= asked["until"])
            and (asked["which"] != "over" or wait.over)
            and (asked["which"] != "open" or wait.ended is None)
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A kind and stage in the table, and its bars in the picture: lengths as SVG wants them."""

    key: Key
    spread: Spread
    y: int = 0

    @property
    def kind_label(self) -> str:
        return label("kind", self.key.kind)

    @property
    def state_label(self) -> str:
        return label(f"state:{self.key.kind}", self.key.state)

    @property
    def day_kind_label(self) -> str:
        return day_kind_label(self.key)

    @property
    def median(self) -> int:
        return self.spread.at_most(50)

    @property
    def ninetieth(self) -> int:
        return self.spread.at_most(90)

    @property
    def bars(self) -> dict[str, str]:
        """Median, 90th percentile and longest, to the scale of the term."""
        return {"median": self._long(self.median), "ninetieth": self._long(self.ninetieth),
                "longest": self._long(self.spread.longest)}  # fmt: skip

    @property
    def cut(self) -> bool:
        """Whether the longest is longer than the drawing."""
        return self.key.limit is not None and self.spread.longest * TERM_AT > WIDTH * self.key.limit.days

    def _long(self, days: int) -> str:
        assert self.key.limit is not None
        return f"{min(WIDTH, TERM_AT * days / max(1, self.key.limit.days)):.1f}"


@dataclass(frozen=True, slots=True)
class Picture:
    """One kind of case: its stages that have a term, in the order of the road."""

    title: str
    rows: Sequence[Row]
    width: int = WIDTH
    term_at: int = TERM_AT

    @property
    def height(self) -> int:
        return LEGEND_HEIGHT + ROW_HEIGHT * len(self.rows)


def day_kind_label(key: Key) -> str:
    """In which days the waits of a row are counted."""
    working = key.limit is not None and key.limit.day_kind == "working"
    return pgettext("counted in", "working days") if working else pgettext("counted in", "calendar days")


class Asked:
    """What the form asks for, of the projects in the reader's reach; nothing of a faulty form."""

    def __init__(self, request: HttpRequest, *, kind: str = "", state: str = "") -> None:
        at = timezone.now()
        self.form = WaitForm(request.GET)
        self.today = timezone.localdate(at)
        self.basis = stays.basis(Reach(officer(request), at=at), at=at)
        wanted = self.form.kept(kind=kind, state=state) if self.form.is_valid() else Q(pk__in=[])
        self.kept = self.basis.kept.filter(wanted)
        self._of = {"kind": kind, "state": state}

    def lots(self) -> Iterator[Lot]:
        """As they are counted."""
        found = (lot for lot in stays.lots(self.kept, today=self.today) if self.form.over(lot.over))
        now = (Lot(one.key, one.days, one.over, one.ended is None) for one in self._now())
        return chain(found, now)

    def slowest(self) -> list[Wait]:
        """The longest."""
        kept = stays.slowest(self.kept, most=CASES_SHOWN, today=self.today)
        found = chain((wait for wait in kept if self.form.over(wait.over)), self._now())
        return heapq.nlargest(CASES_SHOWN, found, key=lambda wait: wait.days)

    def all(self) -> Iterator[Wait]:
        """Project by project, last those that changed since the worker kept them."""
        kept = stays.told(self.kept, today=self.today)
        return chain((wait for wait in kept if self.form.over(wait.over)), self._now())

    def _now(self) -> Iterator[Wait]:
        if self.form.is_valid():
            yield from (one for one in waits(self.basis.changed, today=self.today) if self.form.wants(one, **self._of))


def spreads(found: Iterator[Lot]) -> list[Row]:
    """A row for each kind, stage and term, in the order of the road."""
    counted: dict[Key, Spread] = {}
    for lot in found:
        spread = counted.setdefault(lot.key, Spread())
        spread.add(days=lot.days, over=lot.over, still=lot.still, times=lot.times)
    road = {(kind, state): place for kind, states in STATES.items() for place, state in enumerate(states.values)}
    kinds = list(STATES)

    def place(key: Key) -> tuple[int, int, int]:
        return kinds.index(key.kind), road.get((key.kind, key.state), len(road)), key.limit.days if key.limit else 0

    return [Row(key, counted[key]) for key in sorted(counted, key=place)]


def pictures(rows: Sequence[Row]) -> list[Picture]:
    """A picture a kind; what has no term, or never waited, stands in the table only."""
    drawn = []
    for kind in dict.fromkeys(row.key.kind for row in rows):
        timed = [row for row in rows if row.key.kind == kind and row.key.limit]
        if any(row.spread.longest for row in timed):
            placed = [Row(row.key, row.spread, y=LEGEND_HEIGHT + n * ROW_HEIGHT) for n, row in enumerate(timed)]
            drawn.append(Picture(label("kind", kind), placed))
    return drawn


@readers_only
def time(request: HttpRequest) -> HttpResponse:
    """Pictures and table of all stages."""
    asked = Asked(request)
    rows = spreads(asked.lots())
    context = {"form": asked.form, "rows": rows, "pictures": pictures(rows), "worst": _worst(rows),
               "kept": asked.basis.told}  # fmt: skip
    return render(request, "inspection/time.html", context, status=200 if asked.form.is_valid() else 400)


def _worst(rows: Sequence[Row]) -> list[Row]:
    """The bottlenecks: where most waits lasted longer than the term."""
    return heapq.nlargest(3, (row for row in rows if row.spread.over), key=lambda row: row.spread.over)


@readers_only
def time_csv(request: HttpRequest) -> HttpResponseBase:
    """The same table as CSV."""
    asked = Asked(request)
    if not asked.form.is_valid():
        return time(request)
    heads = (_("Kind of case"), _("Stage"), _("Counted in"), _("Waits"), _("not ended"), _("Median"),
             _("90th percentile"), _("Longest"), pgettext("time in stage", "Term"), _("over the term"),
             _("Share over the term (%)"))  # fmt: skip
    lines = (
        [row.kind_label, row.state_label, row.day_kind_label, row.spread.count, row.spread.open, row.median,
         row.ninetieth, row.spread.longest, row.key.limit.days if row.key.limit else "", row.spread.over,
         row.spread.over_percent if row.key.limit else ""]
        for row in spreads(asked.lots())
    )  # fmt: skip
    return export.answer(export.table(heads, lines), name=f"time-{asked.today.isoformat()}.csv")


@readers_only
def stage(request: HttpRequest, kind: str, state: str) -> HttpResponse:
    """The cases behind a row, the slowest first."""
    if kind not in STATES or state not in STATES[kind].values:
        raise Http404
    asked = Asked(request, kind=kind, state=state)
    form, spread = asked.form, Spread()
    for lot in asked.lots():
        spread.add(days=lot.days, over=lot.over, still=lot.still, times=lot.times)
    context = {
        "form": form, "waits": asked.slowest(), "spread": spread, "kind": kind, "state": state,
        "kind_label": label("kind", kind), "state_label": label(f"state:{kind}", state), "shown": CASES_SHOWN,
        "kept": asked.basis.told,
    }  # fmt: skip
    return render(request, "inspection/time_stage.html", context, status=200 if form.is_valid() else 400)


@readers_only
def stage_csv(request: HttpRequest, kind: str, state: str) -> HttpResponseBase:
    """All of them as CSV, streamed, in the order of the projects."""
    if kind not in STATES or state not in STATES[kind].values:
        raise Http404
    asked = Asked(request, kind=kind, state=state)
    if not asked.form.is_valid():
        return stage(request, kind, state)
    heads = (_("Case"), _("Title"), _("Unit"), _("Township"), _("Since"), _("Until"), _("Days"), _("Counted in"),
             pgettext("time in stage", "Term"), _("over the term"), _("extended"), _("Rulebook edition"))  # fmt: skip
    lines = (
        [wait.began.case_number, wait.began.case_title, wait.unit, wait.township, wait.since.isoformat(),
         wait.until.isoformat() if wait.ended else "", wait.days, day_kind_label(wait.key),
         wait.limit.days if wait.limit else "", _("yes") if wait.over else "", _("yes") if wait.extended else "",
         wait.began.edition]
        for wait in asked.all()
    )  # fmt: skip
    return export.answer(export.table(heads, lines), name=f"time-{kind}-{state}-{asked.today}.csv")
