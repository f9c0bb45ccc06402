"""The rectification order (限期整改): typed finding, items, deadline in working days, verified item by item by another.

Overdue, the clock climbs the rulebook's ladder: reminder, report, published criticism (通报), listing for
supervision (挂牌督办), referral (移送). What the addressee files and claims meanwhile is refused (Z-07). The facts
and the clock's part stand in :mod:`workflows.lifecycles.rectification_facts`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflows import calendar, law
from workflows.cases import Case
from workflows.files import attach
from workflows.law import Call, Opening, act
from workflows.lifecycles.rectification_facts import RectificationFacts
from workflows.lifecycles.rectification_forms import Answers, Issued, Proof, Results, SentBack
from workflows.lifecycles.rectification_rows import ItemEvidence, RectificationItem
from workflows.offices import Post
from workflows.rules import rectifying as rules
from workflows.rules.audit_findings import order_follows_an_open_finding
from workflows.rules.checks import RECTIFY
from workflows.states import RectificationState as S
from workflows.watch import Rings

VERIFIERS = ("discipline", "audit", "programme", "finance")
#: While it lies with the addressee; evidence that waits for its verdict is nobody's delay but the verifier's.
WITH_THE_ADDRESSEE = (S.ISSUED, S.ACKNOWLEDGED)
OPEN = (S.ISSUED, S.ACKNOWLEDGED, S.SUBMITTED)
#: Who judges the evidence has no part in the addressee nor in its answer.
OTHER_HANDS = (
    rules.verifier_is_not_the_addressee,
    rules.verifier_is_not_under_the_addressee,
    rules.verifier_had_no_hand_in_the_answer,
)


class Rectification(RectificationFacts):
    """An order to whoever bears the failing to put things right by a day."""

    #: The last order to this unit with the same finding, where it is not long ago.
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="repeated_by")

    beside_it = (
        "root__project",
        "addressee",
        "accountable_post__person",
        "issuer",
        "repeats",
        "about",
        "submitted_by",
        "audit_finding",
    )
    letter: ClassVar[str] = "Z"
    opening: ClassVar[Opening] = Opening(
        label=_("Issue a rectification order"), article=RECTIFY,
        seats=("programme", "audit", "discipline", "finance"), takes=Issued,
        rules=(rules.project_is_running, rules.addressee_had_a_part, rules.addressee_is_not_above_the_issuer,
               rules.origin_is_of_this_project, order_follows_an_open_finding, rules.accountable_person_holds_a_post),
    )  # fmt: skip

    class Meta:
        verbose_name = _("rectification order")

    @classmethod
    def begin(cls, form: Issued, *, root: Case | None) -> Rectification:
        assert root is not None
        return cls(
            kind="rectification", state=S.ISSUED, title=root.title, finding=form.finding, breach=form.breach,
            origin=form.origin, about_id=form.found_in, audit_finding_id=form.audit_finding_id,
            addressee_id=form.addressee_id or root.unit_id, deadline=dt.date.max,
        )  # fmt: skip

    def furnish(self, call: Call) -> None:
        RectificationItem.objects.bulk_create(
            RectificationItem(order=self, text=one.demand, article=one.article, finding=one.finding or "")
            for one in call.data.items
        )
        days = self.book.rectification.deadline_working_days.value
        self.put(
            deadline=calendar.add(timezone.localdate(call.at), days=days, day_kind="working"), deadline_since=call.at,
            issuer=call.seat.unit, accountable_post=_post(call.data.accountable_post_id), repeats=self._earlier(call),
        )  # fmt: skip
        self.rearm(at=call.at)

    def _earlier(self, call: Call) -> Rectification | None:
        """The last order to the same unit with one of the same findings, not longer ago than the rulebook says."""
        months = self.book.rectification.repeat_months
        if months is None:
            return None
        since = calendar.months_later(timezone.localdate(call.at), months=-months.value)
        kinds = {self.finding, *(one.finding for one in call.data.items if one.finding)}
        alike = Q(finding__in=kinds) | Q(items__finding__in=kinds)
        same = Rectification.objects.filter(alike, addressee=self.addressee, deadline__gte=since)
        return same.filter(deadline_since__lte=call.at).exclude(pk=self.pk).order_by("-pk").first()

    def seats(self) -> tuple[str, ...]:
        if self.ended:
            return ()
        return (self.verifying_seat,) if self.state == S.SUBMITTED else ("addressee",)

    def redact(self, data: dict[str, Any]) -> dict[str, Any]:
        """The record also says by name to whom it went and who answers for it, and until when it now runs."""
        data = data | {"deadline": self.deadline.isoformat()}
        if "accountable_post_id" not in data:
            return data
        data |= {"addressee_id": self.addressee_id, "addressee": f"{self.addressee.code} {self.addressee.name}"}
        post = self.accountable_post
        if post is None:
            return data
        return data | {"accountable": f"{post.unit.code} {post.title} {post.person.name}"}

    # The clock, overdue

    @act(source=WITH_THE_ADDRESSEE, by="clock", takes=Rings, any_time=True, tone="note",
         label=_("Automatic listing for supervision"), article=RECTIFY)  # fmt: skip
    def list_for_supervision(self, call: Call) -> None:
        published = self.book.rectification.publish_listing
        self.put(listed_at=call.at, listing_public=published is not None and published.value)

    @act(source=WITH_THE_ADDRESSEE, by="clock", takes=Rings, any_time=True, tone="note",
         label=_("Automatic referral to discipline inspection"), article=RECTIFY)  # fmt: skip
    def refer(self, call: Call) -> None:
        self.put(referred_at=call.at)

    # The loop

    @act(source=S.ISSUED, target=S.ACKNOWLEDGED, by="addressee", label=_("Acknowledge"), article=RECTIFY,
         rules=(rules.is_the_addressee,))  # fmt: skip
    def acknowledge(self, call: Call) -> None:
        """The addressee has read it; the deadline runs on."""

    @act(source=S.ACKNOWLEDGED, by="addressee", takes=Proof, tone="note", label=_("Attach evidence of an item"),
         article=RECTIFY, rules=(rules.is_the_addressee, rules.evidence_is_for_an_open_item))  # fmt: skip
    def prove(self, call: Call) -> None:
        [file] = attach(self, call)
        ItemEvidence.objects.create(item_id=call.data.item_id, file=file, round_no=self.rounds)

    @act(source=S.ACKNOWLEDGED, target=S.SUBMITTED, by="addressee", takes=Answers, reason_required=True,
         label=_("Submit the evidence"), article=RECTIFY,
         rules=(rules.is_the_addressee, rules.every_item_is_proved, rules.every_item_is_answered))  # fmt: skip
    def submit(self, call: Call) -> None:
        for item in self.items_left:
            item.answer = call.data.answers[item.pk]
        RectificationItem.objects.bulk_update(self.items_left, ["answer"])
        self.put(submitted_by=call.by, submitted_on=timezone.localdate(call.at))

    @act(source=S.SUBMITTED, target=S.VERIFIED, by=VERIFIERS, takes=Results, reason_required=True,
         label=_("Verify and close out"), article=_("Seven Systems no. 7 (销号)"),
         rules=(*OTHER_HANDS, rules.every_item_is_rectified))  # fmt: skip
    def verify(self, call: Call) -> None:
        self._judge(call)

    @act(source=S.SUBMITTED, target=S.ACKNOWLEDGED, by=VERIFIERS, takes=SentBack, reason_required=True, tone="back",
         label=_("Send back what is not rectified"), article=RECTIFY,
         rules=(*OTHER_HANDS, rules.something_is_left, rules.further_dates_are_set, rules.further_dates_are_allowed,
                rules.item_may_be_continued))  # fmt: skip
    def send_back(self, call: Call) -> None:
        """What is left needs new evidence. The deadline stands and the ladder goes on where it stood, unless all that
        is left is being rectified (持续整改): then the deadline follows the last further date."""
        self._judge(call)
        self.put(rounds=self.rounds + 1)
        left = {item.verdict for item in self.items_left} - {"done"}
        last = max(call.data.until.values(), default=self.deadline)
        self.further = last if left == {"continuing"} and last > self.deadline else None

    def _judge(self, call: Call) -> None:
        until = getattr(call.data, "until", {})
        for item in self.items_left:
            day = until.get(item.pk)
            item.verdict, item.due_on = call.data.results[item.pk], day
            item.continued += day is not None
        RectificationItem.objects.bulk_update(self.items_left, ["verdict", "due_on", "continued"])

    @act(source=OPEN, by=law.ANY_SEAT, takes=law.Paper, any_time=True, tone="note",
         label=_("Attach a file"), article=RECTIFY)  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)


def _post(pk: int | None) -> Post | None:
    return None if pk is None else Post.objects.select_related("unit", "person").get(pk=pk)
