"""Measurements: never less than was signed, never more than the bill, dated, photographed, signed by another hand."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from approvals import stops
from tests.factories import project_at
from tests.law.measuring import WorksStage
from tests.law.stages import refused_by
from workflows.models import Claim, Measurement, Project
from workflows.states import MeasurementState as M
from workflows.states import ProjectState as S

DAY = dt.timedelta(days=1)


class BeforeTheWorks(WorksStage):
    state = S.CONTRACTED

    @refused_by("G-01")
    def test_works_that_have_not_begun(self) -> None:
        self.open(0)


class WhileBuilding(WorksStage):
    """The bill: 3 km of road, of which a tenth more may be built, and one item of fees."""

    state = S.BUILDING

    @refused_by("G-02")
    def test_a_second_measurement_while_one_is_open(self) -> None:
        self.submit(self.open(200))
        self.open(300)

    def test_another_once_the_first_is_withdrawn_or_signed(self) -> None:
        self.t.do("withdraw", on=self.open(200), seat="village", reason="数量有误")
        self.measured(200)
        assert self.open(300).state == M.DRAFT

    @refused_by("G-03")
    def test_a_line_that_is_not_in_the_bill(self) -> None:
        self.open(more={3: 0})

    @refused_by("G-04")
    def test_a_thousandth_less_than_was_signed(self) -> None:
        self.measured(500)
        self.open(500, more={1: 1_499})

    @refused_by("G-04")
    def test_a_line_left_out_that_was_signed(self) -> None:
        self.measured(500)
        self.open(quantities={1: 1_500})

    @refused_by("G-04")
    def test_a_correction_to_less_than_was_signed(self) -> None:
        self.measured(500)
        data = {"measured_on": self.today(), "quantities": self.all_of(499)}
        self.t.do("correct", on=self.open(600), seat="village", data=data)

    def test_just_what_was_signed_says_that_the_works_stood_still(self) -> None:
        self.measured(500)
        assert self.open(500).measured_permille == 500

    @refused_by("G-05")
    def test_a_thousandth_above_the_bill_and_a_tenth(self) -> None:
        self.open(more={1: 3_301})

    def test_the_bill_and_a_tenth_is_the_whole_line_and_no_more(self) -> None:
        measurement = self.open(0, more={1: 3_300})
        assert [(row.now_milli, row.share_permille) for row in measurement.rows] == [(3_300, 1000), (0, 0)]
        assert measurement.measured_permille == 960

    @refused_by("G-06")
    def test_measured_tomorrow(self) -> None:
        self.open(measured_on=self.today() + DAY)

    @refused_by("G-06")
    def test_measured_the_day_before_the_works_began(self) -> None:
        assert self.t.project.started_on is not None
        self.open(measured_on=self.t.project.started_on - DAY)

    @refused_by("G-06")
    def test_measured_the_day_before_the_last_signed_measurement(self) -> None:
        self.t.wait(10)
        last = self.measured(200)
        self.open(300, measured_on=last.measured_on - DAY)

    def test_measured_on_the_very_day_of_the_last_one(self) -> None:
        last = self.measured(200)
        assert self.open(300, measured_on=last.measured_on).state == M.DRAFT

    @refused_by("G-07")
    def test_a_photo_of_an_earlier_measurement(self) -> None:
        first = self.open(200)
        self.t.do("attach", on=first, seat="village", data={"paper": "photos"}, files=[self.photo()])
        self.sign(self.submit(first))
        self.t.do("attach", on=self.open(300), seat="village", data={"paper": "photos"}, files=[self.photo()])

    def test_a_photo_of_a_withdrawn_measurement_may_be_handed_in_again(self) -> None:
        first = self.open(200)
        self.t.do("attach", on=first, seat="village", data={"paper": "photos"}, files=[self.photo()])
        self.t.do("withdraw", on=first, seat="village", reason="数量有误")
        again = self.open(300)
        self.t.do("attach", on=again, seat="village", data={"paper": "photos"}, files=[self.photo()])
        assert again.attachments.count() == 1

    @refused_by("P-01")
    def test_submitted_without_photos(self) -> None:
        self.t.do("submit", on=self.open(200), seat="village")

    @refused_by("O-01")
    def test_the_builder_signs_for_himself(self) -> None:
        measurement = self.submit(self.open(200))
        self.t.do("sign_off", on=measurement, seat="supervision", by=self.official("village"), reason="属实")

    @refused_by("O-02")
    def test_a_signature_without_an_opinion(self) -> None:
        self.t.do("sign_off", on=self.submit(self.open(200)), seat="supervision")

    @refused_by("D-01")
    def test_who_signed_the_measurement_does_not_order_the_payment(self) -> None:
        self.measured(200)
        claim = stops.claim_tranche(self.t, code="progress", pay=False)
        assert claim is not None
        signer = self.official("supervision")
        finance = self.official("finance", 1).posts.get()
        finance.delegations.create(to=signer, reason="代理", since=self.today(), until=self.today() + DAY)
        self.t.do("pay", on=claim, seat="finance", by=signer)

    def test_what_comes_back_is_corrected_submitted_again_and_signed(self) -> None:
        measurement = self.submit(self.open(400))
        self.t.do("send_back", on=measurement, seat="supervision", reason="里程桩号不符,请复核。")
        data = {"measured_on": self.today(), "quantities": self.all_of(350)}
        self.t.do("correct", on=measurement, seat="village", data=data)
        signed = self.sign(self.submit(measurement))
        assert (signed.state, signed.signed_by, signed.measured_permille) == (
            M.SIGNED,
            self.official("supervision"),
            350,
        )
        assert Project.objects.get(pk=self.t.project.pk).done_permille == 350

    def test_it_waits_a_week_for_the_signature_or_until_the_holidays_are_over(self) -> None:
        measurement = self.submit(self.open(400))
        assert self.today() + 7 * DAY == dt.date(2026, 5, 4)
        assert measurement.due_at is not None
        assert timezone.localdate(measurement.due_at) == dt.date(2026, 5, 6)

    @refused_by("G-01")
    def test_a_signature_while_the_works_are_suspended(self) -> None:
        measurement = self.submit(self.open(200))
        self.t.do("suspend", seat="programme", reason="汛期暂停施工。")
        self.sign(measurement)


class PaidByProgress(WorksStage):
    """What is paid and what is complete waits for the signature."""

    state = S.BUILDING

    def claim(self) -> Claim:
        invoice = {"code": "051002400111", "number": "00000009", "issued_on": self.today(), "seller": "众兴建筑公司",
                   "amount_fen": 100_000}  # fmt: skip
        form = {"tranche": "progress", "amount_fen": 100_000, "invoices": [invoice]} | stops.payee("众兴建筑公司")
        claim = self.t.open(Claim, seat="village", data=form)
        stops.attach_invoices(self.t, claim)
        self.t.papers("claim.submit", seat="village", on=claim)
        return claim  # type: ignore[return-value]

    def submit_claim(self) -> Claim:
        return self.t.do("submit", on=self.claim(), seat="village")  # type: ignore[return-value]

    @refused_by("G-08")
    def test_progress_that_nobody_measured(self) -> None:
        self.submit_claim()

    @refused_by("G-08")
    def test_progress_that_nobody_signed(self) -> None:
        self.submit(self.open(500))
        self.submit_claim()

    @refused_by("G-08")
    def test_progress_measured_thirty_one_days_ago(self) -> None:
        last = self.measured(500)
        self.t.wait_until(last.measured_on + 31 * DAY)
        assert (self.today() - last.measured_on).days == 31
        self.submit_claim()

    def test_progress_measured_thirty_days_ago(self) -> None:
        last = self.measured(500)
        self.t.at += dt.timedelta(days=30) - (self.today() - last.measured_on)
        assert (self.today() - last.measured_on).days == 30
        assert self.submit_claim().state == "submitted"

    def test_after_completion_the_last_signature_goes_on_counting(self) -> None:
        self.measured(1000)
        self.t.do("complete", seat="village", reason="完工")
        self.t.wait(60)
        assert self.submit_claim().state == "submitted"

    @refused_by("G-09")
    def test_completion_one_thousandth_short(self) -> None:
        self.measured(999)
        self.t.do("complete", seat="village", reason="完工")

    def test_completion_once_everything_is_signed(self) -> None:
        self.measured(1000)
        assert self.t.do("complete", seat="village", reason="完工").state == S.COMPLETED

    @refused_by("G-02")
    def test_completion_while_a_measurement_is_open(self) -> None:
        self.measured(1000)
        self.submit(self.open(1000))
        self.t.do("complete", seat="village", reason="完工")

    def test_goods_are_not_measured(self) -> None:
        project = Project.objects.get(pk=self.t.project.pk)
        Project.objects.filter(pk=project.pk).update(work_kind="goods")
        assert self.submit_claim().state == "submitted"
        assert self.t.do("complete", seat="village", reason="到货验收").state == S.COMPLETED


class Elsewhere(WorksStage):
    """A photo serves once in the whole county."""

    state = S.BUILDING

    @refused_by("G-07")
    def test_a_photo_of_another_project(self) -> None:
        first = self.open(200)
        self.t.do("attach", on=first, seat="village", data={"paper": "photos"}, files=[self.photo()])
        at = self.t.at
        self.t = project_at(S.BUILDING, specimen=1)
        self.t.at = max(at, self.t.at)
        second: Measurement = self.open(200)
        self.t.do("attach", on=second, seat="village", data={"paper": "photos"}, files=[self.photo()])
