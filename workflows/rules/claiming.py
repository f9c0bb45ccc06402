"""Rules of claims: tranche, ceiling, invoices, order of dates, the reserve."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.money import yuan
from workflows import tranches, words
from workflows.law import Call, Unmet, Verdict, rule

if TYPE_CHECKING:
    from workflows.lifecycles.claim import Claim

PLAN = _("预算法实施条例 art. 57: nothing without a plan, nothing above it")
TRANCHES = _("rulebook, tranches")
VOUCHERS = _("会计法 art. 14; rulebook, papers")


@rule("C-01", PLAN, _("The project has no issued plan; nothing can be claimed."),
      remedy=_("Wait for the approval."))  # fmt: skip
def plan_is_issued(claim: Claim, call: Call) -> Verdict:
    project = claim.of_project
    return project.approved_at is not None and not project.ended


@rule("C-02", TRANCHES, _("The rulebook knows these tranches: %(tranches)s."),
      remedy=_("Choose one of them."), reads_form=True)  # fmt: skip
def tranche_is_known(claim: Claim, call: Call) -> Verdict:
    codes = [t.code.value for t in claim.book.tranches]
    return call.data.tranche in codes or Unmet(tranches=words.listed(map(words.tranche, codes)))


@rule("C-03", TRANCHES, _("The tranche “%(tranche)s” can be claimed once this has come: %(trigger)s."),
      remedy=_("Claim an earlier tranche, or wait."))  # fmt: skip
def trigger_has_come(claim: Claim, call: Call) -> Verdict:
    tranche = claim.ceiling.tranche
    return tranches.has_come(claim.of_project, tranche) or Unmet(
        tranche=words.tranche(claim.tranche), trigger=words.trigger(tranche.trigger.value)
    )


@rule("C-04", PLAN,
      _("The claim of %(amount)s yuan is above what tranche, grant, contract and audited price leave: %(left)s yuan."),
      remedy=_("Claim at most what is left."))  # fmt: skip
def within_what_is_left(claim: Claim, call: Call) -> Verdict:
    left = claim.ceiling_fen
    return claim.amount_fen <= left or Unmet(amount=yuan(claim.amount_fen), left=yuan(left))


@rule("C-08", _("rulebook, year_end"), _("Claims of the year closed on %(day)s."),
      remedy=_("The money is carried over; claim again in the new year."))  # fmt: skip
def before_the_year_closes(claim: Claim, call: Call) -> Verdict:
    today = timezone.localdate(call.at)
    month, day = map(int, claim.book.year_end.claims_close.value.split("-"))
    last = dt.date(today.year, month, day)
    return today <= last or Unmet(day=last)


@rule("C-16", VOUCHERS, _("The application is dated %(day)s; it must lie between %(first)s and today."),
      remedy=_("Correct the claim: an application cannot be older than what it is based on."))  # fmt: skip
def applied_in_order(claim: Claim, call: Call) -> Verdict:
    """Not before what the tranche waits for, acceptance above all; nor in the future."""
    first = tranches.came_on(claim.of_project, claim.ceiling.tranche) or dt.date.min
    in_order = claim.applied_on is not None and first <= claim.applied_on <= timezone.localdate(call.at)
    return in_order or Unmet(day=claim.applied_on, first=first)


@rule("C-17", VOUCHERS,
      _("The township's opinion is dated %(day)s; it must lie between the application of %(first)s and today."),
      remedy=_("Check the date on the opinion."), reads_form=True)  # fmt: skip
def checked_after_the_application(claim: Claim, call: Call) -> Verdict:
    today = timezone.localdate(call.at)
    day, first = call.data.checked_on or today, claim.applied_on or dt.date.min
    return first <= day <= today or Unmet(day=day, first=first)
