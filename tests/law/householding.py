"""A stage with lists of households: loaded, published, checked, ordered."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from approvals import payouts, stops
from approvals.demo.sheets import sheet
from approvals.payouts import goods, household
from tests.factories import project_at
from tests.law.stages import Stage
from workflows.household.months import Months
from workflows.law import StoredFile
from workflows.models import HouseholdBatch
from workflows.states import ProjectState as S

MARCH = ("2026-03", "2026-03")
FIRST, SECOND = payouts.NAMES[1], payouts.NAMES[2]


class HouseholdStage(Stage):
    """A project whose plan is issued, and lists on its grant."""

    state = S.APPROVED

    def batch(self, *lines: dict[str, Any], months: tuple[str, str] = MARCH) -> HouseholdBatch:
        """A draft with its list; two households where none are given."""
        return payouts.open_batch(self.t, *(lines or self.two()), months=months)  # type: ignore[return-value]

    def now(self, batch: HouseholdBatch) -> HouseholdBatch:
        """The batch as it stands."""
        return HouseholdBatch.objects.select_related("edition").get(pk=batch.pk)

    def two(self) -> tuple[dict[str, Any], ...]:
        return household(1), household(2)

    def published(self, *lines: dict[str, Any]) -> HouseholdBatch:
        """On the board, its term still running."""
        batch = self.batch(*lines)
        self.t.do("publish", on=batch, seat="village")
        return batch

    def hung(self, *lines: dict[str, Any]) -> HouseholdBatch:
        """On the board for its full term, its papers attached."""
        batch = self.batch(*lines)
        payouts.publish(self.t, batch)
        self.t.papers("household_batch.submit", seat="village", on=batch)
        return batch

    def checked(self, *lines: dict[str, Any]) -> HouseholdBatch:
        return payouts.checked_batch(self.t, *(lines or self.two()))  # type: ignore[return-value]

    def ordered(self, *lines: dict[str, Any]) -> HouseholdBatch:
        batch = self.checked(*lines)
        payouts.order(self.t, batch)
        return batch

    def returned(self, *lines: dict[str, Any]) -> HouseholdBatch:
        """The bank has returned the first household's payment."""
        batch = self.ordered(*lines)
        payouts.answer(self.t, batch, failed=[FIRST])
        return batch

    def load(self, batch: HouseholdBatch, *lines: dict[str, Any]) -> None:
        """Load another list, its amounts reckoned where they are not given."""
        rows = payouts.reckoned(self.t, lines, Months.read(*MARCH))
        self.t.do("load_list", on=batch, seat="village", data={"lines": rows})

    def objection(self, batch: HouseholdBatch, position: int = 1) -> int:
        """An objection to a line; its number."""
        self.t.do("raise_objection", on=batch, seat="discipline", data={"position": position, "text": "不符合条件"})
        return int(batch.objections.latest("id").pk)

    def decide(self, batch: HouseholdBatch, objection: int, verdict: str, **more: Any) -> None:
        data = {"objection_id": objection, "verdict": verdict} | more
        self.t.do("decide", on=batch, seat="township", reason="经入户核实。", data=data)

    def answers(self, batch: HouseholdBatch, **given: Any) -> list[dict[str, Any]]:
        return payouts.answers(self.t, batch, **given)

    def answer(self, batch: HouseholdBatch, *said: dict[str, Any]) -> None:
        self.t.do("answer", on=batch, seat="finance", data={"answers": said})

    def sign(self, batch: HouseholdBatch, *, files: list[StoredFile] | None = None, **facts: Any) -> None:
        """Goods are signed for."""
        data = {"handed_on": timezone.localdate(self.t.at), "distributor": "严正华", "cadre": "何忠诚"} | facts
        page = [sheet(name="签收单", lines=("签收单",))] if files is None else files
        self.t.do("record_receipts", on=batch, seat="village", data=data, files=page)

    def elsewhere(self, number: int = 1) -> HouseholdBatch:
        """The same household, standard and month in a batch of another project."""
        other = project_at(S.APPROVED, specimen=1)
        batch = payouts.open_batch(other, household(number))
        other.do("publish", on=batch, seat="village")
        self.t.at = max(self.t.at, other.at)
        return batch  # type: ignore[return-value]

    def notice(self, batch: HouseholdBatch) -> Any:
        return stops.post_notice(self.t, purpose="household", seat="village", about=batch)


__all__ = ["FIRST", "MARCH", "SECOND", "HouseholdStage", "goods", "household"]
