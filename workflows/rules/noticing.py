"""Rules of notices: asked for, posted everywhere, a full term, objections answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from workflows import calendar, receipt_codes, words
from workflows.cases import Case
from workflows.law import Call, Unmet, Verdict, rule

if TYPE_CHECKING:
    from workflows.lifecycles.notice import Notice
    from workflows.lifecycles.project import Project

NOTICES = _("关于完善扶贫资金项目公告公示制度的指导意见 art. 4; rulebook, notices")
WAIVERS = _("rulebook, notices: waiver_days_min")


@rule("N-02", NOTICES, _("The rulebook asks for no such notice; it knows: %(kinds)s."),
      remedy=_("Choose one of these."), reads_form=True)  # fmt: skip
def purpose_is_asked_for(notice: Notice, call: Call) -> Verdict:
    kinds = notice.book.notices
    return notice.purpose in kinds or Unmet(kinds=words.listed(words.notice(kind) for kind in kinds))


#: Purpose -> the kind of case that such a notice is about; the others are about the project.
ABOUT = {"claim": "claim", "household": "household_batch"}


@rule("N-03", NOTICES,
      _("A notice of the use of funds must name one claim of this very project, a notice of a household list one batch"
        " that is on notice; no other notice may."),
      remedy=_("Choose the claim or the batch."), reads_form=True)  # fmt: skip
def subject_is_named(notice: Notice, call: Call) -> Verdict:
    if notice.purpose not in ABOUT:
        return notice.about_id is None
    subject = Case.objects.filter(pk=notice.about_id or 0, root_id=notice.root_id, kind=ABOUT[notice.purpose])
    return subject.filter(Q(kind="claim") | Q(state="on_notice")).exists()


@rule("N-04", NOTICES, _("Such a notice is already open or has run: %(number)s."),
      remedy=_("Go on with that one, or void it first."), reads_form=True)  # fmt: skip
def one_at_a_time(notice: Notice, call: Call) -> Verdict:
    twin = (
        Case.objects.filter(root_id=notice.root_id, kind="notice", notice__purpose=notice.purpose)
        .filter(notice__about=notice.about_id)
        .exclude(state="void")
        # A list that was changed since hangs anew; the notice of the old one may have run.
        .exclude(Q(state="closed") & ~Q(notice__list_round=notice.list_round))
        .first()
    )
    return twin is None or Unmet(number=twin.number)


@rule("N-22", _("红河县扶贫开发项目资金公告公示管理办法 art. 9"),
      _("No objection to a notice of this project was upheld since it last went back."),
      remedy=_("Return it from the desk at which it lies."))  # fmt: skip
def objection_was_upheld(project: Project, call: Call) -> Verdict:
    returns = ("project.return_to", "project.send_back")
    back = Entry.objects.filter(case_id=project.pk, act__in=returns).aggregate(last=Max("happened_at"))["last"]
    upheld = Q(notice__objections__upheld=True, notice__about=None)
    if back is not None:
        upheld &= Q(notice__objections__answered_at__gt=back)
    return Case.objects.filter(upheld, root_id=project.pk, kind="notice").exists()


@rule("N-05", NOTICES, _("The notice has no evidence from: %(places)s."),
      remedy=_("Record a posting with a photo for each of these places."))  # fmt: skip
def every_place_has_evidence(notice: Notice, call: Call) -> Verdict:
    missing = notice.places_missing()
    return not missing or Unmet(places=words.listed(words.place(place) for place in missing))


@rule("N-06", NOTICES, _("The notice must run its full term of %(days)s %(kind)s; its last day is %(until)s."),
      remedy=_("Close it on the day after."))  # fmt: skip
def term_has_run(notice: Notice, call: Call) -> Verdict:
    until = notice.runs_until
    if until is not None and timezone.localdate(call.at) > until:
        return True
    days, day_kind = notice.term
    kind = _("working days") if day_kind == "working" else _("calendar days")
    return Unmet(days=days, kind=kind, until=calendar.last_day(until) if until else "—")


@rule("N-07", _("红河县扶贫开发项目资金公告公示管理办法 art. 9"), _("Objections not answered yet: %(count)s."),
      remedy=_("Answer each of them first."))  # fmt: skip
def no_objection_is_open(notice: Notice, call: Call) -> Verdict:
    count = notice.objections.filter(answered_at__isnull=True).count()
    return count == 0 or Unmet(count=count)


@rule("N-15", NOTICES, _("The household list was changed after this notice was prepared; it shows another list."),
      remedy=_("Void it, and let a new notice run for the list as it is."))  # fmt: skip
def list_hangs_as_it_is(notice: Notice, call: Call) -> Verdict:
    if notice.list_round is None:
        return True
    batch = Case.objects.filter(pk=notice.about_id or 0, householdbatch__list_round=notice.list_round)
    return batch.exists()


@rule("N-09", NOTICES, _("This place is not one of the notice's places, or it is posted already: %(places)s are left."),
      remedy=_("Choose one of the places left."), reads_form=True)  # fmt: skip
def place_is_required(notice: Notice, call: Call) -> Verdict:
    missing = notice.places_missing()
    return call.data.place in missing or Unmet(places=words.listed(words.place(p) for p in missing) or "—")


@rule("N-10", NOTICES, _("A posting needs exactly one photo or scan as evidence."),
      remedy=_("Attach the photo of the posted notice."), reads_form=True)  # fmt: skip
def has_one_photo(notice: Notice, call: Call) -> Verdict:
    return len(call.files) == 1


@rule("N-11", NOTICES, _("The posting cannot lie in the future or before the notice was prepared."),
      remedy=_("Enter the day on which it was really posted."), reads_form=True)  # fmt: skip
def posted_in_time(notice: Notice, call: Call) -> Verdict:
    prepared, today = timezone.localdate(notice.state_since), timezone.localdate(call.at)
    return bool(prepared <= call.data.posted_on <= today)


@rule("N-14", NOTICES, _("The notice was due in all places by %(until)s; a later one needs a reason."),
      remedy=_("Write why it was posted late."), reads_form=True)  # fmt: skip
def late_notice_is_explained(notice: Notice, call: Call) -> Verdict:
    """It must be posted all the same, so lateness is explained and not refused."""
    if notice.due_at is None or bool(call.reason.strip()):
        return True
    until = timezone.localdate(notice.due_at)
    return notice.last_posted(call) <= until or Unmet(until=calendar.last_day(until))


@rule("N-12", NOTICES, _("The objection is not open in this notice."),
      remedy=_("Reload the page; a colleague may have answered it."), reads_form=True)  # fmt: skip
def objection_is_open(notice: Notice, call: Call) -> Verdict:
    return bool(notice.objections.filter(pk=call.data.objection_id, answered_at__isnull=True).exists())


@rule("N-13", NOTICES, _("The term of the notice ended on %(until)s."),
      remedy=_("A later complaint goes to the discipline inspection."))  # fmt: skip
def term_still_runs(notice: Notice, call: Call) -> Verdict:
    until = notice.runs_until
    if until is None or notice.paused_since is not None or timezone.localdate(call.at) <= until:
        return True
    return Unmet(until=calendar.last_day(until))


@rule("N-16", _("红河县扶贫开发项目资金公告公示管理办法 art. 4; rulebook, notices: fields"),
      _("The notice does not say: %(fields)s."),
      remedy=_("Complete the case, or void the notice and prepare it anew."))  # fmt: skip
def every_field_is_filled(notice: Notice, call: Call) -> Verdict:
    """What the case knows is filled in for the clerk; what it does not know he must find out first."""
    missing = [name for name, value in notice.would_say.items() if not value.strip()]
    return not missing or Unmet(fields=words.listed(words.notice_field(name) for name in missing))


@rule("N-17", WAIVERS, _("The term of this notice may not be cut."),
      remedy=_("Let the full term run."))  # fmt: skip
def term_may_be_cut(notice: Notice, call: Call) -> Verdict:
    return notice.policy.waiver_days_min is not None


@rule("N-18", WAIVERS, _("A shorter term was asked for already; it was: %(outcome)s."),
      remedy=_("Wait for the leading group, or let the full term run."))  # fmt: skip
def waiver_is_asked_once(notice: Notice, call: Call) -> Verdict:
    return not notice.waiver or Unmet(outcome=notice.get_waiver_display())


@rule("N-19", WAIVERS, _("Somebody has objected to this notice; its term may not be cut."),
      remedy=_("Let the full term run."))  # fmt: skip
def nobody_objects(notice: Notice, call: Call) -> Verdict:
    return not notice.objections.exists()


@rule("N-20", WAIVERS, _("No shorter term is asked for."),
      remedy=_("Whoever needs it asks for it first, with the reason that will be published."))  # fmt: skip
def waiver_is_asked_for(notice: Notice, call: Call) -> Verdict:
    return notice.waiver == notice.Waiver.ASKED


@rule("N-21", _("rulebook, objections and complaints"), _("This is no code of a receipt."),
      remedy=_("Leave it empty, or give out a code that was made for this purpose."), reads_form=True)  # fmt: skip
def receipt_is_ours(case: Case, call: Call) -> Verdict:
    """A code that somebody made up could be guessed, and its holder could follow what is not his."""
    return not call.data.receipt or receipt_codes.well_formed(call.data.receipt)
