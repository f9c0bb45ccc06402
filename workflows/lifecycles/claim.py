"""The claim (报账): one tranche, by progress, through four hands, never above what is left."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflows import law
from workflows.cases import Case
from workflows.files import attach
from workflows.law import Call, Opening, act
from workflows.lifecycles.claim_forms import Checked, Opened
from workflows.lifecycles.vouchers import ClaimVouchers
from workflows.rules import claiming as rules
from workflows.rules import measuring, paying, vouchers, watching
from workflows.rules.everywhere import at_this_desk
from workflows.secrecy import Secret
from workflows.states import ClaimState as S

WORKING = (S.SUBMITTED, S.TOWNSHIP_CHECKED, S.DEPARTMENT_APPROVED, S.FINANCE_APPROVED)
#: No money is on its way: the claim may still go back or end.
UNPAID = (*WORKING, S.PAYMENT_FAILED)


class Claim(ClaimVouchers):
    """A claim on the grant of one project."""

    letter: ClassVar[str] = "C"
    opening: ClassVar[Opening] = Opening(
        label=_("Draw up a claim"), article=_("rulebook, tranches; Seven Systems no. 5 (报账制)"), seats=("village",),
        takes=Opened, rules=(rules.plan_is_issued, rules.tranche_is_known),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, amount_fen__lte=models.F("asked_fen"))
                & Q(retained_fen__gte=0, retained_fen__lt=models.F("amount_fen")),
                name="claim_money_in_order",
            ),
            models.CheckConstraint(
                condition=Q(account="") | Q(account__startswith="gAAAA"), name="claim_account_sealed"
            ),
        ]
        verbose_name = _("claim")

    @classmethod
    def begin(cls, form: Opened, *, root: Case | None) -> Claim:
        return cls(
            kind="claim", state=S.DRAFT, title=root.title if root else "", tranche=form.tranche,
            amount_fen=form.amount_fen, asked_fen=form.amount_fen, payee=form.payee, bank=form.bank or "",
            account=Secret.of(form.account or ""),
        )  # fmt: skip

    def furnish(self, call: Call) -> None:
        self.put(applied_on=call.data.applied_on or timezone.localdate(call.at))
        self.keep_invoices(call)

    @act(source=(S.DRAFT, *UNPAID, S.RETURNED), by=("village", "township", "department", "finance"), takes=law.Paper,
         tone="note", any_time=True, label=_("Attach a file"), article=_("会计档案管理办法 art. 6"),
         rules=(vouchers.file_is_new,))  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)

    @act(source=(S.DRAFT, S.RETURNED), target=S.SUBMITTED, by="village", label=_("Submit the claim"),
         article=_("rulebook, tranches; Seven Systems no. 5 (报账制)"),
         rules=(rules.trigger_has_come, rules.within_what_is_left, rules.applied_in_order,
                rules.before_the_year_closes, watching.unit_has_no_lapsed_order, watching.unit_is_not_frozen,
                vouchers.invoices_cover_it, vouchers.invoices_are_filed, vouchers.invoices_are_new,
                vouchers.wrong_amount_is_reissued,
                vouchers.invoices_are_dated_in_order, vouchers.contractor_bills_in_term, vouchers.files_are_new,
                paying.payee_is_named, measuring.works_are_signed_for))  # fmt: skip
    def submit(self, call: Call) -> None:
        self.claim_invoices()
        call.amount_fen = self.amount_fen

    @act(source=S.SUBMITTED, target=S.TOWNSHIP_CHECKED, by="township", takes=Checked, reason_required=True,
         bulk=True, label=_("Confirm the township check"), article=_("rulebook, claims (乡镇核实)"),
         rules=(rules.within_what_is_left, rules.checked_after_the_application))  # fmt: skip
    def check_township(self, call: Call) -> None:
        self.put(checked_on=call.data.checked_on or timezone.localdate(call.at))
        call.amount_fen = self.amount_fen

    @act(source=S.TOWNSHIP_CHECKED, target=S.DEPARTMENT_APPROVED, by="department", reason_required=True, bulk=True,
         label=_("Approve as competent department"), article=_("rulebook, claims (主管部门审核)"),
         rules=(rules.within_what_is_left, vouchers.invoices_are_new))  # fmt: skip
    def approve_department(self, call: Call) -> None:
        call.amount_fen = self.amount_fen

    @act(source=S.DEPARTMENT_APPROVED, target=S.FINANCE_APPROVED, by="finance", reason_required=True, bulk=True,
         label=_("Approve as finance reviewer"), article=_("预算法实施条例 art. 57"),
         rules=(rules.within_what_is_left, vouchers.invoices_are_new))  # fmt: skip
    def approve_finance(self, call: Call) -> None:
        call.amount_fen = self.amount_fen

    @act(source=UNPAID, target=S.RETURNED, by=("township", "department", "finance"), reason_required=True, tone="back",
         label=_("Return for correction"), article=_("会计法 art. 14: incomplete vouchers are returned"),
         rules=(at_this_desk,))  # fmt: skip
    def return_claim(self, call: Call) -> None:
        self.returned_to = "village"

    @act(source=UNPAID, target=S.REJECTED, by=("township", "department", "finance"), reason_required=True, tone="back",
         label=_("Reject the claim"), article=_("rulebook, claims (不予报账)"), rules=(at_this_desk,))  # fmt: skip
    def reject(self, call: Call) -> None:
        """Frees its invoices for another claim."""
        self.invoices.update(claimed=False)
