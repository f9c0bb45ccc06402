"""Rules of a special audit until its draft: notice, team, samples, sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from workflows import calendar, populations, superiors, vacancy, words
from workflows.law import Call, Unmet, Verdict, rule
from workflows.lifecycles.audit_forms import Notified
from workflows.offices import Post
from workflows.rules.rectifying import hands_of

if TYPE_CHECKING:
    from workflows.lifecycles.special_audit import SpecialAudit

JOINTLY = _("Seven Systems no. 6: audit, finance and discipline jointly")
#: What the offices sign in an audit; the rulebook says which acts may not be in the same hand.
SIGNED = "special_audit.sign_section"


@rule("A-02", _("审计法 art. 42; Seven Systems no. 6"),
      _("The project is not under audit, or an audit is open already."),
      remedy=_("Go on with the audit that is open."))  # fmt: skip
def project_is_under_audit(audit: SpecialAudit, call: Call) -> Verdict:
    project = audit.root
    open_ones = project.family.filter(kind="special_audit")  # type: ignore[union-attr]
    return project.state == "under_audit" and not open_ones.exists()  # type: ignore[union-attr]


@rule("A-03", _("审计法 art. 42"),
      _("The auditee must have been notified %(days)s working days before, until %(until)s."),
      remedy=_("Begin the fieldwork after that day, or have a special case approved."))  # fmt: skip
def notice_was_given(audit: SpecialAudit, call: Call) -> Verdict:
    days = audit.book.checks.audit_notice_working_days_min.value
    until = calendar.add(timezone.localdate(audit.state_since), days=days, day_kind="working")
    return (
        audit.at_once_at is not None
        or timezone.localdate(call.at) >= until
        or Unmet(days=days, until=calendar.last_day(until))
    )


@rule("A-04", JOINTLY, _("Sections are still missing from: %(offices)s."),
      remedy=_("Each office writes its own section."))  # fmt: skip
def every_section_is_written(audit: SpecialAudit, call: Call) -> Verdict:
    left = audit.sections_missing()
    return not left or Unmet(offices=words.listed(words.office(seat) for seat in left))


@rule("A-06", _("Seven Systems no. 6"), _("Your office has written its section already."),
      remedy=_("A section is written once; what is new goes into a note under it, or into the report."))  # fmt: skip
def section_is_missing(audit: SpecialAudit, call: Call) -> Verdict:
    return call.seat.unit.office in audit.sections_missing()


@rule("A-07", JOINTLY,
      _("The team lacks a member with a post on that day from: %(offices)s; or it names others, or no single leader."),
      remedy=_("Name at least one member of each auditing office, and who leads."), reads_form=True)  # fmt: skip
def team_is_whole(audit: SpecialAudit, call: Call) -> Verdict:
    """Each of the offices of the rulebook, by a post held that day in its unit in charge of the project's area."""
    form, today = call.data, timezone.localdate(call.at)
    named, posts = audit.posts_named(form), audit.posts_of(form)
    manned = set(vacancy.manned(today).filter(pk__in=named).values_list("pk", flat=True))
    offices = audit.book.checks.audit_sections.value
    units = {office: superiors.unit_at(office, audit.area) for office in offices}
    filled = {post.unit_id for post in posts if post.pk in manned}
    lacking = [office for office, unit in units.items() if unit is None or unit.pk not in filled]
    strangers = filled - {unit.pk for unit in units.values() if unit is not None}
    leaders = sum(one.leads for one in form.team) if isinstance(form, Notified) else 1
    whole = not lacking and not strangers and leaders == 1 and sorted(named) == sorted(manned)
    return whole or Unmet(offices=words.listed(words.office(office) for office in lacking) or "—")


@rule("A-08", _("审计法 art. 15; 审计法实施条例 art. 12"),
      _("These members have a hand in what is audited: %(names)s."),
      remedy=_("Name members who had no part in the review, payment or acceptance of the project, nor in its unit."),
      reads_form=True)  # fmt: skip
def team_is_independent(audit: SpecialAudit, call: Call) -> Verdict:
    """By the record: the acts that the rulebook keeps apart from signing a section, and all acts of the unit itself."""
    people = {post.person_id: post.person.name for post in audit.posts_of(call.data)}
    pairs = audit.book.separation.pairs.value
    barred = [b for a, b in pairs if a == SIGNED] + [a for a, b in pairs if b == SIGNED]
    theirs = Q(actor_id__in=people) | Q(behalf_id__in=people)
    acted = Entry.objects.filter(theirs, root_id=audit.project_id).filter(Q(act__in=barred) | Q(unit_id=audit.unit_id))
    hands = {hand for row in acted.values_list("actor_id", "behalf_id") for hand in row}
    hands |= set(Post.objects.filter(unit=audit.unit_id, person__in=people).values_list("person_id", flat=True))
    biased = [name for person, name in people.items() if person in hands]
    return not biased or Unmet(names=words.listed(biased))


@rule("A-09", _("审计法 art. 42"), _("You are not a member of the audit team."),
      remedy=_("A member of the team does it; the audit office can exchange members."))  # fmt: skip
def actor_is_on_the_team(audit: SpecialAudit, call: Call) -> Verdict:
    """He or whom he stands for; an audit older than teams has none to belong to."""
    hands = hands_of(call)
    return not audit.members or any(one.post.person_id in hands for one in audit.team_now)


@rule("A-16", _("Seven Systems no. 6"), _("Your office has not written its section yet."),
      remedy=_("Write the section first; a note stands under it."))  # fmt: skip
def own_section_is_written(audit: SpecialAudit, call: Call) -> Verdict:
    return any(one.office == call.seat.unit.office for one in audit.written)


@rule("A-18", _("审计法 art. 43"),
      _("The population has %(count)s items with an amount to draw by; %(size)s cannot be drawn."),
      remedy=_("Draw fewer, choose another population, or examine all of it."), reads_form=True)  # fmt: skip
def sample_can_be_drawn(audit: SpecialAudit, call: Call) -> Verdict:
    items = populations.of(call.data.population, audit.of_project)
    count = len(items)
    if call.data.method == "monetary_unit" and not any(item.fen > 0 for item in items):
        count = 0
    return call.data.size <= count or Unmet(count=count, size=call.data.size)


@rule("A-22", _("审计法 art. 15"), _("Whoever is to leave is not on the team."),
      remedy=_("Choose one of its members."), reads_form=True)  # fmt: skip
def member_is_on_the_team(audit: SpecialAudit, call: Call) -> Verdict:
    return any(one.pk == call.data.leaves_id for one in audit.team_now)


@rule("A-23", _("审计法 art. 42"),
      _("It was approved already, or whoever sent the notice would approve it himself."),
      remedy=_("Somebody else of the audit bureau, such as its head, approves it, once."))  # fmt: skip
def another_hand_approves(audit: SpecialAudit, call: Call) -> Verdict:
    return audit.at_once_at is None and audit.opened_by_id not in hands_of(call)


@rule("A-25", _("审计法 art. 42"), _("The period looked at must lie before today, its first day first."),
      remedy=_("Enter a period that has passed."), reads_form=True)  # fmt: skip
def period_is_past(audit: SpecialAudit, call: Call) -> Verdict:
    return bool(call.data.period_from <= call.data.period_until <= timezone.localdate(call.at))


@rule("A-26", _("审计法 art. 43"), _("No checkpoint has been signed yet whose root could be the seed."),
      remedy=_("Enter a public seed, such as a number drawn in public after the day of the notice."),
      reads_form=True)  # fmt: skip
def seed_is_there(audit: SpecialAudit, call: Call) -> Verdict:
    return bool(audit.seed_of(call.data)[0])


@rule("A-28", _("审计法 art. 43"),
      _("The red flag was not adopted on this project, a finding has taken it up, or your office judges no flags."),
      remedy=_("Choose one of the adopted flags that are still without a finding, or none."),
      reads_form=True)  # fmt: skip
def flag_waits_for_a_finding(audit: SpecialAudit, call: Call) -> Verdict:
    from workflows.flags import taken
    from workflows.lifecycles.red_flag import DESK

    number = call.data.flag_number
    if not number:
        return True
    return call.seat.unit.office in DESK and number in {one.case_number for one in taken.left(audit.project_id)}
