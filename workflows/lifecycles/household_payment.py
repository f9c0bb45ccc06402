"""Paying households: ordered line by line, answered in parts, returned accounts corrected; goods signed for."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE

from funds import ledger
from workflows.files import attach
from workflows.household import rates
from workflows.household.rows import HouseholdLine, PaidMonth
from workflows.law import Call, Refusal, Refused, act
from workflows.lifecycles.household_facts import HouseholdFacts
from workflows.lifecycles.household_forms import Answered, Corrected, Dropped, Receipts
from workflows.rules import handing, households
from workflows.rules.handing import DIRECT, TREASURY
from workflows.secrecy import Secret
from workflows.states import HouseholdBatchState as S

Status = HouseholdLine.Status


class HouseholdPayment(HouseholdFacts):
    """The acts of the payer, of the bank's answers, and of those who hand out goods."""

    class Meta:
        abstract = True

    def after_the_bank(self) -> S:
        """Where the batch stands once no more is on its way than now."""
        if self.on_their_way.exists():
            return S.PAYING
        if self.failed.exists():
            return S.PAYMENT_FAILED
        return S.HANDING_OUT if self.goods.exists() else S.PAID

    @act(source=(S.FINANCE_APPROVED, S.PAYMENT_FAILED), target=S.PAYING, by="finance", bulk=True,
         label=_("Order the payments"), article=_("预算法实施条例 art. 66; 会计法 art. 35"),
         rules=(handing.something_is_to_be_paid, households.grant_suffices, households.nobody_is_paid_elsewhere,
                households.list_is_the_published_one))  # fmt: skip
    def pay(self, call: Call) -> None:
        """One order a line, so that each is paid or returned by itself; all of them are ordered, or none."""
        lines = list(self.to_pay)
        self._hold_their_months([line for line in lines if not line.orders_count])
        self.to_pay.update(
            orders_count=F("orders_count") + 1, ordered_on=timezone.localdate(call.at), status=Status.ORDERED, remark=""
        )
        for line in lines:
            line.orders_count += 1
        orders = {line.order_of(str(self.number)): line.amount_fen for line in lines}
        call.transfers += ledger.order_many(case_id=self.project_id, orders=orders, claim_id=self.pk, at=call.at)
        call.amount_fen = sum(orders.values())

    def _hold_their_months(self, lines: list[HouseholdLine]) -> None:
        """Nobody is paid twice for a month, though two batches be ordered at the same moment."""
        months = [
            PaidMonth(line=line, id_number_print=line.id_number_print, standard=line.standard, month=month)
            for line in lines
            for month in rates.months_due(self.book, line.standard, self.months)
        ]
        try:
            with transaction.atomic():
                PaidMonth.objects.bulk_create(months)
        except IntegrityError as error:
            raise Refused([self._paid_a_moment_ago(months)]) from error

    def _paid_a_moment_ago(self, wanted: list[PaidMonth]) -> Refusal:
        """Which batch was quicker, and by which line that shows."""
        prints = {month.id_number_print: month.line for month in wanted}
        held = PaidMonth.objects.filter(id_number_print__in=prints, month__in={month.month for month in wanted})
        other = held.select_related("line__batch").order_by("pk")[0]
        facts = {"line": prints[other.id_number_print].position, "months": f"{other.month:%Y-%m}",
                 "number": other.line.batch.number, "count": held.count()}  # fmt: skip
        return Refusal.by(households.nobody_is_paid_elsewhere, facts)

    @act(source=S.PAYING, target=GET_STATE(lambda batch, call: batch.after_the_bank(),
                                           states=[S.PAYING, S.PAYMENT_FAILED, S.HANDING_OUT, S.PAID]),
         by="finance", takes=Answered, lingers=True, label=_("Enter the bank's answers"), article=TREASURY,
         rules=(handing.answers_name_its_orders, handing.answers_contradict_none, handing.some_answer_is_new,
                handing.answers_are_complete))  # fmt: skip
    def answer(self, call: Call) -> None:
        """What is known already is passed over; the rest is settled or reserved again in one posting."""
        fresh = [(answer, weighed.line) for answer, weighed in self.weighed(call.data.answers) if not weighed.known]
        changed: list[HouseholdLine] = []
        paid: list[str] = []
        returned: list[str] = []
        for answer, line in fresh:
            assert line is not None
            (paid if answer.paid else returned).append(answer.order)
            line.status = Status.PAID if answer.paid else Status.FAILED
            line.remark = "" if answer.paid else answer.reason
            line.bank_reference, line.paid_on = (answer.bank_reference, answer.paid_on) if answer.paid else ("", None)
            changed.append(line)
        HouseholdLine.objects.bulk_update(changed, ["status", "remark", "bank_reference", "paid_on"])
        call.transfers += ledger.answer_many(
            case_id=self.project_id, claim_id=self.pk, paid=paid, returned=returned, at=call.at
        )
        call.amount_fen = sum(answer.fen for answer, _line in fresh)
        self._end_if_all_is_done(call)

    def _end_if_all_is_done(self, call: Call) -> None:
        if self.after_the_bank() == S.PAID:
            self.put(paid_at=call.at)

    @act(source=S.PAYMENT_FAILED, by=("village", "finance"), any_time=True, takes=Corrected, reason_required=True,
         tone="note", label=_("Correct a household's account"), article=_("会计法 art. 14"),
         rules=(handing.line_was_returned,))  # fmt: skip
    def correct_account(self, call: Call) -> None:
        """Who corrects it does not order the payment: the rulebook separates the two hands."""
        form = call.data
        self.failed.filter(position=form.position).update(bank=form.bank, account=Secret.of(form.account))

    @act(source=S.PAYMENT_FAILED, target=GET_STATE(lambda batch, call: batch.after_the_bank(),
                                                   states=[S.PAYMENT_FAILED, S.HANDING_OUT, S.PAID]),
         by="department", any_time=True, takes=Dropped, reason_required=True, tone="back", lingers=True,
         label=_("Strike a line that the bank returned"), article=_("会计法 art. 14"),
         rules=(handing.line_was_returned,))  # fmt: skip
    def drop_line(self, call: Call) -> None:
        """It cannot be paid after all: its money stays reserved for the project, its months are free again."""
        line = self.failed.get(position=call.data.position)
        line.months.all().delete()
        self.failed.filter(pk=line.pk).update(status=Status.STRUCK, remark=call.reason[:200])
        self.put(**self.resum())
        call.amount_fen = line.amount_fen
        self._end_if_all_is_done(call)

    @act(source=(S.FINANCE_APPROVED, S.PAYING, S.PAYMENT_FAILED, S.HANDING_OUT), by="village", any_time=True,
         takes=Receipts, tone="note", label=_("Record receipts of goods"), article=DIRECT,
         rules=(handing.goods_are_still_to_be_signed_for, handing.handed_out_in_time, handing.two_hands_give,
                handing.sheet_is_there))  # fmt: skip
    def record_receipts(self, call: Call) -> None:
        attach(self, call)
        form, asked = call.data, self.positions(call.data.positions)
        signed = self.unsigned.filter(position__in=asked) if asked else self.unsigned
        signed.update(status=Status.SIGNED, handed_on=form.handed_on, distributor=form.distributor, cadre=form.cadre)

    @act(source=(S.FINANCE_APPROVED, S.HANDING_OUT), target=S.PAID, by="township", label=_("Close the batch"),
         article=DIRECT, rules=(handing.all_money_is_paid, handing.all_goods_are_signed_for))  # fmt: skip
    def close(self, call: Call) -> None:
        """Every line is paid or signed for."""
        self.put(paid_at=call.at)
        call.amount_fen = self.amount_fen + self.goods_fen
