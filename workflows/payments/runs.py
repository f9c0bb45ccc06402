"""Files for the bank: the orders that one payer has given, each in one file and once.

Who orders a payment takes it to the bank: a file holds the maker's own orders, and only he, or who
stands in for him, may open it (会计法 art. 35; 预算法实施条例 art. 66). Each file made, taken out and
answered is an entry of the register of payments.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import ClassVar, cast

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Entry
from funds import orders
from workflows import caserows
from workflows.cases import Case
from workflows.lifecycles import KINDS
from workflows.offices import Area, Person, Seat
from workflows.payments import bankfile
from workflows.payments.bankfile import OrderLine, Payable
from workflows.register import NotAllowed, Register
from workflows.secrecy import SealedField
from workflows.treasury import finance_seat

#: The act that gives an order to the bank, of each kind of case that has one.
ORDERING: dict[str, str] = {"claim": "claim.pay", "household_batch": "household_batch.pay"}
#: The state in which each of them waits for the bank.
WAITING = "paying"


class PaymentFile(models.Model):
    """A file for the bank (支付文件)."""

    number = models.CharField(max_length=24, unique=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    #: Whose payments they are, where the maker stood in for somebody.
    behalf = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    #: Digest of the file's bytes: the bank has this very file or another.
    sha256 = models.CharField(max_length=64)
    total_fen = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = gettext_lazy("payment file")

    def __str__(self) -> str:
        return self.number

    def payers(self) -> set[int]:
        """Whose payments it carries."""
        return {self.made_by_id} | ({self.behalf_id} if self.behalf_id else set())

    def content(self) -> bytes:
        """The file, the same bytes every time."""
        return bankfile.write(
            OrderLine(order=line.order, payee=line.payee, bank=line.bank, account=line.account, fen=line.fen,
                      purpose=line.purpose)
            for line in self.lines.all()
        )  # fmt: skip


class PaymentLine(models.Model):
    """One order of a file, as it was sent; what became of it, the books know."""

    file = models.ForeignKey(PaymentFile, on_delete=models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    #: In one file and no other, or the bank would be told twice.
    order = models.CharField(max_length=40, unique=True)
    payee = models.CharField(max_length=80)
    bank = models.CharField(max_length=80)
    account = SealedField()
    fen = models.BigIntegerField()
    purpose = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(fen__gt=0), name="payment_line_positive"),
            models.CheckConstraint(condition=Q(account__startswith="gAAAA"), name="payment_line_account_sealed"),
        ]
        verbose_name = gettext_lazy("line of a payment file")

    def __str__(self) -> str:
        return self.order


def unsent(seat: Seat, by: Person) -> list[tuple[Payable, OrderLine]]:
    """The orders that this hand has given and that are in no file yet, the oldest first."""
    cases = _ordered_by(seat, by)
    sent = PaymentLine.objects.filter(case__in=[case.pk for case in cases])
    known = set(sent.values_list("order", flat=True))
    return [(case, line) for case in cases for line in case.bank_lines() if line.order not in known]


def _ordered_by(seat: Seat, by: Person) -> list[Payable]:
    """Cases that wait for the bank and whose last order this hand has given."""
    waiting = Case.objects.filter(kind__in=ORDERING, state=WAITING, area__path__startswith=seat.unit.area.path)
    hands = {by.pk} | ({seat.behalf.pk} if seat.behalf else set())
    acts = Entry.objects.filter(case_id__in=waiting.values("pk"), act__in=ORDERING.values()).order_by("id")
    # Of each case the last order counts; its number in the record is the order of the file.
    rows = acts.values_list("case_id", "id", "actor_id", "behalf_id")
    given = {case: (number, {*whose}) for case, number, *whose in rows}
    mine = [case for case, (_number, whose) in given.items() if whose & hands]
    found: list[Payable] = []
    for kind in ORDERING:
        machine = KINDS[kind]._default_manager.select_related("root__project", "edition")
        found += cast("Iterable[Payable]", machine.filter(pk__in=mine, kind=kind))
    return sorted(found, key=lambda case: given[case.pk][0])


@transaction.atomic
def make(*, by: Person, at: dt.datetime) -> PaymentFile:
    """A file of all orders that this hand has given and that are in none yet.

    Raises:
        NotAllowed: not in finance on that day, or there is nothing to send.
    """
    seat = finance_seat(by, at=at)
    # Whoever makes a file holds the register: two clicks make one file and an empty hand.
    register = Register.held(Register.PAYMENTS)
    lines = unsent(seat, by)
    if not lines:
        raise NotAllowed(_("There is no order of yours that waits to be sent."))
    content = bankfile.write(line for _case, line in lines)
    file = PaymentFile.objects.create(
        number=f"B{timezone.localdate(at).year}-{register.entry_count + 1:05d}", area=seat.unit.area, made_by=by,
        behalf=seat.behalf, made_at=at, sha256=hashlib.sha256(content).hexdigest(),
        total_fen=sum(line.fen for _case, line in lines),
    )  # fmt: skip
    sent = PaymentLine.objects.bulk_create(
        PaymentLine(file=file, case_id=case.pk, order=line.order, payee=line.payee, bank=line.bank,
                    account=line.account, fen=line.fen, purpose=line.purpose)
        for case, line in lines
    )  # fmt: skip
    data = {"file": file.number, "sha256": file.sha256, "orders": [[line.order, line.fen] for _case, line in lines]}
    rows = caserows.made("payments", [file, *sent])
    register.enter("make_file", seat, by=by, at=at, data=data, amount_fen=file.total_fen, rows=rows)
    return file


@transaction.atomic
def take_out(file: PaymentFile, *, by: Person, at: dt.datetime) -> bytes:
    """The file's bytes, for who pays; that they were taken out is on the record.

    Raises:
        NotAllowed: somebody else's payments.
    """
    seat = finance_seat(by, at=at)
    hands = {by.pk} | ({seat.behalf.pk} if seat.behalf else set())
    if not hands & file.payers():
        raise NotAllowed(_("Only who ordered these payments may take the file out: %(name)s.") % {"name": file.made_by})
    data = {"file": file.number, "sha256": file.sha256}
    Register.held(Register.PAYMENTS).enter("take_out_file", seat, by=by, at=at, data=data, amount_fen=file.total_fen)
    return file.content()


def outcomes_of(lines: Iterable[PaymentLine]) -> dict[str, str]:
    """What the books say of each line's order: ``settle``, ``bounce``, or empty."""
    return orders.outcomes([line.order for line in lines])
