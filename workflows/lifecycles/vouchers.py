"""The vouchers of a claim: its invoices, each with its file; corrected by reissue, cut line by line."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.prepared import Prepared, number
from workflows.cases import Attachment
from workflows.files import attach
from workflows.law import Call, Refusal, Refused, act
from workflows.lifecycles.claim_forms import Cuts, InvoiceFile, InvoiceLine, Opened
from workflows.lifecycles.payment import ClaimPayment
from workflows.rules import claiming
from workflows.rules import vouchers as rules
from workflows.rules.everywhere import at_this_desk
from workflows.secrecy import Secret
from workflows.states import ClaimState as S


class ClaimVouchers(ClaimPayment):
    """What is handed in with a claim, and what the reviewers make of it."""

    class Meta:
        abstract = True

    @cached_property
    def bills(self) -> list[Invoice]:
        """The invoices that count; several rules read them."""
        return [invoice for invoice in self.all_bills if not invoice.replaced]

    @property
    def all_bills(self) -> list[Invoice]:
        """Those that were replaced, too."""
        return [bill for bill in self.bills_alike if bill.claim_id == self.pk]

    @cached_property
    def bills_alike(self) -> list[Invoice]:
        """Its invoices, and those of the same code and number wherever they stand; one query for all rules."""
        return _BILLS_ALIKE.all(claim=self.pk)

    @cached_property
    def files_alike(self) -> list[Attachment]:
        """Its files, and the same files of other claims; one query for all rules."""
        return _FILES_ALIKE.all(claim=self.pk)

    @property
    def own_files(self) -> list[Attachment]:
        """Of those its own."""
        return [file for file in self.files_alike if file.case_id == self.pk]

    def papers_there(self) -> set[str]:
        return {file.paper for file in self.own_files}

    @cached_property
    def unfiled_bills(self) -> list[Invoice]:
        """Those whose file is still missing."""
        return [bill for bill in self.bills if not bill.sha256]

    @property
    def cut_fen(self) -> int:
        """What the reviewers took off, in fen."""
        return self.asked_fen - self.amount_fen

    def bills_filed(self) -> list[tuple[Invoice, Attachment | None]]:
        """Every invoice with the file it was scanned into."""
        files = {file.sha256: file for file in self.own_files}
        return [(bill, files.get(bill.sha256)) for bill in self.all_bills]

    def keep_invoices(self, call: Call) -> None:
        """The form's invoices take the place of those there.

        What was once handed in stays on the claim as replaced (会计法 art. 14: a wrong one is reissued);
        an invoice that stays the same keeps its file.
        """
        before = {bill.facts: bill for bill in self.bills}
        wanted = [Invoice(claim_id=self.pk, **line.model_dump()) for line in call.data.invoices]
        staying = {line.facts for line in wanted} & before.keys()
        if self.state == S.DRAFT:
            # Nobody has seen it yet: what was typed wrongly keeps its scan.
            scans = {bill.key: bill.sha256 for bill in before.values()}
            for line in wanted:
                line.sha256 = scans.get(line.key, "")
        left_out = Invoice.objects.filter(pk__in=[bill.pk for facts, bill in before.items() if facts not in staying])
        if self.state == S.DRAFT:
            left_out.delete()
        else:
            left_out.update(replaced=True, claimed=False)
        Invoice.objects.filter(claim_id=self.pk, replaced=False).update(approved_fen=None, cut_reason="")
        Invoice.objects.bulk_create(line for line in wanted if line.facts not in staying)
        call.amount_fen = self.amount_fen

    def claim_invoices(self) -> None:
        """From now on nobody else may claim them.

        Raises:
            Refused: another claim did so at this very moment; a unique index knows what no rule could see.
        """
        try:
            with transaction.atomic():
                Invoice.objects.filter(pk__in=[bill.pk for bill in self.bills]).update(claimed=True)
        except IntegrityError as twice:
            raise Refused([Refusal.by(rules.invoices_are_new, {"invoice": "—", "number": "—"})]) from twice

    @act(source=(S.DRAFT, S.RETURNED), by="village", takes=Opened, tone="note", label=_("Correct the claim"),
         article=_("会计法 art. 14: a wrong voucher is reissued"), rules=(claiming.tranche_is_known,))  # fmt: skip
    def correct(self, call: Call) -> None:
        form = call.data
        self.put(
            tranche=form.tranche, amount_fen=form.amount_fen, asked_fen=form.amount_fen, payee=form.payee,
            bank=form.bank or self.bank, applied_on=form.applied_on or timezone.localdate(call.at),
        )  # fmt: skip
        if form.account:
            self.put(account=Secret.of(form.account))
        self.keep_invoices(call)

    @act(source=(S.DRAFT, S.RETURNED), by="village", takes=InvoiceFile, tone="note", label=_("Attach an invoice"),
         article=_("会计法 art. 14; rulebook, papers"),
         rules=(rules.invoice_is_listed, rules.one_file_an_invoice, rules.file_is_new))  # fmt: skip
    def attach_invoice(self, call: Call) -> None:
        """The scan of one invoice; a second one takes the first one's place."""
        attach(self, call)
        shown = [bill for bill in self.bills if bill.key == call.data.invoice]
        Invoice.objects.filter(pk__in=[bill.pk for bill in shown]).update(sha256=call.files[0].sha256)
        call.amount_fen = shown[0].amount_fen

    @act(source=(S.SUBMITTED, S.TOWNSHIP_CHECKED, S.DEPARTMENT_APPROVED), by=("township", "department", "finance"),
         takes=Cuts, reason_required=True, tone="note", label=_("Approve in part"),
         article=_("会计法 art. 14; rulebook, claims (核减)"),
         rules=(at_this_desk, rules.cuts_are_of_this_claim, rules.every_cut_is_explained,
                rules.something_is_left))  # fmt: skip
    def cut(self, call: Call) -> None:
        """Line by line, each with its reason; an office may lower what the one before it left, not raise it."""
        lines = {line.key: line for line in call.data.cuts}
        touched = [bill for bill in self.bills if bill.key in lines]
        for bill in touched:
            bill.approved_fen, bill.cut_reason = lines[bill.key].approved_fen, lines[bill.key].cut_reason
        Invoice.objects.bulk_update(touched, ["approved_fen", "cut_reason"])
        self.put(amount_fen=min(self.amount_fen, sum(bill.counted_fen for bill in self.bills)))
        call.amount_fen = self.amount_fen


class Invoice(models.Model):
    """An invoice of a claim; the same code and number may be claimed once, and so may its file."""

    claim = models.ForeignKey("workflows.Claim", on_delete=models.PROTECT, related_name="invoices")
    code = models.CharField(max_length=20)
    number = models.CharField(max_length=20)
    issued_on = models.DateField()
    seller = models.CharField(max_length=80)
    amount_fen = models.BigIntegerField()
    #: Digest of the file that it was scanned into, an attachment of the claim; empty while it is missing.
    sha256 = models.CharField(max_length=64, blank=True)
    #: What the reviewers left of it, and why; ``None`` while nobody cut it.
    approved_fen = models.BigIntegerField(null=True)
    cut_reason = models.CharField(max_length=200, blank=True)
    #: Handed in once, then taken back for another.
    replaced = models.BooleanField(default=False)
    #: Stands in a claim that was submitted and not rejected.
    claimed = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["code", "number"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="invoice_positive"),
            models.CheckConstraint(
                condition=Q(approved_fen__isnull=True) | Q(approved_fen__gte=0, approved_fen__lte=F("amount_fen")),
                name="invoice_cut_within",
            ),
            # Two projects that claim one invoice at the same moment do not see each other; the index does.
            models.UniqueConstraint(fields=["code", "number"], condition=Q(claimed=True), name="invoice_claimed_once"),
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(claimed=True) & ~Q(sha256=""), name="invoice_file_claimed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """Code and number in one."""
        return InvoiceLine.key_of(self.code, self.number)

    @property
    def facts(self) -> tuple[object, ...]:
        """Everything printed on it: another amount makes it another paper."""
        return self.code, self.number, self.issued_on, self.seller, self.amount_fen

    @property
    def counted_fen(self) -> int:
        """What of it counts: all, or what the reviewers left."""
        return self.amount_fen if self.approved_fen is None else self.approved_fen


def _bills_alike() -> models.QuerySet[Invoice]:
    own = Invoice.objects.filter(claim_id=number("claim")).order_by()
    alike = Invoice.objects.filter(code__in=own.values("code"), number__in=own.values("number"))
    return alike.select_related("claim").order_by("id")


def _files_alike() -> models.QuerySet[Attachment]:
    own = Attachment.objects.filter(case_id=number("claim")).order_by()
    alike = Attachment.objects.filter(sha256__in=own.values("sha256"), case__kind="claim")
    return alike.select_related("case").order_by("id")


_BILLS_ALIKE = Prepared(_bills_alike)
_FILES_ALIKE = Prepared(_files_alike)
