"""What an audit may draw samples from: the vouchers, quantities, households and payments of one project.

A key names a row as the books do and nobody by name, so that a sample may stand in the record and in a report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _

from funds.models import Transfer
from workflows import progress
from workflows.household.rows import HouseholdLine
from workflows.lifecycles.project import Project
from workflows.lifecycles.vouchers import Invoice
from workflows.sampling import Item

POPULATIONS = {
    "invoices": _("invoices"),
    "measured_lines": _("measured lines"),
    "households": _("lines of household lists"),
    "payments": _("payments"),
}
#: Transfers by which money left for a payee.
PAID = (Transfer.Kind.PAY, Transfer.Kind.SETTLE, Transfer.Kind.REFUND)


def of(name: str, project: Project) -> list[Item]:
    """The population of a project as it stands now."""
    return list(_ROWS[name](project))


def _invoices(project: Project) -> Iterator[Item]:
    rows = Invoice.objects.filter(claim__root_id=project.pk, claimed=True, replaced=False)
    for row in rows.values_list("claim__number", "code", "number", "amount_fen"):
        claim, code, number, fen = row
        yield Item(f"{claim}/{code} {number}".strip(), fen)


def _measured_lines(project: Project) -> Iterator[Item]:
    """The lines of the last signed measurement, each worth what it makes of the line's amount."""
    last = progress.last_signed(project)
    if last is None:
        return
    for part in last.parts.select_related("line"):
        done = min(part.done_milli, part.line.quantity_milli)
        yield Item(f"{last.number}/{part.line.position}", part.line.amount_fen * done // part.line.quantity_milli)


def _households(project: Project) -> Iterator[Item]:
    rows = HouseholdLine.objects.filter(batch__root_id=project.pk).exclude(status=HouseholdLine.Status.STRUCK)
    for number, position, fen in rows.values_list("batch__number", "position", "amount_fen"):
        yield Item(f"{number}/{position}", fen)


def _payments(project: Project) -> Iterator[Item]:
    rows = Transfer.objects.filter(case_id=project.pk, kind__in=PAID)
    for key, fen in rows.order_by("pk").values_list("key", "fen"):
        yield Item(key, fen)


_ROWS: dict[str, Callable[[Project], Iterator[Item]]] = {
    "invoices": _invoices,
    "measured_lines": _measured_lines,
    "households": _households,
    "payments": _payments,
}
