"""The statement of what a person answered for (履职清单), as a paper for the audit of his leaving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from approvals import papers
from audit.models import Entry
from workflows.lapses import Late
from workflows.models import Person
from workflows.responsibility import Statement
from workflows.statements import Sums


def statement(
    person: Person, told: Statement, sums: Sums, late: Sequence[Late], acts: QuerySet[Entry], *,
    since: dt.date | None, until: dt.date | None,
) -> bytes:  # fmt: skip
    """Posts, sums, terms that passed and acts by kind in a period; each act by itself stands in the table.

    Its last entry is named.

    Raises:
        papers.NoGlyph: it has a character that cannot be printed.
    """
    last = acts.defer("payload").order_by("-id").first()
    context = {"person": person, "told": told, "sums": sums, "late": late, "since": since, "until": until, "last": last}
    return papers.pdf("papers/statement.html", context)
