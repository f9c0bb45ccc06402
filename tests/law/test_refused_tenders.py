"""Procurement: the route by amount and kind, the legal periods a day short and just long enough."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import pytest
from django.utils import timezone

from tests.law.procuring import Procuring
from tests.law.stages import Stage, refused_by
from workflows.models import Tender
from workflows.rulebook import load as rulebooks
from workflows.states import ProjectState as S
from workflows.states import TenderState

ROUTES = """
works    |           0 | direct_contract
works    |   4_999_999 | direct_contract
works    |   5_000_000 | capable_firm
works    |  19_999_999 | capable_firm
works    |  20_000_000 | inquiry
works    |  49_999_999 | inquiry
works    |  50_000_000 | negotiation
works    | 399_999_999 | negotiation
works    | 400_000_000 | open_tender
works    | 400_000_001 | open_tender
goods    |   4_999_999 | direct_contract
goods    |   5_000_000 | inquiry
goods    | 199_999_999 | inquiry
goods    | 200_000_000 | open_tender
services |   4_999_999 | direct_contract
services |   5_000_000 | negotiation
services |  99_999_999 | negotiation
services | 100_000_000 | open_tender
"""


@pytest.mark.parametrize("row", ROUTES.strip().splitlines())
def test_the_route_follows_from_kind_and_amount_in_fen(row: str) -> None:
    kind, fen, route = (cell.strip() for cell in row.split("|"))
    assert rulebooks.load("default").route(kind=kind, amount_fen=int(fen)) == route  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "fen", "route"),
    [
        ("works", 200_000_000, "self_build"),
        ("works", 200_000_001, "negotiation"),
        ("goods", 100_000_000, "inquiry"),
    ],
)
def test_a_village_of_henan_builds_for_itself_up_to_two_million_yuan(
    kind: Literal["works", "goods"], fen: int, route: str
) -> None:
    assert rulebooks.load("henan-county").route(kind=kind, amount_fen=fen, self_build=True) == route


class BeforeProcurement(Stage):
    state = S.APPROVED

    @refused_by("T-01")
    def test_a_tender_before_procurement_has_started(self) -> None:
        self.t.open(Tender, seat="procurement", data={"subject": "通村道路"})


class AtProcurement(Procuring):
    def test_exactly_four_million_yuan_of_works_tender_openly(self) -> None:
        assert self.open().route == "open_tender"

    @refused_by("T-02")
    def test_a_second_tender_beside_the_first(self) -> None:
        self.open()
        self.open()

    def test_a_second_tender_after_the_first_has_failed(self) -> None:
        self.t.do("fail", on=self.open(), seat="procurement", reason="投标人不足三家")
        assert self.open().state == TenderState.PREPARED

    @refused_by("T-03")
    def test_nineteen_days_to_write_a_bid(self) -> None:
        self.issued(19)

    def test_twenty_days_to_write_a_bid(self) -> None:
        assert self.issued(20).typed().state == TenderState.ISSUED

    @refused_by("T-04")
    def test_bids_opened_the_day_before_their_deadline(self) -> None:
        tender = self.issued()
        self.pass_days(19)
        self.open_bids(tender)

    def test_bids_opened_on_the_day_of_their_deadline(self) -> None:
        assert self.opened().typed().state == TenderState.OPENED

    @refused_by("T-05")
    def test_two_bidders(self) -> None:
        tender = self.issued()
        self.pass_days(20)
        self.open_bids(tender, "甲公司", "乙公司")

    @refused_by("T-05")
    def test_one_of_three_bidders_who_bids_twice(self) -> None:
        tender = self.issued()
        self.pass_days(20)
        self.open_bids(tender, "甲公司", "乙公司", "甲公司 ")

    @refused_by("T-06")
    def test_a_committee_of_three(self) -> None:
        self.rank(self.opened(), members=3, experts=3)

    @refused_by("T-06")
    def test_a_committee_of_six(self) -> None:
        self.rank(self.opened(), members=6, experts=6)

    @refused_by("T-06")
    def test_a_committee_with_three_experts_of_five(self) -> None:
        self.rank(self.opened(), members=5, experts=3)

    def test_a_committee_with_six_experts_of_nine_has_exactly_two_thirds(self) -> None:
        tender = self.opened()
        self.rank(tender, members=9, experts=6)
        assert tender.typed().state == TenderState.RANKED

    @refused_by("T-06")
    def test_a_committee_with_more_experts_than_members(self) -> None:
        self.rank(self.opened(), members=5, experts=6)

    @refused_by("T-07")
    def test_a_candidate_who_did_not_bid(self) -> None:
        self.rank(self.opened(), "甲公司", "戊公司")

    @refused_by("T-07")
    def test_four_candidates(self) -> None:
        self.rank(self.opened(), "甲公司", "乙公司", "丙公司", "丁公司")

    @refused_by("T-07")
    def test_one_candidate_named_twice(self) -> None:
        self.rank(self.opened(), "甲公司", "甲公司")

    def come_on(self, day: dt.date) -> None:
        self.pass_days((day - timezone.localdate(self.t.at)).days)

    @refused_by("T-08")
    def test_an_award_on_the_last_day_of_the_candidates_notice(self) -> None:
        """Three days end within the holidays of May, and so on the first working day after them."""
        tender = self.ranked().typed()
        assert isinstance(tender, Tender)
        assert tender.ranked_on is not None
        assert dt.date(2026, 4, 28) <= tender.ranked_on <= dt.date(2026, 5, 2)
        self.come_on(dt.date(2026, 5, 6))
        self.award(tender)

    def test_an_award_on_the_day_after(self) -> None:
        tender = self.ranked()
        self.come_on(dt.date(2026, 5, 7))
        self.award(tender)
        assert tender.typed().state == TenderState.AWARDED

    @refused_by("T-09")
    def test_an_award_to_the_second_candidate(self) -> None:
        tender = self.ranked()
        self.pass_days(10)
        self.award(tender, "乙公司")

    @refused_by("T-10")
    def test_an_award_one_fen_above_the_budget(self) -> None:
        tender = self.ranked(price_fen=400_000_001)
        self.pass_days(10)
        self.award(tender)

    def test_an_award_of_the_whole_budget(self) -> None:
        tender = self.ranked(price_fen=400_000_000)
        self.pass_days(10)
        self.award(tender)
        assert tender.typed().state == TenderState.AWARDED

    @refused_by("T-11")
    def test_a_contract_thirty_one_days_after_the_award(self) -> None:
        tender = self.awarded()
        self.pass_days(31)
        self.close(tender)

    def test_a_contract_thirty_days_after_the_award(self) -> None:
        tender = self.awarded()
        self.pass_days(30)
        assert self.close(tender).state == TenderState.CLOSED

    @refused_by("T-11")
    def test_a_contract_signed_before_the_award(self) -> None:
        self.close(self.awarded(), signed=-1)

    @refused_by("T-11")
    def test_a_contract_signed_tomorrow(self) -> None:
        self.close(self.awarded(), signed=1)

    @refused_by("T-12")
    def test_a_contract_one_fen_above_the_award(self) -> None:
        self.close(self.awarded(), fen=399_000_001)

    @refused_by("T-12")
    def test_a_contract_for_nothing(self) -> None:
        self.close(self.awarded(), fen=0)

    @refused_by("T-13", "N-01")
    def test_a_contract_of_the_project_without_a_tender(self) -> None:
        """Nor can a notice name a contractor before there is one."""
        self.t.papers("project.sign_contract", seat="village")
        self.t.do("sign_contract", seat="village")
