"""Rules of claims: tranche, ceiling, invoices, order of dates, the reserve."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.money import yuan
from workflows import tranches, words
from workflows.cases import Attachment, Case
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
      _("The claim of %(amount)s yuan is above what tranche, grant and audited price leave: %(left)s yuan."),
      remedy=_("Claim at most what is left."))  # fmt: skip
def within_what_is_left(claim: Claim, call: Call) -> Verdict:
    left = claim.ceiling_fen
    return claim.amount_fen <= left or Unmet(amount=yuan(claim.amount_fen), left=yuan(left))


@rule("C-05", VOUCHERS, _("The invoices come to %(sum)s yuan; the claim is %(amount)s yuan."),
      remedy=_("Add invoices or lower the claim; a wrong amount is reissued, not corrected."))  # fmt: skip
def invoices_cover_it(claim: Claim, call: Call) -> Verdict:
    total = sum(invoice.amount_fen for invoice in claim.bills)
    return total >= claim.amount_fen or Unmet(sum=yuan(total), amount=yuan(claim.amount_fen))


@rule("C-06", _("财政违法行为处罚处分条例 art. 6: double reimbursement"),
      _("Invoice %(invoice)s was claimed before, in %(number)s."),
      remedy=_("Take it out of this claim."))  # fmt: skip
def invoices_are_new(claim: Claim, call: Call) -> Verdict:
    """Nor twice in the claim itself; rejected claims free their invoices."""
    seen: set[tuple[str, str]] = set()
    for invoice in claim.bills:
        key = (invoice.code, invoice.number)
        if key in seen:
            return Unmet(invoice=" ".join(key), number=claim.number)
        seen.add(key)
        other = (
            Case.objects.filter(kind="claim", claim__invoices__code=key[0], claim__invoices__number=key[1])
            .exclude(pk=claim.pk)
            .exclude(state__in=("rejected", "draft"))
            .first()
        )
        if other is not None:
            return Unmet(invoice=" ".join(key), number=other.number)
    return True


@rule("C-07", VOUCHERS, _("Invoice %(invoice)s is dated outside the project's life."),
      remedy=_("Check the date; an invoice cannot lie before the approval or in the future."))  # fmt: skip
def invoices_are_dated_in_order(claim: Claim, call: Call) -> Verdict:
    first = timezone.localdate(claim.of_project.approved_at)
    for invoice in claim.bills:
        if not first <= invoice.issued_on <= timezone.localdate(call.at):
            return Unmet(invoice=f"{invoice.code} {invoice.number}")
    return True


@rule("C-08", _("rulebook, year_end"), _("Claims of the year closed on %(day)s."),
      remedy=_("The money is carried over; claim again in the new year."))  # fmt: skip
def before_the_year_closes(claim: Claim, call: Call) -> Verdict:
    today = timezone.localdate(call.at)
    month, day = map(int, claim.book.year_end.claims_close.value.split("-"))
    last = dt.date(today.year, month, day)
    return today <= last or Unmet(day=last)


@rule("C-09", _("会计档案管理办法; double reimbursement"),
      _("The file “%(file)s” was handed in before, with %(number)s."),
      remedy=_("Hand in this claim's own paper."), reads_form=True)  # fmt: skip
def file_is_new(claim: Claim, call: Call) -> Verdict:
    digests = [file.sha256 for file in call.files]
    before = (
        Attachment.objects.filter(sha256__in=digests, case__kind="claim")
        .exclude(case=claim.pk)
        .exclude(case__state__in=("rejected", "draft"))
        .select_related("case")
        .first()
    )
    return before is None or Unmet(file=before.name, number=before.case.number)


@rule("C-11", _("Seven Systems no. 7 (限期整改)"), _("A rectification order to this unit is overdue: %(number)s."),
      remedy=_("Rectify it and have it verified; then the claim can go on."))  # fmt: skip
def no_order_is_overdue(claim: Claim, call: Call) -> Verdict:
    order = (
        Case.objects.filter(kind="rectification", unit_id=claim.unit_id, due_at__lt=call.at)
        .exclude(state="verified")
        .first()
    )
    return order is None or Unmet(number=order.number)
