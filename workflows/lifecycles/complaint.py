"""A complaint about a project (投诉举报): received, taken up or not, investigated, answered or referred."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar, Literal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows import calendar, law, words
from workflows.cases import Case
from workflows.files import attach
from workflows.law import Call, Data, Opening, act
from workflows.lifecycles.notice_forms import Contact, Receipt, Referral
from workflows.receipt_codes import digest
from workflows.rules import complaining as rules
from workflows.rules.noticing import receipt_is_ours
from workflows.secrecy import TOKEN_START, SealedField, Secret
from workflows.states import ComplaintState as S
from workflows.words import REFERRALS

RECEIPT, TERM = _("信访工作条例 art. 22"), _("信访工作条例 art. 34")
#: Where a complaint stands in time before its opening act says so.
NOT_YET = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
#: Offices that may be charged with a complaint; whom it concerns is none of them.
HANDLERS = ("township", "programme", "discipline")


class Complained(Data):
    """A complaint, by name or anonymous."""

    text: Annotated[str, Field(min_length=2, max_length=4000)]
    complainant: Annotated[str, Field(max_length=40, repr=False)] = ""
    contact: Contact = ""
    receipt: Receipt = ""


class Assigned(Data):
    """Which office looks into it."""

    handler: Literal["township", "programme", "discipline"]


class Extended(Data):
    """How many calendar days more."""

    days: Annotated[int, Field(ge=1, le=999)]


class Concluded(Data):
    """What was found; on which day the complainant was told."""

    founded: bool
    told_on: dt.date | None = None


class Referred(Data):
    """Others must look into it."""

    referred_to: Referral


class Complaint(Case):
    """One complaint. Who complains and how to reach him is sealed; his receipt is kept as a digest."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    text = models.TextField()
    complainant = SealedField(default=Secret)
    contact = SealedField(default=Secret)
    receipt_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    received_at = models.DateTimeField()
    handler = models.CharField(max_length=20, blank=True)
    extended_days = models.PositiveSmallIntegerField(default=0)
    founded = models.BooleanField(null=True)
    referred_to = models.CharField(max_length=12, choices=list(REFERRALS.items()), blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    told_on = models.DateField(null=True)

    letter: ClassVar[str] = "S"
    opening: ClassVar[Opening] = Opening(
        label=_("Record a complaint"), article=RECEIPT, seats=(*HANDLERS, "public"), takes=Complained,
        rules=(rules.project_is_filed, receipt_is_ours),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(complainant="") | Q(complainant__startswith=TOKEN_START))
                & (Q(contact="") | Q(contact__startswith=TOKEN_START)),
                name="complaint_sealed",
            ),
        ]
        verbose_name = _("complaint")

    @classmethod
    def begin(cls, form: Complained, *, root: Case | None) -> Complaint:
        return cls(
            kind="complaint", state=S.RECEIVED, title=root.title if root else "", text=form.text,
            complainant=Secret.of(form.complainant), contact=Secret.of(form.contact),
            receipt_sha256=digest(form.receipt), received_at=NOT_YET,
        )  # fmt: skip

    def furnish(self, call: Call) -> None:
        self.put(received_at=call.at)

    @property
    def may_be_extended(self) -> bool:
        """Not by the clock's way: its term is the law's, and ``extend`` is the law's one extension of it."""
        return False

    @property
    def signed(self) -> bool:
        """Whether somebody put his name to it."""
        return bool(self.complainant)

    @property
    def outcome(self) -> str:
        """What became of it, in plain words."""
        if self.referred_to:
            return gettext("referred to %(office)s") % {"office": words.referral(self.referred_to)}
        return words.complaint(self.state, founded=self.founded)

    @property
    def due_on(self) -> dt.date | None:
        """The last day of the step that it waits for; ``None`` when it waits for nothing."""
        return timezone.localdate(self.due_at) if self.due_at and not self.ended else None

    def seats(self) -> tuple[str, ...]:
        if self.ended:
            return ()
        return (self.handler,) if self.state == S.INVESTIGATING else ("programme",)

    def own_deadline(self, *, at: dt.datetime) -> dt.datetime | None:
        """In calendar days: from its receipt, then from its being taken up (信访工作条例 art. 22 and 34)."""
        policy = self.book.complaints
        if policy is None or self.ended:
            return None
        days = policy.receipt_days_max.value
        if self.state == S.INVESTIGATING:
            days = policy.handle_days_max.value + self.extended_days
        return calendar.term_end(self.state_since, days=days, day_kind="calendar")

    @act(source=S.RECEIVED, target=S.INVESTIGATING, by=("programme", "discipline"), any_time=True, takes=Assigned,
         label=_("Take the complaint up"), article=RECEIPT, rules=(rules.late_receipt_is_explained,))  # fmt: skip
    def accept(self, call: Call) -> None:
        """It goes to the office that looks into it."""
        self.put(handler=call.data.handler)

    @act(source=S.RECEIVED, target=S.DECLINED, by=("programme", "discipline"), any_time=True, reason_required=True,
         tone="back", label=_("Do not take it up"), article=RECEIPT)  # fmt: skip
    def decline(self, call: Call) -> None:
        """The reason is the answer that the complainant reads."""
        self.put(answer=call.reason, answered_at=call.at)

    @act(source=S.INVESTIGATING, by="leading_group", any_time=True, takes=Extended, reason_required=True, tone="note",
         label=_("Extend the term"), article=TERM,
         rules=(rules.extended_once, rules.term_has_not_lapsed, rules.extension_is_short))  # fmt: skip
    def extend(self, call: Call) -> None:
        self.put(extended_days=call.data.days)
        self.rearm(at=call.at)

    @act(source=S.INVESTIGATING, target=S.ANSWERED, by=HANDLERS, takes=Concluded, reason_required=True,
         label=_("Answer the complaint"), article=TERM,
         rules=(rules.handles_it, rules.signed_complaint_is_answered_to_the_person))  # fmt: skip
    def conclude(self, call: Call) -> None:
        """Founded, it calls for a rectification order on the project."""
        self.put(founded=call.data.founded, told_on=call.data.told_on, answer=call.reason, answered_at=call.at)

    @act(source=(S.RECEIVED, S.INVESTIGATING), target=S.REFERRED, by=("programme", "discipline"), any_time=True,
         takes=Referred, reason_required=True, tone="back", label=_("Refer the complaint"),
         article=_("信访工作条例 art. 22 (移送)"))  # fmt: skip
    def refer(self, call: Call) -> None:
        self.put(referred_to=call.data.referred_to, answer=call.reason, answered_at=call.at)

    @act(source=(S.RECEIVED, S.INVESTIGATING), by=HANDLERS, takes=law.Paper, any_time=True, tone="note",
         label=_("Attach a file"), article=TERM)  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)

    def redact(self, data: dict[str, Any]) -> dict[str, Any]:
        """Who complains is not written into the record."""
        return {name: value for name, value in data.items() if name not in ("complainant", "contact", "receipt")}
