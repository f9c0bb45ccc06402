"""Rules of paying households and handing out goods: the very orders, the very lines, every signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.money import yuan
from workflows import words
from workflows.law import Call, Unmet, Verdict, rule

if TYPE_CHECKING:
    from workflows.lifecycles.household import HouseholdBatch

TREASURY = _("预算法实施条例 art. 66")
DIRECT = _("Seven Systems no. 3 (直接发放)")
#: So many are named; the rest is counted.
NAMED_MAX = 5


@rule("H-12", TREASURY, _("Nothing of this batch is to be paid by the bank."),
      remedy=_("Have the goods signed for, then close the batch."))  # fmt: skip
def something_is_to_be_paid(batch: HouseholdBatch, call: Call) -> Verdict:
    return batch.to_pay.exists()


@rule("H-13", TREASURY, _("These are no orders of this batch with that amount: %(orders)s."),
      remedy=_("Compare the order numbers and the amounts with the bank's file."), reads_form=True)  # fmt: skip
def answers_name_its_orders(batch: HouseholdBatch, call: Call) -> Verdict:
    """Each order once, and its amount to the fen."""
    seen: set[str] = set()
    wrong = []
    for answer, weighed in batch.weighed(call.data.answers):
        if weighed.line is None or weighed.line.amount_fen != answer.fen or answer.order in seen:
            wrong.append(f"{answer.order} {yuan(answer.fen)}")
        seen.add(answer.order)
    return not wrong or Unmet(orders=_named(wrong))


@rule("H-14", TREASURY, _("The bank has answered these orders otherwise before: %(orders)s."),
      remedy=_("Clear it up with the bank; an answer is not changed."), reads_form=True)  # fmt: skip
def answers_contradict_none(batch: HouseholdBatch, call: Call) -> Verdict:
    said = batch.weighed(call.data.answers)
    # An amount that is not the order's is for H-13 to say.
    wrong = [a.order for a, w in said if w.known is False and w.line is not None and w.line.amount_fen == a.fen]
    return not wrong or Unmet(orders=_named(wrong))


@rule("H-15", TREASURY, _("All these answers are known already."),
      remedy=_("Nothing need be done: the file was loaded before."), reads_form=True)  # fmt: skip
def some_answer_is_new(batch: HouseholdBatch, call: Call) -> Verdict:
    return any(not weighed.known for _answer, weighed in batch.weighed(call.data.answers))


@rule("H-16", TREASURY,
      _("A payment needs its reference and a day between the order and today, a failure its reason: %(orders)s."),
      remedy=_("Complete these lines from the bank's file."), reads_form=True)  # fmt: skip
def answers_are_complete(batch: HouseholdBatch, call: Call) -> Verdict:
    today, wrong = timezone.localdate(call.at), []
    for answer, weighed in batch.weighed(call.data.answers):
        if weighed.known is not None or weighed.line is None:
            continue
        first = weighed.line.ordered_on
        if answer.paid:
            dated = answer.paid_on is not None and first is not None and first <= answer.paid_on <= today
            complete = bool(answer.bank_reference) and dated
        else:
            complete = bool(answer.reason)
        if not complete:
            wrong.append(answer.order)
    return not wrong or Unmet(orders=_named(wrong))


@rule("H-17", _("会计法 art. 14"), _("The bank has returned no payment of line %(line)s."),
      remedy=_("Give the number of a line that the bank returned."), reads_form=True)  # fmt: skip
def line_was_returned(batch: HouseholdBatch, call: Call) -> Verdict:
    return batch.failed.filter(position=call.data.position).exists() or Unmet(line=call.data.position)


@rule("H-18", DIRECT, _("These are no lines of goods still to be signed for: %(lines)s."),
      remedy=_("Give their numbers as in the list, or none for all that are left."), reads_form=True)  # fmt: skip
def goods_are_still_to_be_signed_for(batch: HouseholdBatch, call: Call) -> Verdict:
    left = set(batch.unsigned.values_list("position", flat=True))
    asked = batch.positions(call.data.positions)
    if asked is None:
        return Unmet(lines=call.data.positions)
    wrong = sorted(asked - left)
    return (bool(left) and not wrong) or Unmet(lines=_named(wrong) if wrong else "—")


@rule("H-19", DIRECT, _("Goods are handed out after finance has checked the batch, and not in the future: %(day)s."),
      remedy=_("Enter the day on the receipt sheet."), reads_form=True)  # fmt: skip
def handed_out_in_time(batch: HouseholdBatch, call: Call) -> Verdict:
    first, today = batch.checked_on, timezone.localdate(call.at)
    return (first is not None and first <= call.data.handed_on <= today) or Unmet(day=call.data.handed_on)


@rule("H-20", DIRECT, _("Handing out takes two: the distributor and the village cadre who stands by."),
      remedy=_("Name two different people."), reads_form=True)  # fmt: skip
def two_hands_give(batch: HouseholdBatch, call: Call) -> Verdict:
    return bool(call.data.distributor.strip() != call.data.cadre.strip())


@rule("H-21", DIRECT, _("A receipt needs the scanned sheet with the signatures."),
      remedy=_("Attach the scan."), reads_form=True)  # fmt: skip
def sheet_is_there(batch: HouseholdBatch, call: Call) -> Verdict:
    return len(call.files) >= 1


@rule("H-22", DIRECT, _("Goods of these lines are not signed for: %(lines)s."),
      remedy=_("Record the receipts first."))  # fmt: skip
def all_goods_are_signed_for(batch: HouseholdBatch, call: Call) -> Verdict:
    left = list(batch.unsigned.values_list("position", flat=True))
    return not left or Unmet(lines=_named(left))


@rule("H-23", TREASURY, _("Lines still to be paid: %(count)s."), remedy=_("Order their payment first."))
def all_money_is_paid(batch: HouseholdBatch, call: Call) -> Verdict:
    count = batch.to_pay.count()
    return count == 0 or Unmet(count=count)


def _named(things: list[str] | list[int]) -> str:
    shown = words.listed(things[:NAMED_MAX])
    return shown if len(things) <= NAMED_MAX else f"{shown} … ({len(things)})"
