"""The rectification order (限期整改): typed finding, items, deadline in working days, verified by another."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows import calendar, law
from workflows.cases import Case
from workflows.files import attach
from workflows.law import Call, Data, Opening, act
from workflows.offices import Person, Unit
from workflows.rules import checks as rules
from workflows.states import RectificationState as S

#: The four triggers (七项制度之七) and the violations of no. 6.
FINDINGS = {
    "plan_changed": _("plan changed without approval"),
    "off_purpose": _("money used off its purpose"),
    "not_published": _("notice not published"),
    "below_plan": _("results clearly below the plan"),
    "diverted": _("money transferred or misappropriated"),
    "in_arrears": _("money held back or in arrears"),
    "embezzled": _("embezzlement"),
    "poor_quality": _("poor quality of the works"),
}


class Issued(Data):
    """The order: finding, article, items."""

    finding: Literal["plan_changed", "off_purpose", "not_published", "below_plan", "diverted", "in_arrears",
                     "embezzled", "poor_quality"]  # fmt: skip
    breach: Annotated[str, Field(min_length=2, max_length=200)]
    items: Annotated[
        tuple[Annotated[str, Field(min_length=2, max_length=300)], ...], Field(min_length=1, max_length=20)
    ]


class Answers(Data):
    """What was done about each item."""

    answers: dict[int, Annotated[str, Field(max_length=1000)]]


class Extension(Data):
    """How many working days more."""

    working_days: Annotated[int, Field(ge=0, le=999)]


class Rectification(Case):
    """An order to the project's unit to put things right by a day."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    finding = models.CharField(max_length=20, choices=list(FINDINGS.items()))
    breach = models.CharField(max_length=200)
    addressee = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="orders")
    deadline = models.DateField()
    extensions = models.PositiveSmallIntegerField(default=0)
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    letter: ClassVar[str] = "Z"
    opening: ClassVar[Opening] = Opening(
        label=_("Issue a rectification order"), article=rules.RECTIFY,
        seats=("programme", "audit", "discipline", "finance"), takes=Issued, rules=(rules.project_is_running,),
    )  # fmt: skip

    class Meta:
        verbose_name = _("rectification order")

    @classmethod
    def begin(cls, form: Issued, *, root: Case | None) -> Rectification:
        assert root is not None
        return cls(
            kind="rectification", state=S.ISSUED, title=root.title, finding=form.finding, breach=form.breach,
            addressee=root.unit, deadline=dt.date.max,
        )  # fmt: skip

    def furnish(self, call: Call) -> None:
        RectificationItem.objects.bulk_create(RectificationItem(order=self, text=text) for text in call.data.items)
        self.put(deadline=self._last_day(call.at))
        self.due_at = calendar.end_of(self.deadline)

    def _last_day(self, at: dt.datetime) -> dt.date:
        days = self.book.rectification.deadline_working_days.value
        return calendar.add(timezone.localdate(at), days=days, day_kind="working")

    def own_deadline(self, *, at: dt.datetime) -> dt.datetime | None:
        """One deadline for the whole order; its steps do not move it."""
        return None if self.ended or self.deadline == dt.date.max else calendar.end_of(self.deadline)

    def seats(self) -> tuple[str, ...]:
        if self.ended:
            return ()
        return ("discipline",) if self.state == S.SUBMITTED else ("village",)

    @act(source=S.ISSUED, target=S.ACKNOWLEDGED, by="village", label=_("Acknowledge"), article=rules.RECTIFY,
         rules=(rules.is_the_addressee,))  # fmt: skip
    def acknowledge(self, call: Call) -> None:
        """The addressee has read it; the deadline runs on."""

    @act(source=S.ACKNOWLEDGED, target=S.SUBMITTED, by="village", takes=Answers, reason_required=True,
         label=_("Submit the evidence"), article=rules.RECTIFY,
         rules=(rules.is_the_addressee, rules.every_item_is_answered))  # fmt: skip
    def submit(self, call: Call) -> None:
        for item in self.items.all():
            RectificationItem.objects.filter(pk=item.pk).update(answer=call.data.answers[item.pk])
        self.put(submitted_by=call.by)

    @act(source=S.SUBMITTED, target=S.VERIFIED, by=("discipline", "audit", "programme", "finance"),
         reason_required=True,
         label=_("Verify and close out"), article=_("Seven Systems no. 7 (销号)"),
         rules=(rules.verifier_is_not_the_addressee,))  # fmt: skip
    def verify(self, call: Call) -> None:
        self.items.update(done=True)

    @act(source=S.SUBMITTED, target=S.ACKNOWLEDGED, by=("discipline", "audit", "programme", "finance"),
         reason_required=True, tone="back", label=_("Send back, not rectified"), article=rules.RECTIFY,
         rules=(rules.verifier_is_not_the_addressee,))  # fmt: skip
    def send_back(self, call: Call) -> None:
        """Still to be rectified (持续整改); the deadline stands."""

    @act(source=(S.ISSUED, S.ACKNOWLEDGED), by=("discipline", "programme"), takes=Extension, reason_required=True,
         any_time=True, tone="note", label=_("Extend the deadline"), article=rules.RECTIFY,
         rules=(rules.may_be_extended, rules.extension_is_short))  # fmt: skip
    def extend(self, call: Call) -> None:
        later = calendar.add(self.deadline, days=call.data.working_days, day_kind="working")
        self.put(deadline=later, extensions=self.extensions + 1)
        self.due_at = calendar.end_of(later)

    @act(source=(S.ISSUED, S.ACKNOWLEDGED, S.SUBMITTED), by=law.ANY_SEAT, takes=law.Paper, any_time=True, tone="note",
         label=_("Attach a file"), article=rules.RECTIFY)  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)


class RectificationItem(models.Model):
    """One thing to put right, and what was done about it."""

    order = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="items")
    text = models.CharField(max_length=300)
    answer = models.TextField(blank=True)
    done = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
