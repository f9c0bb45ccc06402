"""The grant beside its claims: growth, own share, retention, refund, what is open at the end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from approvals import stops
from funds import books, ledger
from funds.models import ANY_PURPOSE, Source
from tests.law.stages import Stage, refused_by
from workflows import treasury
from workflows.calendar import months_later
from workflows.models import Claim
from workflows.states import ProjectState as S


class AtApproval(Stage):
    """The plan of 500,000 yuan: grant 450,000, self-raised 30,000, labour 20,000."""

    state = S.APPROVED

    def change(self, total_fen: int, *, seat: str = "leading_group") -> None:
        self.t.do("change", seat=seat, reason="设计变更", data={"total_fen": total_fen})

    def test_a_plan_may_grow_by_exactly_ten_percent(self) -> None:
        self.change(55_000_000)
        assert self.t.project.total_fen == 55_000_000
        assert self.t.project.grant_fen == 45_000_000

    @refused_by("M-02")
    def test_a_plan_that_grows_by_one_fen_more(self) -> None:
        self.change(55_000_001)

    @refused_by("M-02")
    def test_two_small_changes_that_add_up_to_a_large_one(self) -> None:
        self.change(55_000_000)
        self.change(55_000_001)

    @refused_by("M-06")
    def test_a_change_decided_by_another_office_than_the_rulebook_names(self) -> None:
        self.change(50_000_000, seat="finance")

    @refused_by("M-12")
    def test_a_plan_one_fen_below_grant_and_labour(self) -> None:
        self.change(46_999_999)

    def test_a_plan_of_grant_and_labour_alone(self) -> None:
        self.change(47_000_000)
        assert self.t.project.self_raised_fen == 0
        assert self.t.project.total_fen == 47_000_000

    def labour(self, *, days: int = 200) -> Source:
        """So many days of labour at 100 yuan a day, entered by the finance bureau."""
        facts: dict[str, Any] = {
            "manager": "村民委员会", "channel": "一事一议", "purpose": ANY_PURPOSE, "nature": "投工投劳",
            "procedure": "村民会议决议", "document_number": "村议〔2026〕1号", "year": 2026,
        }  # fmt: skip
        clerk = self.official("finance")
        rate = ledger.Labour(days_milli=days * 1000, rate_fen=10_000, rate_document="县定额〔2026〕3号")
        source = treasury.open_source(
            name="投工投劳", kind="labour", labour=rate, by=clerk, at=self.t.at, **facts
        )  # fmt: skip
        treasury.receive(source=source, by=clerk, at=self.t.at)
        return source

    def count(self, source: Source, days_milli: int) -> None:
        data = {"source_id": source.pk, "days_milli": days_milli}
        self.t.do("count_labour", seat="township", reason="出工登记属实。", data=data)

    def test_labour_is_counted_at_its_rate_and_paid_by_nobody(self) -> None:
        before = ledger.position(case_id=self.t.project.pk)
        source = self.labour()
        self.count(source, 150_500)
        self.count(source, 49_500)
        after = ledger.position(case_id=self.t.project.pk)
        assert (after.labour_fen, after.counted_fen) == (2_000_000, 2_000_000)
        assert (after.reserved_fen, after.paid_fen) == (before.reserved_fen, before.paid_fen)
        assert books.verify().wrong == []

    @refused_by("M-15")
    def test_a_thousandth_of_a_day_more_than_planned(self) -> None:
        source = self.labour(days=300)
        self.count(source, 200_000)
        self.count(source, 1)

    @refused_by("M-14", "M-15")
    def test_labour_counted_from_money(self) -> None:
        self.count(Source.objects.earliest("id"), 1000)

    @refused_by("L-01")
    def test_more_labour_than_was_entered(self) -> None:
        self.count(self.labour(days=100), 100_001)

    def contribute(self, fen: int) -> None:
        self.t.do("record_contribution", seat="township", reason="已缴入专户", data={"amount_fen": fen})

    @refused_by("M-11")
    def test_an_own_share_one_fen_above_the_plan(self) -> None:
        self.contribute(2_999_999)
        self.contribute(2)

    def test_the_whole_own_share(self) -> None:
        self.contribute(2_999_999)
        self.contribute(1)
        assert self.t.project.self_raised_in_fen == 3_000_000

    @refused_by("M-04")
    def test_a_termination_with_a_claim_on_its_way(self) -> None:
        data = {"tranche": "start", "amount_fen": 100, "payee": "众兴建筑有限公司"}
        self.t.open(Claim, seat="village", data=data)
        self.t.do("terminate", seat="leading_group", reason="终止")

    def test_a_termination_gives_everything_back(self) -> None:
        self.t.do("terminate", seat="leading_group", reason="终止")
        assert ledger.position(case_id=self.t.project.pk).reserved_fen == 0


class HandedOver(Stage):
    state = S.HANDED_OVER

    def due_on(self) -> dt.date:
        accepted = self.t.project.accepted_at
        assert accepted is not None
        return months_later(timezone.localdate(accepted), months=12)

    def come_on(self, day: dt.date) -> None:
        self.t.at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))

    def release(self) -> None:
        self.t.do("release_retention", seat="finance", reason="缺陷责任期满")

    def close(self) -> None:
        self.t.do("close", seat="finance", reason="归档")

    @refused_by("M-03")
    def test_a_retention_released_one_day_early(self) -> None:
        self.come_on(self.due_on() - dt.timedelta(days=1))
        self.release()

    def test_a_retention_released_on_its_day(self) -> None:
        self.come_on(self.due_on())
        self.release()
        assert ledger.position(case_id=self.t.project.pk).retained_fen == 0

    @refused_by("M-05")
    def test_a_project_closed_with_its_retention_held(self) -> None:
        self.close()

    @refused_by("X-02")
    def test_a_project_closed_with_an_order_open(self) -> None:
        self.come_on(self.due_on())
        self.release()
        stops.rectify(self.t, seat="audit")
        self.close()

    def repair(self, fen: int) -> None:
        self.t.do("repair_from_retention", seat="finance", reason="修补路面",
                  data={"amount_fen": fen, "payee": "演练村维修队"})  # fmt: skip

    @refused_by("M-08")
    def test_a_repair_one_fen_above_the_retention(self) -> None:
        self.repair(ledger.position(case_id=self.t.project.pk).retained_fen + 1)

    def test_a_repair_of_the_whole_retention(self) -> None:
        self.repair(ledger.position(case_id=self.t.project.pk).retained_fen)
        assert ledger.position(case_id=self.t.project.pk).retained_fen == 0


class AuditedBelowWhatWasPaid(Stage):
    """The works turn out 1,000 yuan cheaper than what has been paid for them."""

    state = S.UNDER_AUDIT

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        paid = ledger.position(case_id=cls.t.project.pk).spent_fen
        stops.hold_audit(cls.t, audited_fen=paid - 100_000)
        cls.t.do("pass_audit", seat="audit")

    def receive(self, fen: int) -> None:
        self.t.do("receive_refund", seat="finance", reason="已缴回", data={"amount_fen": fen})

    @refused_by("M-09")
    def test_a_refund_one_fen_above_what_is_due(self) -> None:
        self.receive(100_001)

    def test_a_refund_in_two_parts(self) -> None:
        self.receive(99_999)
        self.receive(1)
        assert self.t.project.refund_due_fen == 0

    @refused_by("M-10")
    def test_a_project_closed_with_one_fen_of_refund_due(self) -> None:
        self.receive(99_999)
        stops.hold_acceptance(self.t)
        self.t.do("pass_acceptance", seat="programme", reason="验收合格。")
        stops.run_notice(self.t, purpose="acceptance")
        self.t.papers("project.hand_over", seat="village")
        self.t.do("hand_over", seat="village")
        self.t.wait(400)
        self.t.do("release_retention", seat="finance", reason="缺陷责任期满")
        self.t.do("close", seat="finance", reason="归档")
