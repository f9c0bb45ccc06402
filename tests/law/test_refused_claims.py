"""Claims: never above what is left, never twice, never out of order, to the fen and to the day."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from django.utils import timezone

from approvals import stops
from approvals.demo.sheets import sheet
from funds import ledger
from tests.factories import project_at
from tests.law import counties
from tests.law.claiming import ClaimStage
from tests.law.stages import refused_by
from workflows.states import ClaimState
from workflows.states import ProjectState as S


class BeforeThePlan(ClaimStage):
    state = S.PIPELINE

    @refused_by("C-01")
    def test_a_claim_before_the_plan_is_issued(self) -> None:
        self.draw_up()


class AtApproval(ClaimStage):
    """The start tranche may come to three tenths of the grant of 450,000 yuan by now."""

    state = S.APPROVED
    START_FEN = 13_500_000

    @refused_by("C-02")
    def test_a_tranche_that_the_rulebook_does_not_know(self) -> None:
        self.draw_up(tranche="bonus")

    @refused_by("C-03")
    def test_a_tranche_whose_time_has_not_come(self) -> None:
        self.submit(self.draw_up(tranche="progress"))

    @refused_by("C-04")
    def test_a_claim_one_fen_above_its_tranche(self) -> None:
        self.submit(self.draw_up(fen=self.START_FEN + 1))

    def test_a_claim_of_its_whole_tranche(self) -> None:
        claim = self.draw_up(fen=self.START_FEN)
        self.submit(claim)
        assert claim.typed().state == ClaimState.SUBMITTED

    @refused_by("C-04")
    def test_one_fen_more_after_the_whole_tranche_is_on_its_way(self) -> None:
        self.submit(self.draw_up(fen=self.START_FEN))
        self.submit(self.draw_up(self.invoice("00000002"), fen=1))

    @refused_by("C-05")
    def test_invoices_one_fen_short(self) -> None:
        self.submit(self.draw_up(self.invoice(amount_fen=99_999), fen=100_000))

    @refused_by("C-06")
    def test_the_same_invoice_twice_in_one_claim(self) -> None:
        self.submit(self.draw_up(self.invoice(), self.invoice()))

    @refused_by("C-06")
    def test_an_invoice_of_an_earlier_claim(self) -> None:
        self.submit(self.draw_up(self.invoice()))
        self.submit(self.draw_up(self.invoice()))

    @refused_by("C-06")
    def test_an_invoice_of_another_project(self) -> None:
        self.submit(self.draw_up(self.invoice()))
        at = self.t.at
        self.t = project_at(S.APPROVED, specimen=1)
        self.t.at = max(at, self.t.at)
        self.submit(self.draw_up(self.invoice()))

    def test_an_invoice_of_a_rejected_claim_is_free_again(self) -> None:
        first = self.draw_up(self.invoice())
        self.submit(first)
        self.t.do("reject", on=first, seat="township", reason="金额有误,重新开具。")
        second = self.draw_up(self.invoice())
        self.submit(second)
        assert second.typed().state == ClaimState.SUBMITTED

    @refused_by("C-07")
    def test_an_invoice_of_tomorrow(self) -> None:
        self.submit(self.draw_up(self.invoice(issued_on=self.today() + dt.timedelta(days=1))))

    @refused_by("C-07")
    def test_an_invoice_of_the_day_before_the_plan_was_issued(self) -> None:
        approved = self.t.project.approved_at
        assert approved is not None
        self.submit(self.draw_up(self.invoice(issued_on=timezone.localdate(approved) - dt.timedelta(days=1))))

    @refused_by("C-09")
    def test_a_paper_of_another_claim(self) -> None:
        page = sheet(name="发票", lines=("发票",))
        first, second = self.draw_up(self.invoice()), self.draw_up(self.invoice("00000002"))
        self.t.do("attach", on=first, seat="village", data={"paper": "invoice"}, files=[page])
        self.submit(first)
        self.t.do("attach", on=second, seat="village", data={"paper": "invoice"}, files=[page])

    @refused_by("L-01")
    def test_a_payment_that_the_reserve_does_not_cover(self) -> None:
        self.approve(claim := self.draw_up())
        # No act empties a running project's reserve; should the books ever be wrong, nothing is paid.
        ledger.release(case_id=self.t.project.pk, key="by hand", at=self.t.at)
        self.t.do("pay", on=claim, seat="finance")

    @refused_by("C-10")
    def test_a_claim_that_names_no_account(self) -> None:
        claim = self.draw_up(bank=None, account=None)
        self.submit(claim)

    @refused_by("C-12")
    def test_a_receipt_of_one_fen_less_than_was_ordered(self) -> None:
        claim = self.order()
        data = self.receipt(claim, ordered_fen=claim.ordered_fen - 1)
        self.t.do("confirm_payment", on=claim, seat="finance", data=data)

    @refused_by("C-12")
    def test_a_return_of_another_order(self) -> None:
        claim = self.order()
        data = {"order_number": f"{claim.number}-2", "ordered_fen": claim.ordered_fen}
        self.t.do("fail_payment", on=claim, seat="finance", data=data, reason="账号不符")

    @refused_by("C-13")
    def test_a_receipt_of_the_day_before_the_order(self) -> None:
        claim = self.order()
        data = self.receipt(claim, paid_on=self.today() - dt.timedelta(days=1))
        self.t.do("confirm_payment", on=claim, seat="finance", data=data)

    @refused_by("C-13")
    def test_a_receipt_of_tomorrow(self) -> None:
        claim = self.order()
        data = self.receipt(claim, paid_on=self.today() + dt.timedelta(days=1))
        self.t.do("confirm_payment", on=claim, seat="finance", data=data)

    @refused_by("D-01")
    def test_who_corrected_the_payees_account_does_not_order_the_payment(self) -> None:
        claim = self.order()
        head = self.official("finance", 1)
        data = {"order_number": claim.order_number, "ordered_fen": claim.ordered_fen}
        self.t.do("fail_payment", on=claim, seat="finance", data=data, reason="账号不符")
        corrected = stops.payee("众兴建筑有限公司", account="2310400109024588132")
        self.t.do("correct_payee", on=claim, seat="finance", by=head, data=corrected, reason="更正账号")
        self.t.do("pay", on=claim, seat="finance", by=head)

    @refused_by("N-01")
    def test_a_payment_before_the_claims_own_notice_has_run(self) -> None:
        first, second = self.draw_up(self.invoice()), self.draw_up(self.invoice("00000002"))
        for claim in (first, second):
            self.submit(claim)
        stops.run_notice(self.t, purpose="claim", about=second)
        for act, seat in (("check_township", "township"), ("approve_department", "department"),
                          ("approve_finance", "finance")):  # fmt: skip
            self.t.do(act, on=first, seat=seat, reason="同意")
        self.t.do("pay", on=first, seat="finance")

    @refused_by("Z-07")
    def test_a_claim_the_day_after_an_order_fell_due(self) -> None:
        order = stops.rectify(self.t)
        assert order.due_at is not None
        claim = self.draw_up()
        self.t.at = order.due_at
        self.submit(claim)

    def test_a_claim_on_the_day_an_order_falls_due(self) -> None:
        order = stops.rectify(self.t)
        assert order.due_at is not None
        claim = self.draw_up()
        self.t.at = order.due_at - self.t.pace
        self.submit(claim)
        assert claim.typed().state == ClaimState.SUBMITTED


class WhereTheYearEndsInJune(ClaimStage):
    state = S.APPROVED

    @classmethod
    def setUpTestData(cls) -> None:
        with tempfile.TemporaryDirectory() as folder:
            book = counties.rulebook(Path(folder), "june-county", year_end={"claims_close": "06-30"})
            cls.t = project_at(cls.state, rulebook=book)

    def come_on(self, day: dt.date) -> None:
        self.t.at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))

    @refused_by("C-08")
    def test_a_claim_the_day_after_the_years_claims_closed(self) -> None:
        self.come_on(dt.date(2026, 7, 1))
        self.submit(self.draw_up())

    def test_a_claim_on_the_last_day(self) -> None:
        self.come_on(dt.date(2026, 6, 30))
        claim = self.draw_up()
        self.submit(claim)
        assert claim.typed().state == ClaimState.SUBMITTED

    def test_a_claim_in_the_new_year(self) -> None:
        self.come_on(dt.date(2027, 1, 4))
        claim = self.draw_up()
        self.submit(claim)
        assert claim.typed().state == ClaimState.SUBMITTED


class AfterTheWorks(ClaimStage):
    """The final tranche is counted on the audited price, below the grant here."""

    state = S.ACCEPTED

    def left(self) -> int:
        audited = self.t.project.audited_fen
        assert audited is not None
        return min(audited, self.t.project.grant_fen) - ledger.position(case_id=self.t.project.pk).spent_fen

    def setUp(self) -> None:
        # The road has claimed nothing yet of the final tranche when it reaches acceptance.
        assert not self.t.project.family.filter(kind="claim", claim__tranche="final").exists()

    @refused_by("C-04")
    def test_a_final_claim_one_fen_above_what_the_audited_price_leaves(self) -> None:
        fen = self.left() + 1
        self.submit(self.draw_up(tranche="final", fen=fen))

    def test_a_final_claim_of_all_that_is_left(self) -> None:
        claim = self.draw_up(tranche="final", fen=self.left())
        self.submit(claim)
        assert claim.typed().state == ClaimState.SUBMITTED
