"""National law over a county's rulebook: warnings, each with its article.

The limits stand in `national.toml`, not here. A county's older document may break one and still
be the county's document, so this warns and never refuses.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from django.utils.translation import gettext as _
from pydantic import StrictInt

from funds.money import percent
from workflows.rulebook import codes, positions
from workflows.rulebook.contradictions import BUILDING_TRIGGERS
from workflows.rulebook.load import Problem, dotted
from workflows.rulebook.schema import Cited, Frozen, Path, Rulebook, Text

NATIONAL = FilePath(__file__).parent / "national.toml"


class Limit(Frozen):
    """A bound on one value of a rulebook; true counts as 1, both bounds are included."""

    path: Text
    at_least: StrictInt | None = None
    at_most: StrictInt | None = None
    article: Text
    source: Text


class Progress(Frozen):
    """What must be payable, cumulatively, before audit and acceptance."""

    ceiling_permille_min: StrictInt
    article: Text
    source: Text


class RequiredNotices(Frozen):
    kinds: tuple[codes.NoticeKind, ...]
    article: Text
    source: Text


class RequiredPairs(Frozen):
    pairs: tuple[tuple[codes.Act, codes.Act], ...]
    article: Text
    source: Text


class National(Frozen):
    limit: tuple[Limit, ...]
    progress: Progress
    notices: RequiredNotices
    separation: RequiredPairs


@dataclass(frozen=True, slots=True)
class Breach:
    """A place where a rulebook goes beyond national law."""

    path: Path
    message: str
    article: str
    source: str


@cache
def national() -> National:
    return National.model_validate(tomllib.loads(NATIONAL.read_text(encoding="utf-8")))


def breaches(book: Rulebook) -> list[Breach]:
    """Where `book` goes beyond national law, in the order of `national.toml`."""
    found = [breach for limit in national().limit if (breach := _beyond(limit, book=book))]
    return [*found, *_progress(book), *_notices(book), *_separation(book)]


def warnings(book: Rulebook, *, text: str) -> list[Problem]:
    """The breaches of `book` by the line of its TOML `text`; an inherited value shows line 1."""
    where = positions.lines(text)
    return [
        Problem(
            positions.line_of(breach.path, positions=where),
            dotted(breach.path),
            f"{dotted(breach.path)}: {breach.message} ({breach.source} {breach.article})",
        )
        for breach in breaches(book)
    ]


def _beyond(limit: Limit, *, book: Rulebook) -> Breach | None:
    path: Path = tuple(limit.path.split("."))
    cited = _look_up(book, path=path)
    if not isinstance(cited, Cited):
        # A kind of notice the county dropped has its own warning; a period it lacks does not.
        missing = _("national law sets a limit and the rulebook sets none")
        return None if path[0] == "notices" else Breach(path, missing, limit.article, limit.source)
    value = int(cited.value)
    if limit.at_most is not None and value > limit.at_most:
        message = _("%(value)s is above the national maximum %(limit)s")
        bound = limit.at_most
    elif limit.at_least is not None and value < limit.at_least:
        message = _("%(value)s is below the national minimum %(limit)s")
        bound = limit.at_least
    else:
        return None
    shown = percent if "permille" in limit.path else str
    message %= {"value": shown(value), "limit": shown(bound)}
    return Breach((*path, "value"), message, limit.article, limit.source)


def _look_up(node: Any, *, path: Path) -> object:
    for part in path:
        node = node.get(part) if isinstance(node, dict) else getattr(node, str(part), None)
    return node


def _progress(book: Rulebook) -> list[Breach]:
    rule = national().progress
    payable = [row for row in book.tranches if row.trigger.value in BUILDING_TRIGGERS]
    reached = 0
    for row in payable:
        reached = row.upto_permille(reached)
    if reached >= rule.ceiling_permille_min:
        return []
    message = _("only %(value)s can be paid for finished work before the final checks, not %(limit)s")
    message %= {"value": percent(reached), "limit": percent(rule.ceiling_permille_min)}
    last = max(len(payable) - 1, 0)
    path: Path = ("tranches", last, book.tranches[last].part, "value")
    return [Breach(path, message, rule.article, rule.source)]


def _notices(book: Rulebook) -> list[Breach]:
    rule = national().notices
    missing = [kind for kind in rule.kinds if kind not in book.notices]
    message = _("there is no public notice of this kind: %(kind)s")
    path: Path = ("notices_dropped", "value")
    return [Breach(path, message % {"kind": kind}, rule.article, rule.source) for kind in missing]


def _separation(book: Rulebook) -> list[Breach]:
    rule = national().separation
    kept = {frozenset(pair) for pair in book.separation.pairs.value}
    message = _("one hand could do both %(first)s and %(second)s")
    return [
        Breach(
            ("separation", "pairs", "value"),
            message % {"first": first, "second": second},
            rule.article,
            rule.source,
        )
        for first, second in rule.pairs
        if frozenset((first, second)) not in kept
    ]
