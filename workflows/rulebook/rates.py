"""What a table of household standards may not say: two rates for one day, a code that changes its meaning."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from django.utils.translation import gettext as _

from workflows.rulebook.schema import Path, Rulebook, Standard


def standards(book: Rulebook) -> Iterator[tuple[Path, str]]:
    """Every fault of the table, at the later of two rows that contradict each other."""
    for index, standard in enumerate(book.standards):
        if standard.until_day is not None and standard.until_day.value < standard.from_day.value:
            yield ("standards", index, "until_day", "value"), _("lies before from_day")
    for (_n, first), (index, second) in combinations(enumerate(book.standards), 2):
        if first.code.value == second.code.value:
            yield from _beside(first, second, path=("standards", index))


def _beside(first: Standard, second: Standard, *, path: Path) -> Iterator[tuple[Path, str]]:
    if first.holds_on(second.from_day.value) or second.holds_on(first.from_day.value):
        yield (*path, "from_day", "value"), _("two rates of one standard overlap")
    for field in ("title", "unit", "every"):
        if getattr(first, field).value != getattr(second, field).value:
            yield (*path, field, "value"), _("one code means one standard: only its rate and its days may change")
