"""Rulebooks as plain text tables for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.utils.translation import gettext as _

from funds.money import percent
from workflows.rulebook import words
from workflows.rulebook.compare import Difference, Row
from workflows.rulebook.schema import Cited, Rulebook

FEN_PER_WAN = 1_000_000
GAP = "  "


def header(book: Rulebook) -> list[str]:
    """What the book says about itself."""
    return [
        f"{book.title} ({book.name})",
        _("Edition %(edition)s, in force from %(day)s")
        % {"edition": book.edition, "day": book.effective_from.isoformat()},
        f"SHA-256 {book.sha256}",
    ]


def book_lines(rows: Sequence[Row]) -> list[str]:
    """Each value with its key, its meaning, its source and whether it is inherited."""
    lines: list[str] = []
    for section, group in groupby(rows, key=lambda row: _section(row.path)):
        part = list(group)
        lines += ["", f"{words.of_key(section)} [{section}]"]
        lines += _align(
            (
                row.path,
                meaning(row.path),
                shown(row.path, row.cited),
                mark(row.cited),
                citation(row.cited),
            )
            for row in part
        )
    return lines


def difference_lines(differences: Sequence[Difference], *, left: str, right: str) -> list[str]:
    """Three columns: the key, the value in the left book, the value in the right book."""
    head = (_("Key"), "", left, right)
    body = (
        (each.path, meaning(each.path), shown(each.path, each.left), shown(each.path, each.right))
        for each in differences
    )
    return _align([head, *body])


def mark(cited: Cited[object]) -> str:
    """`*`: inherited, not given by this county; `o`: Fundtrail's own parameter."""
    return ("*" if cited.inherited else " ") + ("o" if cited.is_engine_default else " ")


def legend() -> str:
    return _("* inherited: the county's documents do not give it   o Fundtrail's own parameter")


def citation(cited: Cited[object]) -> str:
    """Source and article; the engine's own source is translated, laws are named as they are."""
    if cited.is_engine_default:
        return _("Fundtrail default, to be set by the county")
    return cited.citation


def meaning(path: str) -> str:
    """`retention.months` in words: the parts of the path below its section."""
    parts = _parts(path)
    return " · ".join(words.of_key(part) for part in parts[1:])


def shown(path: str, cited: Cited[object] | None) -> str:
    """A value with its unit, as a clerk would write it."""
    return "—" if cited is None else _value(cited.value, path=path)


def _value(value: object, *, path: str) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and path.endswith("rate_fen"):
        return _("%(number)s yuan") % {"number": _exact(value, unit=100)}
    if isinstance(value, int) and "_fen" in path:
        return _("%(number)s wan yuan") % {"number": _exact(value, unit=FEN_PER_WAN)}
    if isinstance(value, int) and "permille" in path:
        return percent(value)
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "; ".join(" / ".join(words.of_code(str(act)) for act in pair) for pair in value)
    if isinstance(value, tuple):
        return _listed([words.of_code(str(item)) for item in value])
    if path.endswith(".base") and value in words.BASES:
        return str(words.BASES[value])
    return words.of_code(value) if isinstance(value, str) else str(value)


def _listed(names: Sequence[str]) -> str:
    """`a, b, c`, with the comma of the reader's language."""
    if not names:
        return "—"
    joined = names[0]
    for name in names[1:]:
        joined = _("%(first)s, %(second)s") % {"first": joined, "second": name}
    return joined


def _exact(value: int, *, unit: int) -> str:
    """`value / unit` without a float and without trailing zeros."""
    whole, rest = divmod(value, unit)
    digits = str(rest).zfill(len(str(unit)) - 1).rstrip("0") if rest else ""
    return f"{whole}.{digits}" if digits else str(whole)


def _section(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def _parts(path: str) -> list[str | int]:
    """The parts of a dotted path; an act in quotes keeps its dot."""
    parts: list[str | int] = []
    for index, piece in enumerate(path.split('"')):
        if index % 2:
            parts.append(piece)
            continue
        for part in piece.replace("[", ".#").replace("]", "").split("."):
            if part:
                parts.append(int(part[1:]) if part.startswith("#") else part)
    return parts


def _align(table: Iterable[Sequence[str]]) -> list[str]:
    rows = list(table)
    # Very long lists would push every other cell off the screen: they do not set the width.
    widths = [
        max((width(cell) for cell in column if width(cell) <= 40), default=0) for column in zip(*rows, strict=True)
    ]
    return [
        GAP + GAP.join(cell + " " * max(0, want - width(cell)) for cell, want in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
