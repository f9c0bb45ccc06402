"""What the papers of a case have in common: the entry that they print, and the way to its page."""

from __future__ import annotations

from dataclasses import dataclass

from approvals.addresses import absolute
from audit.models import Entry
from audit.qr import drawing
from workflows.models import Case


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePaper:
    """What a paper of a case is made of: the row, and the entry by which it went out."""

    case: Case
    entry: Entry

    @property
    def number(self) -> str:
        """What runs along the head of its pages."""
        return self.case.number or ""

    @property
    def address(self) -> str:
        """The case's page."""
        return absolute("case", self.case.pk)

    @property
    def qr(self) -> str:
        """The way to that page, as a drawing."""
        return drawing(self.address)


def entry_of(case: Case, act: str) -> Entry:
    """The last entry of an act of the case."""
    return Entry.objects.filter(case_id=case.pk, act=f"{case.kind}.{act}").latest("seq")
