"""Rules of a special audit from its findings on: reply, response, report, and what each finding leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflows import calendar, words
from workflows.law import Call, Unmet, Verdict, rule

if TYPE_CHECKING:
    from workflows.lifecycles.project import Project
    from workflows.lifecycles.rectification import Rectification
    from workflows.lifecycles.special_audit import SpecialAudit

REPLY = _("审计法 art. 44; 审计法实施条例 art. 39")


@rule("A-05", REPLY, _("The auditee may reply until %(until)s; silence until then counts as no objection."),
      remedy=_("Report after the reply or after that day."))  # fmt: skip
def auditee_was_heard(audit: SpecialAudit, call: Call) -> Verdict:
    if audit.reply or audit.silent:
        return True
    return timezone.localdate(call.at) > audit.reply_until or Unmet(until=calendar.last_day(audit.reply_until))


@rule("A-10", REPLY, _("The term to reply ended on %(until)s; silence counted as no objection."),
      remedy=_("The report says what holds; objections to it go to the audit office."))  # fmt: skip
def reply_term_runs(audit: SpecialAudit, call: Call) -> Verdict:
    until = audit.reply_until
    return (not audit.silent and timezone.localdate(call.at) <= until) or Unmet(until=calendar.last_day(until))


@rule("A-11", REPLY, _("The auditee has replied already."),
      remedy=_("Attach what is still to be said as a file."))  # fmt: skip
def no_reply_is_there(audit: SpecialAudit, call: Call) -> Verdict:
    return audit.replied_at is None


@rule("A-12", REPLY, _("An answer belongs to a finding of the draft that stands."),
      remedy=_("Reload the page and answer the findings that it shows."), reads_form=True)  # fmt: skip
def answers_are_to_findings(audit: SpecialAudit, call: Call) -> Verdict:
    return bool(call.data.replies.keys() <= {one.pk for one in audit.standing})


@rule("A-27", REPLY, _("A file belongs to one finding of the draft that stands, as exactly one file."),
      remedy=_("Choose a finding and attach one file."), reads_form=True)  # fmt: skip
def file_is_for_a_finding(audit: SpecialAudit, call: Call) -> Verdict:
    return len(call.files) == 1 and call.data.finding_id in {one.pk for one in audit.standing}


@rule("A-13", REPLY, _("The auditee has not replied, or was responded to already."),
      remedy=_("Respond once, after the reply."))  # fmt: skip
def reply_is_there(audit: SpecialAudit, call: Call) -> Verdict:
    return audit.replied_at is not None and not audit.response


@rule("A-14", _("审计法 art. 45; 审计法实施条例 art. 39"),
      _("Each answer needs a response, and one that is not accepted in full its grounds: %(findings)s."),
      remedy=_("Respond to each finding that the auditee answered."), reads_form=True)  # fmt: skip
def every_answer_is_responded_to(audit: SpecialAudit, call: Call) -> Verdict:
    said, grounds = call.data.responses, call.data.grounds
    answered = [one for one in audit.standing if one.reply]
    bare = [
        one for one in answered
        if one.pk not in said or (said[one.pk] != "accepted" and not grounds.get(one.pk, "").strip())
    ]  # fmt: skip
    foreign = said.keys() - {one.pk for one in answered}
    return not (bare or foreign) or Unmet(findings=words.listed(bare or ["?"]))


@rule("A-15", _("审计法 art. 45"), _("The reply has not been responded to yet."),
      remedy=_("Respond to it finding by finding first."))  # fmt: skip
def answers_were_responded_to(audit: SpecialAudit, call: Call) -> Verdict:
    return all(one.response for one in audit.standing if one.reply)


@rule("A-29", _("审计法 art. 43 and 45"),
      _("Adopted red flags of the project are without a finding in the special audit: %(flags)s."),
      remedy=_("Take them up as findings during the fieldwork, or say with the report why no finding follows."),
      reads_form=True)  # fmt: skip
def adopted_flags_are_answered(audit: SpecialAudit, call: Call) -> Verdict:
    from workflows.flags import taken

    if call.data.flags_reason.strip():
        return True
    left = [one.case_number for one in taken.left(audit.project_id)]
    return not left or Unmet(flags=words.listed(left))


@rule("A-17", _("Seven Systems no. 6 (会同财政、纪检监察)"),
      _("The finding is another office's, or was withdrawn already."),
      remedy=_("Only the office that found it withdraws it, with its reason."), reads_form=True)  # fmt: skip
def finding_is_the_offices_own(audit: SpecialAudit, call: Call) -> Verdict:
    own = {one.pk for one in audit.standing if one.office == call.seat.unit.office}
    return call.data.finding_id in own


@rule("A-19", _("审计法 art. 45 and 52"), _("The finding is not of this report, or it has led to something already."),
      remedy=_("Choose one of the findings that are still open."), reads_form=True)  # fmt: skip
def finding_is_open(audit: SpecialAudit, call: Call) -> Verdict:
    return call.data.finding_id in {one.pk for one in audit.unsettled}


@rule("A-20", _("审计法 art. 45 and 54; 审计法实施条例 art. 40"),
      _("An order must be one that was found in this audit; a referral must say to whom."),
      remedy=_("Choose the order, or the authority that it is referred to."), reads_form=True)  # fmt: skip
def outcome_is_whole(audit: SpecialAudit, call: Call) -> Verdict:
    form = call.data
    if form.outcome == "order":
        orders = audit.of_project.family.filter(kind="rectification", rectification__about=audit.pk)
        return form.order_id is not None and orders.filter(pk=form.order_id).exists()
    return form.outcome != "referral" or form.referred_to is not None


@rule("A-21", _("审计法 art. 52; Seven Systems no. 6; rulebook, checks.audit_findings_gate"),
      _("Findings of the special audit have led to nothing yet: %(findings)s."),
      remedy=_("The audit office issues an order, refers it, or says why nothing follows."))  # fmt: skip
def findings_are_dealt_with(project: Project, call: Call) -> Verdict:
    gate = project.book.checks.audit_findings_gate
    if gate is None or call.act.code(project.kind) not in gate.value:
        return True
    left = _left_open(project)
    return not left or Unmet(findings=words.listed(left))


def _left_open(project: Project) -> list[str]:
    from workflows.lifecycles.audit_rows import AuditFinding

    rows = AuditFinding.objects.filter(AuditFinding.left_open(), audit__root=project.pk).select_related("audit")
    return [f"{one.audit.number} · {one}" for one in rows]


@rule("A-24", _("审计法 art. 45 and 52"),
      _("The finding is not open in a report on this project, or the order names another case as its origin."),
      remedy=_("Issue the order from the list of open findings of the audit."), reads_form=True)  # fmt: skip
def order_follows_an_open_finding(order: Rectification, call: Call) -> Verdict:
    from workflows.lifecycles.audit_rows import AuditFinding

    form = call.data
    if form.audit_finding_id is None:
        return True
    left = AuditFinding.objects.filter(AuditFinding.left_open(), pk=form.audit_finding_id, audit__root=order.root_id)
    return form.origin == "audit" and left.filter(audit=form.found_in).exists()
