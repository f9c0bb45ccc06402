"""Sources of money, the accounts it lies in, and the transfers between them."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from funds.money import FEN_MAX
from funds.routes import OF_CASE, OF_SOURCE, code, lawful_way

#: A source with this purpose may pay for projects of every category.
ANY_PURPOSE: Final = "any"
#: A million days at a million yuan: far above any labour, and no product of the two overflows.
DAYS_MILLI_MAX: Final = 10**9
RATE_FEN_MAX: Final = 10**8


class Source(models.Model):
    """An amount given by one document for one purpose; its five facts never change (五不变)."""

    class Kind(models.TextChoices):
        CENTRAL = "central", _("central government")
        PROVINCIAL = "provincial", _("province")
        CITY = "city", _("city")
        COUNTY = "county", _("county match")
        DEPARTMENT = "department", _("department's own programme")
        LOAN_INTEREST_SUBSIDY = "loan_interest_subsidy", _("loan interest subsidy")
        DONATION = "donation", _("donation")
        SELF_RAISED = "self_raised", _("self-raised funds")
        LABOUR = "labour", _("labour contributed")

    #: Code of the area whose finance bureau entered it: what lies outside may neither see nor use it.
    county = models.CharField(_("county"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    manager = models.CharField(_("manager"), max_length=120)
    channel = models.CharField(_("channel"), max_length=120)
    #: Code of the project category that it may pay for, or ANY_PURPOSE.
    purpose = models.CharField(_("purpose"), max_length=40)
    nature = models.CharField(_("nature"), max_length=120)
    procedure = models.CharField(_("procedure"), max_length=120)
    document_number = models.CharField(_("document number"), max_length=80)
    year = models.PositiveSmallIntegerField(_("year"))
    amount_fen = models.BigIntegerField(_("amount"))
    received_on = models.DateField(_("received on"), null=True, blank=True)
    #: Labour is counted (投工投劳): thousandths of a day, what a day counts for, and the document that says so.
    days_milli = models.BigIntegerField(_("days of labour"), null=True, blank=True)
    rate_fen = models.BigIntegerField(_("rate a day"), null=True, blank=True)
    rate_document = models.CharField(_("document of the rate"), max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["year", "id"]
        verbose_name = _("source of funds")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0, amount_fen__lte=FEN_MAX), name="funds_source_amount"),
            models.CheckConstraint(
                condition=~Q(Q(manager="") | Q(channel="") | Q(purpose="") | Q(nature="") | Q(procedure="")),
                name="funds_source_five_facts_known",
            ),
            models.CheckConstraint(condition=~Q(document_number=""), name="funds_source_has_document"),
            models.CheckConstraint(condition=~Q(county=""), name="funds_source_has_county"),
            # Rounded down: labour never counts for more than was worked. A CHECK lets NULL pass, hence `isnull`.
            models.CheckConstraint(
                condition=Q(
                    Q(kind="labour", days_milli__gt=0, rate_fen__gt=0) & ~Q(rate_document=""),
                    Q(days_milli__isnull=False, rate_fen__isnull=False),
                    Q(days_milli__lte=DAYS_MILLI_MAX, rate_fen__lte=RATE_FEN_MAX),
                    Q(amount_fen=F("days_milli") * F("rate_fen") / 1000),
                )
                | Q(~Q(kind="labour"), days_milli__isnull=True, rate_fen__isnull=True, rate_document=""),
                name="funds_source_labour_at_a_rate",
            ),
            # The same document entered twice would be money from nowhere.
            models.UniqueConstraint(fields=["county", "year", "document_number", "name"], name="funds_source_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def as_fact(self) -> dict[str, Any]:
        """As the entry by which it came into the books names it; `funds verify` compares the two."""
        kept = {field.name: getattr(self, field.name) for field in self._meta.concrete_fields}
        return {"source": kept.pop("id")} | {name: value for name, value in kept.items() if name != "received_on"}


def _code_says_whose() -> Q:
    found = Q()
    for kind in (*OF_SOURCE, *OF_CASE):
        found |= Q(kind=kind) & Q(case_id__isnull=kind in OF_SOURCE) & Q(code=code(kind))
    return found


class Account(models.Model):
    """A place where a source's money lies: the source's own, or one project's.

    Its balance is what was credited to it less what was debited; both counters are net of reversed
    transfers. It opens with its first credit.
    """

    class Kind(models.TextChoices):
        ISSUED = "issued", _("issued")
        UNALLOCATED = "unallocated", _("unallocated")
        CARRIED = "carried", _("carried over")
        RETURNED = "returned", _("returned")
        RESERVED = "reserved", _("reserved")
        ORDERED = "ordered", _("on its way to the payee")
        PAID = "paid", _("paid")
        COUNTED = "counted", _("labour counted")
        RETAINED = "retained", _("retained")

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
                condition=_code_says_whose(),
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
        RELEASE = "release", _("reserve released")
        ORDER = "order", _("payment ordered")
        SETTLE = "settle", _("paid by the bank")
        BOUNCE = "bounce", _("not paid, back in the reserve")
        PAY = "pay", _("paid")
        SEND_BACK = "send_back", _("sent back by the payee's bank")
        COUNT = "count", _("labour counted")
        RETAIN = "retain", _("retained")
        REFUND = "refund", _("retention paid out")
        CANCEL = "cancel", _("retention cancelled")
        RECOVER = "recover", _("recovered")
        CARRY_OVER = "carry_over", _("carried over")
        REPLAN = "replan", _("planned anew after carrying over")
        RETURN = "return", _("returned to the issuer")
        LAPSE = "lapse", _("carried over too long, returned")

    kind = models.CharField(max_length=12, choices=Kind)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    fen = models.BigIntegerField()
    #: The order's name and a number within it; an order with a name already used is refused.
    key = models.CharField(max_length=160, unique=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    #: The order for the bank that this one settles or bounces; an order is resolved once.
    resolves = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="resolved_by")
    case_id = models.BigIntegerField(null=True)
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
            models.CheckConstraint(condition=lawful_way(), name="funds_transfer_lawful_way"),
        ]
        # A balance on a date reads the rows of its own project or source, whatever the others did.
        indexes: ClassVar = [
            models.Index(fields=["case_id", "happened_at"], name="funds_transfer_of_case"),
            models.Index(fields=["source", "happened_at"], name="funds_transfer_of_source"),
        ]

    def __str__(self) -> str:
        return self.key

    def as_fact(self) -> dict[str, Any]:
        """As the entry of the act that made it names it."""
        return {"kind": self.kind, "debit": self.debit_id, "credit": self.credit_id, "fen": self.fen, "key": self.key}
