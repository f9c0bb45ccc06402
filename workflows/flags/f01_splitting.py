"""Splitting just below a threshold (化整为零)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from funds.money import yuan
from workflows import words
from workflows.flags.story import Row, Story
from workflows.flags.words import GRAVE, Flag, Hit, Marks, Setting, ordered
from workflows.rulebook.schema import Rulebook

#: What came to nothing was not bought.
NOTHING = ("draft", "withdrawn", "rejected")


def thresholds(book: Rulebook, kind: str) -> list[int]:
    """The amounts, in fen, from which a contract of a kind needs a stricter way to procure."""
    rungs = [rung.from_fen.value for rung in book.tender.ladder if rung.kind.value == kind]
    return sorted({getattr(book.tender.open_tender_fen_min, kind).value, *rungs} - {0})


def budget(story: Story) -> tuple[Row, int] | None:
    """What the project was to cost, and the row that says so: where procurement starts, before that on filing."""
    if started := story.acts("project.start_procurement"):
        return started[-1], started[-1].amount_fen or 0
    filed = story.acts("project.file")
    fen = int(story.form.get("grant_fen", 0)) + int(story.form.get("self_raised_fen", 0))
    return (filed[-1], fen) if filed else None


def marks(story: Story, setting: Setting) -> Marks:
    limits, found = setting.book.flags, budget(story)
    if limits is None or found is None or story.state in NOTHING:
        return
    row, fen = found
    kind = story.form.get("work_kind", "works")
    for threshold in thresholds(setting.book, kind):
        below = threshold * limits.split_below_permille_max.value // 1000
        if threshold - below <= fen < threshold:
            yield (story.unit, kind, row.at.year, threshold), (row.slim, fen, story.township)


def weigh(flag: Flag, group: Any, marks: Sequence[Any], setting: Setting) -> Iterator[Hit]:
    (unit, kind, year, threshold), limits = group, setting.book.flags
    total = sum(fen for _row, fen, _township in marks)
    if limits is None or len(marks) < limits.split_count_min.value or total < threshold:
        return
    yield Hit(
        flag=flag, key=f"unit {unit[0]}, {kind}, {year}, {threshold}", rows=ordered(row for row, *_ in marks),
        unit=unit, township=marks[-1][2],
        facts={"unit": unit[1], "count": len(marks), "year": year, "kind": kind,
               "threshold": yuan(threshold), "total": yuan(total)},
    )  # fmt: skip


FLAG = Flag(
    code="RF-01",
    name=_("Split below a threshold"),
    meaning=_("Several purchases of one unit, kind and year lie just below the amount from which a stricter way to"
              " procure is asked for, and together they would have reached it."),
    innocent=_("Separate sites, separate plan items, or works that cannot be let together."),
    source=_("必须招标的工程项目规定 art. 5; 招标投标法 art. 4"),
    severity=GRAVE,
    says=_("%(unit)s: %(count)s purchases (%(kind)s) in %(year)s just below %(threshold)s yuan,"
           " together %(total)s yuan."),
    codes={"kind": words.WORK_KINDS},
    marks=marks,
    weigh=weigh,
)  # fmt: skip
