"""A stage with works to measure: quantities of every line, photos, the supervision engineer's signature."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from approvals import measure
from approvals.demo.sheets import sheet
from tests.law.stages import Stage
from workflows.models import BudgetLine, Measurement


class WorksStage(Stage):
    """A stage whose works are being built, with 3 km of road and the fees in the bill."""

    def today(self) -> dt.date:
        return timezone.localdate(self.t.at)

    @property
    def bill(self) -> list[BudgetLine]:
        return list(self.t.project.lines.all())

    def all_of(self, permille: int) -> dict[int, int]:
        """So much of every line."""
        return {line.position: line.quantity_milli * permille // 1000 for line in self.bill}

    def open(self, permille: int = 500, *, more: dict[int, int] | None = None, **facts: Any) -> Measurement:
        """A measurement of so much of every line, some lines otherwise, not submitted yet."""
        quantities = self.all_of(permille) | (more or {})
        data = {"measured_on": self.today(), "quantities": quantities} | facts
        return self.t.open(Measurement, seat="village", data=data)  # type: ignore[return-value]

    def submit(self, measurement: Measurement) -> Measurement:
        self.t.papers("measurement.submit", seat="village", on=measurement)
        return self.t.do("submit", on=measurement, seat="village")  # type: ignore[return-value]

    def sign(self, measurement: Measurement) -> Measurement:
        return self.t.do("sign_off", on=measurement, seat="supervision", reason="属实")  # type: ignore[return-value]

    def measured(self, permille: int) -> Measurement:
        """A measurement of so much of every line, signed."""
        return measure.measure(self.t, permille=permille)

    def photo(self, words: str = "路基") -> Any:
        return sheet(name=words, lines=(words,), suffix=".png")
