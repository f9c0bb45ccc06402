"""The money as one picture: for each source a bar of what was planned and received, and one of what became of it.

Here the lengths are reckoned; `templates/money/picture.html` draws them as SVG without script or style, so
that page and paper show the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from audit.models import Entry
from funds.balances import Balance, Standing, until
from funds.models import Source
from workflows.models import Project

#: Of the drawing's own units; it is scaled to where it stands.
WIDTH, LABEL_LENGTH_MAX = 340, 20
#: Of a row with a second bar, and of one that is only planned; and of the legend below.
ROW_HEIGHT, PLAN_HEIGHT, LEGEND_HEIGHT = 54, 36, 44
#: What the second bar is made of, in its order. Their greys differ, too: a county office prints black and white.
PARTS = ("paid", "retained", "ordered", "left")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A source's part in a project, or all of a source; amounts in fen."""

    label: str
    planned_fen: int
    received_fen: int = 0
    #: Given to projects and not given back: paid, retained, on its way and waiting together.
    reserved_fen: int = 0
    #: Labour that was counted stands here, too.
    paid_fen: int = 0
    retained_fen: int = 0
    ordered_fen: int = 0
    #: What may still be spent.
    left_fen: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A piece of a bar: which, where it begins and how long it is."""

    name: str
    x: str
    width: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """A row as it is drawn, from its upper edge down."""

    row: Row
    label: str
    y: int
    planned: str
    received: str
    reserved: str
    bars: Sequence[Bar]


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """The whole drawing, and the rows behind it for the table."""

    title: str
    height: int
    legend_y: int
    drawn: Sequence[Drawn]
    total: Row
    width: int = WIDTH

    @property
    def rows(self) -> list[Row]:
        return [one.row for one in self.drawn]


def draw(rows: Sequence[Row], *, title: str) -> Picture:
    """The rows to one common scale, the longest as wide as the drawing."""
    longest = max((max(row.planned_fen, row.received_fen, row.reserved_fen) for row in rows), default=0)
    drawn, y = [], 0
    for row in rows:
        drawn.append(_drawn(row, y=y, longest_fen=longest))
        y += ROW_HEIGHT if row.reserved_fen or row.left_fen else PLAN_HEIGHT
    sums = {name: sum(getattr(row, name) for row in rows) for name in Row.__slots__ if name.endswith("_fen")}
    total = Row(label=_("In all"), **sums)
    return Picture(title=title, height=y + LEGEND_HEIGHT, legend_y=y, drawn=drawn, total=total)


def of_project(project: Project, stands: Balance) -> list[Row]:
    """The project's sources as its books show them on a day, and what its plan names beside them.

    Before the plan is issued, that is the grant applied for; self-raised money (自筹) and labour never lie
    on the dedicated account, unless they were entered as sources.
    """
    rows = [_of_standing(source, standing) for source, standing in stands.sources.items()]
    kinds = {source.kind for source in stands.sources}
    if not kinds - {Source.Kind.LABOUR}:
        rows.insert(0, Row(label=_("Grant applied for"), planned_fen=project.grant_fen))
    if project.self_raised_fen and Source.Kind.SELF_RAISED not in kinds:
        came_fen, planned_fen = _contributed_fen(project, on=stands.on), project.self_raised_fen
        rows.append(Row(label=_("Self-raised, by the plan"), planned_fen=planned_fen, received_fen=came_fen))
    if project.labour_fen and Source.Kind.LABOUR not in kinds:
        rows.append(Row(label=_("Labour, by the plan"), planned_fen=project.labour_fen))
    return rows


def of_source(source: Source, standing: Standing) -> Row:
    """All of a source: what its document says, what has come, what became of it."""
    return Row(
        label=source.name,
        planned_fen=source.amount_fen,
        received_fen=standing.issued_fen,
        reserved_fen=standing.allocated_fen,
        paid_fen=standing.paid_fen + standing.counted_fen,
        retained_fen=standing.retained_fen,
        ordered_fen=standing.ordered_fen,
        left_fen=standing.reserved_fen + standing.unallocated_fen,
    )


def _of_standing(source: Source, standing: Standing) -> Row:
    # Only money that had come could be reserved, so all that was planned from a source was received.
    return Row(
        label=source.name,
        planned_fen=standing.planned_fen,
        received_fen=standing.planned_fen,
        reserved_fen=standing.allocated_fen,
        paid_fen=standing.paid_fen + standing.counted_fen,
        retained_fen=standing.retained_fen,
        ordered_fen=standing.ordered_fen,
        left_fen=standing.reserved_fen,
    )


def _contributed_fen(project: Project, *, on: dt.date) -> int:
    said = Entry.objects.filter(case_id=project.pk, act="project.record_contribution", happened_at__lt=until(on))
    return sum(fen or 0 for fen in said.values_list("amount_fen", flat=True))


def _drawn(row: Row, *, y: int, longest_fen: int) -> Drawn:
    def long(fen: int) -> str:
        return f"{WIDTH * fen / longest_fen:.2f}" if longest_fen else "0"

    bars, before = [], 0
    for name in PARTS:
        fen = getattr(row, f"{name}_fen")
        if fen > 0:
            bars.append(Bar(name=name, x=long(before), width=long(fen)))
            before += fen
    label = row.label if len(row.label) <= LABEL_LENGTH_MAX else row.label[: LABEL_LENGTH_MAX - 1] + "…"
    return Drawn(row=row, label=label, y=y, planned=long(row.planned_fen), received=long(row.received_fen),
                 reserved=long(row.reserved_fen), bars=bars)  # fmt: skip
