"""Rules of payment: a payee with an account, an answer to the very order, dates in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.money import yuan
from workflows.law import Call, Unmet, Verdict, rule

if TYPE_CHECKING:
    from workflows.lifecycles.claim_facts import ClaimFacts

TREASURY = _("预算法实施条例 art. 66")


@rule("C-10", _("会计法 art. 14; rulebook, papers"),
      _("It is not said which account of which bank is paid."),
      remedy=_("Name payee, bank and account."))  # fmt: skip
def payee_is_named(claim: ClaimFacts, call: Call) -> Verdict:
    return bool(claim.payee and claim.bank and claim.account)


@rule("C-12", TREASURY, _("The order on its way is %(order)s of %(fen)s yuan; the answer speaks of another."),
      remedy=_("Compare the order number and the amount with the bank's receipt."), reads_form=True)  # fmt: skip
def answers_this_order(claim: ClaimFacts, call: Call) -> Verdict:
    same = (call.data.order_number, call.data.ordered_fen) == (claim.order_number, claim.ordered_fen)
    return same or Unmet(order=claim.order_number, fen=yuan(claim.ordered_fen))


@rule("C-13", TREASURY, _("Paid on %(day)s: that lies before the order or in the future."),
      remedy=_("Check the date on the bank's receipt."), reads_form=True)  # fmt: skip
def paid_after_the_order(claim: ClaimFacts, call: Call) -> Verdict:
    day = call.data.paid_on
    ordered_on = timezone.localdate(claim.state_since)
    return ordered_on <= day <= timezone.localdate(call.at) or Unmet(day=day)
