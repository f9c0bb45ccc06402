"""The sign-board of a project (工程公示牌): one sheet to print, with the code that leads to its public page."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from approvals import papers
from approvals.addresses import absolute
from approvals.public import kept
from approvals.public.masking import said
from approvals.public.serializer import PLACE, PublicProject, hotline_of, projects
from audit.qr import drawing
from workflows.models import Project, Unit
from workflows.offices import Office

TEMPLATE = "papers/sign_board.html"


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """What stands on the board."""

    project: PublicProject
    supervision: str
    hotline: str
    address: str

    @property
    def qr(self) -> str:
        """The code as a drawing."""
        return drawing(self.address)


def address_of(number: str) -> str:
    """The absolute address of a project's public page."""
    return absolute("public:project", number)


def board(row: Project) -> Board:
    """The board of a project, from what everybody may know of it."""
    full = Project.objects.select_related(*PLACE).get(pk=row.pk)
    [public] = projects([full])
    return Board(
        project=public, supervision=_supervision(full), hotline=hotline_of(row.pk),
        address=address_of(public.number),
    )  # fmt: skip


def _supervision(row: Project) -> str:
    """The supervision engineers in whose area the works lie."""
    around = Unit.objects.filter(office=Office.SUPERVISION, area__code__in=row.area.codes).order_by("-area__path")
    unit = around.first()
    return said(unit.name) if unit else _("none")


def paper(row: Project) -> bytes:
    """The board as a PDF, A4 across.

    Raises:
        papers.NoGlyph: it has a character that cannot be printed.
    """
    shown = board(row)
    # By the words and their form, so that a new release or another language is another paper.
    name = kept.digest("board", render_to_string(TEMPLATE, {"board": shown}))
    return kept.once(f"{name}.pdf", lambda: papers.pdf(TEMPLATE, {"board": shown}))
