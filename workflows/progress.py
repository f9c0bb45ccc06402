"""How far the works are and how far the money: 形象进度, 支出进度, and by how much the second runs ahead.

Pure questions. The works are weighed by the amounts of the budget's lines and rounded down; spending
is rounded up. So the deviation is above the county's limit whenever, before any rounding, it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from funds.ledger import Position
from funds.models import Account, Source
from workflows.editions import Edition
from workflows.rulebook.schema import Rulebook

if TYPE_CHECKING:
    from workflows.cases import Case
    from workflows.lifecycles.measurement import Measurement
    from workflows.lifecycles.project_facts import ProjectFacts

WHOLE_PERMILLE = 1000
K = Account.Kind


class BillLine(Protocol):
    """A line of the budget, as far as it is measured."""

    position: int
    quantity_milli: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """A project's works and money side by side, in permille of the whole."""

    done_permille: int
    spent_permille: int
    #: From which deviation on it is flagged, that one not included; ``None`` where nothing need be measured.
    limit_permille: int | None

    @property
    def deviation_permille(self) -> int:
        """Spending less works: above nought the money runs ahead (偏差 = 支出进度 − 形象进度)."""
        return self.spent_permille - self.done_permille

    @property
    def flagged(self) -> bool:
        """Whether the money runs further ahead than the county allows."""
        return self.limit_permille is not None and self.deviation_permille > self.limit_permille


def share_permille(line: BillLine, done_milli: int) -> int:
    """How much of one line is done; what is built above the bill does not count."""
    return min(done_milli, line.quantity_milli) * WHOLE_PERMILLE // line.quantity_milli


def done_permille(lines: Iterable[BillLine], done: Mapping[int, int]) -> int:
    """How much of the works is done, by position -> thousandths done; a line left out is not begun.

    One line built above its bill never makes up for another that is not finished.
    """
    bill = list(lines)
    whole_fen = sum(line.amount_fen for line in bill)
    worth = sum(
        (
            Fraction(line.amount_fen * min(done.get(line.position, 0), line.quantity_milli), line.quantity_milli)
            for line in bill
        ),
        Fraction(0),
    )
    return int(worth * WHOLE_PERMILLE / whole_fen) if whole_fen else 0


def spent_permille(*, spent_fen: int, grant_fen: int) -> int:
    """How much of the grant is spent: paid, on its way, or earned and held back."""
    return -(-spent_fen * WHOLE_PERMILLE // grant_fen) if grant_fen else 0


def is_measured(book: Rulebook, *, work_kind: str) -> bool:
    """Whether the rulebook has works of this kind measured; goods and services are not built."""
    return book.progress is not None and book.progress.signature_required.value and work_kind == "works"


def of(project: ProjectFacts, position: Position, *, book: Rulebook) -> Progress:
    """Where a project stands; what is reported complete is done, whatever the last measurement left open."""
    measured = is_measured(book, work_kind=project.work_kind)
    return Progress(
        done_permille=project.done_permille if project.completed_at is None else WHOLE_PERMILLE,
        spent_permille=spent_permille(spent_fen=position.spent_fen, grant_fen=project.grant_fen),
        limit_permille=book.progress.deviation_permille_max.value if measured and book.progress else None,
    )


def last_signed(project: ProjectFacts, *, before: int | None = None) -> Measurement | None:
    """The measurement that counts: of all signed ones the last; or the last before the case numbered ``before``."""
    signed = project.family.filter(kind="measurement", state="signed").select_related("measurement")
    row = (signed.filter(pk__lt=before) if before else signed).order_by("-pk").first()
    return None if row is None else row.measurement


def deviating(projects: QuerySet[Case]) -> QuerySet[Case]:
    """Of these projects those whose :class:`Progress` is flagged: the same question, asked of the database.

    The condition stands on the rows themselves: within an IN, a planner without statistics asks it of every
    pair of projects.
    """
    spent = (
        Account.objects.filter(case_id=OuterRef("pk"), kind__in=(K.PAID, K.ORDERED, K.RETAINED))
        .exclude(source__kind=Source.Kind.LABOUR)
        .order_by()
        .values("case_id")
        .annotate(fen=Sum(F("credits_fen") - F("debits_fen")))
    )
    over = Q(pk__in=[])
    for edition in Edition.objects.defer("content"):
        if edition.book.progress is not None and is_measured(edition.book, work_kind="works"):
            limit = edition.book.progress.deviation_permille_max.value
            over |= Q(edition=edition, spent_beyond__gt=limit * F("project__grant_fen"))
    done = F("project__done_permille") * F("project__grant_fen")
    building = projects.filter(project__work_kind="works", project__completed_at__isnull=True)
    beyond = Coalesce(Subquery(spent.values("fen")), 0) * WHOLE_PERMILLE - done
    return building.alias(spent_beyond=beyond).filter(over)
