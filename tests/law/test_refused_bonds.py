"""Clarifications, bonds and what is added to a contract, a day or a fen beyond the limit and just within it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from tests.law.procuring import Procuring
from tests.law.stages import Stage, refused_by
from workflows.models import Tender
from workflows.states import ProjectState as S


class Tendering(Procuring):
    @refused_by("T-14")
    def test_a_clarification_fourteen_days_before_the_deadline(self) -> None:
        tender = self.issued(20)
        self.pass_days(6)
        self.clarify(tender, days=14)

    def test_a_clarification_fifteen_days_before_the_deadline_leaves_it_where_it_was(self) -> None:
        tender = self.issued(20)
        self.pass_days(5)
        assert self.clarify(tender, days=15).bids_until == self.days(15)

    def test_a_late_clarification_puts_the_deadline_off(self) -> None:
        tender = self.issued(20)
        self.pass_days(19)
        later = self.clarify(tender, days=15)
        assert later.due_at is not None
        assert timezone.localdate(later.due_at) == later.bids_until == self.days(15)

    def test_the_clock_reminds_of_the_deadline_that_was_put_off_not_of_the_old_one(self) -> None:
        tender = self.issued(20)
        self.pass_days(19)
        later = self.clarify(tender, days=15)
        assert later.alarm_at is not None
        assert timezone.localdate(later.alarm_at) == self.days(15) - dt.timedelta(days=3)
        assert later.alarm_no == 0

    @refused_by("T-14")
    def test_a_clarification_that_brings_the_deadline_forward(self) -> None:
        self.clarify(self.issued(40), days=20)

    def clarify(self, tender: Tender, *, days: int) -> Tender:
        data = {"bids_until": self.days(days)}
        return self.t.do("clarify", on=tender, seat="procurement", reason="路基压实度以设计图为准。", data=data)  # type: ignore[return-value]

    def issue_with_bond(self, bond_fen: int) -> Tender:
        data = {"bids_until": self.days(20), "bid_bond_fen": bond_fen}
        return self.t.do("issue", on=self.open(), seat="procurement", data=data)  # type: ignore[return-value]

    @refused_by("T-15")
    def test_a_bid_bond_one_fen_above_two_per_cent(self) -> None:
        self.issue_with_bond(8_000_001)

    def test_a_bid_bond_of_two_per_cent(self) -> None:
        assert self.issue_with_bond(8_000_000).bid_bond_fen == 8_000_000

    def close_with_bond(self, bond_fen: int) -> Tender:
        tender = self.awarded()
        data = {"contract_fen": 399_000_000, "signed_on": self.days(0), "performance_bond_fen": bond_fen}
        return self.t.do("close", on=tender, seat="procurement", data=data)  # type: ignore[return-value]

    @refused_by("T-16")
    def test_a_performance_bond_one_fen_above_a_tenth_of_the_contract(self) -> None:
        self.close_with_bond(39_900_001)

    def test_a_performance_bond_of_a_tenth_of_the_contract(self) -> None:
        assert self.close_with_bond(39_900_000).performance_bond_fen == 39_900_000


class Contracted(Stage):
    """The contract is smaller than the plan, so its tenth is reached first."""

    state = S.CONTRACTED

    def add(self, fen: int) -> None:
        planned = self.t.project.total_fen
        self.t.do("change", seat="leading_group", reason="增加错车道。", data={"total_fen": planned + fen})

    def tenth(self) -> int:
        assert self.t.project.contract_fen is not None
        return self.t.project.contract_fen // 10

    @refused_by("T-17")
    def test_a_tenth_of_the_contract_and_one_fen_added_to_it(self) -> None:
        assert self.tenth() < self.t.project.total_fen // 10
        self.add(self.tenth() + 1)

    def test_a_tenth_of_the_contract_added_to_it(self) -> None:
        before = self.t.project.total_fen
        self.add(self.tenth())
        assert self.t.project.total_fen == before + self.tenth()


class BeforeTheContract(Stage):
    state = S.PROCURING

    def test_a_tenth_of_the_plan_may_be_added_while_there_is_no_contract(self) -> None:
        before = self.t.project.total_fen
        self.t.do("change", seat="leading_group", reason="增加错车道。", data={"total_fen": before + before // 10})
        assert self.t.project.total_fen == before + before // 10
