"""Rules of complaints: about what the public knows, in time, with one extension, answered to the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflows import calendar, words
from workflows.law import Call, Unmet, Verdict, rule
from workflows.states import ProjectState

if TYPE_CHECKING:
    from workflows.lifecycles.complaint import Complaint


@rule("B-01", _("信访工作条例 art. 22"), _("The public does not know this project yet: it is a draft."),
      remedy=_("Complain about a project that has been filed."))  # fmt: skip
def project_is_filed(complaint: Complaint, call: Call) -> Verdict:
    return complaint.root is not None and complaint.root.state != ProjectState.DRAFT


@rule("B-02", _("信访工作条例 art. 22"),
      _("Whether it is taken up had to be said by %(until)s; later it needs a reason."),
      remedy=_("Write why it is late."), reads_form=True)  # fmt: skip
def late_receipt_is_explained(complaint: Complaint, call: Call) -> Verdict:
    """It must be taken up all the same, so lateness is explained and not refused."""
    due = complaint.due_at
    late = due is not None and call.at > due
    return not late or bool(call.reason.strip()) or Unmet(until=calendar.last_day(due))


@rule("B-03", _("信访工作条例 art. 34"), _("The term of this complaint was extended already."),
      remedy=_("Answer it by its day."))  # fmt: skip
def extended_once(complaint: Complaint, call: Call) -> Verdict:
    return complaint.extended_days == 0


@rule("B-04", _("信访工作条例 art. 34"), _("An extension may be of %(days)s calendar days at most."),
      remedy=_("Ask for fewer days."), reads_form=True)  # fmt: skip
def extension_is_short(complaint: Complaint, call: Call) -> Verdict:
    policy = complaint.book.complaints
    most = policy.extension_days_max.value if policy else 0
    return bool(call.data.days <= most) or Unmet(days=most)


@rule("B-05", _("信访工作条例 art. 34"), _("The term ended on %(until)s; what has lapsed is not extended."),
      remedy=_("Answer it now."))  # fmt: skip
def term_has_not_lapsed(complaint: Complaint, call: Call) -> Verdict:
    due = complaint.due_at
    return due is None or call.at <= due or Unmet(until=calendar.last_day(due))


@rule("B-06", _("信访工作条例 art. 34; 红河县扶贫开发项目资金公告公示管理办法 art. 9"),
      _("Whoever signed a complaint is told the answer himself; the day on which he was told is missing or"
        " impossible."),
      remedy=_("Tell him, and enter the day."), reads_form=True)  # fmt: skip
def signed_complaint_is_answered_to_the_person(complaint: Complaint, call: Call) -> Verdict:
    told, today = call.data.told_on, timezone.localdate(call.at)
    if told is None:
        return not complaint.signed
    return bool(timezone.localdate(complaint.received_at) <= told <= today)


@rule("B-07", _("信访工作条例 art. 22"), _("It lies with another office: %(office)s."),
      remedy=_("Only the office that handles it goes on."))  # fmt: skip
def handles_it(complaint: Complaint, call: Call) -> Verdict:
    """Offices that took no part learn no more of it than they must."""
    return call.seat.unit.office == complaint.handler or Unmet(office=words.office(complaint.handler))
