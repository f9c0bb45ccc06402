"""The money of a project beside its claims: own share, change of plan, retention, refund."""

from __future__ import annotations

import datetime as dt

from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds import ledger
from workflows import tranches
from workflows.law import Call, act
from workflows.lifecycles.forms import Amount, LabourDone, Received, Repair
from workflows.lifecycles.project_facts import RUNNING, ProjectFacts
from workflows.rules import funding, tendering
from workflows.states import ProjectState as S

#: While an audited project may still be owed money.
SETTLING = (S.UNDER_AUDIT, S.UNDER_ACCEPTANCE, S.RECTIFYING, S.ACCEPTED, S.HANDED_OVER)


class ProjectMoney(ProjectFacts):
    """Acts that move or count money without moving the project on its road."""

    class Meta:
        abstract = True

    @act(source=RUNNING, by="township", any_time=True, takes=Received, reason_required=True, tone="note",
         label=_("Record self-raised money paid in"), article=_("村民一事一议筹资筹劳管理办法; rulebook, tranches"),
         rules=(funding.own_share_is_planned,))  # fmt: skip
    def record_contribution(self, call: Call) -> None:
        """The township has seen it paid in; the village does not certify its own share."""
        self.put(self_raised_in_fen=self.self_raised_in_fen + call.data.amount_fen)
        call.amount_fen = call.data.amount_fen

    @act(source=(*RUNNING, S.COMPLETED), by="township", any_time=True, takes=LabourDone, reason_required=True,
         tone="note", label=_("Count labour contributed"), article=_("村民一事一议筹资筹劳管理办法 (投工投劳)"),
         rules=(funding.labour_has_a_rate, funding.labour_is_planned))  # fmt: skip
    def count_labour(self, call: Call) -> None:
        """Done, and counted at the rate of its source; no money moves, and no payment ever takes it."""
        fen, key = funding.worth_fen(call), f"{self.number}/labour/{self.entry_count}"
        parts = {call.data.source_id: fen}
        call.transfers += ledger.reserve(case_id=self.pk, purpose=self.category, parts=parts, key=key, at=call.at)
        call.transfers += ledger.count(case_id=self.pk, fen=fen, key=f"{key}/done", at=call.at)
        call.amount_fen = fen

    @act(source=RUNNING, by=("leading_group", "programme", "finance"), any_time=True, takes=Amount,
         reason_required=True, tone="note",
         label=_("Allow a change of plan"), article=_("rulebook, change (变更)"),
         rules=(funding.approver_decides, funding.growth_is_small, tendering.added_quantity_is_small,
                funding.contributions_stay))  # fmt: skip
    def change(self, call: Call) -> None:
        """A change within the limit keeps the approval; the grant never grows by it."""
        self.put(self_raised_fen=call.data.total_fen - self.grant_fen - self.labour_fen)
        call.amount_fen = call.data.total_fen

    # Settlement

    def reckon_refund(self, call: Call) -> None:
        """What was paid above the audited price is due back, with a term of its own."""
        # What an order on its way will have retained once the bank has paid it is spent, too.
        on_its_way = self.family.filter(kind="claim", state="paying").aggregate(
            retained=Coalesce(Sum("claim__retained_fen"), 0)
        )
        spent_fen = ledger.position(case_id=self.pk).spent_fen + on_its_way["retained"]
        over = spent_fen - tranches.most_fen(self)
        if over > 0:
            days = self.book.refund.days_max.value
            self.put(refund_due_fen=over, refund_due_on=timezone.localdate(call.at) + dt.timedelta(days=days))

    @act(source=SETTLING, by="finance", any_time=True, takes=Received, reason_required=True, tone="note",
         label=_("Receive a refund"), article=_("rulebook, refund (超付返还); 财建〔2022〕183号"),
         rules=(funding.refund_is_due,))  # fmt: skip
    def receive_refund(self, call: Call) -> None:
        """Goes back to the sources that it was paid from."""
        fen = call.data.amount_fen
        call.transfers += ledger.take_back(case_id=self.pk, fen=fen, key=f"{self.number}/refund/{self.entry_count}",
                                           at=call.at)  # fmt: skip
        self.put(refund_due_fen=self.refund_due_fen - fen)
        call.amount_fen = fen

    @act(source=S.HANDED_OVER, by="finance", any_time=True, reason_required=True, tone="note",
         label=_("Release the retention"), article=_("建设工程质量保证金管理办法 art. 10; rulebook, retention"),
         rules=(funding.retention_is_due,))  # fmt: skip
    def release_retention(self, call: Call) -> None:
        call.transfers += ledger.release_retained(case_id=self.pk, key=f"{self.number}/retention", at=call.at)
        call.amount_fen = sum(t.fen for t in call.transfers)

    @act(source=(S.ACCEPTED, S.HANDED_OVER), by="finance", any_time=True, takes=Repair, reason_required=True,
         tone="note", label=_("Spend retention on a repair"),
         article=_("建设工程质量保证金管理办法 art. 9; rulebook, retention"),
         rules=(funding.retention_may_repair, funding.retention_suffices))  # fmt: skip
    def repair_from_retention(self, call: Call) -> None:
        """The contractor did not mend the defect; somebody else is paid from what is held back."""
        call.transfers += ledger.release_retained(
            case_id=self.pk, fen=call.data.amount_fen, key=f"{self.number}/repair/{self.entry_count}", at=call.at,
            memo=call.data.payee,
        )  # fmt: skip
        call.amount_fen = call.data.amount_fen
