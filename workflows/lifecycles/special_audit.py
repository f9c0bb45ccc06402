"""The special audit of one completed project (专项审计), by audit, finance and discipline together.

Notice and team, fieldwork with findings and samples, a section of each office, the draft, the auditee's reply or
silence, what is said to it, the report. After it each finding leads to an order, a referral, or a reason why not.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflows import law, populations
from workflows.cases import Case
from workflows.files import attach
from workflows.law import Call, Opening, act
from workflows.lifecycles.audit_forms import (
    AtOnce,
    Draft,
    Exchanged,
    Found,
    Notified,
    OneFinding,
    Replied,
    Reported,
    Responded,
    Sampled,
    Section,
    Settled,
    Supported,
)
from workflows.lifecycles.audit_rows import AuditFinding, AuditMember, AuditSection, FindingFile
from workflows.lifecycles.special_audit_facts import SpecialAuditFacts
from workflows.rules import audit_findings, auditing
from workflows.states import SpecialAuditState as S
from workflows.watch import Rings

OFFICES = ("audit", "finance", "discipline")


class SpecialAudit(SpecialAuditFacts):
    """An audit with one section an office; nobody overwrites another's."""

    AUTOMATIC: ClassVar = {S.DRAFTED: "hear_silence"}
    beside_it = ("root__project", "at_once_by")
    letter: ClassVar[str] = "A"
    opening: ClassVar[Opening] = Opening(
        label=_("Send the audit notice"), article=_("审计法 art. 28 and 42"), seats=("audit",), takes=Notified,
        rules=(auditing.project_is_under_audit, auditing.period_is_past, auditing.team_is_whole,
               auditing.team_is_independent),
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
        return cls(
            kind="special_audit", state=S.NOTIFIED, title=root.title if root else "", scope=form.scope,
            period_from=form.period_from, period_until=form.period_until,
        )  # fmt: skip

    def furnish(self, call: Call) -> None:
        AuditMember.objects.bulk_create(
            AuditMember(audit=self, post_id=one.member_post_id, leads=one.leads) for one in call.data.team
        )

    # Before the fieldwork

    @act(source=S.NOTIFIED, by="audit", takes=AtOnce, reason_required=True, tone="note",
         label=_("Approve fieldwork without days of notice"), article=_("审计法 art. 42; 审计法实施条例 art. 36"),
         rules=(auditing.another_hand_approves,))  # fmt: skip
    def approve_at_once(self, call: Call) -> None:
        self.put(special_case=call.data.special_case, at_once_at=call.at, at_once_by=call.by)

    @act(source=(S.NOTIFIED, S.FIELDWORK), by="audit", takes=Exchanged, reason_required=True, any_time=True,
         tone="note", label=_("Exchange a member of the team"), article=_("审计法 art. 15"),
         rules=(auditing.member_is_on_the_team, auditing.team_is_whole, auditing.team_is_independent))  # fmt: skip
    def exchange_member(self, call: Call) -> None:
        leaving = next(one for one in self.team_now if one.pk == call.data.leaves_id)
        leaving.left_at, leaving.left_reason = call.at, call.reason
        leaving.save(update_fields=["left_at", "left_reason"])
        AuditMember.objects.create(audit_id=self.pk, post_id=call.data.joins_post_id, leads=leaving.leads)

    @act(source=S.NOTIFIED, target=S.FIELDWORK, by="audit", label=_("Begin the fieldwork"), article=_("审计法 art. 42"),
         rules=(auditing.notice_was_given,))  # fmt: skip
    def begin_fieldwork(self, call: Call) -> None:
        """The three offices look at the works and the books."""

    # Fieldwork

    @act(source=S.FIELDWORK, by=OFFICES, takes=Sampled, any_time=True, tone="note", label=_("Draw a sample"),
         article=_("审计法 art. 43; Seven Systems no. 6"),
         rules=(auditing.actor_is_on_the_team, auditing.seed_is_there, auditing.sample_can_be_drawn))  # fmt: skip
    def draw_sample(self, call: Call) -> None:
        sample = self.draw_from(populations.of(call.data.population, self.of_project), form=call.data)
        sample.audit_id, sample.office, sample.purpose = self.pk, call.seat.unit.office, call.reason
        sample.person, sample.at = call.by, call.at
        sample.save(force_insert=True)
        self.drawn_now = sample
        call.amount_fen = sample.total_fen

    @act(source=S.FIELDWORK, by=OFFICES, takes=Found, any_time=True, tone="note", label=_("Record a finding"),
         article=_("审计法 art. 43; Seven Systems no. 6 (审计制)"),
         rules=(auditing.actor_is_on_the_team, auditing.flag_waits_for_a_finding))  # fmt: skip
    def record_finding(self, call: Call) -> None:
        form = call.data
        AuditFinding.objects.create(
            audit_id=self.pk, position=self.finding_place, finding=form.finding, article=form.article, facts=form.facts,
            amount_fen=form.amount_fen, flag_number=form.flag_number, office=call.seat.unit.office, person=call.by,
            at=call.at,
        )  # fmt: skip
        call.amount_fen = form.amount_fen

    @act(source=(S.FIELDWORK, S.DRAFTED), by=OFFICES, takes=OneFinding, any_time=True, reason_required=True,
         tone="note", label=_("Withdraw a finding"), article=_("Seven Systems no. 6; 审计法实施条例 art. 39"),
         rules=(audit_findings.finding_is_the_offices_own,))  # fmt: skip
    def withdraw_finding(self, call: Call) -> None:
        self.findings.filter(pk=call.data.finding_id).update(
            withdrawn_at=call.at, withdrawn_by=call.by, withdrawn_reason=call.reason
        )

    @act(source=S.FIELDWORK, by=OFFICES, takes=Section, reason_required=True, tone="sign",
         label=_("Write the section"), article=_("Seven Systems no. 6 (会同财政、纪检监察)"),
         rules=(auditing.section_is_missing, auditing.actor_is_on_the_team))  # fmt: skip
    def sign_section(self, call: Call) -> None:
        self._write_down(call, note_no=0)
        self.sign(call, seat=call.seat.unit.office)

    @act(source=S.FIELDWORK, by=OFFICES, takes=Section, reason_required=True, any_time=True, tone="note",
         label=_("Add a note to the own section"), article=_("Seven Systems no. 6 (会同财政、纪检监察)"),
         rules=(auditing.own_section_is_written, auditing.actor_is_on_the_team))  # fmt: skip
    def add_note(self, call: Call) -> None:
        self._write_down(call, note_no=sum(one.office == call.seat.unit.office for one in self.written))

    def _write_down(self, call: Call, *, note_no: int) -> None:
        AuditSection.objects.create(
            audit_id=self.pk, office=call.seat.unit.office, note_no=note_no, agrees=call.data.agrees, text=call.reason,
            conclusion=call.data.conclusion, person=call.by, post=call.seat.post, behalf=call.seat.behalf, at=call.at,
        )  # fmt: skip
        self.__dict__.pop("written", None)

    @act(source=S.FIELDWORK, target=S.DRAFTED, by="audit", takes=Draft, reason_required=True,
         label=_("Send the draft report"), article=_("审计法 art. 44"),
         rules=(auditing.every_section_is_written,))  # fmt: skip
    def draft(self, call: Call) -> None:
        self.put(audited_fen=call.data.audited_fen, draft_text=call.reason)
        call.amount_fen = call.data.audited_fen

    # The auditee

    @act(source=S.DRAFTED, by="village", takes=Supported, any_time=True, tone="note",
         label=_("Attach a file to the answer to a finding"), article=_("审计法 art. 44"),
         rules=(audit_findings.reply_term_runs, audit_findings.file_is_for_a_finding))  # fmt: skip
    def support(self, call: Call) -> None:
        [file] = attach(self, call)
        FindingFile.objects.create(finding_id=call.data.finding_id, file=file)

    @act(source=S.DRAFTED, by="village", takes=Replied, any_time=True, reason_required=True, tone="note",
         label=_("Reply to the draft"), article=_("审计法 art. 44; 审计法实施条例 art. 39"),
         rules=(audit_findings.reply_term_runs, audit_findings.no_reply_is_there,
                audit_findings.answers_are_to_findings))  # fmt: skip
    def answer(self, call: Call) -> None:
        for finding, text in call.data.replies.items():
            self.findings.filter(pk=finding).update(reply=text)
        self.put(reply=call.reason, replied_at=call.at)
        self.move(self.due_at, at=call.at)

    @act(source=S.DRAFTED, by="clock", takes=Rings, any_time=True, tone="note",
         label=_("Automatic: silence counts as no objection"),
         article=_("审计法实施条例 art. 39"))  # fmt: skip
    def hear_silence(self, call: Call) -> None:
        self.put(silent=not self.replied_at)

    @act(source=S.DRAFTED, by="audit", takes=Responded, reason_required=True, tone="note",
         label=_("Respond to the reply"), article=_("审计法 art. 45; 审计法实施条例 art. 39"),
         rules=(audit_findings.reply_is_there, audit_findings.every_answer_is_responded_to))  # fmt: skip
    def respond(self, call: Call) -> None:
        for finding, verdict in call.data.responses.items():
            said = call.data.grounds.get(finding, "")
            self.findings.filter(pk=finding).update(response=verdict, grounds=said)
        self.put(response=call.reason)

    @act(source=S.DRAFTED, target=S.REPORTED, by="audit", takes=Reported, reason_required=True,
         label=_("Issue the report"), article=_("审计法 art. 45"),
         rules=(audit_findings.auditee_was_heard, audit_findings.answers_were_responded_to,
                audit_findings.adopted_flags_are_answered))  # fmt: skip
    def conclude(self, call: Call) -> None:
        self.put(report_text=call.reason)
        call.amount_fen = self.audited_fen

    # After the report

    @act(source=S.REPORTED, by="audit", takes=Settled, any_time=True, afterwards=True,
         reason_required=True, tone="note", label=_("Say what a finding led to"),
         article=_("审计法 art. 45, 52 and 54; 审计法实施条例 art. 40"),
         rules=(audit_findings.finding_is_open, audit_findings.outcome_is_whole))  # fmt: skip
    def settle_finding(self, call: Call) -> None:
        form = call.data
        self.findings.filter(pk=form.finding_id).update(
            outcome=form.outcome, order_id=form.order_id if form.outcome == "order" else None,
            referred_to=(form.referred_to or "") if form.outcome == "referral" else "",
            outcome_reason=call.reason, settled_at=call.at, settled_by=call.by,
        )  # fmt: skip

    @act(source=(S.NOTIFIED, S.FIELDWORK, S.DRAFTED), by=(*OFFICES, "village"), any_time=True,
         takes=law.Paper, tone="note", label=_("Attach a file"), article=_("审计法 art. 34"))  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)
