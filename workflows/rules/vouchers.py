"""Rules of vouchers: covered, filed, claimed once, dated in order, reissued and not corrected, cut with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.money import yuan
from workflows import words
from workflows.cases import Attachment, Case
from workflows.law import Call, Unmet, Verdict, rule

if TYPE_CHECKING:
    from workflows.lifecycles.claim import Claim
    from workflows.lifecycles.vouchers import Invoice

VOUCHERS = _("会计法 art. 14; rulebook, papers")
ARCHIVES = _("会计档案管理办法; double reimbursement")
#: A claim that stands here has handed nothing in, or nothing any more.
NOT_HANDED_IN = ("draft", "rejected")


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
    seen: set[str] = set()
    elsewhere = {twin.key: twin for twin in _twins(claim) if twin.claim_id != claim.pk and not twin.replaced}
    for invoice in claim.bills:
        if invoice.key in seen:
            return Unmet(invoice=invoice.key, number=claim.number)
        seen.add(invoice.key)
        if invoice.key in elsewhere:
            return Unmet(invoice=invoice.key, number=elsewhere[invoice.key].claim.number)
    return True


@rule("C-15", VOUCHERS,
      _("Invoice %(invoice)s was handed in before with %(was)s yuan, in %(number)s; here it says %(now)s yuan."),
      remedy=_("Have the seller reissue it under a new number: a wrong amount is never corrected."))  # fmt: skip
def wrong_amount_is_reissued(claim: Claim, call: Call) -> Verdict:
    """Whatever became of the claim in which it was handed in."""
    before: dict[str, Invoice] = {}
    for twin in _twins(claim, rejected=True):
        before.setdefault(twin.key, twin)
    for invoice in claim.bills:
        was = before.get(invoice.key)
        if was is not None and was.amount_fen != invoice.amount_fen:
            return Unmet(invoice=invoice.key, was=yuan(was.amount_fen), now=yuan(invoice.amount_fen),
                         number=was.claim.number)  # fmt: skip
    return True


def _twins(claim: Claim, *, rejected: bool = False) -> Iterator[Invoice]:
    """Invoices of the same codes and numbers that were handed in before: elsewhere, or here and then replaced."""
    keys = {bill.key for bill in claim.bills}
    for twin in claim.bills_alike:
        here, state = twin.claim_id == claim.pk, twin.claim.state
        handed_in = twin.replaced if here else state != "draft" and (rejected or state != "rejected")
        if handed_in and twin.key in keys:
            yield twin


@rule("C-07", VOUCHERS, _("Invoice %(invoice)s is dated outside the project's life."),
      remedy=_("Check the date; an invoice cannot lie before the approval or in the future."))  # fmt: skip
def invoices_are_dated_in_order(claim: Claim, call: Call) -> Verdict:
    first = timezone.localdate(claim.of_project.approved_at)
    for invoice in claim.bills:
        if not first <= invoice.issued_on <= timezone.localdate(call.at):
            return Unmet(invoice=invoice.key)
    return True


@rule("C-18", _("rulebook, vouchers.after_term_days_max; 会计法 art. 14"),
      _("Invoice %(invoice)s of the contractor is dated %(day)s, outside the contract's term %(first)s to %(last)s."),
      remedy=_("Have the change of term approved first, or leave the invoice out."))  # fmt: skip
def contractor_bills_in_term(claim: Claim, call: Call) -> Verdict:
    """From the signature to the end of the works, and so many days for the settlement."""
    term = claim.of_project.billing_term
    if term is None:
        return True
    first, last = term
    for invoice in claim.bills:
        if invoice.seller == claim.of_project.contractor and not first <= invoice.issued_on <= last:
            return Unmet(invoice=invoice.key, day=invoice.issued_on, first=first, last=last)
    return True


@rule("C-14", VOUCHERS, _("The file is missing for these invoices: %(invoices)s."),
      remedy=_("Attach each invoice's own scan."))  # fmt: skip
def invoices_are_filed(claim: Claim, call: Call) -> Verdict:
    missing = claim.unfiled_bills
    return not missing or Unmet(invoices=words.listed(bill.key for bill in missing))


@rule("C-09", ARCHIVES, _("The file “%(file)s” was handed in before, with %(number)s."),
      remedy=_("Hand in this claim's own paper."), reads_form=True)  # fmt: skip
def file_is_new(claim: Claim, call: Call) -> Verdict:
    return handed_in_once(claim, same_files(claim, call), but=NOT_HANDED_IN)


@rule("C-22", ARCHIVES, _("The file “%(file)s” was handed in before, with %(number)s."),
      remedy=_("Hand in this claim's own paper."))  # fmt: skip
def files_are_new(claim: Claim, call: Call) -> Verdict:
    """Two drafts may hold the same file; only the first that is submitted may claim with it."""
    return handed_in_once(claim, claim.files_alike, but=NOT_HANDED_IN)


def same_files(case: Case, call: Call) -> Iterable[Attachment]:
    """Where the call's files hang already, on cases of the same kind."""
    digests = [file.sha256 for file in call.files]
    return Attachment.objects.filter(sha256__in=digests, case__kind=case.kind).select_related("case")


def handed_in_once(case: Case, alike: Iterable[Attachment], *, but: tuple[str, ...]) -> Verdict:
    """None of these files hangs on another case, save one that stands in a state of ``but``."""
    elsewhere = (f for f in alike if f.case_id != case.pk and f.case.state not in but)
    before = next(elsewhere, None)
    return before is None or Unmet(file=before.name, number=before.case.number)


@rule("C-19", VOUCHERS, _("The claim has no invoice “%(invoice)s”."),
      remedy=_("Reload the page and choose one of its invoices."), reads_form=True)  # fmt: skip
def invoice_is_listed(claim: Claim, call: Call) -> Verdict:
    known = {bill.key for bill in claim.bills}
    return call.data.invoice in known or Unmet(invoice=call.data.invoice)


@rule("C-20", VOUCHERS, _("%(count)s files were given for one invoice; it takes exactly one."),
      remedy=_("Put its pages into one PDF."), reads_form=True)  # fmt: skip
def one_file_an_invoice(claim: Claim, call: Call) -> Verdict:
    """And a file shows one invoice: so the same paper is found again wherever it is handed in."""
    return len(call.files) == 1 or Unmet(count=len(call.files))


@rule("C-21", _("rulebook, claims (核减)"), _("Invoice %(invoice)s can be approved with at most %(most)s yuan."),
      remedy=_("Name the claim's own invoices, with no more than the office before you left of them."),
      reads_form=True)  # fmt: skip
def cuts_are_of_this_claim(claim: Claim, call: Call) -> Verdict:
    left = {bill.key: bill.counted_fen for bill in claim.bills}
    for line in call.data.cuts:
        if line.approved_fen > left.get(line.key, -1):
            return Unmet(invoice=line.key, most=yuan(left.get(line.key, 0)))
    return True


@rule("C-23", _("行政许可法 art. 38 in analogy: reasons must be given"),
      _("It is not said why invoice %(invoice)s is cut."),
      remedy=_("Give a reason for every line that is not approved in full."), reads_form=True)  # fmt: skip
def every_cut_is_explained(claim: Claim, call: Call) -> Verdict:
    whole = {bill.key: bill.counted_fen for bill in claim.bills}
    for line in call.data.cuts:
        if line.approved_fen < whole.get(line.key, 0) and not line.cut_reason.strip():
            return Unmet(invoice=line.key)
    return True


@rule("C-24", _("rulebook, claims (核减)"), _("Nothing would be left of the claim."),
      remedy=_("Reject it instead."), reads_form=True)  # fmt: skip
def something_is_left(claim: Claim, call: Call) -> Verdict:
    lines = {line.key: line.approved_fen for line in call.data.cuts}
    left_fen: int = sum(lines.get(bill.key, bill.counted_fen) for bill in claim.bills)
    return left_fen > 0
