"""Who answered for what, and when (责任制): read from the record and the register of posts, never from today's seats.

终身追责: a transfer, a retirement or a renamed unit changes nothing of what is told here, because every entry
names person, post and unit as they were, and posts are kept with their days.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from audit.models import Entry
from workflows.offices import Delegation, Post, Unit
from workflows.states import label

#: What the clock does where a term has lapsed: the wait was late.
LATE = ("escalate", "criticise", "freeze", "list_for_supervision", "refer")

_Posts = dict[int, list[Post]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One wait of one case: who was to act, who held that post in those days, who did act."""

    case_id: int
    case_number: str
    case_kind: str
    state: str
    since: dt.datetime
    #: None while it still waits.
    until: dt.datetime | None
    unit_id: int | None
    unit_name: str
    #: Whoever held a post of the unit in those days, oldest first.
    holders: Sequence[Post] = ()
    act: str = ""
    actor_name: str = ""
    behalf_name: str = ""
    #: How often the clock found it lapsed.
    lapses: int = 0

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return label(self.case_kind, self.state)

    @property
    def days(self) -> int:
        """Calendar days that it took; of an open wait none are told yet."""
        return (timezone.localdate(self.until) - timezone.localdate(self.since)).days if self.until else 0


def of_family(root_id: int, *, waiting: Iterable[tuple[int, Unit]] = ()) -> list[Stage]:
    """Every wait of a project and its sub-cases, in order of time; ``waiting`` says where the open ones lie.

    Three queries whatever the number of entries.
    """
    entries = Entry.objects.filter(root_id=root_id).order_by("id").defer("payload")
    begun: dict[int, Entry] = {}
    lapses: Counter[int] = Counter()
    ended: list[tuple[Entry, Entry, int]] = []
    for entry in entries:
        if entry.actor_id is None and entry.act.rpartition(".")[2] in LATE:
            lapses[entry.case_id] += 1
        if entry.state_to == entry.state_from and entry.case_id in begun:
            continue
        if (first := begun.get(entry.case_id)) is not None:
            ended.append((first, entry, lapses.pop(entry.case_id, 0)))
        begun[entry.case_id] = entry
    lying = [(case_id, unit) for case_id, unit in waiting if case_id in begun]
    posts = _posts_of({entry.unit_id for _first, entry, _n in ended} | {unit.pk for _case, unit in lying})
    told = [
        _stage(first, end.unit_id, end.unit_name, late=late, posts=posts, end=end) for first, end, late in ended
    ] + [
        _stage(begun[case_id], unit.pk, unit.name, late=lapses[case_id], posts=posts, end=None)
        for case_id, unit in lying
    ]  # fmt: skip
    return sorted(told, key=lambda stage: (stage.since, stage.case_id))


def _stage(first: Entry, unit_id: int | None, unit_name: str, *, late: int, posts: _Posts, end: Entry | None) -> Stage:
    until = end.happened_at if end else None
    done = {name: getattr(end, name) for name in ("act", "actor_name", "behalf_name")} if end else {}
    return Stage(
        case_id=first.case_id, case_number=first.case_number, case_kind=first.case_kind, state=first.state_to,
        since=first.happened_at, until=until, unit_id=unit_id, unit_name=unit_name, lapses=late,
        holders=_held(posts.get(unit_id or 0, ()), first.happened_at, until), **done,
    )  # fmt: skip


def _posts_of(units: Iterable[int | None]) -> _Posts:
    found: _Posts = {}
    rows = Post.objects.filter(unit_id__in=[unit for unit in units if unit is not None])
    for post in rows.select_related("person").order_by("since", "id"):
        found.setdefault(post.unit_id, []).append(post)
    return found


def _held(posts: Iterable[Post], since: dt.datetime, until: dt.datetime | None) -> list[Post]:
    first, last = timezone.localdate(since), timezone.localdate(until) if until else dt.date.max
    return [post for post in posts if post.since <= last and (post.until is None or post.until >= first)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Deeds:
    """What a person did of one kind in a period."""

    act: str
    count: int
    #: Of what these acts were about, in fen.
    amount_fen: int
    first: dt.datetime
    last: dt.datetime
    on_behalf: int

    @property
    def case_kind(self) -> str:
        """The kind of case on which it was done: several kinds know an act of the same name."""
        return self.act.partition(".")[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What a person answered for in a period (离任审计 履职清单)."""

    posts: list[Post]
    lent: list[Delegation]
    borrowed: list[Delegation]
    deeds: list[Deeds] = field(default_factory=list)
    #: Whose cases these acts were about: the projects, and the cases with their sub-cases.
    projects: int = 0
    cases: int = 0
    #: Acts that were entered later than they happened (补录).
    late: int = 0

    @property
    def count(self) -> int:
        """Acts in all."""
        return sum(one.count for one in self.deeds)

    @property
    def on_behalf(self) -> int:
        """Acts in all that were done for somebody else."""
        return sum(one.on_behalf for one in self.deeds)


def acts_of(person_id: int) -> QuerySet[Entry]:
    """What a person did himself or had done in his name, by the record."""
    return Entry.objects.filter(Q(actor_id=person_id) | Q(behalf_id=person_id))


def statement(person_id: int, *, acts: QuerySet[Entry], since: dt.date | None, until: dt.date | None) -> Statement:
    """Posts held, lent and borrowed in a period, and ``acts`` by kind. Five queries, whatever the number of acts."""
    during = Q(since__lte=until or dt.date.max) & (Q(until__isnull=True) | Q(until__gte=since or dt.date.min))
    posts = Post.objects.filter(during, person_id=person_id).select_related("unit").order_by("since", "id")
    loans = Delegation.objects.filter(during).select_related("post__unit", "post__person", "to").order_by("since", "id")
    rows = (
        acts.order_by()
        .values("act")
        .annotate(
            n=Count("id"), fen=Sum("amount_fen"), first=Min("happened_at"), last=Max("happened_at"),
            behalf=Count("id", filter=Q(actor_id=person_id, behalf_id__isnull=False)),
        )
        .order_by("-n", "act")
    )  # fmt: skip
    sums = acts.order_by().aggregate(
        projects=Count("root_id", distinct=True), cases=Count("case_id", distinct=True),
        late=Count("id", filter=Q(late=True)),
    )  # fmt: skip
    return Statement(
        **sums, posts=list(posts), lent=list(loans.filter(post__person_id=person_id)),
        borrowed=list(loans.filter(to_id=person_id)),
        deeds=[
            Deeds(act=row["act"], count=row["n"], amount_fen=row["fen"] or 0, first=row["first"], last=row["last"],
                  on_behalf=row["behalf"])
            for row in rows
        ],
    )  # fmt: skip
