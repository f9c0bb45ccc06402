"""The claim (报账): one tranche, by progress, through four hands, never above what is left."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from funds import ledger
from workflows import law, tranches
from workflows.cases import Case
from workflows.files import attach
from workflows.law import Call, Data, Opening, act
from workflows.rules import claiming as rules
from workflows.rules.everywhere import at_this_desk
from workflows.states import ClaimState as S

if TYPE_CHECKING:
    pass

WORKING = (S.SUBMITTED, S.TOWNSHIP_CHECKED, S.DEPARTMENT_APPROVED, S.FINANCE_APPROVED)


class InvoiceLine(Data):
    """An invoice: its code and number, date, seller and amount."""

    code: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z-]+$")]
    number: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z-]+$")]
    issued_on: dt.date
    seller: Annotated[str, Field(min_length=2, max_length=80)]
    amount_fen: Annotated[int, Field(gt=0, le=10**13)]


class Opened(Data):
    """What is claimed: the tranche, the amount, the payee, the invoices."""

    tranche: Annotated[str, Field(min_length=1, max_length=40)]
    amount_fen: Annotated[int, Field(gt=0, le=10**13)]
    payee: Annotated[str, Field(min_length=2, max_length=80)]
    invoices: Annotated[tuple[InvoiceLine, ...], Field(max_length=60)] = ()


class Claim(Case):
    """A claim on the grant of one project."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    tranche = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField()
    retained_fen = models.BigIntegerField(default=0)
    payee = models.CharField(max_length=80)
    paid_at = models.DateTimeField(null=True)

    letter: ClassVar[str] = "C"
    opening: ClassVar[Opening] = Opening(
        label=_("Draw up a claim"), article=_("rulebook, tranches; Seven Systems no. 5 (报账制)"), seats=("village",),
        takes=Opened, rules=(rules.plan_is_issued, rules.tranche_is_known),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, retained_fen__gte=0, retained_fen__lte=models.F("amount_fen")),
                name="claim_money_in_order",
            )
        ]
        verbose_name = _("claim")

    @classmethod
    def begin(cls, form: Opened, *, root: Case | None) -> Claim:
        return cls(
            kind="claim", state=S.DRAFT, title=root.title if root else "", tranche=form.tranche,
            amount_fen=form.amount_fen, payee=form.payee,
        )  # fmt: skip

    def furnish(self, call: Call) -> None:
        self._keep_invoices(call)

    def _keep_invoices(self, call: Call) -> None:
        self.invoices.all().delete()
        Invoice.objects.bulk_create(Invoice(claim=self, **line.model_dump()) for line in call.data.invoices)
        call.amount_fen = self.amount_fen

    @property
    def ceiling(self) -> tranches.Ceiling:
        """The tranche as the rulebook has it, with what all claims may come to by then."""
        return tranches.ceiling_of(self.of_project, self.tranche)

    @property
    def claimed_before_fen(self) -> int:
        """What the project's other claims, paid or on their way, have taken."""
        others = Claim.objects.filter(root_id=self.root_id).exclude(pk=self.pk)
        taken = others.exclude(state__in=(S.REJECTED, S.DRAFT, S.RETURNED)).aggregate(sum=Sum("amount_fen"))
        return taken["sum"] or 0

    @property
    def ceiling_fen(self) -> int:
        """The most this claim may ask for: what all may come to by now, less what was claimed."""
        upto = self.ceiling.upto_fen
        return 0 if upto is None else max(0, upto - self.claimed_before_fen)

    def papers_for(self, code: str) -> tuple[str, ...]:
        """Some tranches ask for more papers than the others."""
        more = self.ceiling.tranche.papers if code == "claim.submit" else None
        return (*super().papers_for(code), *(more.value if more else ()))

    def seats(self) -> tuple[str, ...]:
        return SEATS[S(self.state)]

    @act(source=(S.DRAFT, S.RETURNED), by="village", takes=Opened, tone="note", label=_("Correct the claim"),
         article=_("会计法 art. 14: a wrong voucher is reissued"), rules=(rules.tranche_is_known,))  # fmt: skip
    def correct(self, call: Call) -> None:
        form = call.data
        self.put(tranche=form.tranche, amount_fen=form.amount_fen, payee=form.payee)
        self._keep_invoices(call)

    @act(source=(S.DRAFT, *WORKING, S.RETURNED), by=("village", "township", "department", "finance"), takes=law.Paper,
         tone="note", any_time=True, label=_("Attach a file"), article=_("会计档案管理办法 art. 6"),
         rules=(rules.file_is_new,))  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)

    @act(source=(S.DRAFT, S.RETURNED), target=S.SUBMITTED, by="village", label=_("Submit the claim"),
         article=_("rulebook, tranches; Seven Systems no. 5 (报账制)"),
         rules=(rules.trigger_has_come, rules.within_what_is_left, rules.invoices_cover_it, rules.invoices_are_new,
                rules.invoices_are_dated_in_order, rules.before_the_year_closes,
                rules.no_order_is_overdue))  # fmt: skip
    def submit(self, call: Call) -> None:
        call.amount_fen = self.amount_fen

    @act(source=S.SUBMITTED, target=S.TOWNSHIP_CHECKED, by="township", reason_required=True, bulk=True,
         label=_("Confirm the township check"), article=_("rulebook, claims (乡镇核实)"),
         rules=(rules.within_what_is_left,))  # fmt: skip
    def check_township(self, call: Call) -> None:
        call.amount_fen = self.amount_fen

    @act(source=S.TOWNSHIP_CHECKED, target=S.DEPARTMENT_APPROVED, by="department", reason_required=True, bulk=True,
         label=_("Approve as competent department"), article=_("rulebook, claims (主管部门审核)"),
         rules=(rules.within_what_is_left, rules.invoices_are_new))  # fmt: skip
    def approve_department(self, call: Call) -> None:
        call.amount_fen = self.amount_fen

    @act(source=S.DEPARTMENT_APPROVED, target=S.FINANCE_APPROVED, by="finance", reason_required=True, bulk=True,
         label=_("Approve as finance reviewer"), article=_("预算法实施条例 art. 57 and 59"),
         rules=(rules.within_what_is_left, rules.invoices_are_new))  # fmt: skip
    def approve_finance(self, call: Call) -> None:
        call.amount_fen = self.amount_fen

    @act(source=S.FINANCE_APPROVED, target=S.PAID, by="finance", label=_("Pay"),
         article=_("预算法实施条例 art. 66; 会计法 art. 35"),
         rules=(rules.within_what_is_left, rules.money_is_reserved))  # fmt: skip
    def pay(self, call: Call) -> None:
        """Pays the claim less its share of the retention, which stays on the books as retained."""
        retained = self.retention_share_fen
        project = self.root_id
        assert project is not None
        if self.amount_fen - retained:
            call.transfers += ledger.pay(
                case_id=project, fen=self.amount_fen - retained, claim_id=self.pk, key=f"{self.number}/pay", at=call.at
            )
        if retained:
            call.transfers += ledger.retain(
                case_id=project, fen=retained, claim_id=self.pk, key=f"{self.number}/retain", at=call.at
            )
        self.put(paid_at=call.at, retained_fen=retained)
        call.amount_fen = self.amount_fen

    @property
    def retention_share_fen(self) -> int:
        """This claim's part of the retention, rounded on the running total so that the parts sum."""
        project = self.of_project
        before = Claim.objects.filter(root_id=self.root_id, state=S.PAID).aggregate(sum=Sum("amount_fen"))["sum"] or 0
        after = tranches.retained_fen(project, before + self.amount_fen)
        return max(0, after - tranches.retained_fen(project, before))

    @act(source=WORKING, target=S.RETURNED, by=("township", "department", "finance"), reason_required=True, tone="back",
         label=_("Return for correction"), article=_("会计法 art. 14: incomplete vouchers are returned"),
         rules=(at_this_desk,))  # fmt: skip
    def return_claim(self, call: Call) -> None:
        self.returned_to = "village"

    @act(source=WORKING, target=S.REJECTED, by=("township", "department", "finance"), reason_required=True, tone="back",
         label=_("Reject the claim"), article=_("rulebook, claims (不予报账)"), rules=(at_this_desk,))  # fmt: skip
    def reject(self, call: Call) -> None:
        """Frees its invoices for another claim."""


SEATS: dict[S, tuple[str, ...]] = {
    S.DRAFT: ("village",),
    S.SUBMITTED: ("township",),
    S.TOWNSHIP_CHECKED: ("department",),
    S.DEPARTMENT_APPROVED: ("finance",),
    S.FINANCE_APPROVED: ("finance",),
    S.RETURNED: ("village",),
    S.PAID: (),
    S.REJECTED: (),
}


class Invoice(models.Model):
    """An invoice of a claim; the same code and number may be claimed once."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="invoices")
    code = models.CharField(max_length=20)
    number = models.CharField(max_length=20)
    issued_on = models.DateField()
    seller = models.CharField(max_length=80)
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["code", "number"])]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="invoice_positive")]
