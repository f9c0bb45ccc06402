"""The rows of a household batch: lines, the months they were paid for, objections to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflows.household.identity import masked_name
from workflows.household.lines import ListLine
from workflows.secrecy import SealedField, Secret


class HouseholdLine(models.Model):
    """One household of a batch: what it gets, and what became of it."""

    class Kind(models.TextChoices):
        MONEY = "money", _("money")
        GOODS = "goods", _("goods")

    class Status(models.TextChoices):
        LISTED = "listed", _("listed")
        STRUCK = "struck", _("struck")
        ORDERED = "ordered", _("payment ordered")
        PAID = "paid", _("paid")
        FAILED = "failed", _("returned by the bank")
        SIGNED = "signed", _("signed for")

    batch = models.ForeignKey("HouseholdBatch", on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=40)
    id_number = SealedField()
    id_number_print = models.CharField(max_length=64)
    members = models.PositiveSmallIntegerField()
    bank = models.CharField(max_length=80, blank=True)
    account = SealedField(default=Secret)
    #: Code of the rulebook's standard; empty for goods, which have an item.
    standard = models.CharField(max_length=40, blank=True)
    item = models.CharField(max_length=40, blank=True)
    quantity_milli = models.BigIntegerField()
    unit = models.CharField(max_length=12, blank=True)
    amount_fen = models.BigIntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.LISTED)
    #: How often its payment was ordered, and since when the last order is on its way.
    orders_count = models.PositiveSmallIntegerField(default=0)
    ordered_on = models.DateField(null=True)
    #: Why the bank did not pay, or why it was struck.
    remark = models.CharField(max_length=200, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    paid_on = models.DateField(null=True)
    #: Who signed for goods: the recipient is the line's own name.
    handed_on = models.DateField(null=True)
    distributor = models.CharField(max_length=40, blank=True)
    cadre = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        indexes: ClassVar = [models.Index(fields=["id_number_print", "standard"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "position"], name="household_line_position"),
            models.UniqueConstraint(
                fields=["batch", "id_number_print", "standard"], condition=Q(kind="money"), name="household_line_once"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0, quantity_milli__gt=0), name="household_line_positive"),
            models.CheckConstraint(
                condition=Q(id_number__startswith="gAAAA")
                & (Q(kind="money", account__startswith="gAAAA") | Q(kind="goods", standard="")),
                name="household_line_sealed",
            ),
        ]  # fmt: skip
        verbose_name = _("line of a household batch")

    def __str__(self) -> str:
        return f"{self.position} {self.name}"

    def changed(self, quantity_milli: int, amount_fen: int) -> ListLine:
        """The line as it would be handed in with another quantity and what follows from it."""
        return ListLine(
            kind="money" if self.kind == self.Kind.MONEY else "goods", name=self.name, id_number=self.id_number.open(),
            members=self.members, bank=self.bank, account=self.account.open(), standard=self.standard, item=self.item,
            quantity_milli=quantity_milli, unit=self.unit, amount_fen=amount_fen,
        )  # fmt: skip

    @property
    def public_name(self) -> str:
        """The name as it hangs on the board."""
        return masked_name(self.name)

    def order_of(self, number: str) -> str:
        """The number of its last order to the bank in the batch of that number; empty before the first."""
        return f"{number}-{self.position}-{self.orders_count}" if self.orders_count else ""


class PaidMonth(models.Model):
    """A month for which somebody is being paid, or was, under a standard: the database knows no second one."""

    line = models.ForeignKey(HouseholdLine, on_delete=models.PROTECT, related_name="months")
    id_number_print = models.CharField(max_length=64)
    standard = models.CharField(max_length=40)
    month = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id_number_print", "standard", "month"], name="household_paid_once_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.standard} {self.month:%Y-%m}"

    @classmethod
    def follow_their_lines(cls) -> None:
        """Take over the prints of the lines after those were made with a new key."""
        print_of_line = HouseholdLine.objects.filter(pk=models.OuterRef("line_id")).values("id_number_print")
        cls.objects.update(id_number_print=models.Subquery(print_of_line))


class LineObjection(models.Model):
    """An objection to one line and its verdict; who objects is not written into the record."""

    class Verdict(models.TextChoices):
        DISMISS = "dismiss", _("not upheld")
        STRIKE = "strike", _("upheld: line struck")
        CHANGE = "change", _("upheld: line changed")

    batch = models.ForeignKey("HouseholdBatch", on_delete=models.PROTECT, related_name="objections")
    #: Place and name in the list as it hung then; a new list may have another line there.
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    objector = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["received_at", "id"]

    def __str__(self) -> str:
        return f"{self.position} {self.name}: {self.text[:40]}"
