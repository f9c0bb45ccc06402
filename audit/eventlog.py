"""What log and tables to take away have in common: whole cases, in the order in which their acts were recorded."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import groupby

from django.db.models import Q, QuerySet

from audit.models import Entry

#: Columns that a log needs; the payload stays where it is.
COLUMNS = (
    "id", "case_id", "seq", "case_number", "case_title", "case_kind", "root_id", "act", "actor_id", "actor_name",
    "post", "unit_id", "unit_name", "behalf_id", "behalf_name", "state_from", "state_to", "edition", "late",
    "amount_fen", "happened_at", "recorded_at", "hash",
)  # fmt: skip
CHUNK = 1000
#: What no XML file may hold, whatever somebody typed into a title.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def whole_cases(found: QuerySet[Entry]) -> QuerySet[Entry]:
    """Every entry of the cases that a search touched: half a history conforms to no law.

    A register, which belongs to no case and to no area, has no law either: of it only what was found.
    In the order of the index over case and number, so that the database need not sort.
    """
    told = found.order_by()
    chosen = Q(root_id__gte=1) | Q(pk__in=told.values("pk"))
    return Entry.objects.filter(chosen, case_id__in=told.values("case_id")).order_by("case_id", "seq")


def traces(found: QuerySet[Entry]) -> Iterator[tuple[int, Iterator[Entry]]]:
    """Case by case, one in memory at no time: number of the case and its entries, to be read at once."""
    rows = whole_cases(found).only(*COLUMNS).iterator(chunk_size=CHUNK)
    return groupby(rows, key=lambda entry: entry.case_id)


def moment(at: dt.datetime) -> str:
    """In UTC, as XML Schema and OCEL write it, to the microsecond where there is one."""
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
