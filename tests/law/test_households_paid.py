"""Households paid: line by line, in parts, again after a return; goods signed for; nothing twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from approvals import payouts
from audit.models import Entry
from funds import books, ledger
from funds.models import Transfer
from tests.law.householding import FIRST, SECOND, HouseholdStage, goods, household
from tests.law.stages import refused_by
from workflows.law import Refused
from workflows.models import PaidMonth
from workflows.payments.bankfile import ResultLine


class TheBank(HouseholdStage):
    def test_each_line_is_an_order_of_its_own_and_settled_by_itself(self) -> None:
        batch = self.ordered(household(1), household(2, standard="rural_dibao", quantity_milli=3000))
        lines = self.now(batch).bank_lines()
        assert [(line.payee, line.fen) for line in lines] == [(FIRST, 50_00), (SECOND, 3 * 385_00)]
        assert [line.order for line in lines] == [f"{batch.number}-1-1", f"{batch.number}-2-1"]
        assert lines[0].account.open() == household(1)["account"]
        payouts.answer(self.t, batch, only=1)
        assert self.now(batch).state == "paying"
        assert [line.order for line in self.now(batch).bank_lines()] == [f"{batch.number}-2-1"]
        payouts.answer(self.t, batch)
        assert self.now(batch).state == "paid"
        assert self.now(batch).bank_lines() == []
        position = ledger.position(case_id=self.t.project.pk)
        assert (position.paid_fen, position.ordered_fen) == (50_00 + 3 * 385_00, 0)
        assert books.verify().wrong == []

    def test_a_returned_account_is_corrected_and_the_line_ordered_under_a_new_number(self) -> None:
        batch = self.returned()
        assert self.now(batch).state == "payment_failed"
        assert [(line.name, line.remark) for line in self.now(batch).failed] == [(FIRST, "账号与户名不符")]
        assert ledger.position(case_id=self.t.project.pk).paid_fen == 50_00
        right = {"position": 1, "bank": "通江县农业银行", "account": "6228480400000012345"}
        self.t.do("correct_account", on=batch, seat="village", reason="存折已换。", data=right)
        payouts.order(self.t, batch)
        (line,) = self.now(batch).bank_lines()
        assert (line.order, line.bank, line.account.open()) == (
            f"{batch.number}-1-2",
            "通江县农业银行",
            right["account"],
        )
        payouts.answer(self.t, batch)
        assert self.now(batch).state == "paid"
        assert PaidMonth.objects.count() == 2

    def test_a_line_that_cannot_be_paid_is_struck_and_its_month_is_free_again(self) -> None:
        batch = self.returned()
        self.t.do("drop_line", on=batch, seat="department", reason="已去世。", data={"position": 1})
        assert self.now(batch).state == "paid"
        assert self.now(batch).amount_fen == 50_00
        assert [month.line.position for month in PaidMonth.objects.all()] == [2]
        assert self.batch(household(1)).number

    def test_known_answers_are_passed_over_when_others_come_with_them(self) -> None:
        batch = self.ordered()
        told = self.answers(batch)
        self.answer(batch, told[0])
        before = Transfer.objects.count()
        self.answer(batch, *told)
        assert self.now(batch).state == "paid"
        assert Transfer.objects.count() == before + 1

    def test_what_is_new_in_a_file_is_known_before_it_is_entered(self) -> None:
        batch = self.ordered()
        told = [ResultLine(**answer) for answer in self.answers(batch)]
        assert self.now(batch).news(told) == told
        self.t.do("answer", on=batch, seat="finance", data={"answers": told[:1]})
        assert self.now(batch).news(told) == told[1:]
        self.answer(batch, *self.answers(batch))
        assert self.now(batch).news(told) == []
        assert self.now(batch).news([replace(told[0], paid=False)])

    def test_an_answer_is_one_act_one_entry_and_one_posting(self) -> None:
        batch = self.ordered(*(household(n) for n in range(1, 9)))
        entries = Entry.objects.filter(case_id=batch.pk).count()
        self.answer(batch, *self.answers(batch, failed=[FIRST]))
        assert Entry.objects.filter(case_id=batch.pk).count() == entries + 1
        kinds = list(Transfer.objects.filter(resolves__isnull=False).values_list("kind", flat=True))
        assert (kinds.count("settle"), kinds.count("bounce")) == (7, 1)

    @refused_by("H-12")
    def test_a_batch_of_goods_orders_no_payment(self) -> None:
        payouts.order(self.t, self.checked(goods(1)))

    @refused_by("H-13")
    def test_an_answer_names_an_order_of_the_batch_to_the_fen(self) -> None:
        batch = self.ordered()
        first, second = self.answers(batch)
        self.answer(batch, first, second | {"fen": second["fen"] + 1})

    @refused_by("H-13")
    def test_an_order_nobody_gave_is_none_of_its(self) -> None:
        batch = self.ordered()
        (first, _second) = self.answers(batch)
        self.answer(batch, first | {"order": f"{batch.number}-01-1"})

    @refused_by("H-13")
    def test_an_order_is_answered_once_in_one_file(self) -> None:
        batch = self.ordered()
        (first, _second) = self.answers(batch)
        self.answer(batch, first, first)

    @refused_by("H-14")
    def test_an_answer_is_not_changed_afterwards(self) -> None:
        batch = self.ordered()
        first, second = self.answers(batch)
        self.answer(batch, first)
        self.answer(batch, first | {"bank_reference": "T-other"}, second)

    @refused_by("H-14")
    def test_a_returned_order_is_not_paid_after_all(self) -> None:
        batch = self.returned()
        payouts.order(self.t, batch)
        late = {"order": f"{batch.number}-1-1", "fen": 50_00, "paid": True, "bank_reference": "T1",
                "paid_on": timezone.localdate(self.t.at)}  # fmt: skip
        self.answer(batch, late, *self.answers(batch))

    @refused_by("H-15")
    def test_the_same_file_twice_changes_nothing(self) -> None:
        batch = self.ordered()
        first, _second = self.answers(batch)
        self.answer(batch, first)
        self.answer(batch, first)

    @refused_by("H-16")
    def test_a_payment_has_its_reference_and_a_failure_its_reason(self) -> None:
        batch = self.ordered()
        first, second = self.answers(batch)
        self.answer(batch, first | {"bank_reference": ""}, second | {"paid": False})

    @refused_by("H-16")
    def test_nothing_was_paid_before_it_was_ordered(self) -> None:
        batch = self.ordered()
        first, _second = self.answers(batch)
        self.answer(batch, first | {"paid_on": first["paid_on"] - dt.timedelta(days=1)})

    @refused_by("H-17")
    def test_only_a_returned_line_has_its_account_corrected(self) -> None:
        right = {"position": 2, "bank": "农业银行", "account": "6228480400000012345"}
        self.t.do("correct_account", on=self.returned(), seat="village", reason="更正。", data=right)

    @refused_by("D-01")
    def test_who_corrects_an_account_does_not_order_the_payment(self) -> None:
        batch = self.returned()
        payer = next(step.person for step in self.t.steps if step.act == "household_batch.pay")
        right = {"position": 1, "bank": "农业银行", "account": "6228480400000012345"}
        self.t.do("correct_account", on=batch, seat="finance", reason="更正。", data=right, by=payer)


class Goods(HouseholdStage):
    def test_goods_are_signed_for_before_two_witnesses_and_counted_before_the_close(self) -> None:
        batch = self.checked(goods(1), goods(2), goods(3))
        assert self.now(batch).seats() == ("village",)
        self.sign(batch, positions="1-2")
        with pytest.raises(Refused, match="H-22"):
            self.t.do("close", on=batch, seat="township")
        self.sign(batch)
        assert self.now(batch).seats() == ("township",)
        assert self.t.do("close", on=batch, seat="township").state == "paid"
        signed = self.now(batch).lines.get(position=3)
        assert (signed.name, signed.distributor, signed.cadre, signed.status) == (
            payouts.NAMES[3], "严正华", "何忠诚", "signed",
        )  # fmt: skip
        assert ledger.position(case_id=self.t.project.pk).paid_fen == 0

    def test_a_batch_of_both_waits_for_the_goods_after_the_bank(self) -> None:
        batch = self.ordered(household(1), goods(2))
        payouts.answer(self.t, batch)
        assert self.now(batch).state == "handing_out"
        self.sign(batch)
        assert self.t.do("close", on=batch, seat="township").state == "paid"

    @refused_by("H-18")
    def test_goods_are_signed_for_once(self) -> None:
        batch = self.checked(goods(1), goods(2))
        self.sign(batch, positions="1")
        self.sign(batch, positions="1、2")

    @refused_by("H-18")
    def test_a_range_that_runs_backwards_names_nothing(self) -> None:
        self.sign(self.checked(goods(1), goods(2)), positions="2-1")

    @refused_by("H-19")
    def test_nothing_is_handed_out_before_finance_has_checked(self) -> None:
        batch = self.checked(goods(1))
        self.sign(batch, handed_on=timezone.localdate(self.t.at) - dt.timedelta(days=1))

    @refused_by("H-20")
    def test_handing_out_takes_two_hands(self) -> None:
        self.sign(self.checked(goods(1)), cadre="严正华")

    @refused_by("H-21")
    def test_a_receipt_has_its_sheet(self) -> None:
        self.sign(self.checked(goods(1)), files=[])

    @refused_by("H-22", "P-01")
    def test_a_batch_does_not_close_with_goods_unsigned(self) -> None:
        self.t.do("close", on=self.checked(goods(1)), seat="township")

    @refused_by("H-23")
    def test_a_batch_does_not_close_with_money_unpaid(self) -> None:
        self.t.do("close", on=self.checked(), seat="township")
