"""A request to enter afterwards an act that was done on paper earlier (补录): asked, approved by another, used once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows import calendar, superiors, words
from workflows.cases import Case
from workflows.files import attach
from workflows.law import ANY_SEAT, Call, Data, Opening, act
from workflows.offices import DEPARTMENTS, Person
from workflows.rules import belated as rules
from workflows.states import LateEntryState as S

if TYPE_CHECKING:
    from audit.models import Entry
    from workflows.rulebook.late import Late

ARTICLE = _("会计法 art. 9: only what really happened is recorded")
#: Who may stand above a desk that asks.
APPROVERS = ("township", "programme", "leading_group", "audit", "discipline")


class AskedLate(Data):
    """Which act of which case happened when on paper, and why it is entered only now; moments as the county's clock."""

    #: Number of the case and name of the act: "41 pass_township".
    deed: Annotated[str, Field(pattern=r"^\d{1,9} [a-z_]{1,40}$")]
    happened_on: dt.date
    happened_time: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    why: Annotated[str, Field(max_length=500)]
    #: The scan is a paper like any other.
    paper: Literal["other"] = "other"


class EnteredAs(Data):
    """The entry that used the approval, by its number in the record."""

    entry_id: Annotated[int, Field(gt=0)]


class LateEntry(Case):
    """A request about one act of one case of the project; it lapses unless approved, and then used, in time."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    about = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="late_entries")
    deed = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    why = models.CharField(max_length=500)
    #: The office of the desk that asked.
    asking = models.CharField(max_length=20)
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_post = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True)
    #: Number of the entry in the record that used it.
    entry_id = models.PositiveBigIntegerField(null=True)

    letter: ClassVar[str] = "L"
    AUTOMATIC: ClassVar[dict[str, str]] = {S.ASKED: "lapse", S.APPROVED: "lapse"}
    opening: ClassVar[Opening] = Opening(
        label=_("Ask to enter an act afterwards"), article=ARTICLE, seats=ANY_SEAT, takes=AskedLate,
        rules=(rules.may_be_entered_late, rules.happened_before_now, rules.order_is_kept, rules.held_the_post_then,
               rules.not_longer_ago, rules.reason_is_told, rules.paper_is_scanned),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(deed=""), name="late_entry_named")]
        verbose_name = _("late entry")

    @classmethod
    def begin(cls, form: AskedLate, *, root: Case | None) -> LateEntry:
        number, deed = form.deed.split()
        hour, minute = map(int, form.happened_time.split(":"))
        happened_at = timezone.make_aware(dt.datetime.combine(form.happened_on, dt.time(hour, minute)))
        return cls(
            kind="late_entry", state=S.ASKED, title=root.title if root else "", about_id=int(number), deed=deed,
            happened_at=happened_at, why=form.why.strip(),
        )  # fmt: skip

    def furnish(self, call: Call) -> None:
        self.put(asking=call.seat.unit.office)
        attach(self, call)

    @property
    def terms(self) -> Late | None:
        """What the rulebook says of late entries."""
        return self.book.late

    @property
    def deed_label(self) -> str:
        """The act in the reader's words."""
        return words.act(f"{self.about.kind}.{self.deed}")

    @property
    def approving(self) -> str:
        """The office that decides: the superior of the one that asks; above the highest, who supervises it."""
        above = superiors.above(self.asking)
        return above or (self.terms.supervisor.value if self.terms else "discipline")

    @property
    def opened(self) -> Entry:
        """The entry that asked."""
        return rules.opening_of(self)

    def own_deadline(self, *, at: dt.datetime) -> dt.datetime | None:
        if self.ended or self.terms is None:
            return None
        days = self.terms.use_working_days if self.state == S.APPROVED else self.terms.approve_working_days
        return calendar.term_end(at, days=days.value, day_kind="working")

    @property
    def may_be_extended(self) -> bool:
        """Paper that is entered late is not entered later still."""
        return False

    def seats(self) -> tuple[str, ...]:
        if self.ended:
            return ()
        if self.state == S.ASKED:
            return (self.approving,)
        return ("department" if self.asking in DEPARTMENTS else self.asking,)

    @act(source=S.ASKED, target=S.APPROVED, by=APPROVERS, reason_required=True, label=_("Approve the late entry"),
         article=ARTICLE,
         rules=(rules.approver_is_above, rules.approver_is_another, rules.in_time, rules.order_is_kept))  # fmt: skip
    def approve(self, call: Call) -> None:
        self.put(approved_by=call.by, approved_post=call.seat.code, approved_at=call.at)

    @act(source=S.ASKED, target=S.REFUSED, by=APPROVERS, reason_required=True, tone="back",
         label=_("Refuse the late entry"), article=ARTICLE,
         rules=(rules.approver_is_above, rules.approver_is_another))  # fmt: skip
    def refuse(self, call: Call) -> None:
        """The act has not been entered; it may be done with today's date."""

    @act(source=S.APPROVED, target=S.ENTERED, by=ANY_SEAT, takes=EnteredAs, label=_("Enter it now"), article=ARTICLE,
         rules=(rules.asker_enters, rules.in_time, rules.entry_is_the_one_asked_for))  # fmt: skip
    def enter(self, call: Call) -> None:
        self.put(entry_id=call.data.entry_id)

    @act(source=(S.ASKED, S.APPROVED), target=S.LAPSED, by="clock", tone="back", label=_("Automatic lapse"),
         article=ARTICLE)  # fmt: skip
    def lapse(self, call: Call) -> None:
        """Nobody approved it, or nobody used it, in time."""
