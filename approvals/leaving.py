"""What somebody leaves behind: his desks, listed for the hand-over; and claims that nobody may keep."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from viewflow.workflow.status import STATUS

from approvals.models import WAITING, DeskTask
from audit.models import Entry
from funds.models import Source
from workflows import vacancy
from workflows.models import Case, Delegation, Person, Post, Unit
from workflows.offices import Office, Period
from workflows.states import ended, label

HAND_OVER = "register.hand_over"


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """What lies at one post: what he has claimed, what waits in the tray, sources of funds that the unit keeps."""

    post: Post
    claimed: list[DeskTask]
    tray: list[DeskTask]
    sources: list[Source]
    #: Nobody else sits there.
    alone: bool

    @property
    def tasks(self) -> list[DeskTask]:
        """All of it, his own first."""
        return [*self.claimed, *self.tray]


def posts_of(person: Person, *, on: dt.date) -> QuerySet[Post]:
    """The posts that a person holds on a day and beyond it: those that can be handed over."""
    beyond = Q(until__isnull=True) | Q(until__gt=on)
    return Post.objects.filter(beyond, since__lte=on, person=person).select_related("unit__area").order_by("id")


def left_at(posts: Sequence[Post], *, at: dt.datetime) -> list[Left]:
    """What lies at each of the posts now: what others of the unit have claimed stays theirs."""
    today = timezone.localdate(at)
    found = []
    for post in posts:
        lying = DeskTask.objects.filter(unit_id=post.unit_id, status__in=WAITING)
        mine = Q(owner_id=post.person_id) | Q(owner__isnull=True)
        tasks = list(lying.filter(mine).select_related("process__case__unit").order_by("process__case_id", "id"))
        keeps = post.unit.office == Office.FINANCE
        county = Source.objects.filter(county=post.unit.area.code).order_by("id")
        found.append(
            Left(
                post=post,
                claimed=[task for task in tasks if task.owner_id is not None],
                tray=[task for task in tasks if task.owner_id is None],
                sources=list(county) if keeps else [],
                alone=not vacancy.manned(today).filter(unit=post.unit).exclude(person=post.person_id).exists(),
            )
        )
    return found


def lying_at(left: Sequence[Left]) -> dict[int, list[tuple[int, str]]]:
    """The same as the record keeps it: which cases, and where each stands."""
    return {one.post.pk: [(task.process.case_id, task.state) for task in one.tasks] for one in left}


def loans_of(person: Person, *, on: dt.date) -> QuerySet[Delegation]:
    """Posts that he has lent or that are lent to him, on a day or after it."""
    loans = Delegation.objects.filter(Q(post__person=person) | Q(to=person), until__gte=on)
    return loans.select_related("post__unit", "post__person", "to").order_by("since", "id")


def opened_by(person: Person) -> QuerySet[Case]:
    """The cases that he opened, answers for as who filed them, and that have not ended; drafts among them."""
    return Case.objects.filter(opened_by=person).exclude(ended()).select_related("unit").order_by("id")


def clear_left(at: dt.datetime) -> int:
    """Put back into the tray what somebody has claimed who sits at that desk no more; how many desks.

    They are told anew: to whoever sits there now.
    """
    today = timezone.localdate(at)
    held = vacancy.manned(today).filter(unit_id=OuterRef("unit_id"))
    lent = Delegation.objects.filter(Period.on(today), to_id=OuterRef("owner_id"), post__in=_held_at_desk(today))
    claimed = DeskTask.objects.filter(status=STATUS.ASSIGNED, owner__isnull=False)
    serves = Q(owner__in=Person.objects.filter(Person.serving(today)))
    sits = Exists(held.filter(person_id=OuterRef("owner_id"))) | Exists(lent)
    left: int = claimed.exclude(serves & Q(sits)).update(owner=None, status=STATUS.NEW, assigned=None, told=False)
    return left


def _held_at_desk(today: dt.date) -> QuerySet[Any]:
    return vacancy.manned(today).filter(unit_id=OuterRef(OuterRef("unit_id"))).values("pk")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """The sheet of a hand-over (交接单): what the entry says, in words."""

    entry: Entry
    person: Person
    until: dt.date
    reason: str
    rows: list[dict[str, Any]]


def sheet_of(entry: Entry) -> Sheet:
    """A hand-over out of the record: nothing on it is asked from elsewhere but names."""
    told = json.loads(entry.octets)
    facts = told["data"]
    people = {person.username: person for person in Person.objects.filter(username__in=_names(facts))}
    units = Unit.objects.in_bulk([code for row in facts["posts"] for code in _units(row)], field_name="code")
    cases = Case.objects.select_related("unit").in_bulk([pk for row in facts["posts"] for pk, _state in row["cases"]])
    rows = [
        {
            "unit": units[row["unit"]], "title": row["title"], "to": people.get(row["to"]),
            "above": units.get(row.get("climbs_to", "")),
            "cases": [(cases[pk], label(cases[pk].kind, state)) for pk, state in row["cases"] if pk in cases],
        }
        for row in facts["posts"]
    ]  # fmt: skip
    until = dt.date.fromisoformat(facts["until"])
    return Sheet(entry=entry, person=people[facts["person"]], until=until, reason=told["reason"], rows=rows)


def _names(facts: dict[str, Any]) -> list[str]:
    return [facts["person"], *(row["to"] for row in facts["posts"] if row["to"])]


def _units(row: dict[str, Any]) -> list[str]:
    return [code for code in (row["unit"], row.get("climbs_to", "")) if code]


def sheets_of(person: Person) -> list[Entry]:
    """The hand-overs of a person, the latest first."""
    entries = Entry.objects.filter(act=HAND_OVER).order_by("-id")
    return [entry for entry in entries if json.loads(entry.octets)["data"]["person"] == person.username]
