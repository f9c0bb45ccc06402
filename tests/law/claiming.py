"""A stage with claims: drawn up, submitted, approved, ordered, with the invoices and receipts that it takes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from approvals import stops
from tests.law.stages import Stage
from workflows.models import Claim


class ClaimStage(Stage):
    """A stage with a claim to draw up."""

    def today(self) -> dt.date:
        return timezone.localdate(self.t.at)

    def invoice(self, number: str = "00000001", **facts: Any) -> dict[str, Any]:
        return {
            "code": "051002400111", "number": number, "issued_on": self.today(), "seller": "众兴建筑有限公司",
            "amount_fen": 100_000,
        } | facts  # fmt: skip

    def draw_up(
        self, *invoices: dict[str, Any], tranche: str = "start", fen: int = 100_000, **facts: Any
    ) -> Claim:  # fmt: skip
        """A claim of so many fen with these invoices, its papers attached."""
        data = stops.payee("众兴建筑有限公司") | {"tranche": tranche, "amount_fen": fen,
                "invoices": invoices or (self.invoice(amount_fen=fen),)} | facts  # fmt: skip
        claim = self.t.open(Claim, seat="village", data=data)
        stops.attach_invoices(self.t, claim)
        self.t.papers("claim.submit", seat="village", on=claim)
        return claim  # type: ignore[return-value]

    def submit(self, claim: Claim) -> None:
        self.t.do("submit", on=claim, seat="village")

    def approve(self, claim: Claim) -> None:
        """From the submission to the finance reviewer's approval, its notice run."""
        self.submit(claim)
        for act, seat in (("check_township", "township"), ("approve_department", "department"),
                          ("approve_finance", "finance")):  # fmt: skip
            self.t.do(act, on=claim, seat=seat, reason="同意")
        stops.run_notice(self.t, purpose="claim", about=claim)

    def order(self) -> Claim:
        """A claim whose payment is on its way."""
        self.approve(claim := self.draw_up())
        return self.t.do("pay", on=claim, seat="finance")  # type: ignore[return-value]

    def receipt(self, claim: Claim, **facts: Any) -> dict[str, Any]:
        """The bank's receipt of the claim's order, of today."""
        return {
            "order_number": claim.order_number, "ordered_fen": claim.ordered_fen, "bank_reference": "20260401-7",
            "paid_on": self.today(),
        } | facts  # fmt: skip
