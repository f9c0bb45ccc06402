"""The rectification order (限期整改): typed finding, items, deadline in working days, verified item by item by another.

Overdue, the clock climbs the rulebook's ladder: reminder, report, published criticism (通报), listing for
supervision (挂牌督办), referral (移送). What the addressee files and claims meanwhile is refused (Z-07).
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from workflows import calendar, law
from workflows.cases import Attachment, Case
from workflows.files import attach
from workflows.ladder import Rung, after, rungs
from workflows.law import Call, Opening, act
from workflows.lifecycles.rectification_forms import FINDINGS, ORIGINS, VERDICTS, Answers, Issued, Proof, Results
from workflows.offices import Person, Unit
from workflows.rules import rectifying as rules
from workflows.rules.checks import RECTIFY
from workflows.states import RectificationState as S
from workflows.watch import Rings

VERIFIERS = ("discipline", "audit", "programme", "finance")
#: While it lies with the addressee; evidence that waits for its verdict is nobody's delay but the verifier's.
WITH_THE_ADDRESSEE = (S.ISSUED, S.ACKNOWLEDGED)
OPEN = (S.ISSUED, S.ACKNOWLEDGED, S.SUBMITTED)


class Rectification(Case):
    """An order to the project's unit to put things right by a day."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    finding = models.CharField(max_length=20, choices=list(FINDINGS.items()))
    origin = models.CharField(max_length=12, choices=list(ORIGINS.items()), default="inspection")
    #: The acceptance, audit, complaint or other case of the project where it was found.
    about = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    breach = models.CharField(max_length=200)
    addressee = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="orders")
    #: Who answers for the addressee at the time of the order, by name; his post may pass to another later.
    accountable = models.CharField(max_length=80, blank=True)
    deadline = models.DateField()
    extensions = models.PositiveSmallIntegerField(default=0)
    #: How often evidence was sent back.
    rounds = models.PositiveSmallIntegerField(default=0)
    #: The last order to this unit with the same finding, where it is not long ago.
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="repeated_by")
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    listed_at = models.DateTimeField(null=True)
    referred_at = models.DateTimeField(null=True)

    letter: ClassVar[str] = "Z"
    opening: ClassVar[Opening] = Opening(
        label=_("Issue a rectification order"), article=RECTIFY,
        seats=("programme", "audit", "discipline", "finance"), takes=Issued,
        rules=(rules.project_is_running, rules.origin_is_of_this_project),
    )  # fmt: skip

    class Meta:
        verbose_name = _("rectification order")

    @classmethod
    def begin(cls, form: Issued, *, root: Case | None) -> Rectification:
        assert root is not None
        return cls(
            kind="rectification", state=S.ISSUED, title=root.title, finding=form.finding, breach=form.breach,
            origin=form.origin, about_id=form.found_in, addressee=root.unit, deadline=dt.date.max,
        )  # fmt: skip

    def furnish(self, call: Call) -> None:
        RectificationItem.objects.bulk_create(RectificationItem(order=self, text=text) for text in call.data.items)
        days = self.book.rectification.deadline_working_days.value
        self.put(
            deadline=calendar.add(timezone.localdate(call.at), days=days, day_kind="working"),
            accountable=self.of_project.responsible or self.addressee.legal_representative,
            repeats=self._earlier(call.at),
        )
        self.rearm(at=call.at)

    def _earlier(self, at: dt.datetime) -> Rectification | None:
        months = self.book.rectification.repeat_months
        if months is None:
            return None
        since = calendar.months_later(timezone.localdate(at), months=-months.value)
        same = Rectification.objects.filter(addressee=self.addressee, finding=self.finding).exclude(pk=self.pk)
        return same.filter(deadline__gte=since).order_by("-pk").first()

    @cached_property
    def items_left(self) -> list[RectificationItem]:
        """The items that are not judged as rectified yet."""
        return [item for item in self.items.all() if item.verdict != "done"]

    @property
    def items_shown(self) -> models.QuerySet[RectificationItem]:
        """Every item with its evidence, in two queries."""
        return self.items.prefetch_related("evidence__file")

    def seats(self) -> tuple[str, ...]:
        if self.ended:
            return ()
        return ("discipline",) if self.state == S.SUBMITTED else ("village",)

    # The clock: one deadline for the whole order; its steps do not move it.

    def own_deadline(self, *, at: dt.datetime) -> dt.datetime | None:
        return None if self.ended or self.deadline == dt.date.max else calendar.end_of(self.deadline)

    def arm(self, *, at: dt.datetime) -> None:
        if self.due_at is None or self.ended:
            super().arm(at=at)

    def ladder(self) -> tuple[Rung, ...]:
        """The clock's rungs, then those of the order; what lies before the order is not climbed."""
        if self.due_at is None or self.ended or self.book.clock is None:
            return ()
        found = rungs(due=self.due_at, since=EVER, clock=self.book.clock, effect="escalate", automatic=None)
        policy, last = self.book.rectification, timezone.localdate(self.due_at)
        steps = (
            ("criticise", policy.criticise_after_working_days),
            ("list_for_supervision", policy.supervise_after_working_days),
            ("refer", policy.refer_after_working_days),
        )
        more = (after(last, days.value, name) for name, days in steps if days is not None)
        return tuple(sorted((*found, *more), key=lambda rung: (rung.at, rung.act)))

    @property
    def extension_days_max(self) -> int:
        return self.book.rectification.extension_working_days_max.value

    @property
    def may_be_extended(self) -> bool:
        return self.extensions < self.book.rectification.extensions_max.value and not self.extended

    @property
    def answerable(self) -> Unit:
        return self.addressee

    @property
    def lapse_is_theirs(self) -> bool:
        return self.state in WITH_THE_ADDRESSEE

    @cached_property
    def criticised_at(self) -> dt.datetime | None:
        """When it was criticised in public; the first time, where an extension lapsed as well."""
        return self.criticisms.order_by("at").values_list("at", flat=True).first()

    def deciders(self) -> set[str]:
        """Who watches over the order decides, not the addressee's superior."""
        return {"discipline", "programme"}

    def recount(self, *, at: dt.datetime) -> None:
        """Its day is counted once, when it is issued, and kept."""
        if self.guessed_from is not None:
            day = calendar.recounted(self.deadline, guessed_from=self.guessed_from, day_kind="working")
            self.put(deadline=day)
        super().recount(at=at)

    def extend_to(self, day: dt.date, *, at: dt.datetime) -> None:
        self.put(deadline=day, extensions=self.extensions + 1)
        super().extend_to(day, at=at)

    @act(source=WITH_THE_ADDRESSEE, by="clock", takes=Rings, any_time=True, tone="note",
         label=_("Automatic listing for supervision"), article=RECTIFY)  # fmt: skip
    def list_for_supervision(self, call: Call) -> None:
        self.put(listed_at=call.at)

    @act(source=WITH_THE_ADDRESSEE, by="clock", takes=Rings, any_time=True, tone="note",
         label=_("Automatic referral to discipline inspection"), article=RECTIFY)  # fmt: skip
    def refer(self, call: Call) -> None:
        self.put(referred_at=call.at)

    # The loop

    @act(source=S.ISSUED, target=S.ACKNOWLEDGED, by="village", label=_("Acknowledge"), article=RECTIFY,
         rules=(rules.is_the_addressee,))  # fmt: skip
    def acknowledge(self, call: Call) -> None:
        """The addressee has read it; the deadline runs on."""

    @act(source=S.ACKNOWLEDGED, by="village", takes=Proof, tone="note", label=_("Attach evidence of an item"),
         article=RECTIFY, rules=(rules.is_the_addressee, rules.evidence_is_for_an_open_item))  # fmt: skip
    def prove(self, call: Call) -> None:
        [file] = attach(self, call)
        ItemEvidence.objects.create(item_id=call.data.item_id, file=file, round_no=self.rounds)

    @act(source=S.ACKNOWLEDGED, target=S.SUBMITTED, by="village", takes=Answers, reason_required=True,
         label=_("Submit the evidence"), article=RECTIFY,
         rules=(rules.is_the_addressee, rules.every_item_is_proved, rules.every_item_is_answered))  # fmt: skip
    def submit(self, call: Call) -> None:
        for item in self.items_left:
            RectificationItem.objects.filter(pk=item.pk).update(answer=call.data.answers[item.pk])
        self.put(submitted_by=call.by)

    @act(source=S.SUBMITTED, target=S.VERIFIED, by=VERIFIERS, takes=Results, reason_required=True,
         label=_("Verify and close out"), article=_("Seven Systems no. 7 (销号)"),
         rules=(rules.verifier_is_not_the_addressee, rules.every_item_is_rectified))  # fmt: skip
    def verify(self, call: Call) -> None:
        self._judge(call)

    @act(source=S.SUBMITTED, target=S.ACKNOWLEDGED, by=VERIFIERS, takes=Results, reason_required=True, tone="back",
         label=_("Send back what is not rectified"), article=RECTIFY,
         rules=(rules.verifier_is_not_the_addressee, rules.something_is_left))  # fmt: skip
    def send_back(self, call: Call) -> None:
        """Still to be rectified (持续整改); the deadline stands, and what is left needs new evidence."""
        self._judge(call)
        self.put(rounds=self.rounds + 1)

    def _judge(self, call: Call) -> None:
        for item in self.items_left:
            RectificationItem.objects.filter(pk=item.pk).update(verdict=call.data.results[item.pk])

    @act(source=OPEN, by=law.ANY_SEAT, takes=law.Paper, any_time=True, tone="note",
         label=_("Attach a file"), article=RECTIFY)  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)


#: Before every order: its ladder does not depend on the state it stands in.
EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class RectificationItem(models.Model):
    """One thing to put right, what was done about it, and the verdict."""

    order = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="items")
    text = models.CharField(max_length=300)
    answer = models.TextField(blank=True)
    verdict = models.CharField(max_length=12, choices=list(VERDICTS.items()), default="open")

    class Meta:
        ordering: ClassVar = ["id"]


class ItemEvidence(models.Model):
    """A file that shows how an item was put right, in one round of the evidence."""

    item = models.ForeignKey(RectificationItem, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    round_no = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
