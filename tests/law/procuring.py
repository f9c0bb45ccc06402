"""What tests of a tender do: issue, open the bids, rank, award, close."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from tests.law.stages import Stage
from workflows.models import Tender
from workflows.states import ProjectState as S


class Procuring(Stage):
    """Four million yuan of works, to the fen: an open tender."""

    state = S.PROCURING
    specimen = 3

    def days(self, count: int) -> dt.date:
        return timezone.localdate(self.t.at) + dt.timedelta(days=count)

    def open(self) -> Tender:
        return self.t.open(Tender, seat="procurement", data={"subject": "通乡公路改造"})  # type: ignore[return-value]

    def issued(self, days: int = 20) -> Tender:
        tender = self.open()
        self.t.do("issue", on=tender, seat="procurement", data={"bids_until": self.days(days)})
        return tender

    def pass_days(self, count: int) -> None:
        """Whatever the weekday: the law counts calendar days here."""
        self.t.at += dt.timedelta(days=count)

    def open_bids(self, tender: Tender, *names: str, price_fen: int = 399_000_000) -> None:
        bids = [{"bidder": name, "price_fen": price_fen} for name in names or ("甲公司", "乙公司", "丙公司", "丁公司")]
        self.t.do("open_bids", on=tender, seat="procurement", data={"bids": bids})

    def opened(self, **more: Any) -> Tender:
        tender = self.issued()
        self.pass_days(20)
        self.open_bids(tender, **more)
        return tender

    def rank(self, tender: Tender, *names: str, members: int = 5, experts: int = 4) -> None:
        data = {"members": members, "experts": experts, "candidates": names or ("甲公司", "乙公司")}
        self.t.do("rank", on=tender, seat="procurement", reason="推荐中标候选人。", data=data)

    def ranked(self, **more: Any) -> Tender:
        tender = self.opened(**more)
        self.rank(tender)
        return tender

    def award(self, tender: Tender, winner: str = "甲公司") -> None:
        self.t.do("award", on=tender, seat="procurement", reason="确定中标人。", data={"winner": winner})

    def awarded(self) -> Tender:
        tender = self.ranked()
        self.pass_days(10)
        self.award(tender)
        return tender

    def close(self, tender: Tender, *, fen: int = 399_000_000, signed: int = 0) -> Tender:
        data = {"contract_fen": fen, "signed_on": self.days(signed)}
        return self.t.do("close", on=tender, seat="procurement", data=data)  # type: ignore[return-value]
