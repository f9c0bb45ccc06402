"""The special audit of one completed project (专项审计), by audit, finance and discipline together."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows import calendar, law
from workflows.cases import Case
from workflows.files import attach
from workflows.ladder import Rung
from workflows.law import Call, Data, Opening, act
from workflows.lifecycles.forms import Fen
from workflows.rules import checks as rules
from workflows.states import SpecialAuditState as S
from workflows.watch import Rings


class Notified(Data):
    """The audit notice: its scope."""

    scope: Annotated[str, Field(min_length=2, max_length=1000)]


class Section(Data):
    """An office's own section: whether it agrees that money and quality are in order."""

    agrees: bool


class Draft(Data):
    """The draft report: the price as audited, in fen."""

    audited_fen: Fen


class SpecialAudit(Case):
    """An audit with one section an office; nobody overwrites another's."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    scope = models.TextField()
    audited_fen = models.BigIntegerField(null=True)
    reply = models.TextField(blank=True)
    #: The term passed without a reply: silence counts as none.
    silent = models.BooleanField(default=False)

    AUTOMATIC: ClassVar = {S.DRAFTED: "hear_silence"}
    letter: ClassVar[str] = "A"
    opening: ClassVar[Opening] = Opening(
        label=_("Send the audit notice"), article=_("审计法 art. 42"), seats=("audit",), takes=Notified,
        rules=(rules.project_is_under_audit,),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(audited_fen__isnull=True) | Q(audited_fen__gte=0), name="audit_price_positive"
            )
        ]
        verbose_name = _("special audit")

    @classmethod
    def begin(cls, form: Notified, *, root: Case | None) -> SpecialAudit:
        return cls(kind="special_audit", state=S.NOTIFIED, title=root.title if root else "", scope=form.scope)

    def sections_missing(self) -> tuple[str, ...]:
        """Offices whose section is not written yet."""
        written = set(self.opinions.values_list("seat", flat=True))
        return tuple(office for office in self.book.checks.audit_sections.value if office not in written)

    def seats(self) -> tuple[str, ...]:
        match self.state:
            case S.FIELDWORK:
                return self.sections_missing() or ("audit",)
            case S.DRAFTED:
                return ("audit",)
            case S.REPORTED:
                return ()
            case _:
                return ("audit",)

    def own_deadline(self, *, at: dt.datetime) -> dt.datetime | None:
        if self.state != S.DRAFTED:
            return None
        days = self.book.checks.audit_reply_working_days_max.value
        return calendar.term_end(at, days=days, day_kind="working")

    def ladder(self) -> tuple[Rung, ...]:
        """Once the auditee has replied, nothing is left for the clock to hear."""
        return () if self.reply else super().ladder()

    @act(source=S.NOTIFIED, target=S.FIELDWORK, by="audit", label=_("Begin the fieldwork"), article=_("审计法 art. 42"),
         rules=(rules.notice_was_given,))  # fmt: skip
    def begin_fieldwork(self, call: Call) -> None:
        """The three offices look at the works and the books."""

    @act(source=S.FIELDWORK, by=("audit", "finance", "discipline"), takes=Section, reason_required=True, tone="sign",
         label=_("Write the section"), article=_("Seven Systems no. 6 (会同财政、纪检监察)"),
         rules=(rules.section_is_missing,))  # fmt: skip
    def sign_section(self, call: Call) -> None:
        self.sign(call, seat=call.seat.unit.office)

    @act(source=S.FIELDWORK, target=S.DRAFTED, by="audit", takes=Draft, reason_required=True,
         label=_("Send the draft report"), article=_("审计法 art. 44"),
         rules=(rules.every_section_is_written,))  # fmt: skip
    def draft(self, call: Call) -> None:
        self.put(audited_fen=call.data.audited_fen)
        call.amount_fen = call.data.audited_fen

    @act(source=S.DRAFTED, by="village", any_time=True, reason_required=True, tone="note",
         label=_("Reply to the draft"),
         article=_("审计法 art. 44"))  # fmt: skip
    def answer(self, call: Call) -> None:
        self.put(reply=call.reason)
        self.move(self.due_at, at=call.at)

    @act(source=S.DRAFTED, by="clock", takes=Rings, any_time=True, tone="note",
         label=_("Automatic: silence counts as no objection"),
         article=_("审计法实施条例 art. 39"))  # fmt: skip
    def hear_silence(self, call: Call) -> None:
        self.put(silent=not self.reply)

    @act(source=S.DRAFTED, target=S.REPORTED, by="audit", reason_required=True, label=_("Issue the report"),
         article=_("审计法 art. 45"), rules=(rules.auditee_was_heard,))  # fmt: skip
    def conclude(self, call: Call) -> None:
        call.amount_fen = self.audited_fen

    @act(source=(S.NOTIFIED, S.FIELDWORK, S.DRAFTED), by=("audit", "finance", "discipline", "village"), any_time=True,
         takes=law.Paper, tone="note", label=_("Attach a file"), article=_("审计法 art. 34"))  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)
