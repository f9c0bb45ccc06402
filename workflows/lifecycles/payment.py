"""Paying a claim: ordered from the bank, confirmed or returned by it, ordered again under a new number."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from funds import ledger
from workflows.law import Call, act
from workflows.lifecycles.claim_facts import ClaimFacts
from workflows.lifecycles.claim_forms import Answer, Payee, Settled
from workflows.payments.bankfile import OrderLine, Reply, ResultLine
from workflows.rules import claiming, paying
from workflows.secrecy import Secret
from workflows.states import ClaimState as S


class ClaimPayment(ClaimFacts):
    """The acts of the payer and what the bank answers."""

    class Meta:
        abstract = True

    # Its part in the files for the bank

    def bank_lines(self) -> list[OrderLine]:
        """The order on its way."""
        if self.state != S.PAYING:
            return []
        purpose = f"{self.number} {self.title}"[:60]
        return [OrderLine(order=self.order_number, payee=self.payee, bank=self.bank, account=self.account,
                          fen=self.ordered_fen, purpose=purpose)]  # fmt: skip

    def reply(self, results: Sequence[ResultLine]) -> Reply:
        """The act that enters what the bank says of the order."""
        (result,) = results
        answer = {"order_number": result.order, "ordered_fen": result.fen}
        if not result.paid:
            return Reply("fail_payment", answer, result.reason)
        return Reply(
            "confirm_payment", answer | {"bank_reference": result.bank_reference, "paid_on": result.paid_on}, ""
        )

    @act(source=(S.FINANCE_APPROVED, S.PAYMENT_FAILED), target=S.PAYING, by="finance", bulk=True,
         label=_("Order the payment"), article=_("预算法实施条例 art. 66; 会计法 art. 35"),
         rules=(claiming.within_what_is_left, paying.payee_is_named))  # fmt: skip
    def pay(self, call: Call) -> None:
        """Orders the claim less its share of the retention; the ledger keeps it for nothing else meanwhile."""
        project = self.root_id
        assert project is not None
        self.put(retained_fen=self.retention_share_fen, orders_count=self.orders_count + 1)
        call.transfers += ledger.order(
            case_id=project, fen=self.ordered_fen, claim_id=self.pk, key=self.order_number, at=call.at
        )
        call.amount_fen = self.ordered_fen

    @act(source=S.PAYING, target=S.PAID, by="finance", takes=Settled, label=_("Confirm the payment"),
         article=_("预算法实施条例 art. 66"),
         rules=(paying.answers_this_order, paying.paid_after_the_order))  # fmt: skip
    def confirm_payment(self, call: Call) -> None:
        """The bank has paid; only now the retention is earned, and held back."""
        project = self.root_id
        assert project is not None
        call.transfers += ledger.settle(
            case_id=project, order=self.order_number, key=f"{self.order_number}/paid", at=call.at,
            retained_fen=self.retained_fen,
        )  # fmt: skip
        self.put(paid_at=call.at)
        call.amount_fen = self.ordered_fen

    @act(source=S.PAYING, target=S.PAYMENT_FAILED, by="finance", takes=Answer, reason_required=True, tone="back",
         label=_("Enter the bank's return"), article=_("预算法实施条例 art. 66"),
         rules=(paying.answers_this_order,))  # fmt: skip
    def fail_payment(self, call: Call) -> None:
        """The bank has not paid; the money is reserved again."""
        project = self.root_id
        assert project is not None
        call.transfers += ledger.bounce(
            case_id=project, order=self.order_number, key=f"{self.order_number}/returned", at=call.at
        )
        call.amount_fen = self.ordered_fen

    @act(source=S.PAYMENT_FAILED, by=("village", "finance"), any_time=True, takes=Payee, reason_required=True,
         tone="note", label=_("Correct the payee's account"), article=_("会计法 art. 14"))  # fmt: skip
    def correct_payee(self, call: Call) -> None:
        """Who corrects it does not order the payment: the rulebook separates the two hands."""
        form = call.data
        self.put(payee=form.payee, bank=form.bank, account=Secret.of(form.account))
