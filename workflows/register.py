"""The register of posts: granted, ended, lent, each in the record, so that nothing happens unnoticed.

三员分立 (GB/T 22239-2019 8.1.5): the system administrator keeps accounts and units, the security
administrator grants posts, the auditor reads both; nobody grants himself anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import journal
from audit.models import Entry
from funds.models import Transfer
from workflows import rowwatch, vacancy, words
from workflows.offices import ADMINISTRATORS, Delegation, Office, Person, Post, Seat, Unit

#: 三员: none of them holds another office's post.
APART = (*ADMINISTRATORS, Office.AUDITOR)


class NotAllowed(Exception):
    """The register refuses; the message says why and who may."""


class Register(models.Model):
    """The head of a record that belongs to no case: one row for each register."""

    entry_count = models.PositiveIntegerField(default=0)
    entry_head = models.CharField(max_length=64, blank=True)

    POSTS: ClassVar[int] = 1
    SOURCES: ClassVar[int] = 2
    PAYMENTS: ClassVar[int] = 3
    #: Register -> its number and kind in the record.
    NAMES: ClassVar[dict[int, tuple[str, str]]] = {
        POSTS: ("REGISTER", "register"), SOURCES: ("SOURCES", "sources"), PAYMENTS: ("PAYMENTS", "payments"),
    }  # fmt: skip

    class Meta:
        verbose_name = gettext_lazy("register of posts")

    @property
    def case_id(self) -> int:
        """In the record's numbering, where cases start at 1."""
        return 1 - int(self.pk)

    @property
    def number(self) -> str:
        """What the record calls it."""
        return self.NAMES[self.pk][0]

    @classmethod
    def held(cls, register: int) -> Register:
        """The register's head, locked until the transaction ends."""
        cls.objects.get_or_create(pk=register)
        return cls.objects.select_for_update(no_key=True).get(pk=register)

    def enter(
        self, act: str, seat: Seat | None, *, by: Person, at: dt.datetime, data: dict[str, Any], reason: str = "",
        transfers: Sequence[Transfer] = (), amount_fen: int | None = None, rows: Mapping[str, Any] | None = None,
    ) -> Entry:  # fmt: skip
        """Write what was done into the record, in the same transaction. Who sits nowhere acts for himself alone.

        ``rows``: what was written into the register's own tables (:mod:`workflows.caserows`).
        """
        number, kind = self.NAMES[self.pk]
        behalf = seat.behalf if seat else None
        self.entry_count += 1
        entry = journal.record(
            journal.Fact(
                case_id=self.case_id, case_number=number, case_kind=kind, root_id=self.case_id, act=f"{kind}.{act}",
                actor_id=by.pk, actor_name=by.name, post=seat.code if seat else "",
                unit_id=seat.unit.pk if seat else None, unit_name=seat.unit.name if seat else "",
                behalf_id=behalf.pk if behalf else None, behalf_name=behalf.name if behalf else "",
                state_from="", state_to="", edition="",
                reason=reason, happened_at=at, recorded_at=at, late=False, amount_fen=amount_fen, data=data, files=(),
                money=[transfer.as_fact() for transfer in transfers],
                outcome={"case": {}, "rows": rows} if rows else None,
            ),
            seq=self.entry_count,
            prev=self.entry_head,
        )  # fmt: skip
        self.entry_head = entry.hash
        self.save(update_fields=["entry_count", "entry_head"])
        return entry


def grant_post(
    *, by: Person, person: Person, unit: Unit, title: str, since: dt.date, until: dt.date | None, at: dt.datetime
) -> Post:
    """Give a post. Raises :class:`NotAllowed` unless ``by`` is another person and security administrator."""
    seat = administrator(by, Office.SECADMIN, at=at)
    if person in (by, seat.behalf):
        raise NotAllowed(_("Nobody grants himself a post."))
    if until is not None and until < since:
        raise NotAllowed(_("The post would end before it begins."))
    must_not_reach_back(since, at=at)
    stand_apart(person, unit, since=since, until=until)
    held = Post.objects.filter(_within(since, until), person=person, unit=unit, title=title)
    if held.exists():
        raise NotAllowed(_("%(name)s holds this very post in that time already.") % {"name": person.name})
    with transaction.atomic():
        with rowwatch.watching("register") as watch:
            post = Post.objects.create(person=person, unit=unit, title=title, since=since, until=until, granted_by=by)
        facts = {"post": post.pk, "person": person.username, "unit": unit.code, "title": title, "since": str(since)}
        record("grant_post", seat, by=by, at=at, data=facts | {"until": str(until or "")}, rows=watch.told())
    return post


def end_post(*, by: Person, post: Post, until: dt.date, at: dt.datetime) -> None:
    """End a post on a day; it stays in the history."""
    seat = administrator(by, Office.SECADMIN, at=at)
    if until < post.since:
        raise NotAllowed(_("The post would end before it begins."))
    if post.until is not None and until > post.until:
        raise NotAllowed(_("The post would last longer; that takes a new grant."))
    must_not_reach_back(until + dt.timedelta(days=1), at=at)
    must_not_empty([post], after=until)
    with transaction.atomic():
        with rowwatch.watching("register") as watch:
            Post.objects.filter(pk=post.pk).update(until=until)
        record("end_post", seat, by=by, at=at, data={"post": post.pk, "until": str(until)}, rows=watch.told())


def lend_post(
    *, by: Person, post: Post, to: Person, since: dt.date, until: dt.date, reason: str, at: dt.datetime
) -> Delegation:
    """Lend a post for a period: its holder does, or the security administrator for somebody else."""
    own = by == post.person and by.serves(on=timezone.localdate(at))
    seat = Seat(post=post, person=by) if own else administrator(by, Office.SECADMIN, at=at)
    if to in (post.person, by, seat.behalf) or until < since:
        raise NotAllowed(_("A post is lent to somebody else, for a period that runs forward."))
    must_not_reach_back(since, at=at)
    stand_apart(to, post.unit, since=since, until=until)
    if Delegation.objects.filter(post=post, since__lte=until, until__gte=since).filter(until__gte=F("since")).exists():
        raise NotAllowed(_("The post is lent in that time already; end that loan first."))
    with transaction.atomic():
        with rowwatch.watching("register") as watch:
            delegation = Delegation.objects.create(post=post, to=to, since=since, until=until, reason=reason)
        facts = {"post": post.pk, "to": to.username, "since": str(since), "until": str(until)}
        record("lend_post", seat, by=by, at=at, data=facts, reason=reason, rows=watch.told())
    return delegation


def take_back(*, by: Person, delegation: Delegation, at: dt.datetime) -> None:
    """End a loan before its day: its lender does; the day itself is its last."""
    today, post = timezone.localdate(at), delegation.post
    if by != post.person:
        raise NotAllowed(_("Only who lent the post takes it back; the security administrator ends the post itself."))
    if delegation.until is None or not today < delegation.until:
        raise NotAllowed(_("The loan has ended."))
    # What has not begun is taken back whole: it ends before it begins, and none of its days comes.
    until = min(today, delegation.until) if delegation.since <= today else delegation.since - dt.timedelta(days=1)
    with transaction.atomic():
        with rowwatch.watching("register") as watch:
            Delegation.objects.filter(pk=delegation.pk).update(until=until)
        facts = {"delegation": delegation.pk, "to": delegation.to.username, "until": str(until)}
        record("take_back", Seat(post=post, person=by), by=by, at=at, data=facts, rows=watch.told())


def must_not_reach_back(first: dt.date, *, at: dt.datetime) -> None:
    """Refuse what would change who held a post on a day that is over; ``first`` is the first day that changes."""
    if first < timezone.localdate(at):
        raise NotAllowed(_("Nothing is back-dated: it begins today at the earliest, a last day is yesterday."))


def must_not_empty(posts: Iterable[Post], *, after: dt.date) -> None:
    """Refuse to leave a desk to nobody by the way: that is a hand-over, which names who follows or that nobody does."""
    if emptied := vacancy.emptied(list(posts), after=after):
        names = words.listed(unit.name for unit in emptied)
        raise NotAllowed(
            _("Nobody else holds a post at %(units)s, where work is open: hand over instead.") % {"units": names}
        )


def stand_apart(person: Person, unit: Unit, *, since: dt.date, until: dt.date | None) -> None:
    """Refuse the days on which one person would both administer and decide, or be two of the three."""
    lent = Delegation.objects.filter(_within(since, until), to=person).values("post_id")
    own = Q(person=person) & _within(since, until)
    others = Post.objects.filter(own | Q(pk__in=lent)).exclude(unit__office=unit.office)
    if unit.office not in APART:
        others = others.filter(unit__office__in=APART)
    if (other := others.select_related("unit").first()) is not None:
        facts = {"name": person.name, "post": other}
        raise NotAllowed(
            _("Administrators and the auditor hold no other post: %(name)s is %(post)s in that time.") % facts
        )


def _within(since: dt.date, until: dt.date | None) -> Q:
    return Q(since__lte=until or dt.date.max) & (Q(until__isnull=True) | Q(until__gte=since))


def administrator(by: Person, office: Office, *, at: dt.datetime) -> Seat:
    """The seat of an administrator. Raises :class:`NotAllowed` where ``by`` is not that one."""
    for seat in Seat.of(by, on=timezone.localdate(at)):
        if seat.unit.office == office:
            return seat
    raise NotAllowed(_("Only this administrator may do it: %(office)s.") % {"office": office.label})


def record(
    act: str, seat: Seat | None, *, by: Person, at: dt.datetime, data: dict[str, Any], reason: str = "",
    rows: Mapping[str, Any] | None = None,
) -> Entry:  # fmt: skip
    """An entry in the chain of the register of posts."""
    return Register.held(Register.POSTS).enter(act, seat, by=by, at=at, data=data, reason=reason, rows=rows)
