"""The facts of a household batch and the questions about them: sums, what is left, whose turn, the bank's file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.db import models
from django.db.models import Count, Sum
from django.utils import timezone

from workflows import tranches
from workflows.cases import Case
from workflows.household import rates
from workflows.household.months import Months
from workflows.household.rows import HouseholdLine
from workflows.payments.bankfile import OrderLine, Reply, ResultLine
from workflows.states import HouseholdBatchState as S

Line = HouseholdLine
A = TypeVar("A", bound="Answer")
SEATS: dict[S, tuple[str, ...]] = {
    S.DRAFT: ("village",),
    S.ON_NOTICE: ("village",),
    S.SUBMITTED: ("township",),
    S.TOWNSHIP_CHECKED: ("department",),
    S.DEPARTMENT_APPROVED: ("finance",),
    S.FINANCE_APPROVED: ("finance",),
    S.PAYING: ("finance",),
    S.PAYMENT_FAILED: ("finance",),
    S.HANDING_OUT: ("township",),
    S.PAID: (),
    S.RETURNED: ("village",),
    S.WITHDRAWN: (),
    S.REJECTED: (),
}


class Answer(Protocol):
    """What the bank says to one order, from a form or a file."""

    @property
    def order(self) -> str: ...
    @property
    def fen(self) -> int: ...
    @property
    def paid(self) -> bool: ...
    @property
    def bank_reference(self) -> str: ...
    @property
    def paid_on(self) -> dt.date | None: ...


@dataclass(frozen=True, slots=True)
class Weighed:
    """An answer beside its line: the line, none where it is not ours; and what is known of the order already."""

    line: HouseholdLine | None
    #: ``None``: nothing yet; true: the same; false: something else.
    known: bool | None


class HouseholdFacts(Case):
    """What a batch pays, for which months, and what stands beside it."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    first_month = models.DateField()
    last_month = models.DateField()
    #: What is paid by the bank, of the lines that stand; goods have a value and cost the grant nothing more.
    amount_fen = models.BigIntegerField(default=0)
    goods_fen = models.BigIntegerField(default=0)
    #: Counts the lists: what hung on the board was one of them, and only that one may be submitted.
    list_round = models.PositiveSmallIntegerField(default=0)
    #: Digest of the list as it hangs: names, last places of the numbers, standards, quantities, amounts.
    list_sha256 = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def rows(self) -> models.QuerySet[HouseholdLine]:
        """All its lines, in their order; none while it is being opened."""
        return Line.objects.filter(batch_id=self.pk)

    @property
    def months(self) -> Months:
        """The months that it pays for."""
        return Months(self.first_month, self.last_month)

    @property
    def standing(self) -> models.QuerySet[HouseholdLine]:
        """The lines that were not struck."""
        return self.rows.exclude(status=Line.Status.STRUCK)

    @property
    def to_pay(self) -> models.QuerySet[HouseholdLine]:
        """Lines that an order would take along: never ordered, or returned by the bank."""
        return self.rows.filter(kind=Line.Kind.MONEY, status__in=(Line.Status.LISTED, Line.Status.FAILED))

    @property
    def on_their_way(self) -> models.QuerySet[HouseholdLine]:
        """Lines whose order the bank has not answered."""
        return self.rows.filter(status=Line.Status.ORDERED)

    @property
    def failed(self) -> models.QuerySet[HouseholdLine]:
        """Lines that the bank returned."""
        return self.rows.filter(status=Line.Status.FAILED)

    @property
    def goods(self) -> models.QuerySet[HouseholdLine]:
        """Lines of goods that were not struck."""
        return self.standing.filter(kind=Line.Kind.GOODS)

    @property
    def unsigned(self) -> models.QuerySet[HouseholdLine]:
        """Goods that nobody has signed for yet."""
        return self.goods.filter(status=Line.Status.LISTED)

    @property
    def tally(self) -> list[dict[str, Any]]:
        """How many lines stand where, and with how much: kind, status, count, fen."""
        rows = self.rows.order_by("kind", "status").values("kind", "status")
        return [
            row | {"label": Line.Status(row["status"]).label, "kind_label": Line.Kind(row["kind"]).label}
            for row in rows.annotate(count=Count("pk"), fen=Sum("amount_fen"))
        ]

    @property
    def left_fen(self) -> int:
        """The most this batch may come to: the grant, less what claims and other batches have taken of it."""
        project = self.of_project
        return max(0, tranches.most_fen(project) - tranches.taken_fen(project.pk, but=self.pk))

    @property
    def checked_on(self) -> dt.date | None:
        """The day on which finance last checked it: nothing is handed out before."""
        return timezone.localdate(self.checked_at) if self.checked_at else None

    def positions(self, text: str) -> set[int] | None:
        """The lines that a text such as “1-4, 7” names; none named is an empty set, nonsense is ``None``."""
        found: set[int] = set()
        for part in re.split(r"[,，、 ]+", unicodedata.normalize("NFKC", text).strip()):
            if not part:
                continue
            hit = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", part)
            named = range(int(hit[1]), int(hit[2] or hit[1]) + 1) if hit else ()
            if not named:
                return None
            found.update(named)
        return found

    def standard_name(self, code: str) -> str:
        """The name of one of the rulebook's standards."""
        return rates.known(self.book).get(code, code)

    def papers_for(self, code: str) -> tuple[str, ...]:
        """A receipt sheet is only asked for where goods were handed out."""
        papers = super().papers_for(code)
        return papers if code != "household_batch.close" or self.goods.exists() else ()

    def seats(self) -> tuple[str, ...]:
        """The township judges objections, the village corrects returned accounts and hands out goods."""
        match self.state:
            case S.ON_NOTICE if self.objections.filter(answered_at__isnull=True).exists():  # type: ignore[attr-defined]
                return ("township",)
            case S.FINANCE_APPROVED | S.HANDING_OUT if self.unsigned.exists() and not self.to_pay.exists():
                return ("village",)
            case S.FINANCE_APPROVED if not self.to_pay.exists():
                return ("township",)
            case _:
                return SEATS[S(self.state)]

    def amount_for(self, line: HouseholdLine, quantity_milli: int) -> int:
        """What a line comes to with another quantity: by its standard, and goods in proportion to their value."""
        if line.kind == Line.Kind.GOODS:
            return line.amount_fen * quantity_milli // line.quantity_milli
        return rates.due_fen(self.book, line.standard, quantity_milli, self.months) or 0

    # The bank

    def bank_lines(self) -> list[OrderLine]:
        """The orders on their way that the bank has not answered."""
        return [
            OrderLine(
                order=line.order_of(str(self.number)), payee=line.name, bank=line.bank, account=line.account,
                fen=line.amount_fen, purpose=f"{self.standard_name(line.standard)} {self.months}",
            )
            for line in self.on_their_way
        ]  # fmt: skip

    def reply(self, results: Sequence[ResultLine]) -> Reply:
        """The act that enters what the bank says to some of them."""
        return Reply("answer", {"answers": tuple(results)}, "")

    def news(self, answers: Iterable[A]) -> list[A]:
        """Of the bank's answers those that say something new; a contradiction to what is known is new, too."""
        return [answer for answer, weighed in self.weighed(answers) if not weighed.known]

    def weighed(self, answers: Iterable[A]) -> list[tuple[A, Weighed]]:
        """Each answer beside the line that its order paid or was to pay; one query however many there are."""
        ordered = {line.position: line for line in self.rows.filter(orders_count__gt=0)}
        return [(answer, _weigh(answer, ordered, str(self.number))) for answer in answers]

    # The list

    def resum(self) -> dict[str, Any]:
        """The facts that follow from the lines as they are now."""
        lines = list(self.standing)
        of = {kind: sum(line.amount_fen for line in lines if line.kind == kind) for kind in Line.Kind}
        return {"amount_fen": of[Line.Kind.MONEY], "goods_fen": of[Line.Kind.GOODS], "list_sha256": digest(lines)}


def digest(lines: Iterable[HouseholdLine]) -> str:
    """SHA-256 of a list as it hangs on the board; the accounts, which may be corrected later, are left out."""
    rows = [
        [line.position, line.kind, line.name, str(line.id_number), line.standard, line.item, line.quantity_milli,
         line.unit, line.amount_fen]
        for line in lines
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _weigh(answer: Answer, ordered: Mapping[int, HouseholdLine], number: str) -> Weighed:
    position, _dash, _count = answer.order.removeprefix(f"{number}-").partition("-")
    line = ordered.get(int(position)) if position.isdecimal() and len(position) < 6 else None
    orders = {f"{number}-{line.position}-{n}" for n in range(1, line.orders_count + 1)} if line is not None else set()
    if line is None or answer.order not in orders:
        return Weighed(None, None)
    if answer.order == line.order_of(number) and line.status == Line.Status.ORDERED:
        return Weighed(line, None)
    # An order that was followed by another had failed, and so has one of a line that was struck.
    paid = answer.order == line.order_of(number) and line.status == Line.Status.PAID
    same = (answer.paid, answer.fen) == (paid, line.amount_fen)
    receipt = (answer.bank_reference, answer.paid_on) == (line.bank_reference, line.paid_on)
    return Weighed(line, same and (receipt or not paid))
