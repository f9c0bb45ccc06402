"""Rules of household batches up to the payment: a lawful list, published as it is, within the grant, nobody twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from funds.money import yuan
from workflows import words
from workflows.household.compare import elsewhere
from workflows.household.lines import ListLine, faults
from workflows.household.months import MONTHS_MAX, Months
from workflows.household.rows import HouseholdLine
from workflows.law import Call, Unmet, Verdict, rule

if TYPE_CHECKING:
    from workflows.lifecycles.household import HouseholdBatch

DIRECT = _("Seven Systems no. 3 (直接发放)")
STANDARDS = _("rulebook, standards (补助标准)")
OBJECTIONS = _("红河县扶贫开发项目资金公告公示管理办法 art. 9")
ONCE = _("财政违法行为处罚处分条例 art. 6: paid twice")
TWICE = _(
    "Line %(line)s: paid for %(months)s under the same standard already, in %(number)s. Such lines in all: %(count)s."
)
PLAN = _("预算法实施条例 art. 57: nothing without a plan, nothing above it")


@rule("H-01", STANDARDS,
      _("The months must follow each other within one year: from %(first)s to %(last)s they do not."),
      remedy=_("Open one batch for each year."), reads_form=True)  # fmt: skip
def months_are_in_order(batch: HouseholdBatch, call: Call) -> Verdict:
    months = Months.read(call.data.first_month, call.data.last_month)
    same_year = months.first.year == months.last.year
    return (same_year and 1 <= len(months) <= MONTHS_MAX) or Unmet(
        first=call.data.first_month, last=call.data.last_month
    )


@rule("H-02", STANDARDS, _("Line %(line)s, “%(column)s”: %(message)s. Faults in all: %(count)s."),
      remedy=_("Correct the workbook and load it again."), reads_form=True)  # fmt: skip
def list_is_lawful(batch: HouseholdBatch, call: Call) -> Verdict:
    """Numbers, standards, quantities and amounts of every line; nobody twice under one standard."""
    found = list(faults(call.data.lines, book=batch.book, months=batch.months))
    if not found:
        return True
    first = found[0]
    return Unmet(line=first.line + 1, column=first.column, message=first.message, count=len(found))


@rule("H-03", ONCE, TWICE,
      remedy=_("Take the line out of the list."), reads_form=True)  # fmt: skip
def nobody_listed_is_paid_elsewhere(batch: HouseholdBatch, call: Call) -> Verdict:
    return _nobody_twice(batch, call.data.lines)


@rule("H-04", ONCE, TWICE,
      remedy=_("Have the batch returned and take the line out."))  # fmt: skip
def nobody_is_paid_elsewhere(batch: HouseholdBatch, call: Call) -> Verdict:
    """Asked again at every desk: another batch may have gone ahead meanwhile."""
    return _nobody_twice(batch, list(batch.standing))


def _nobody_twice(batch: HouseholdBatch, lines: Sequence[ListLine | HouseholdLine]) -> Verdict:
    found = elsewhere(lines, months=batch.months, but=batch.pk)
    if not found:
        return True
    place, number = found[0]
    return Unmet(line=place + 1, months=batch.months, number=number, count=len(found))


@rule("H-05", DIRECT, _("The batch has no list."), remedy=_("Load it from the workbook."))
def list_is_loaded(batch: HouseholdBatch, call: Call) -> Verdict:
    return batch.standing.exists()


@rule("H-06", PLAN, _("The list comes to %(amount)s yuan; the project's grant leaves %(left)s yuan."),
      remedy=_("Shorten the list, or have another source approved first."))  # fmt: skip
def grant_suffices(batch: HouseholdBatch, call: Call) -> Verdict:
    left = batch.left_fen
    return batch.amount_fen <= left or Unmet(amount=yuan(batch.amount_fen), left=yuan(left))


@rule("H-07", OBJECTIONS, _("Objections to lines not decided yet: %(count)s."),
      remedy=_("The township decides each of them first."))  # fmt: skip
def no_line_is_disputed(batch: HouseholdBatch, call: Call) -> Verdict:
    count = batch.objections.filter(answered_at__isnull=True).count()
    return count == 0 or Unmet(count=count)


@rule("H-08", OBJECTIONS, _("The list has no line %(line)s, or it was struck."),
      remedy=_("Give the number of a line as it hangs on the board."), reads_form=True)  # fmt: skip
def line_stands(batch: HouseholdBatch, call: Call) -> Verdict:
    there = batch.standing.filter(position=call.data.position).exists()
    return there or Unmet(line=call.data.position)


@rule("H-09", OBJECTIONS, _("The objection is not open in this batch, or its line is struck."),
      remedy=_("Reload the page; a colleague may have decided it."), reads_form=True)  # fmt: skip
def objection_is_undecided(batch: HouseholdBatch, call: Call) -> Verdict:
    objection = batch.objections.filter(pk=call.data.objection_id, answered_at__isnull=True).first()
    if objection is None:
        return False
    return bool(call.data.verdict == "dismiss") or batch.standing.filter(position=objection.position).exists()


@rule("H-10", STANDARDS, _("A changed line needs another quantity, which its standard allows: %(why)s."),
      remedy=_("Give the right quantity, or strike the line."), reads_form=True)  # fmt: skip
def changed_line_is_lawful(batch: HouseholdBatch, call: Call) -> Verdict:
    if call.data.verdict != "change":
        return call.data.quantity_milli is None or Unmet(why=_("nothing is changed"))
    objection = batch.objections.filter(pk=call.data.objection_id).first()
    line = batch.standing.filter(position=objection.position).first() if objection else None
    if line is None:
        # That is for H-09 to say.
        return True
    if call.data.quantity_milli in (None, line.quantity_milli):
        return Unmet(why=_("the quantity is the same"))
    quantity = call.data.quantity_milli
    changed = line.changed(quantity, batch.amount_for(line, quantity) or 1)
    found = list(faults([changed], book=batch.book, months=batch.months))
    return not found or Unmet(why=words.listed(fault.message for fault in found))


@rule("H-11", DIRECT, _("The list is not the one that was published: its digest differs."),
      remedy=_("Somebody changed lines past the program; have the record and the database compared."))  # fmt: skip
def list_is_the_published_one(batch: HouseholdBatch, call: Call) -> Verdict:
    return bool(batch.list_sha256 == batch.resum()["list_sha256"])
