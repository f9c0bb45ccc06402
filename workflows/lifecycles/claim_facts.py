"""The facts of a claim and the questions about them: ceiling, what other claims took, papers, whose turn."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from audit.prepared import Prepared, number
from workflows import tranches
from workflows.cases import Case
from workflows.secrecy import SealedField, Secret, fingerprint, masked
from workflows.states import ClaimState as S

#: Its payment has been ordered once, so that its share of the retention is fixed.
ORDERED = (S.PAYING, S.PAYMENT_FAILED, S.PAID)

SEATS: dict[S, tuple[str, ...]] = {
    S.DRAFT: ("village",),
    S.SUBMITTED: ("township",),
    S.TOWNSHIP_CHECKED: ("department",),
    S.DEPARTMENT_APPROVED: ("finance",),
    S.FINANCE_APPROVED: ("finance",),
    S.PAYING: ("finance",),
    S.PAYMENT_FAILED: ("finance",),
    S.RETURNED: ("village",),
    S.PAID: (),
    S.REJECTED: (),
}
#: What the cases of a project have of its grant, in fen.
SUMS = tranches.TAKEN | {
    "ordered": Coalesce(Sum("claim__amount_fen", filter=Q(kind="claim", state__in=ORDERED)), 0),
    "retained": Coalesce(Sum("claim__retained_fen", filter=Q(kind="claim", state__in=ORDERED)), 0),
}
_BESIDE = Prepared(
    lambda: (
        Case.objects.filter(root_id=number("root"))
        .exclude(pk=number("but"))
        .order_by()
        .values("root_id")
        .annotate(**SUMS)
        .values_list(*SUMS)
    )
)


class ClaimFacts(Case):
    """What a claim asks for, for whom, and what stands beside it."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    tranche = models.CharField(max_length=40)
    #: What is to be paid; and what was asked for, before the reviewers cut it.
    amount_fen = models.BigIntegerField()
    asked_fen = models.BigIntegerField()
    #: The days on the application and on the township's opinion.
    applied_on = models.DateField(null=True)
    checked_on = models.DateField(null=True)
    retained_fen = models.BigIntegerField(default=0)
    payee = models.CharField(max_length=80)
    bank = models.CharField(max_length=80, blank=True)
    account = SealedField(default=Secret)
    #: How often its payment was ordered.
    orders_count = models.PositiveSmallIntegerField(default=0)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def ceiling(self) -> tranches.Ceiling:
        """The tranche as the rulebook has it, with what all claims may come to by then."""
        return tranches.ceiling_of(self.of_project, self.tranche)

    @cached_property
    def beside(self) -> dict[str, int]:
        """What others have of the grant, in fen; asked once.

        What the project's other claims have taken, ordered and retained, and what household batches take.
        """
        sums = _BESIDE.rows(root=self.root_id, but=self.pk or 0) or [(0,) * len(SUMS)]
        return dict(zip(SUMS, sums[0], strict=True))

    @property
    def ceiling_fen(self) -> int:
        """The most this claim may ask for: what all may come to by now, less what was claimed.

        Nor more than household batches leave of the grant: the two together never exceed it.
        """
        upto = self.ceiling.upto_fen
        if upto is None:
            return 0
        left = tranches.most_fen(self.of_project) - self.beside["listed"]
        return max(0, min(upto, left) - self.beside["taken"])

    @property
    def retention_share_fen(self) -> int:
        """This claim's part of the retention, rounded on the running total so that the parts sum.

        A fen at least is paid: what is held back too little for that, the next claim makes up.
        """
        running = tranches.retained_fen(self.of_project, self.beside["ordered"] + self.amount_fen)
        return min(max(0, running - self.beside["retained"]), self.amount_fen - 1)

    @property
    def order_number(self) -> str:
        """The number of its last order to the bank; empty before the first."""
        return f"{self.number}-{self.orders_count}" if self.orders_count else ""

    @property
    def ordered_fen(self) -> int:
        """What goes to the payee: the claim less its share of the retention."""
        return self.amount_fen - self.retained_fen

    def papers_for(self, code: str) -> tuple[str, ...]:
        """Some tranches ask for more papers than the others."""
        more = self.ceiling.tranche.papers if code == "claim.submit" else None
        return (*super().papers_for(code), *(more.value if more else ()))

    def seats(self) -> tuple[str, ...]:
        return SEATS[S(self.state)]

    def redact(self, data: dict[str, Any]) -> dict[str, Any]:
        """The account enters the record by its last four places, and by a print that proves which it was."""
        account = data.get("account")
        return data | {"account": masked(account), "account_print": fingerprint(account)} if account else data
