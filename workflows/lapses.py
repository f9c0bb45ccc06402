"""Terms that passed: whose they were on the day they ended, and how late it grew in whose hands (责任制, 终身追责)."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import Entry, octets
from workflows.held import HeldTerm
from workflows.offices import Post, Unit
from workflows.states import RectificationState, label

if TYPE_CHECKING:
    from workflows.cases import Case

#: What lets a delay stand while the matter lies with another, and what lets it go on.
SENT_BACK = "rectification.send_back"
SUSPENDED, RESUMED = "project.suspend", "project.resume"
STOPS, GOES_ON = (SUSPENDED, "rectification.submit"), (RESUMED, SENT_BACK)
#: What ends a delay without another stage: more time, or an objection settled. A step that ends none.
EXTENDED, SETTLED, TAKEN_NOTE = ".grant_extension", ("notice.answer", "notice.refer"), "rectification.acknowledge"


class Lapse(models.Model):
    """A term that passed with nothing done, and the unit whose it was. Written once, never taken back."""

    case = models.ForeignKey("workflows.Case", on_delete=models.PROTECT, related_name="lapses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    #: Where the case stood, and the last day of the term.
    state = models.CharField(max_length=24)
    due_on = models.DateField()
    #: When it was noted: by the clock, or by the act that came too late where no clock ran.
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        verbose_name = _("lapse")

    def kept(self) -> Lapse:
        """Itself, written down."""
        self.save(force_insert=True)
        return self


def passed(case: Case, *, at: dt.datetime, desk: Unit) -> Lapse | None:
    """That the term of a case has passed, for whoever bears it; noted once, also where it goes on after a stop.

    None where it has not passed, or where law or rulebook give silence a meaning. ``desk``: of whoever acts.
    """
    if case.due_at is None or not case.overdue(at=at):
        return None
    late = [(n, rung.act) for n, rung in enumerate(case.ladder()) if not rung.before]
    if not late or late[0][0] < case.alarm_no or late[0][1] in case.AUTOMATIC.values():
        return None
    # Whoever sits at the desk whose turn it is need not be looked for.
    unit = desk if desk.office in map(case.office, case.seats()[:1]) else case.answerable
    said = {"case_id": case.pk, "unit": unit, "due_on": timezone.localdate(case.due_at)}
    # Of an order alone the deadline outlasts a step, and a project alone is suspended.
    again = case.kind == "rectification" and Lapse.objects.filter(**said).exists()
    again = again or (case.kind == "project" and _noted_before_stop(case))
    return None if again else Lapse(**said, state=case.state, at=at)


def _noted_before_stop(case: Case) -> bool:
    """Whether the suspension of this very term has noted its lapse; what was granted since is another term."""
    held = HeldTerm.objects.filter(case_id=case.pk, state=case.state, extended=case.extended).last()
    if held is None or held.due_at is None:
        return False
    return Lapse.objects.filter(case_id=case.pk, state=case.state, due_on=timezone.localdate(held.due_at)).exists()


@dataclass(frozen=True, kw_only=True, slots=True)
class Late:
    """What a lapse was in the hands of one person."""

    lapse: Lapse
    #: Calendar days after the last day for which he held the post; up to the hand-over, if there was one.
    days: int
    #: Whether it had lapsed before he came.
    taken_over: bool
    #: Whether it was still undone when he was asked about, or left.
    still: bool

    @property
    def state_label(self) -> str:
        """The stage in the reader's language."""
        return label(self.lapse.case.kind, self.lapse.state)


def of_person(
    person_id: int, *, seen: QuerySet[Entry], since: dt.date | None, until: dt.date | None, today: dt.date
) -> list[Late]:
    """The terms that passed by ``until`` while he held a post where they lay, or lay lapsed there when he came.

    Whoever held a post of the unit on the last day bears it, whoever ends it; a loan leaves it with the holder. More
    time granted afterwards ends the delay, and days of a suspension count for nobody. Three queries; ``seen``: what
    the reader may read.
    """
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(person_id=person_id).order_by("since", "id"):
        posts[post.unit_id].append(post)
    found = list(
        Lapse.objects.filter(unit_id__in=posts, due_on__lte=until or today, case_id__in=seen.values("case_id"))
        .select_related("case", "unit")
    )  # fmt: skip
    told = _moves({lapse.case_id for lapse in found})
    late = (one for lapse in found for one in _borne(lapse, posts[lapse.unit_id], told[lapse.case_id], today=today))
    return [one for one in late if since is None or one.lapse.due_on >= since or (one.taken_over and one.days)]


def _borne(lapse: Lapse, posts: Iterable[Post], moves: Iterable[Entry], *, today: dt.date) -> Iterator[Late]:
    late_days, open_ = _late_days(lapse, moves, today=today)
    if late_days is None:
        return
    spans = [(post.since, post.until or dt.date.max) for post in posts]
    bore = any(first <= lapse.due_on <= last for first, last in spans)
    mine = [day for day in late_days if any(first <= day <= last for first, last in spans)]
    if bore or mine:
        holds = any(first <= today <= last for first, last in spans)
        yield Late(lapse=lapse, days=len(mine), taken_over=not bore, still=open_ and holds)


def _late_days(lapse: Lapse, moves: Iterable[Entry], *, today: dt.date) -> tuple[list[dt.date] | None, bool]:
    """The days on which it was late, the one on which it was done included, and whether it still is; none where an
    entry made afterwards (补录) says that it had been done in time."""
    days: list[dt.date] = []
    start: dt.date | None = lapse.due_on
    with_verifier = lapse.state == RectificationState.SUBMITTED
    for entry in moves:
        day, noted = timezone.localdate(entry.happened_at), entry.recorded_at >= lapse.at
        stops, goes_on = entry.act in STOPS and not with_verifier, entry.act in GOES_ON and not with_verifier
        if noted and day <= lapse.due_on:
            return None, False
        if start is not None and (noted or stops):
            days += _from(start, day)
        if goes_on and not _deadline_moved(entry):
            start = max(lapse.due_on, day)
        elif stops:
            start = None
        elif noted:
            return days, False
    return (days, False) if start is None else (days + _from(start, today), True)


def _from(start: dt.date, end: dt.date) -> list[dt.date]:
    return [start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1)]


def _deadline_moved(entry: Entry) -> bool:
    said = getattr(entry, "said", None)
    return bool(said) and "deadline" in json.loads(octets(said)).get("outcome", {}).get("case", {})


def _moves(cases: Iterable[int]) -> dict[int, list[Entry]]:
    """What may have ended a delay or let it stand, by case, as it was written."""
    told: dict[int, list[Entry]] = defaultdict(list)
    moved = ~Q(state_from=F("state_to")) | Q(act__endswith=EXTENDED) | Q(act__in=SETTLED)
    said = models.Case(models.When(act=SENT_BACK, then=F("payload")), output_field=models.BinaryField())
    rows = Entry.objects.filter(moved, case_id__in=cases).exclude(act=TAKEN_NOTE).order_by("id").defer("payload")
    for entry in rows.annotate(said=said):
        told[entry.case_id].append(entry)
    return told
