"""The household batch (一卡通): a list from the village, on the board, checked by four offices, paid line by line."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflows import law
from workflows.cases import Case
from workflows.files import attach
from workflows.household import prints
from workflows.household.months import Months
from workflows.household.rows import HouseholdLine, LineObjection
from workflows.law import Call, Opening, act
from workflows.lifecycles.household_forms import Decided, Listed, Objected, Opened
from workflows.lifecycles.household_payment import HouseholdPayment
from workflows.rules import claiming, watching
from workflows.rules import households as rules
from workflows.rules.everywhere import at_this_desk
from workflows.rules.households import DIRECT, OBJECTIONS
from workflows.secrecy import Secret, fingerprint, masked
from workflows.states import ENDS
from workflows.states import HouseholdBatchState as S

CHECKING = (S.SUBMITTED, S.TOWNSHIP_CHECKED, S.DEPARTMENT_APPROVED, S.FINANCE_APPROVED)
LIVE = tuple(state for state in S if state not in ENDS["household_batch"])


class HouseholdBatch(HouseholdPayment):
    """Households of one village, what each is due for some months, out of one project's grant."""

    letter: ClassVar[str] = "H"
    opening: ClassVar[Opening] = Opening(
        label=_("Open a household batch"), article=DIRECT, seats=("village",), takes=Opened,
        rules=(claiming.plan_is_issued, rules.months_are_in_order),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gte=0, goods_fen__gte=0), name="household_money_in_order"),
            models.CheckConstraint(condition=Q(last_month__gte=models.F("first_month")), name="household_months"),
        ]
        verbose_name = _("household batch")

    @classmethod
    def begin(cls, form: Opened, *, root: Case | None) -> HouseholdBatch:
        months = Months.read(form.first_month, form.last_month)
        return cls(
            kind="household_batch", state=S.DRAFT, title=root.title if root else "", first_month=months.first,
            last_month=months.last,
        )  # fmt: skip

    @act(source=(S.DRAFT, S.RETURNED), by="village", takes=Listed, tone="note", label=_("Load the list"),
         article=DIRECT, rules=(rules.list_is_lawful, rules.nobody_listed_is_paid_elsewhere))  # fmt: skip
    def load_list(self, call: Call) -> None:
        """A new list takes the place of the old one, which must hang anew."""
        self.lines.all().delete()
        HouseholdLine.objects.bulk_create(
            HouseholdLine(
                batch=self, position=position, id_number_print=fingerprint(line.id_number),
                **line.model_dump() | {"id_number": Secret.of(line.id_number), "account": Secret.of(line.account)},
            )
            for position, line in enumerate(call.data.lines, 1)
        )  # fmt: skip
        self.put(list_round=self.list_round + 1, **self.resum())
        call.amount_fen = self.amount_fen

    @act(source=LIVE, by=("village", "township", "department", "finance"), takes=law.Paper, tone="note",
         any_time=True, label=_("Attach a file"), article=_("会计档案管理办法 art. 6"))  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)

    @act(source=(S.DRAFT, S.RETURNED), target=S.ON_NOTICE, by="village", label=_("Publish the list"), article=DIRECT,
         rules=(rules.list_is_loaded, rules.grant_suffices))  # fmt: skip
    def publish(self, call: Call) -> None:
        """From now on it counts against the grant, and the village's notice about it can hang."""
        call.amount_fen = self.amount_fen

    @act(source=S.ON_NOTICE, by=law.ANY_SEAT, any_time=True, takes=Objected, tone="note",
         label=_("Record an objection to a line"), article=OBJECTIONS, rules=(rules.line_stands,))  # fmt: skip
    def raise_objection(self, call: Call) -> None:
        form = call.data
        LineObjection.objects.create(
            batch=self, position=form.position, name=self.standing.get(position=form.position).name,
            objector=form.objector, text=form.text, received_at=call.at,
        )  # fmt: skip

    @act(source=S.ON_NOTICE, by="township", takes=Decided, reason_required=True, tone="note",
         label=_("Decide an objection to a line"), article=OBJECTIONS,
         rules=(rules.objection_is_undecided, rules.changed_line_is_lawful))  # fmt: skip
    def decide(self, call: Call) -> None:
        """An upheld objection makes another list of it, for which a notice runs anew."""
        form = call.data
        objection = self.objections.get(pk=form.objection_id)
        objection.answered_at, objection.verdict, objection.answer = call.at, form.verdict, call.reason
        objection.save(update_fields=["answered_at", "verdict", "answer"])
        if form.verdict == LineObjection.Verdict.DISMISS:
            return
        line = self.standing.get(position=objection.position)
        if form.verdict == LineObjection.Verdict.STRIKE:
            line.status, line.remark = HouseholdLine.Status.STRUCK, call.reason[:200]
        else:
            line.amount_fen = self.amount_for(line, form.quantity_milli)
            line.quantity_milli = form.quantity_milli
        line.save(update_fields=["status", "remark", "amount_fen", "quantity_milli"])
        self.put(list_round=self.list_round + 1, **self.resum())

    @act(source=S.ON_NOTICE, target=S.DRAFT, by="village", reason_required=True, tone="back",
         label=_("Take the list back"), article=DIRECT, rules=(rules.no_line_is_disputed,))  # fmt: skip
    def recall(self, call: Call) -> None:
        """To correct it; as long as no other list is loaded, the notice that hung counts."""

    @act(source=S.ON_NOTICE, target=S.SUBMITTED, by="village", label=_("Submit the batch"), article=DIRECT,
         rules=(rules.list_is_loaded, rules.no_line_is_disputed, rules.grant_suffices,
                rules.nobody_is_paid_elsewhere, watching.unit_has_no_lapsed_order,
                watching.unit_is_not_frozen))  # fmt: skip
    def submit(self, call: Call) -> None:
        call.amount_fen = self.amount_fen

    @act(source=S.SUBMITTED, target=S.TOWNSHIP_CHECKED, by="township", reason_required=True, bulk=True,
         label=_("Confirm the township check"), article=DIRECT, rules=(rules.nobody_is_paid_elsewhere,))  # fmt: skip
    def check_township(self, call: Call) -> None:
        call.amount_fen = self.amount_fen

    @act(source=S.TOWNSHIP_CHECKED, target=S.DEPARTMENT_APPROVED, by="department", reason_required=True, bulk=True,
         label=_("Approve as competent department"), article=DIRECT,
         rules=(rules.nobody_is_paid_elsewhere,))  # fmt: skip
    def approve_department(self, call: Call) -> None:
        call.amount_fen = self.amount_fen

    @act(source=S.DEPARTMENT_APPROVED, target=S.FINANCE_APPROVED, by="finance", reason_required=True, bulk=True,
         label=_("Confirm the procedural check"), article=_("预算法实施条例 art. 57"),
         rules=(rules.grant_suffices, rules.nobody_is_paid_elsewhere, rules.list_is_the_published_one))  # fmt: skip
    def check_finance(self, call: Call) -> None:
        """Finance looks at the procedure, not at the households: those who know them have signed before."""
        self.put(checked_at=call.at)
        call.amount_fen = self.amount_fen

    @act(source=(S.DRAFT, S.RETURNED), target=S.WITHDRAWN, by="village", reason_required=True, tone="back",
         label=_("Withdraw"), article=_("county rule on review: the applicant may withdraw (撤回)"))  # fmt: skip
    def withdraw(self, call: Call) -> None:
        """It has taken nothing of the grant, so nothing is freed."""

    @act(source=CHECKING, target=S.RETURNED, by=("township", "department", "finance"), reason_required=True,
         tone="back", label=_("Return for correction"), article=_("会计法 art. 14: incomplete vouchers are returned"),
         rules=(at_this_desk,))  # fmt: skip
    def return_batch(self, call: Call) -> None:
        self.returned_to = "village"

    @act(source=CHECKING, target=S.REJECTED, by=("township", "department", "finance"), reason_required=True,
         tone="back", label=_("Reject the batch"), article=DIRECT, rules=(at_this_desk,))  # fmt: skip
    def reject(self, call: Call) -> None:
        """Frees its part of the grant, and its people for another batch."""

    def redact(self, data: dict[str, Any]) -> dict[str, Any]:
        """No number enters the record: of a list its digest, its sums and a print of it, of an account four places.

        The print proves later which numbers were meant, without telling them; one a line finds equals (decision 41).
        """
        if "lines" in data:
            lines = data.pop("lines")
            whole = "\n".join(f"{line['id_number']} {line['account']}" for line in lines)
            return data | {"lines": self.lines.count(), "amount_fen": self.amount_fen, "goods_fen": self.goods_fen,
                           "list_sha256": self.list_sha256, "numbers_print": fingerprint(whole),
                           "prints": prints.of_lines(lines)}  # fmt: skip
        if account := data.get("account"):
            return data | {"account": masked(account), "account_print": fingerprint(account)}
        if objection := data.get("objection_id"):
            return data | {"position": self.objections.get(pk=objection).position}
        return {name: value for name, value in data.items() if name != "objector"}
