"""Rules of entering afterwards (补录): what, how far back, in which order, by whom, approved by whom, on what paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from workflows import calendar, words
from workflows.law import Call, Unmet, Verdict, rule
from workflows.seating import seat_for

if TYPE_CHECKING:
    from workflows.cases import Case
    from workflows.lifecycles.late_entry import LateEntry

TRUE = _("会计法 art. 9: only what really happened is recorded")
TERMS = _("rulebook, late entries")
APART = _("会计法 art. 25 and 35; rulebook, late entries")

#: What offices decide on paper. What moves money, opens or closes a public term or hears the public is done on its
#: day: entered afterwards, it would shorten a term that others have.
ENTERABLE: dict[str, frozenset[str]] = {
    "project": frozenset({
        "file", "pass_township", "sign_joint", "conclude_joint", "admit", "return_to", "send_back", "resubmit",
        "withdraw", "reject", "start_procurement", "sign_contract", "start", "complete", "begin_checks",
        "pass_acceptance", "send_to_rectify", "resume_acceptance", "hand_over", "suspend", "resume"}),
    "measurement": frozenset({"submit", "sign_off", "send_back"}),
    "claim": frozenset({"submit", "check_township", "approve_department", "approve_finance", "return_claim",
                        "reject"}),
    "household_batch": frozenset({"submit", "check_township", "approve_department", "check_finance", "return_batch",
                                  "reject"}),
    "acceptance": frozenset({"pass_level", "conclude", "fail"}),
}  # fmt: skip

#: Acts that change nothing which a later one builds on; papers are scanned when the system runs again.
BESIDE = ("attach", "remind", "escalate", "freeze", "criticise", "redate", "pass_over")


def enterable(case: Case) -> list[Any]:
    """The acts of a case, where it stands now, that may be entered afterwards."""
    from workflows.acts import possible

    return [act for act in possible(case) if act.name in ENTERABLE.get(case.kind, ())]


def opening_of(request: LateEntry) -> Entry:
    """The entry by which it was asked."""
    return Entry.objects.get(case_id=request.pk, seq=1)


def _about(request: LateEntry) -> Case | None:
    """The case whose act is asked for, if it is one of the project."""
    from workflows.cases import Case

    found = Case.objects.filter(Q(pk=request.root_id) | Q(root_id=request.root_id), pk=request.about_id).first()
    return found.typed() if found is not None else None


def _moment(request: LateEntry) -> str:
    return date_format(timezone.localtime(request.happened_at), "Y-m-d H:i")


@rule("E-01", TRUE, _("%(moment)s has not come yet."),
      remedy=_("Give the time that stands on the paper."), reads_form=True)  # fmt: skip
def happened_before_now(request: LateEntry, call: Call) -> Verdict:
    return request.happened_at < call.at or Unmet(moment=_moment(request))


@rule("E-02", TRUE, _("The project's last act, on which this one builds, happened only at %(last)s."),
      remedy=_("Give the time that stands on the paper, or do the act with today's date."),
      reads_form=True)  # fmt: skip
def order_is_kept(case: Case, call: Call) -> Verdict:
    """The order of what happened stays lawful: nothing is put before what was done already.

    Asked of the request and again of the act itself, because others may have gone on meanwhile. Reminders and
    requests like this one lie beside the road.
    """
    happened = case.happened_at if case.kind == "late_entry" else call.at  # type: ignore[attr-defined]
    beside = Q(case_kind="late_entry")
    for name in BESIDE:
        beside |= Q(act__endswith=f".{name}")
    last = Entry.objects.filter(root_id=case.project_id).exclude(beside).aggregate(last=Max("happened_at"))["last"]
    if last is None or happened >= last:
        return True
    return Unmet(last=date_format(timezone.localtime(last), "Y-m-d H:i"))


@rule("E-03", _("会计法 art. 25: duties are defined; county rulebook, offices"),
      _("At %(moment)s you did not hold a post that “%(act)s” belongs to."),
      remedy=_("Whoever held the post then enters what he did."), reads_form=True)  # fmt: skip
def held_the_post_then(request: LateEntry, call: Call) -> Verdict:
    """People and posts as they were when it happened."""
    from workflows.lifecycles import all_acts

    about = _about(request)
    spec = next((one for one in all_acts(type(about)) if one.name == request.deed), None) if about else None
    if about is None or spec is None:
        # That there is no such act is E-07's to say.
        return True
    seat = seat_for(about, spec, call.by, at=request.happened_at)
    return seat is not None or Unmet(act=spec.label, moment=_moment(request))


@rule("E-04", TERMS, _("It lies %(days)s working days back; at most %(most)s may be entered afterwards."),
      remedy=_("Do the act with today's date."), reads_form=True)  # fmt: skip
def not_longer_ago(request: LateEntry, call: Call) -> Verdict:
    most = request.terms.working_days_max.value if request.terms else 0
    happened, today = timezone.localdate(request.happened_at), timezone.localdate(call.at)
    days = calendar.elapsed(happened, today, day_kind="working")
    return days <= most or Unmet(days=days, most=most)


@rule("E-05", TRUE, _("Nothing says why it was not entered on its day."),
      remedy=_("Write why it is entered only now."), reads_form=True)  # fmt: skip
def reason_is_told(request: LateEntry, call: Call) -> Verdict:
    return bool(request.why)


@rule("E-06", _("会计法 art. 14: vouchers are handed in and checked"), _("The paper itself is missing."),
      remedy=_("Attach a scan of the minutes or of the signed form."), reads_form=True)  # fmt: skip
def paper_is_scanned(request: LateEntry, call: Call) -> Verdict:
    return bool(call.files)


@rule("E-07", TERMS, _("“%(act)s” is not among the acts that may be entered afterwards as the case stands."),
      remedy=_("Do it with today's date: money and public terms count from the day on which they are recorded."),
      reads_form=True)  # fmt: skip
def may_be_entered_late(request: LateEntry, call: Call) -> Verdict:
    about = _about(request)
    known = {act.name for act in enterable(about)} if about is not None else set()
    kind = about.kind if about is not None else "project"
    return request.deed in known or Unmet(act=words.act(f"{kind}.{request.deed}"))


@rule("E-08", APART, _("A late entry of this desk is decided by: %(office)s."),
      remedy=_("The superior of the desk that asks decides, or who supervises it."))  # fmt: skip
def approver_is_above(request: LateEntry, call: Call) -> Verdict:
    return call.seat.unit.office == request.approving or Unmet(office=words.office(request.approving))


@rule("E-09", APART, _("You asked for this late entry yourself, or it was asked for on your behalf."),
      remedy=_("Somebody else of the superior office decides."))  # fmt: skip
def approver_is_another(request: LateEntry, call: Call) -> Verdict:
    """A delegate and the person he stands for are one hand, here as everywhere."""
    asked = opening_of(request)
    hands = {call.by.pk, call.seat.behalf.pk if call.seat.behalf else call.by.pk}
    return hands.isdisjoint({asked.actor_id, asked.behalf_id})


@rule("E-10", TRUE, _("%(name)s asked for it and was there; nobody else enters it."),
      remedy=_("Let the one who asked enter it, or do the act with today's date."))  # fmt: skip
def asker_enters(request: LateEntry, call: Call) -> Verdict:
    return request.opened_by_id == call.by.pk or Unmet(name=request.opened_by.name if request.opened_by else "—")


@rule("E-11", TERMS, _("The term ended on %(day)s: what was not approved and used by then has lapsed."),
      remedy=_("Ask again, or do the act with today's date."))  # fmt: skip
def in_time(request: LateEntry, call: Call) -> Verdict:
    """The clock lets it lapse; where the clock stood still, the term has passed all the same."""
    due = request.due_at
    return due is None or call.at <= due or Unmet(day=calendar.last_day(due))


@rule("E-12", TRUE, _("The approval is for another act, or that entry is not a late one."),
      remedy=_("Enter the act from the page of the request."), reads_form=True)  # fmt: skip
def entry_is_the_one_asked_for(request: LateEntry, call: Call) -> Verdict:
    """Used once, and only by the very act: the entry names case, act and time as approved."""
    wanted = Entry.objects.filter(
        pk=call.data.entry_id, case_id=request.about_id, act__endswith=f".{request.deed}", late=True,
        happened_at=request.happened_at,
    )  # fmt: skip
    return wanted.exists()
