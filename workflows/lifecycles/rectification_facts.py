"""The facts of a rectification order, and its clock: the addressee's ladder, the verifier's term, more time.

One deadline holds for the whole order. Its ladder climbs while the order lies with the addressee. While evidence
waits for its verdict, the verifier has a term of his own and the ladder stands still: no rung of it passes, none
is lost, and what the verifier took after the deadline is not counted against the addressee.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from workflows import calendar
from workflows.cases import Case
from workflows.ladder import Rung, after, rungs
from workflows.lifecycles.rectification_forms import FINDINGS, ORIGINS
from workflows.lifecycles.rectification_rows import ItemEvidence, RectificationItem
from workflows.offices import Office, Person, Post, Unit
from workflows.rules.watching import FILERS
from workflows.states import RectificationState as S

#: What the addressee does about an order, as the record names it.
ANSWERING = tuple(f"rectification.{name}" for name in ("acknowledge", "prove", "submit", "ask_extension"))
#: Before every order: its ladder does not depend on the state it stands in.
EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
#: The rungs of the order itself: act, the rulebook's working days overdue, the fact that says when it was done.
STEPS = (
    ("criticise", "criticise_after_working_days", "criticised_at"),
    ("list_for_supervision", "supervise_after_working_days", "listed_at"),
    ("refer", "refer_after_working_days", "referred_at"),
)
#: What each rung brings, as the order announces it.
CONSEQUENCES: dict[str, Promise] = {
    "freeze": _("filings and claims of the unit are refused"),
    "remind": _("a reminder"),
    "escalate": _("a report to the superior"),
    "criticise": _("criticism in public"),
    "list_for_supervision": _("listing for supervision"),
    "refer": _("referral to discipline inspection"),
}


class RectificationFacts(Case):
    """To whom, why, until when, and how far the addressee's ladder is climbed."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    finding = models.CharField(max_length=20, choices=list(FINDINGS.items()))
    origin = models.CharField(max_length=12, choices=list(ORIGINS.items()), default="inspection")
    #: The acceptance, audit, complaint or other case of the project where it was found.
    about = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    #: The finding of a special audit on which it was issued.
    audit_finding = models.ForeignKey(
        "workflows.AuditFinding", on_delete=models.PROTECT, null=True, related_name="orders"
    )
    breach = models.CharField(max_length=200)
    #: The unit from which it was issued.
    issuer = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    addressee = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="orders")
    #: Who answers for it (责任人): the post and through it who held it when the order was issued. Posts are never
    #: deleted, so that a transfer changes nothing here.
    accountable_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    #: Orders older than that name him in words.
    accountable = models.CharField(max_length=80, blank=True)
    deadline = models.DateField()
    #: Since when this deadline holds: issued, extended, or a further date set.
    deadline_since = models.DateTimeField(null=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    #: How often evidence was sent back.
    rounds = models.PositiveSmallIntegerField(default=0)
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_on = models.DateField(null=True)
    #: How the addressee's wait stood when he handed his evidence in: rungs done, whether more time had been asked
    #: for, and since when his deadline was a guess.
    climbed = models.PositiveSmallIntegerField(default=0)
    asked_before = models.BooleanField(default=False)
    guessed_before = models.DateField(null=True)
    #: Working days after the deadline for which the evidence lay with the verifier.
    held_days = models.PositiveSmallIntegerField(default=0)
    listed_at = models.DateTimeField(null=True)
    #: Whether the listing for supervision is published, by the rulebook when it was listed.
    listing_public = models.BooleanField(default=False)
    referred_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        items: Any
    #: Of evidence that is being sent back: the deadline that it brings, if another.
    further: dt.date | None = None

    class Meta:
        abstract = True

    # Queries

    def office(self, seat: str) -> str:
        """The office behind a seat; the addressee's is that of the unit to which the order went."""
        return self.addressee.office if seat == "addressee" else super().office(seat)

    @property
    def verifying_seat(self) -> str:
        """On whose desk evidence is laid: discipline inspection's; the audit bureau's where that is the addressee."""
        return "audit" if self.addressee.office == Office.DISCIPLINE else "discipline"

    @cached_property
    def items_left(self) -> list[RectificationItem]:
        """The items that are not judged as rectified yet."""
        return [item for item in self.items.all() if item.verdict != "done"]

    @property
    def items_shown(self) -> models.QuerySet[RectificationItem]:
        """Every item with its evidence, in two queries."""
        shown: models.QuerySet[RectificationItem] = self.items.select_related("order")
        files = ItemEvidence.objects.select_related("file")
        return shown.prefetch_related(models.Prefetch("evidence", files))

    @cached_property
    def criticised_at(self) -> dt.datetime | None:
        """When the addressee was criticised in public; the first time, if more than once."""
        return self.criticisms.filter(unit=self.addressee_id).order_by("at").values_list("at", flat=True).first()

    @cached_property
    def _posts_there(self) -> list[Post]:
        return list(Post.objects.filter(unit=self.addressee_id).select_related("person").order_by("since", "id"))

    def posts_at_addressee(self, *, on: dt.date) -> list[Post]:
        """Who holds a post at the addressee on a day; one query however often it is asked."""
        held = [post for post in self._posts_there if post.since <= on and (post.until is None or post.until >= on)]
        return [post for post in held if post.person.serves(on=on)]

    def holders(self, *, on: dt.date) -> list[Post]:
        """Who holds the accountable post on a day, where it has passed to others since the order."""
        post = self.accountable_post
        if post is None:
            return []
        held = [one for one in self.posts_at_addressee(on=on) if one.title == post.title]
        return [] if any(one.person_id == post.person_id for one in held) else held

    def vacant_since(self, *, on: dt.date) -> dt.date | None:
        """Since when nobody holds the accountable post on a day, neither who held it nor anybody after him."""
        post = self.accountable_post
        if post is None or any(one.title == post.title for one in self.posts_at_addressee(on=on)):
            return None
        held = [one for one in self._posts_there if one.title == post.title and one.since <= on]
        ends = [one.held_until for one in held]
        return max(min(day + dt.timedelta(days=1), on) if day else on for day in ends)

    @cached_property
    def answering(self) -> list[Entry]:
        """The entries of the addressee's answer: who had a hand in it, whatever became of their posts."""
        return list(Entry.objects.filter(case_id=self.pk, act__in=ANSWERING).order_by("seq").defer("payload"))

    def freezes(self, *, at: dt.datetime) -> bool:
        """Whether the addressee's filings and claims are refused because of it, as Z-07 asks of all orders at once."""
        in_time = self.state == S.SUBMITTED and self.submitted_on is not None and self.submitted_on <= self.deadline
        lapsed = not self.ended and self.deadline < timezone.localdate(at) and not in_time
        return lapsed and self.addressee.office in FILERS

    # The clock

    @property
    def answerable(self) -> Unit:
        """The addressee; for evidence that waits its verifier."""
        return super().answerable if self.state == S.SUBMITTED else self.addressee

    @property
    def lapse_is_theirs(self) -> bool:
        """The verifier is criticised only where the rulebook says so of his own term."""
        return self.state != S.SUBMITTED or self.effect == "criticise"

    def own_deadline(self, *, at: dt.datetime) -> dt.datetime | None:
        """The order's; the verifier's term stands in the rulebook."""
        with_verifier = self.state == S.SUBMITTED
        return None if self.ended or with_verifier or self.deadline == dt.date.max else calendar.end_of(self.deadline)

    def arm(self, *, at: dt.datetime) -> None:
        """Steps of the addressee do not move his deadline; only evidence hands the wait over to the verifier."""
        if self.state == S.SUBMITTED:
            self.put(climbed=self.alarm_no, asked_before=self.extended, guessed_before=self.guessed_from)
            super().arm(at=at)
        elif self.ended or self.deadline == dt.date.max:
            super().arm(at=at)
        elif self.door is not None and self.door.act.name == "send_back":
            self.take_up(at=at)
            if self.further is not None:
                self.extended = False
                self.put_off(self.further, at=at)

    def take_up(self, *, at: dt.datetime) -> None:
        """Evidence was refused: the addressee's ladder goes on where it stood.

        Reminders before the deadline whose day has passed meanwhile are not caught up on.
        """
        assert self.submitted_on is not None
        waited = calendar.elapsed(max(self.submitted_on, self.deadline), timezone.localdate(at), day_kind="working")
        self.put(held_days=self.held_days + waited)
        self.due_at, self.guessed_from = calendar.end_of(self.deadline), self.guessed_before
        self.paused_at, self.asked_days, self.raised_to, self.extended = None, None, None, self.asked_before
        ladder = self._climb()
        self.alarm_no = max(self.climbed, sum(rung.at <= at and rung.step.startswith("before") for rung in ladder))
        self._set_alarm(ladder)

    def put_off(self, day: dt.date, *, at: dt.datetime) -> None:
        """The order has another deadline, with reminders and rungs of its own; what was published stays published."""
        ladder = self._climb()
        self.put(deadline=day, deadline_since=at, held_days=0)
        self.move(calendar.end_of(day), at=at, ladder=ladder)

    def recount(self, *, at: dt.datetime) -> None:
        """The order's day is counted once, when it is set, and kept; the verifier's term as every other."""
        if self.guessed_from is not None and self.state != S.SUBMITTED:
            day = calendar.recounted(self.deadline, guessed_from=self.guessed_from, day_kind="working")
            self.put(deadline=day)
        super().recount(at=at)

    def ladder(self) -> tuple[Rung, ...]:
        """The verifier's while evidence waits, else the order's."""
        if self.state == S.SUBMITTED:
            return super().ladder()
        return () if self.due_at is None or self.ended else self._climb()

    def _climb(self) -> tuple[Rung, ...]:
        """The clock's rungs around the deadline, then those of the order; what was published is not published again."""
        clock, policy = self.book.clock, self.book.rectification
        if clock is None:
            return ()
        # What the verifier took after the deadline is nobody's delay but his.
        last = calendar.add(self.deadline, days=self.held_days, day_kind="working")
        found = [
            rung
            for day, part in ((self.deadline, "before"), (last, "after"))
            for rung in rungs(due=calendar.end_of(day), since=EVER, clock=clock, effect="escalate", automatic=None)
            if rung.step.startswith(part)
        ]
        for act, term, fact in STEPS:
            days = getattr(policy, term)
            if days is not None and not self._done_before(fact):
                found.append(after(last, days.value, act))
        return tuple(sorted(found, key=lambda rung: (rung.at, rung.act)))

    def _done_before(self, fact: str) -> bool:
        """Whether a rung was done under an earlier deadline."""
        if not (self.extensions or self.rounds):
            return False
        done = getattr(self, fact)
        return done is not None and self.deadline_since is not None and done < self.deadline_since

    def consequences(self) -> list[tuple[dt.date, str, Promise]]:
        """What follows from the day after the deadline on, by the rulebook's ladder: day, act, in words."""
        frozen = [(self.deadline + dt.timedelta(days=1), "freeze")] if self.addressee.office in FILERS else []
        later = [(timezone.localdate(rung.at), rung.act) for rung in self._climb() if rung.step.startswith("after")]
        return [(day, act, CONSEQUENCES[act]) for day, act in [*frozen, *later]]

    # More time: for the addressee, or for the verifier in his own wait

    @property
    def extension_days_max(self) -> int:
        """The rulebook's for orders; the verifier asks as every office does."""
        if self.state == S.SUBMITTED:
            return super().extension_days_max
        return self.book.rectification.extension_working_days_max.value

    @property
    def may_be_extended(self) -> bool:
        """As often as the rulebook lets the addressee; the verifier once in a wait."""
        if self.state == S.SUBMITTED:
            return super().may_be_extended
        return self.extensions < self.book.rectification.extensions_max.value and not self.extended

    def deciders(self) -> set[str]:
        """Who watches over the order decides, never the addressee itself; on the verifier's term his superior."""
        watching = {Office.DISCIPLINE.value, Office.PROGRAMME.value} - {self.addressee.office}
        return super().deciders() if self.state == S.SUBMITTED else watching

    def extend_to(self, day: dt.date, *, at: dt.datetime) -> None:
        """More time was granted: to the addressee, the order's deadline; to the verifier, his term alone."""
        if self.state == S.SUBMITTED:
            super().extend_to(day, at=at)
        else:
            self.put(extensions=self.extensions + 1)
            self.put_off(day, at=at)
