"""A stop on the road: the works are measured, shown by photos, and signed by the supervision engineer."""

from __future__ import annotations

from django.utils import timezone

from approvals.traveller import Traveller
from workflows import progress
from workflows.models import Measurement


def is_asked_for(t: Traveller) -> bool:
    """Whether the project's rulebook has its works measured."""
    return progress.is_measured(t.project.book, work_kind=t.project.work_kind)


def draw_up(t: Traveller, *, permille: int, submit: bool = True) -> Measurement:
    """So much of every line measured today, and handed to the supervision engineer."""
    quantities = {line.position: line.quantity_milli * permille // 1000 for line in t.project.lines.all()}
    figures = {"measured_on": timezone.localdate(t.at), "quantities": quantities}
    measurement = t.open(Measurement, seat="village", data=figures)
    t.try_in_vain("submit", on=measurement, seat="village", rule="P-01")
    t.papers("measurement.submit", seat="village", on=measurement)
    if submit:
        t.do("submit", on=measurement, seat="village")
    return measurement  # type: ignore[return-value]


def measure(t: Traveller, *, permille: int) -> Measurement:
    """So much of every line, measured and signed."""
    measurement = draw_up(t, permille=permille)
    builder = t.who(measurement, None, seat="village")
    t.try_in_vain("sign_off", on=measurement, by=builder, rule="O-01")
    t.wait(2)
    opinion = "经现场核验,工程量属实,质量合格。"
    return t.do("sign_off", on=measurement, seat="supervision", reason=opinion)  # type: ignore[return-value]
