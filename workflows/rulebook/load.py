"""Read a rulebook, fill it from the book it inherits from, and refuse it with lines.

Inheritance is by leaf: a county gives the leaves its documents give, the rest comes from the
book named in `inherits` and is marked. A list of rows (`tranches`, `tender.ladder`) is replaced
as a whole, but a tranche whose code the inherited book knows takes its missing leaves from there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from workflows.rulebook import contradictions, positions
from workflows.rulebook.messages import explain
from workflows.rulebook.schema import Rulebook

BOOKS = Path(__file__).parent / "books"
SUFFIX = ".toml"
#: A rulebook is a few hundred lines; anything larger is not one.
SIZE_BYTES_MAX = 1_000_000

#: What a book says about itself; never inherited.
OWN_KEYS = ("name", "title", "edition", "effective_from")

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a rulebook; `line` counts from 1, `path` is dotted."""

    line: int
    path: str
    message: str


class RulebookError(Exception):
    """A rulebook that cannot be used, with everything that is wrong with it, by line."""

    def __init__(self, problems: list[Problem], *, origin: str) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.line, problem.path))
        self.origin = origin
        super().__init__("\n".join(f"{origin}:{each.line}: {each.message}" for each in self.problems))


def shipped() -> list[str]:
    """The names of the books that come with Fundtrail, `default` first."""
    names = sorted(path.stem for path in BOOKS.glob(f"*{SUFFIX}"))
    return sorted(names, key=lambda name: name != "default")


def load(name_or_path: str | Path) -> Rulebook:
    """The shipped book of that name, or the book in that file. Raises `RulebookError`."""
    return parse(read(name_or_path), origin=str(name_or_path))


def read(name_or_path: str | Path) -> str:
    """The TOML text of a shipped book or a file. Raises `RulebookError` where there is none."""
    if str(name_or_path) in shipped():
        return _read(BOOKS / f"{name_or_path}{SUFFIX}")
    return _read(Path(name_or_path))


def parse(text: str, *, origin: str = "rulebook") -> Rulebook:
    """The rulebook written in `text`. Raises `RulebookError` with all problems found."""
    return _build(text, origin=origin, heirs=())


def dotted(path: positions.Path) -> str:
    """`("tranches", 0, "base")` as `tranches[0].base`."""
    out = ""
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
        else:
            key = f'"{part}"' if "." in part else part
            out += f".{key}" if out else key
    return out


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > SIZE_BYTES_MAX:
            raise RulebookError([Problem(1, "", _("The file is too large."))], origin=str(path))
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        names = ", ".join(shipped())
        message = _("No such rulebook (%(reason)s). Shipped: %(names)s.") % {
            "reason": error.strerror or error,
            "names": names,
        }
        raise RulebookError([Problem(1, "", message)], origin=str(path)) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = Problem(line, "", _("The file is not UTF-8 text."))
        raise RulebookError([problem], origin=str(path)) from error


def _build(text: str, *, origin: str, heirs: tuple[str, ...]) -> Rulebook:
    own = _toml(text, origin=origin)
    # A book in order, as nearly all are, need not be searched for its lines.
    where = cache(partial(positions.lines, text))

    def problem(path: positions.Path, message: str) -> Problem:
        shown = f"{dotted(path)}: {message}" if path else message
        return Problem(positions.line_of(path, positions=where()), dotted(path), shown)

    # `inherited` is the loader's mark; a book that sets it itself would hide its origin.
    problems = [problem((*path, "inherited"), _("unknown key")) for path, leaf in _mappings(own) if "inherited" in leaf]
    tree = own
    parent = own.get("inherits")
    if parent is not None:
        inheritable = [name for name in shipped() if name not in heirs]
        if parent in inheritable:
            base = _build(
                (BOOKS / f"{parent}{SUFFIX}").read_text(encoding="utf-8"),
                origin=parent,
                heirs=(*heirs, parent),
            )
            tree = _merge(own, base=base)
        else:
            message = _("no such book to inherit from; known: %(names)s")
            found = problem(("inherits",), message % {"names": ", ".join(inheritable)})
            raise RulebookError([*problems, found], origin=origin)
    try:
        book = Rulebook.model_validate(tree)
    except ValidationError as error:
        problems += [problem(*explain(item)) for item in error.errors()]
        raise RulebookError(_distinct(problems), origin=origin) from error
    problems += [problem(path, message) for path, message in contradictions.find(book)]
    if problems:
        raise RulebookError(_distinct(problems), origin=origin)
    return book


def _distinct(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _toml(text: str, *, origin: str) -> Tree:
    try:
        # tomllib itself accepts CRLF; normalised here so that the lines counted are the same.
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        line = _decode_line(str(error), text=text)
        message = _("not valid TOML: %(reason)s") % {"reason": error}
        raise RulebookError([Problem(line, "", message)], origin=origin) from error
    except (RecursionError, ValueError) as error:
        # Brackets nested without end, a number of thousands of digits.
        raise RulebookError([Problem(1, "", _("not a rulebook"))], origin=origin) from error


def _decode_line(message: str, *, text: str) -> int:
    """`tomllib` of Python 3.11 tells the line only inside its message."""
    _head, found, tail = message.partition("(at line ")
    number = tail.partition(",")[0]
    return int(number) if found and number.isdigit() else text.count("\n") + 1


def _mappings(node: object, *, path: positions.Path = ()) -> list[tuple[positions.Path, Tree]]:
    out: list[tuple[positions.Path, Tree]] = []
    if isinstance(node, dict):
        out.append((path, node))
        for key, child in node.items():
            out += _mappings(child, path=(*path, key))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            out += _mappings(child, path=(*path, index))
    return out


def _merge(own: Tree, *, base: Rulebook) -> Tree:
    """`own` with every leaf it does not give taken from `base` and marked inherited."""
    given = base.model_dump(mode="json", exclude_none=True)
    for _path, leaf in _mappings(given):
        if "value" in leaf and "source" in leaf:
            leaf["inherited"] = True
    for key in OWN_KEYS:
        given.pop(key, None)
    merged = _overlay(own, base=given)
    _drop_notices(merged, described=own.get("notices"))
    return merged


def _overlay(own: Mapping[str, Any], *, base: Mapping[str, Any]) -> Tree:
    out: Tree = dict(base)
    for key, value in own.items():
        below = base.get(key)
        if isinstance(value, dict) and isinstance(below, Mapping) and not _is_leaf(value, below):
            out[key] = _overlay(value, base=below)
        elif key == "tranches" and isinstance(value, list):
            out[key] = _tranches(value, base=list(below or ()))
        else:
            out[key] = value
    return out


def _is_leaf(*nodes: Mapping[str, Any]) -> bool:
    """A cited value is replaced whole: a number never keeps the citation of another number."""
    return any("value" in node or "source" in node for node in nodes)


def _tranches(rows: list[Any], *, base: list[Tree]) -> list[Any]:
    """Rows of a county, each completed from the inherited tranche of the same code."""
    known = {row["code"]["value"]: row for row in base}
    out: list[Any] = []
    for row in rows:
        code = row.get("code") if isinstance(row, dict) else None
        value = code.get("value") if isinstance(code, dict) else None
        twin = known.get(value) if isinstance(value, str) else None
        out.append(_overlay(row, base=_without_other_part(twin, row)) if twin else row)
    return out


def _without_other_part(twin: Tree, row: Tree) -> Tree:
    """A county that says a tranche's part in one way does not inherit the other way of saying it."""
    parts = {"ceiling_permille", "share_permille"}
    return {key: leaf for key, leaf in twin.items() if key not in parts or not parts & row.keys() or key in row}


def _drop_notices(tree: Tree, *, described: object) -> None:
    """Takes the dropped kinds out; one the county itself describes stays, to be contradicted."""
    dropped = tree.get("notices_dropped")
    kinds = dropped.get("value") if isinstance(dropped, dict) else None
    notices = tree.get("notices")
    if isinstance(kinds, list | tuple) and isinstance(notices, dict):
        own = described if isinstance(described, dict) else {}
        tree["notices"] = {key: notice for key, notice in notices.items() if key not in kinds or key in own}
