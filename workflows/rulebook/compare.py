"""A rulebook as rows, and two rulebooks side by side."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.rulebook.load import dotted
from workflows.rulebook.schema import Cited, Path, Rulebook, cited_leaves


@dataclass(frozen=True, slots=True)
class Row:
    """One policy value of a book, under its dotted path."""

    path: str
    cited: Cited[object]


@dataclass(frozen=True, slots=True)
class Difference:
    """A path at which two books differ; None where a book has no such value."""

    path: str
    left: Cited[object] | None
    right: Cited[object] | None


def rows(book: Rulebook) -> list[Row]:
    """Every policy value of `book`, in the order of the schema."""
    return [Row(dotted(_by_code(path, book=book)), cited) for path, cited in cited_leaves(book)]


def differences(left: Rulebook, right: Rulebook) -> list[Difference]:
    """Where the *values* differ; the same number from another source is no difference."""
    of_left = {row.path: row.cited for row in rows(left)}
    of_right = {row.path: row.cited for row in rows(right)}
    paths = [*of_left, *(path for path in of_right if path not in of_left)]
    return [
        Difference(path, of_left.get(path), of_right.get(path))
        for path in paths
        if _value(of_left.get(path)) != _value(of_right.get(path))
    ]


def _by_code(path: Path, *, book: Rulebook) -> Path:
    """Tranches and standards under their code, so that two books compare like with like."""
    if path[0] == "tranches" and isinstance(path[1], int):
        return ("tranches", book.tranches[path[1]].code.value, *path[2:])
    if path[0] == "standards" and isinstance(path[1], int):
        standard = book.standards[path[1]]
        return ("standards", f"{standard.code.value} {standard.from_day.value}", *path[2:])
    return path


def _value(cited: Cited[object] | None) -> object:
    return None if cited is None else (cited.value,)
