"""Rules of measurements: what may be measured, when, how much, shown by what; and what waits for a signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.money import percent
from workflows import progress, tranches, words
from workflows.cases import Case
from workflows.law import Call, Unmet, Verdict, rule
from workflows.rules.vouchers import handed_in_once, same_files

if TYPE_CHECKING:
    from workflows.lifecycles.claim import Claim
    from workflows.lifecycles.measurement import Measurement
    from workflows.lifecycles.project import Project

#: Payment and acceptance need the chief supervision engineer's signature.
SIGNATURE = _("建设工程质量管理条例 art. 37")
QUANTITIES = _("rulebook, progress (工程计量)")
#: Tranches that are paid for works not finished yet.
BY_PROGRESS = ("quantity", "near_completion")


@rule("G-01", QUANTITIES, _("Works are measured while they are being built; the project stands at “%(state)s”."),
      remedy=_("Start or resume the works first."))  # fmt: skip
def works_are_running(measurement: Measurement, call: Call) -> Verdict:
    project = measurement.of_project
    return project.state == "building" or Unmet(state=project.state_label)


@rule("G-02", QUANTITIES, _("A measurement of this project is still open: %(number)s."),
      remedy=_("Have that one signed, or withdraw it."))  # fmt: skip
def no_measurement_is_open(case: Case, call: Call) -> Verdict:
    """Neither when the next one is drawn up nor when completion is reported, after which nobody could sign it."""
    project = case.of_project if case.root_id else case
    open_one = project.family.filter(kind="measurement").exclude(state__in=("signed", "withdrawn")).first()
    return open_one is None or Unmet(number=open_one.number)


@rule("G-03", QUANTITIES, _("The budget has no line number %(lines)s."),
      remedy=_("Measure the lines of the approved budget."), reads_form=True)  # fmt: skip
def lines_are_of_the_bill(measurement: Measurement, call: Call) -> Verdict:
    unknown = sorted(set(call.data.quantities) - {line.position for line in measurement.bill})
    return not unknown or Unmet(lines=words.listed(unknown))


@rule("G-04", QUANTITIES,
      _("Quantities are counted from the start of the works; less than was signed before: %(items)s."),
      remedy=_("Enter what is done in all, the quantities signed before included."), reads_form=True)  # fmt: skip
def nothing_signed_is_undone(measurement: Measurement, call: Call) -> Verdict:
    before = measurement.signed_before
    less = [
        line.item
        for line in measurement.bill
        if call.data.quantities.get(line.position, 0) < before.get(line.position, 0)
    ]
    return not less or Unmet(items=words.listed(less))


@rule("G-05", _("政府采购法 art. 49; rulebook, tender.added_quantity_permille_max"),
      _("More than the bill and the %(share)s that may be added to it: %(items)s."),
      remedy=_("Check the quantity; have the plan changed and procure what is added anew."),
      reads_form=True)  # fmt: skip
def quantities_are_in_the_bill(measurement: Measurement, call: Call) -> Verdict:
    permille = measurement.book.tender.added_quantity_permille_max.value
    more = [
        line.item
        for line in measurement.bill
        if call.data.quantities.get(line.position, 0) * 1000 > line.quantity_milli * (1000 + permille)
    ]
    return not more or Unmet(items=words.listed(more), share=percent(permille))


@rule("G-06", QUANTITIES, _("Measured on %(day)s; it must be a day from %(first)s to %(last)s."),
      remedy=_("Enter the day on which it was really measured."), reads_form=True)  # fmt: skip
def measured_in_order(measurement: Measurement, call: Call) -> Verdict:
    """Not before the start of the works, not before the last signed measurement, not in the future."""
    before, project = measurement.last_signed, measurement.of_project
    last = timezone.localdate(call.at)
    first = before.measured_on if before is not None else (project.started_on or last)
    day = call.data.measured_on
    return first <= day <= last or Unmet(day=day, first=first, last=last)


@rule("G-07", _("会计档案管理办法; rulebook, papers"),
      _("The file “%(file)s” was handed in before, with %(number)s."),
      remedy=_("Attach photos of the works as they stand now."), reads_form=True)  # fmt: skip
def photo_is_new(measurement: Measurement, call: Call) -> Verdict:
    return handed_in_once(measurement, same_files(measurement, call), but=("withdrawn",))


@rule("G-08", SIGNATURE,
      _("Progress is paid for works measured and signed by the supervision engineer within the last %(days)s days."),
      remedy=_("Have the works measured and signed, then submit the claim."))  # fmt: skip
def works_are_signed_for(claim: Claim, call: Call) -> Verdict:
    """Once the works are complete nothing is measured any more, and the last signature goes on counting.

    A tranche that has not come yet is refused as such (C-03), not for want of a signature.
    """
    project, policy, tranche = claim.of_project, claim.book.progress, claim.ceiling.tranche
    if tranche.trigger.value not in BY_PROGRESS or not tranches.has_come(project, tranche):
        return True
    if policy is None or not progress.is_measured(claim.book, work_kind=project.work_kind):
        return True
    days, signed = policy.measured_within_days_max.value, progress.last_signed(project)
    if signed is not None:
        age = timezone.localdate(call.at) - signed.measured_on
        if project.completed_at is not None or age.days <= days:
            return True
    return Unmet(days=days)


@rule("G-09", SIGNATURE,
      _("Completion is reported once %(least)s of the works are measured and signed; it is %(done)s."),
      remedy=_("Have the finished works measured and signed by the supervision engineer."))  # fmt: skip
def works_are_measured(project: Project, call: Call) -> Verdict:
    policy = project.book.progress
    if policy is None or not progress.is_measured(project.book, work_kind=project.work_kind):
        return True
    least = policy.completion_permille_min.value
    return project.done_permille >= least or Unmet(least=percent(least), done=percent(project.done_permille))
