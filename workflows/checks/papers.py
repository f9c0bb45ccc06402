"""The check of papers: each act's required papers are there before it, by digest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from workflows import words
from workflows.checks.catalogue import Found, check, found
from workflows.checks.claiming import tranche_of
from workflows.checks.family import Family, Row

DIGEST = re.compile(r"[0-9a-f]{64}")


@check("CH-95", _("Required papers are there, by their digests"), _("会计档案管理办法 art. 6; rulebook, papers"),
       _("“%(act)s” needs papers that were not in the record before: %(papers)s."),
       waiver=_("a county's rulebook that asks for other papers"))  # fmt: skip
def required_papers_are_there(family: Family) -> Iterator[Found]:
    for row in family.rows:
        missing = [paper for paper in _needed(family, row) if not _attached(family, row, paper)]
        if missing:
            yield found(row, act=words.act(row.act), papers=words.listed(words.paper(paper) for paper in missing))


def _needed(family: Family, row: Row) -> tuple[str, ...]:
    """What the edition asks for before an act; some tranches of a claim ask for more."""
    required = row.book.papers.get(row.act) if row.book else None  # type: ignore[call-overload]
    tranche = tranche_of(family, row) if row.act == "claim.submit" else None
    more = tranche.papers.value if tranche is not None and tranche.papers else ()
    return (*(required.value if required else ()), *more)


def _attached(family: Family, row: Row, paper: str) -> bool:
    """Whether a file of that kind came to the case before, whatever act brought it."""
    return any(
        one.case_id == row.case_id and one.text("paper") == paper and any(map(DIGEST.fullmatch, one.files))
        for one in family.rows_before(row)
    )
