"""Vouchers: each invoice with its file, once, reissued and not corrected, dated in order; claims cut line by line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from approvals import measure, stops
from approvals.demo.sheets import sheet
from audit.journal import facts_of
from audit.models import Entry
from tests.law.claiming import ClaimStage
from tests.law.procuring import Procuring
from tests.law.stages import refused_by
from workflows.law import Refused
from workflows.models import Claim, Invoice
from workflows.states import ClaimState
from workflows.states import ProjectState as S

A_DAY = dt.timedelta(days=1)


class AtApproval(ClaimStage):
    state = S.APPROVED

    def returned(self, *invoices: dict[str, Any], **facts: Any) -> Claim:
        """A claim that the township has sent back."""
        claim = self.draw_up(*invoices, **facts)
        self.submit(claim)
        return self.t.do("return_claim", on=claim, seat="township", reason="发票有误。")  # type: ignore[return-value]

    def correct(self, claim: Claim, *invoices: dict[str, Any], fen: int = 100_000) -> None:
        data = stops.payee("众兴建筑有限公司") | {"tranche": "start", "amount_fen": fen, "invoices": invoices}
        self.t.do("correct", on=claim, seat="village", data=data)
        stops.attach_invoices(self.t, claim)

    def bills(self, claim: Claim) -> list[tuple[str, int, bool, bool]]:
        rows = Invoice.objects.filter(claim=claim.pk)
        return [(bill.number, bill.amount_fen, bill.replaced, bill.claimed) for bill in rows]

    # The file of each invoice

    @refused_by("C-14")
    def test_an_invoice_without_its_file(self) -> None:
        claim = self.draw_up()
        Invoice.objects.filter(claim=claim.pk).update(sha256="")
        self.submit(claim)

    @refused_by("C-19")
    def test_a_file_for_an_invoice_that_the_claim_does_not_have(self) -> None:
        claim = self.draw_up()
        page = sheet(name="发票", lines=("别处的发票",))
        self.t.do("attach_invoice", on=claim, seat="village", data={"invoice": "051 999"}, files=[page])

    @refused_by("C-20")
    def test_two_files_for_one_invoice(self) -> None:
        claim = self.draw_up()
        pages = [sheet(name=f"第{n}页", lines=(f"第{n}页",)) for n in (1, 2)]
        key = "051002400111 00000001"
        self.t.do("attach_invoice", on=claim, seat="village", data={"invoice": key}, files=pages)

    @refused_by("C-22")
    def test_a_file_that_two_drafts_hold_claims_for_the_first_alone(self) -> None:
        page = sheet(name="现场照片", lines=("现场照片",))
        first, second = self.draw_up(self.invoice("1")), self.draw_up(self.invoice("2"))
        for claim in (first, second):
            self.t.do("attach", on=claim, seat="village", data={"paper": "photos"}, files=[page])
        self.submit(first)
        self.submit(second)

    # Once

    def test_the_database_knows_an_invoice_that_two_projects_claim_at_the_same_moment(self) -> None:
        self.submit(self.draw_up(self.invoice("1")))
        other = self.draw_up(self.invoice("2"))
        twin = Invoice.objects.filter(claim=other.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.update(number="1", claimed=True)
        scan = Invoice.objects.get(number="1").sha256
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.update(sha256=scan, claimed=True)

    def test_what_the_index_alone_sees_is_refused_like_any_double_claim(self) -> None:
        self.submit(self.draw_up(self.invoice("1")))
        scan = Invoice.objects.get(number="1").sha256
        other = self.draw_up(self.invoice("2"))
        Invoice.objects.filter(claim=other.pk).update(sha256=scan)
        with pytest.raises(Refused, match="C-06"):
            self.submit(other)
        assert other.typed().state == ClaimState.DRAFT

    def test_a_rejected_claim_frees_its_invoices(self) -> None:
        claim = self.draw_up()
        self.submit(claim)
        assert self.bills(claim) == [("00000001", 100_000, False, True)]
        self.t.do("reject", on=claim, seat="township", reason="不予报账。")
        assert self.bills(claim) == [("00000001", 100_000, False, False)]

    # Reissued, not corrected

    @refused_by("C-15")
    def test_a_returned_invoice_with_another_amount_under_its_old_number(self) -> None:
        claim = self.returned()
        self.correct(claim, self.invoice(amount_fen=100_001))
        self.submit(claim)

    @refused_by("C-15")
    def test_a_rejected_invoice_with_another_amount_in_a_new_claim(self) -> None:
        first = self.draw_up()
        self.submit(first)
        self.t.do("reject", on=first, seat="township", reason="不予报账。")
        self.submit(self.draw_up(self.invoice(amount_fen=100_001)))

    def test_a_reissued_invoice_takes_the_place_of_the_wrong_one_which_stays_on_the_claim(self) -> None:
        claim = self.returned(self.invoice("1"), self.invoice("2"), fen=200_000)
        self.correct(claim, self.invoice("1"), self.invoice("3", amount_fen=100_001), fen=200_001)
        assert self.bills(claim) == [
            ("1", 100_000, False, True), ("2", 100_000, True, False), ("3", 100_001, False, False),
        ]  # fmt: skip
        self.submit(claim)
        assert claim.typed().state == ClaimState.SUBMITTED
        assert [bill[3] for bill in self.bills(claim)] == [True, False, True]

    def test_a_slip_in_a_draft_is_corrected_and_keeps_its_scan(self) -> None:
        claim = self.draw_up()
        scan = Invoice.objects.get(claim=claim.pk).sha256
        data = stops.payee("众兴建筑有限公司") | {
            "tranche": "start", "amount_fen": 100_000, "invoices": [self.invoice(seller="众兴建筑公司")],
        }  # fmt: skip
        self.t.do("correct", on=claim, seat="village", data=data)
        kept = Invoice.objects.get(claim=claim.pk)
        assert (kept.seller, kept.sha256) == ("众兴建筑公司", scan)

    # Dated in order

    @refused_by("C-16")
    def test_an_application_dated_before_the_plan_was_issued(self) -> None:
        approved = self.t.project.approved_at
        assert approved is not None
        self.submit(self.draw_up(applied_on=timezone.localdate(approved) - A_DAY))

    @refused_by("C-16")
    def test_an_application_dated_tomorrow(self) -> None:
        self.submit(self.draw_up(applied_on=self.today() + A_DAY))

    @refused_by("C-17")
    def test_a_township_opinion_dated_before_the_application(self) -> None:
        claim = self.draw_up()
        self.submit(claim)
        data = {"checked_on": self.today() - A_DAY}
        self.t.do("check_township", on=claim, seat="township", reason="属实。", data=data)

    @refused_by("C-17")
    def test_a_township_opinion_dated_tomorrow(self) -> None:
        claim = self.draw_up()
        self.submit(claim)
        data = {"checked_on": self.today() + A_DAY}
        self.t.do("check_township", on=claim, seat="township", reason="属实。", data=data)

    def test_application_and_opinion_of_one_day(self) -> None:
        claim = self.draw_up(applied_on=self.today())
        self.submit(claim)
        data = {"checked_on": self.today()}
        checked = self.t.do("check_township", on=claim, seat="township", reason="属实。", data=data)
        assert checked.state == ClaimState.TOWNSHIP_CHECKED

    # Cut line by line

    def submitted(self) -> Claim:
        claim = self.draw_up(self.invoice("1", amount_fen=60_000), self.invoice("2", amount_fen=40_000))
        self.submit(claim)
        return claim

    def cut(self, claim: Claim, *lines: tuple[str, int, str], seat: str = "township") -> Claim:
        cuts = [{"code": "051002400111", "number": number, "approved_fen": fen, "cut_reason": why}
                for number, fen, why in lines]  # fmt: skip
        return self.t.do("cut", on=claim, seat=seat, reason="部分同意。", data={"cuts": cuts})  # type: ignore[return-value]

    def test_a_claim_is_paid_as_far_as_its_lines_were_approved(self) -> None:
        claim = self.cut(self.submitted(), ("1", 60_000, ""), ("2", 25_000, "超出合同单价"))
        assert (claim.amount_fen, claim.asked_fen, claim.cut_fen) == (85_000, 100_000, 15_000)
        self.t.do("check_township", on=claim, seat="township", reason="属实。")
        lower = self.cut(claim, ("1", 50_000, "工程量不足"), seat="department")
        assert lower.amount_fen == 75_000
        for act, seat in (("approve_department", "department"), ("approve_finance", "finance")):
            self.t.do(act, on=claim, seat=seat, reason="同意")
        stops.run_notice(self.t, purpose="claim", about=claim)
        paid = self.t.do("pay", on=claim, seat="finance")
        assert isinstance(paid, Claim)
        assert paid.ordered_fen + paid.retained_fen == 75_000
        cut = Entry.objects.filter(case_id=claim.pk, act="claim.cut").earliest("seq")
        told = facts_of(cut)["data"]["cuts"][1]
        assert (told["approved_fen"], told["cut_reason"]) == (25_000, "超出合同单价")

    def test_what_was_cut_is_free_for_another_claim(self) -> None:
        before = self.submitted()
        left = before.typed().ceiling_fen  # type: ignore[attr-defined]
        self.cut(before, ("2", 0, "非本项目支出"))
        other = self.draw_up(self.invoice("3", amount_fen=left), fen=left)
        assert other.typed().ceiling_fen >= left - 60_000  # type: ignore[attr-defined]

    @refused_by("C-21")
    def test_one_fen_more_than_the_invoice(self) -> None:
        self.cut(self.submitted(), ("2", 40_001, ""))

    @refused_by("C-21")
    def test_one_fen_more_than_the_office_before_left(self) -> None:
        claim = self.cut(self.submitted(), ("2", 25_000, "超出合同单价"))
        self.t.do("check_township", on=claim, seat="township", reason="属实。")
        self.cut(claim, ("2", 25_001, ""), seat="department")

    @refused_by("C-21")
    def test_an_invoice_of_another_claim(self) -> None:
        self.cut(self.submitted(), ("9", 0, "不属本项目"))

    @refused_by("C-23")
    def test_a_cut_without_a_reason(self) -> None:
        self.cut(self.submitted(), ("2", 39_999, " "))

    @refused_by("C-24")
    def test_a_cut_that_leaves_nothing(self) -> None:
        self.cut(self.submitted(), ("1", 0, "不符"), ("2", 0, "不符"))

    @refused_by("O-03")
    def test_a_cut_by_an_office_whose_turn_it_is_not(self) -> None:
        self.cut(self.submitted(), ("2", 1, "不符"), seat="finance")


class WhileBuilding(ClaimStage):
    """The contract was signed today for half a year; invoices may follow for another year."""

    state = S.BUILDING

    def bill(self, day: dt.date) -> None:
        contractor = self.t.project.contractor
        then = max(self.t.at, timezone.make_aware(dt.datetime.combine(day, dt.time(10))))
        self.t.at = max(self.t.at, then - 5 * A_DAY)
        measure.measure(self.t, permille=500)
        self.t.at = max(self.t.at, then)
        self.submit(self.draw_up(self.invoice(issued_on=day, seller=contractor), tranche="progress"))

    def term(self) -> tuple[dt.date, dt.date]:
        term = self.t.project.billing_term
        assert term is not None
        return term

    def test_the_term_is_the_contracts_and_the_rulebooks(self) -> None:
        first, last = self.term()
        assert last - first == dt.timedelta(days=180 + 365)

    @refused_by("C-18")
    def test_an_invoice_of_the_contractor_from_before_the_contract(self) -> None:
        self.bill(self.term()[0] - A_DAY)

    def test_an_invoice_of_the_first_day(self) -> None:
        self.bill(self.term()[0])

    def test_an_invoice_of_the_last_day(self) -> None:
        self.bill(self.term()[1])

    @refused_by("C-18")
    def test_an_invoice_of_the_day_after_the_last(self) -> None:
        self.bill(self.term()[1] + A_DAY)

    def test_an_invoice_of_somebody_else_is_not_bound_to_the_contract(self) -> None:
        first, _last = self.term()
        measure.measure(self.t, permille=500)
        self.submit(self.draw_up(self.invoice(issued_on=first - A_DAY), tranche="progress"))


class Contracting(Procuring):
    @refused_by("T-18")
    def test_works_that_end_on_the_day_of_the_signature(self) -> None:
        tender = self.awarded()
        data = {"contract_fen": 399_000_000, "signed_on": self.days(0), "completes_on": self.days(0)}
        self.t.do("close", on=tender, seat="procurement", data=data)

    def test_without_a_day_of_its_own_the_contract_ends_as_planned(self) -> None:
        closed = self.close(self.awarded())
        assert closed.completes_on is None


class Accepted(ClaimStage):
    state = S.ACCEPTED

    @refused_by("C-16")
    def test_the_last_application_dated_before_the_acceptance(self) -> None:
        accepted = self.t.project.accepted_at
        assert accepted is not None
        self.submit(self.draw_up(tranche="final", applied_on=timezone.localdate(accepted) - A_DAY))
