"""Criticisms (通报) and listings for supervision (挂牌督办) as they may leave: closed lists of fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.public.masking import said
from workflows.models import Criticism, Rectification
from workflows.states import RectificationState, label


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicCriticism:
    """A unit that let a term lapse, of an order or another (通报)."""

    number: str
    unit: str
    finding: str
    breach: str
    deadline: dt.date
    criticised_on: dt.date | None
    rectified: bool
    project_number: str
    project_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicListing:
    """A rectification order that is or was under supervision (挂牌督办)."""

    number: str
    unit: str
    finding: str
    breach: str
    deadline: dt.date
    listed_on: dt.date | None
    #: Whether every item is rectified and the listing is lifted.
    rectified: bool
    items: int
    items_done: int
    project_number: str
    project_name: str


def criticisms(rows: Iterable[Criticism]) -> list[PublicCriticism]:
    """Lapses criticised in public, as everybody may know them; of an order also what was found."""
    return [_criticism(row, getattr(row.case, "rectification", None)) for row in rows]


def _criticism(row: Criticism, order: Rectification | None) -> PublicCriticism:
    case = row.case
    left = case.state == RectificationState.VERIFIED if order else case.state != row.state
    project = case.root or case
    return PublicCriticism(
        number=str(case.number), unit=said(row.unit.name), deadline=row.due_on, criticised_on=_day(row.at),
        finding=str(order.get_finding_display() if order else _("term not kept")),
        breach=said(order.breach) if order else f"{case.get_kind_display()}: {label(case.kind, row.state)}",
        rectified=left, project_number=project.number or "", project_name=said(project.title),
    )  # fmt: skip


def listings(rows: Iterable[Rectification]) -> list[PublicListing]:
    """Orders of :func:`workflows.openness.public_listings` as everybody may know them."""
    return [_listing(row, [item.verdict == "done" for item in row.items.all()]) for row in rows]


def _listing(row: Rectification, done: list[bool]) -> PublicListing:
    assert row.root is not None
    return PublicListing(
        number=str(row.number), unit=said(row.addressee.name), finding=str(row.get_finding_display()),
        breach=said(row.breach), deadline=row.deadline, listed_on=_day(row.listed_at),
        rectified=row.state == RectificationState.VERIFIED, items=len(done), items_done=sum(done),
        project_number=row.root.number or "", project_name=said(row.root.title),
    )  # fmt: skip


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(moment) if moment else None
