"""The measurement (工程计量): what is built of every line of the budget, signed by the supervision engineer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows import calendar, law, progress
from workflows.cases import Case
from workflows.files import attach
from workflows.law import Call, Data, Opening, act
from workflows.lifecycles.project import BudgetLine, Project
from workflows.offices import Person, Post
from workflows.rules import measuring as rules
from workflows.states import MeasurementState as S

Milli = Annotated[int, Field(ge=0, le=10**12)]
Position = Annotated[int, Field(ge=1, le=999)]

SEATS: dict[S, tuple[str, ...]] = {
    S.DRAFT: ("village",),
    S.SUBMITTED: ("supervision",),
    S.RETURNED: ("village",),
    S.SIGNED: (),
    S.WITHDRAWN: (),
}
OPEN = (S.DRAFT, S.SUBMITTED, S.RETURNED)
#: What a measurement must satisfy whenever its figures are entered.
FIGURES = (rules.lines_are_of_the_bill, rules.nothing_signed_is_undone, rules.quantities_are_in_the_bill,
           rules.measured_in_order)  # fmt: skip


class Measured(Data):
    """What is done in all: position of the budget's line -> thousandths of its unit; a line left out is not begun."""

    measured_on: dt.date
    quantities: Annotated[dict[Position, Milli], Field(max_length=60)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A line of the budget with what was signed before and what is done now, in thousandths of its unit."""

    line: BudgetLine
    before_milli: int
    now_milli: int
    share_permille: int


class Measurement(Case):
    """Cumulative quantities of one project on one day; once signed they are final, a later one supersedes them."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    measured_on = models.DateField()
    #: What its quantities come to, weighed by the amounts of the lines.
    measured_permille = models.PositiveSmallIntegerField(default=0)
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    signed_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    letter: ClassVar[str] = "M"
    opening: ClassVar[Opening] = Opening(
        label=_("Draw up a measurement"), article=rules.QUANTITIES, seats=("village",), takes=Measured,
        rules=(rules.works_are_running, rules.no_measurement_is_open, *FIGURES),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(measured_permille__lte=1000), name="measurement_within_the_whole"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, signed_post__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False, signed_post__isnull=False),
                name="measurement_signed_by_somebody",
            ),
        ]
        verbose_name = _("measurement")

    @classmethod
    def begin(cls, form: Measured, *, root: Case | None) -> Measurement:
        return cls(
            kind="measurement", state=S.DRAFT, title=root.title if root else "", measured_on=form.measured_on
        )  # fmt: skip

    def furnish(self, call: Call) -> None:
        self._keep(call)

    @cached_property
    def bill(self) -> list[BudgetLine]:
        """The lines of the project's budget, which no act changes once the plan is issued."""
        return list(self.of_project.lines.all())

    @cached_property
    def last_signed(self) -> Measurement | None:
        """The signed measurement that this one goes beyond."""
        return progress.last_signed(self.of_project, before=self.pk)

    @property
    def signed_before(self) -> dict[int, int]:
        """What was signed before: position -> thousandths."""
        return {} if self.last_signed is None else self.last_signed.quantities

    @property
    def quantities(self) -> dict[int, int]:
        """What is done: position -> thousandths."""
        return dict(self.parts.values_list("line__position", "done_milli"))

    @property
    def rows(self) -> list[Row]:
        """Every line of the budget with what is done of it."""
        before, now = self.signed_before, self.quantities
        return [
            Row(
                line=line,
                before_milli=before.get(line.position, 0),
                now_milli=now.get(line.position, 0),
                share_permille=progress.share_permille(line, now.get(line.position, 0)),
            )
            for line in self.bill
        ]

    def seats(self) -> tuple[str, ...]:
        return SEATS[S(self.state)]

    def own_deadline(self, *, at: dt.datetime) -> dt.datetime | None:
        """Until when the supervision engineer signs or returns it."""
        policy = self.book.progress
        if self.state != S.SUBMITTED or policy is None:
            return None
        days = policy.sign_days_max.value
        return calendar.term_end(at, days=days, day_kind="calendar")

    def _keep(self, call: Call) -> None:
        done = call.data.quantities
        self.parts.all().delete()
        MeasuredLine.objects.bulk_create(
            MeasuredLine(measurement=self, line=line, done_milli=done.get(line.position, 0)) for line in self.bill
        )
        self.put(measured_on=call.data.measured_on, measured_permille=progress.done_permille(self.bill, done))

    @act(source=(S.DRAFT, S.RETURNED), by="village", takes=Measured, tone="note", label=_("Correct the measurement"),
         article=rules.QUANTITIES, rules=FIGURES)  # fmt: skip
    def correct(self, call: Call) -> None:
        self._keep(call)

    @act(source=OPEN, by=("village", "supervision"), takes=law.Paper, tone="note", any_time=True,
         label=_("Attach a file"), article=_("会计档案管理办法 art. 6"), rules=(rules.photo_is_new,))  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)

    @act(source=(S.DRAFT, S.RETURNED), target=S.SUBMITTED, by="village", label=_("Submit the measurement"),
         article=rules.QUANTITIES, rules=(rules.works_are_running,))  # fmt: skip
    def submit(self, call: Call) -> None:
        """To the supervision engineer, with the photos that the rulebook asks for."""

    @act(source=S.SUBMITTED, target=S.SIGNED, by="supervision", reason_required=True, label=_("Sign the measurement"),
         article=rules.SIGNATURE, rules=(rules.works_are_running,))  # fmt: skip
    def sign_off(self, call: Call) -> None:
        """From here on the project's works are as far as it says (形象进度)."""
        self.put(signed_by=call.by, signed_post=call.seat.post, signed_at=call.at)
        self.of_project.done_permille = self.measured_permille
        # The door holds the project's row, too.
        Project.objects.filter(pk=self.project_id).update(done_permille=self.measured_permille)
        call.on_project["done_permille"] = self.measured_permille

    @act(source=S.SUBMITTED, target=S.RETURNED, by="supervision", reason_required=True, tone="back",
         label=_("Return for correction"), article=rules.SIGNATURE)  # fmt: skip
    def send_back(self, call: Call) -> None:
        self.returned_to = "village"

    @act(source=OPEN, target=S.WITHDRAWN, by="village", any_time=True, reason_required=True, tone="back",
         label=_("Withdraw the measurement"), article=rules.QUANTITIES)  # fmt: skip
    def withdraw(self, call: Call) -> None:
        """Its photos may be handed in again with another."""


class MeasuredLine(models.Model):
    """What is done of one line of the budget since the start of the works."""

    measurement = models.ForeignKey(Measurement, on_delete=models.PROTECT, related_name="parts")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="+")
    done_milli = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["line__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measurement", "line"], name="measured_line_once"),
            models.CheckConstraint(condition=Q(done_milli__gte=0), name="measured_line_positive"),
        ]
