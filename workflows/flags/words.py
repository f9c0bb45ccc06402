"""What a flag is made of: its words, what it looks at, and what it finds."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from audit.models import Entry
from workflows import words
from workflows.flags.story import Row, Story
from workflows.law import Text
from workflows.rulebook.schema import Rulebook

#: Severity -> how grave: what a flag of it calls for first.
GRAVE, SERIOUS, NOTABLE = "grave", "serious", "notable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What a flag reads beside the rows: the rulebook, the day, and who is known to have died (print -> day)."""

    book: Rulebook
    today: dt.date
    deaths: Mapping[str, dt.date] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A flag raised: over which group, with what facts, and the rows behind it, oldest first."""

    flag: Flag
    #: Names the group, so that tomorrow's hit is known as the same one: "unit 7, works, 2026".
    key: str
    rows: tuple[Row, ...]
    unit: tuple[int, str] = (0, "")
    township: tuple[int, str] = (0, "")
    facts: Mapping[str, Any]

    @property
    def ids(self) -> list[int]:
        """Numbers of its entries."""
        return [row.id for row in self.rows]

    @property
    def year(self) -> int:
        """The year of its newest row."""
        return self.rows[-1].at.year

    @property
    def roots(self) -> list[int]:
        """The projects it concerns."""
        return sorted({row.root_id for row in self.rows})

    @property
    def print(self) -> str:
        """Fingerprint of its rows: SHA-256 over their hashes in order."""
        return hashlib.sha256("\n".join(sorted(row.hash for row in self.rows)).encode()).hexdigest()

    def __str__(self) -> str:
        return told(self.flag, self.facts)


@dataclass(frozen=True, kw_only=True)
class KeptHit:
    """A hit as it was kept: what a list shows of it. The rows are read when somebody asks for them."""

    flag: Flag
    key: str
    ids: list[int]
    print: str
    roots: list[int]
    year: int
    unit: tuple[int, str]
    township: tuple[int, str]
    facts: Mapping[str, Any]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows behind it, oldest first."""
        return ordered(map(Row.of, Entry.objects.filter(pk__in=self.ids)))

    def __str__(self) -> str:
        return told(self.flag, self.facts)


#: What of a hit is kept; the facts are words and numbers.
KEPT = ("key", "ids", "print", "roots", "year", "unit", "township", "facts")


def kept(hit: Hit) -> dict[str, Any]:
    """A hit for JSON."""
    return {"flag": hit.flag.code} | {name: getattr(hit, name) for name in KEPT}


#: A mark that one project leaves for a comparison over all of them: the group, and what to compare.
Marks = Iterator[tuple[Hashable, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Flag:
    """A sign worth a look. It reads entries and says what it saw; it never says that somebody did wrong."""

    code: str
    name: Text
    #: What it looks for, in plain words.
    meaning: Text
    #: What could be innocent about it.
    innocent: Text
    source: Text
    severity: str
    #: One hit in a sentence, with its facts.
    says: Text
    #: Facts that are codes -> their words.
    codes: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    #: Of one project.
    within: Callable[[Flag, Story, Setting], Iterable[Hit]] | None = None
    #: Over all projects: what each leaves, and what the marks of one group come to.
    marks: Callable[[Story, Setting], Marks] | None = None
    weigh: Callable[[Flag, Any, Sequence[Any], Setting], Iterable[Hit]] | None = None
    #: Of what one person decided on one day.
    of_day: Callable[[Flag, Sequence[Row], Setting], Iterable[Hit]] | None = None


def told(flag: Flag, facts: Mapping[str, Any]) -> str:
    """A flag's sentence in the reader's language: the facts are kept as codes and lists, and worded only here."""
    says: Any = flag.says
    return str(says % {name: _worded(value, flag.codes.get(name, {})) for name, value in facts.items()})


def _worded(value: Any, codes: Mapping[str, Text]) -> Any:
    return words.listed(value) if isinstance(value, list | tuple) else codes.get(value, value) if codes else value


def ordered(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows once each, oldest first."""
    return tuple(sorted({row.id: row.slim for row in rows}.values(), key=lambda row: (row.at, row.id)))
