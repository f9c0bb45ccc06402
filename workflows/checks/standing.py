"""How a project stood at one of its entries, in money and papers, by the entries before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from workflows import tranches
from workflows.checks.family import Family, Row, as_int
from workflows.rulebook.codes import Kind
from workflows.rulebook.schema import Periods, Rulebook

#: What of a project's reserve is spent by a transfer, and what comes back by one.
SPENDING, RETURNING = ("settle", "pay", "retain"), ("send_back", "recover", "cancel")


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The figures of a project that a share or a limit is counted on, in fen; the questions of the law read them too.

    ``None`` is what no entry has fixed yet.
    """

    book: Rulebook
    grant_fen: int
    total_fen: int
    labour_fen: int
    contract_fen: int | None
    audited_fen: int | None
    application: Row | None

    @property
    def bought_fen(self) -> int:
        """What is bought: the total without the villagers' labour."""
        return self.total_fen - self.labour_fen

    @property
    def bill(self) -> list[Mapping[str, Any]]:
        """The lines of the budget as it was filed."""
        return self.application.lines("lines") if self.application else []

    @property
    def ends_on(self) -> dt.date | None:
        """The planned end of the works."""
        return self.application.date("ends_on") if self.application else None

    @property
    def work_kind(self) -> str:
        """Works, goods or services; empty where no application says."""
        return self.application.text("work_kind") if self.application else ""

    @property
    def periods(self) -> Periods | None:
        """The legal periods of the route that amount and kind lead to; ``None`` where they are not known."""
        if self.work_kind not in ("works", "goods", "services") or self.bought_fen < 0:
            return None
        own = self.application is not None and self.application.data.get("self_build") is True
        route = self.book.route(kind=cast("Kind", self.work_kind), amount_fen=self.bought_fen, self_build=own)
        return self.book.tender.periods.get(route) or Periods()

    @property
    def ceilings(self) -> dict[str, int | None]:
        """Tranche -> what all claims may come to by then."""
        return {one.tranche.code.value: one.upto_fen for one in tranches.ceilings(cast("Any", self))}

    @property
    def most_fen(self) -> int:
        """The most that all claims may ever come to."""
        return tranches.most_fen(cast("Any", self))


def standing(family: Family, at: Row) -> Standing | None:
    """How the project stood just before an entry; ``None`` where nobody knows the edition that the entry names."""
    if at.book is None:
        return None
    application = family.last("project.save_draft", before=at)
    approval = family.last("project.approve", before=at)
    change = family.last("project.change", before=at)
    contract = family.last("project.sign_contract", before=at)
    audit = family.last("project.pass_audit", before=at)
    own, labour = ((application.fen(name) or 0 if application else 0) for name in ("self_raised_fen", "labour_fen"))
    grant = _amount(approval) or (application.fen("grant_fen") if application else None) or 0
    return Standing(
        book=at.book,
        grant_fen=grant,
        total_fen=(change.fen("total_fen") if change else None) or grant + own + labour,
        labour_fen=labour,
        contract_fen=_amount(contract),
        audited_fen=_amount(audit),
        application=application,
    )


def _amount(row: Row | None) -> int | None:
    return row.amount_fen if row is not None else None


def spent_fen(family: Family, upto: Row) -> int:
    """What was paid or held back of the grant up to an entry, that one included, less what came back."""
    sums = 0
    for row in (*family.rows_before(upto), upto):
        for kind, fen in row.money:
            sums += fen if kind in SPENDING else -fen if kind in RETURNING else 0
    return sums


def quantities(row: Row) -> dict[int, int]:
    """What a measurement says is done: position -> thousandths."""
    said = row.table("quantities")
    return {int(key): milli for key, value in said.items() if key.isdecimal() and (milli := as_int(value)) is not None}
