"""The pages of a long answer, by key and never by number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

Row = TypeVar("Row", bound=Model)

PAGE_ROWS = 50
#: Counting goes no further: a page must not cost more as the record grows.
COUNTED_MAX = 1000


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of rows, newest first, and where the pages beside it begin."""

    rows: list[Row]
    #: Rows found, counted no further than COUNTED_MAX.
    count: int
    newer: int | None
    older: int | None

    @property
    def more_than_counted(self) -> bool:
        """Whether `count` is only where counting stopped."""
        return self.count > COUNTED_MAX


def counted(found: QuerySet[Row]) -> int:
    """How many rows there are; counting stops behind COUNTED_MAX, and the filter `counted` then says “more than”."""
    return found.order_by()[: COUNTED_MAX + 1].count()


def page(found: QuerySet[Row], *, before: int | None = None, after: int | None = None) -> Page[Row]:
    """The newest page, or the one next to row `before` (older) or `after` (newer).

    By key, not by offset: the thousandth page costs what the first one does. Keys are found before rows, so that what
    is searched and sorted is an index where there is one; a few keys are all known from counting them.
    """
    first = list(found.order_by().values_list("id", flat=True)[: COUNTED_MAX + 1])
    known = sorted(first, reverse=True) if len(first) <= COUNTED_MAX else None
    keys: QuerySet[Row] | list[int]
    if after is not None:
        keys = found.filter(id__gt=after).order_by("id") if known is None else [k for k in known[::-1] if k > after]
        rows = _rows(found, keys)[::-1]
        further, rows = len(rows) > PAGE_ROWS, rows[:PAGE_ROWS][::-1]
        older = rows[-1].pk if rows else None
        return Page(rows, len(first), newer=rows[0].pk if rows and further else None, older=older)
    if known is None:
        keys = (found if before is None else found.filter(id__lt=before)).order_by("-id")
    else:
        keys = [k for k in known if before is None or k < before]
    rows = _rows(found, keys)
    further, rows = len(rows) > PAGE_ROWS, rows[:PAGE_ROWS]
    newer = rows[0].pk if rows and before is not None else None
    return Page(rows, len(first), newer=newer, older=rows[-1].pk if rows and further else None)


def _rows(found: QuerySet[Row], keys: QuerySet[Row] | list[int]) -> list[Row]:
    """The rows of the first keys, and of one more, newest first."""
    some = keys[: PAGE_ROWS + 1]
    return list(found.filter(pk__in=some if isinstance(some, list) else some.values("id")).order_by("-id"))


def page_asked(found: QuerySet[Row], asked: QueryDict) -> Page[Row]:
    """The page that an address names by its ``before`` or ``after``."""
    return page(found, before=key(asked.get("before")), after=key(asked.get("after")))


def key(text: str | None) -> int | None:
    """An entry's id from an address; None where there is none or it is not one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
