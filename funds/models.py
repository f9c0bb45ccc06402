"""Sources of money, the accounts it lies in, and the transfers between them."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from funds.money import FEN_MAX

#: A source with this purpose may pay for projects of every category.
ANY_PURPOSE: Final = "any"


class Source(models.Model):
    """An amount given by one document for one purpose; its five facts never change (五不变)."""

    class Kind(models.TextChoices):
        CENTRAL = "central", _("central government")
        PROVINCIAL = "provincial", _("province")
        CITY = "city", _("city")
        COUNTY = "county", _("county")
        DEPARTMENT = "department", _("department's own programme")
        LOAN_INTEREST_SUBSIDY = "loan_interest_subsidy", _("loan interest subsidy")
        DONATION = "donation", _("donation")
        SELF_RAISED = "self_raised", _("self-raised funds")
        LABOUR = "labour", _("labour contributed")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    manager = models.CharField(_("manager"), max_length=120)
    channel = models.CharField(_("channel"), max_length=120)
    #: Code of the project category that it may pay for, or ANY_PURPOSE.
    purpose = models.CharField(_("purpose"), max_length=40)
    nature = models.CharField(_("nature"), max_length=120)
    procedure = models.CharField(_("procedure"), max_length=120)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    amount_fen = models.BigIntegerField(_("amount"))
    received_on = models.DateField(_("received on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["year", "id"]
        verbose_name = _("source of funds")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0, amount_fen__lte=FEN_MAX), name="funds_source_amount"),
            models.CheckConstraint(
                condition=~Q(Q(manager="") | Q(channel="") | Q(purpose="") | Q(nature="") | Q(procedure="")),
                name="funds_source_five_facts_known",
            ),
            # The same document entered twice would be money from nowhere.
            models.UniqueConstraint(fields=["year", "document_number", "name"], name="funds_source_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """A place where a source's money lies: the source's own, or one project's.

    Its balance is what was credited to it less what was debited; both counters are net of reversed
    transfers. It opens with its first credit.
    """

    class Kind(models.TextChoices):
        ISSUED = "issued", _("issued")
        UNALLOCATED = "unallocated", _("unallocated")
        RETURNED = "returned", _("returned")
        RESERVED = "reserved", _("reserved")
        PAID = "paid", _("paid")
        RETAINED = "retained", _("retained")

    OF_SOURCE: ClassVar = (Kind.ISSUED, Kind.UNALLOCATED, Kind.RETURNED)
    OF_CASE: ClassVar = (Kind.RESERVED, Kind.PAID, Kind.RETAINED)

    #: Says whose and what it is: S7:unallocated, S7:P41:reserved. A readable key needs no look-up
    #: to post, and the check below keeps source, case and kind from drifting away from it.
    code = models.CharField(max_length=60, primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="accounts")
    #: Number of the project that holds it; null for the source's own accounts.
    case_id = models.BigIntegerField(null=True, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind)
    debits_fen = models.BigIntegerField(default=0)
    credits_fen = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name = _("account")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(debits_fen__gte=0, credits_fen__gte=0), name="funds_account_counters"),
            # Only the issuer, who stands outside the books, gives what he was not given.
            models.CheckConstraint(
                condition=Q(kind="issued") | Q(credits_fen__gte=F("debits_fen")),
                name="funds_account_not_overdrawn",
            ),
            models.CheckConstraint(
                condition=Q(
                    case_id__isnull=True,
                    kind__in=["issued", "unallocated", "returned"],
                    code=Concat(Value("S"), Cast("source_id", models.CharField()), Value(":"), "kind"),
                )
                | Q(
                    case_id__isnull=False,
                    kind__in=["reserved", "paid", "retained"],
                    code=Concat(
                        Value("S"),
                        Cast("source_id", models.CharField()),
                        Value(":P"),
                        Cast("case_id", models.CharField()),
                        Value(":"),
                        "kind",
                    ),
                ),
                name="funds_account_code_says_whose",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @classmethod
    def at(cls, kind: Kind, *, source_id: int, case_id: int | None = None) -> Account:
        """The account as a value, whether or not it is open yet: no query."""
        holder = "" if case_id is None else f":P{case_id}"
        return cls(code=f"S{source_id}{holder}:{kind}", source_id=source_id, case_id=case_id, kind=kind)

    @property
    def balance_fen(self) -> int:
        return self.credits_fen - self.debits_fen


class Transfer(models.Model):
    """Money that moved once, from debit account to credit account. Never edited, only reversed."""

    class Kind(models.TextChoices):
        FUND = "fund", _("received")
        RESERVE = "reserve", _("reserved for a project")
        PAY = "pay", _("paid")
        RETAIN = "retain", _("retained")
        RELEASE = "release", _("reserve released")
        REFUND = "refund", _("retention paid out")
        RECOVER = "recover", _("recovered")
        RETURN = "return", _("returned to the issuer")

    kind = models.CharField(max_length=12, choices=Kind)
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    fen = models.BigIntegerField()
    #: The order's name and a number within it; an order with a name already used is refused.
    key = models.CharField(max_length=160, unique=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    case_id = models.BigIntegerField(null=True, db_index=True)
    claim_id = models.BigIntegerField(null=True, db_index=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    memo = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name = _("transfer")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(fen__gt=0, fen__lte=FEN_MAX), name="funds_transfer_fen"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="funds_transfer_moves"),
            models.CheckConstraint(condition=~Q(key=""), name="funds_transfer_key"),
            # Nothing is back-dated in the dark: it may be written down later, never earlier.
            models.CheckConstraint(condition=Q(recorded_at__gte=F("happened_at")), name="funds_transfer_times"),
        ]

    def __str__(self) -> str:
        return self.key


#: Which kinds of account each kind of transfer may leave, and the one it enters.
ROUTES: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "fund": (("issued",), "unallocated"),
    "reserve": (("unallocated",), "reserved"),
    "pay": (("reserved",), "paid"),
    "retain": (("reserved",), "retained"),
    "release": (("reserved",), "unallocated"),
    "refund": (("retained",), "paid"),
    "recover": (("paid", "retained"), "unallocated"),
    "return": (("unallocated",), "returned"),
}
