"""The words the catalogue is written in: a check says one thing about the record of one project.

A rule (:mod:`workflows.law`) refuses before it happens; a check finds afterwards, whatever way it came into the
record: entered late (补录), imported, waived, under an older edition, or altered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workflows.law import Text

if TYPE_CHECKING:
    from workflows.checks.family import Family, Row


NOTHING = _("nothing lifts it")


class Severity(TextChoices):
    """How grave a finding is, the least first."""

    NOTE = "note", _("note")
    WARNING = "warning", _("warning")
    BREACH = "breach", _("breach")


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: the entries it rests on, in the order of the story, and the facts its sentence names."""

    rows: tuple[Row, ...]
    facts: Mapping[str, Any]


def found(*rows: Row | None, **facts: Any) -> Found:
    """A finding that rests on these entries; one that is missing is left out."""
    return Found(tuple(row for row in rows if row is not None), facts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing that must be true of a project's record."""

    code: str
    title: Text
    article: Text
    severity: Severity
    #: What lawfully lifts it: an act, a rule, or nothing.
    waiver: Text
    #: The sentence of a finding, with its facts.
    says: Text
    look: Callable[[Family], Iterable[Found]]

    @property
    def may_be_lifted(self) -> bool:
        """Whether the law knows a way round it."""
        return self.waiver is not NOTHING

    @property
    def name(self) -> str:
        """The check's function, as it stands in the code."""
        return self.look.__name__


#: Every check by its code, in the order they are written.
CHECKS: dict[str, Check] = {}


def check(
    code: str, title: Text, article: Text, says: Text, *, severity: Severity = Severity.BREACH, waiver: Text = NOTHING
) -> Callable[[Callable[[Family], Iterable[Found]]], Check]:
    """Make a function a check: it yields what contradicts the sentence that its name is."""

    def name_it(look: Callable[[Family], Iterable[Found]]) -> Check:
        if code in CHECKS:
            raise ValueError(f"two checks are called {code}")
        CHECKS[code] = Check(
            code=code, title=title, article=article, severity=severity, waiver=waiver, says=says, look=look
        )
        return CHECKS[code]

    return name_it


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A check that does not hold, and the entries that show it."""

    check: Check
    root_id: int
    #: The project by number and title.
    project: str
    rows: tuple[Row, ...]
    #: In the language in which it was examined.
    text: str

    @property
    def on(self) -> dt.date:
        """The day of the last entry it rests on: then it came about."""
        return max(row.day for row in self.rows)

    @property
    def where(self) -> str:
        """The entries by case and number: ``P2026-00007 #12, T2026-00009 #4``."""
        return ", ".join(map(str, self.rows))


def examine(family: Family, *, checks: Iterable[Check] | None = None) -> list[Finding]:
    """Everything that the catalogue has to say about one project, in the catalogue's order."""
    project = family.project
    return [
        Finding(
            check=one, root_id=family.root_id, project=project, rows=told.rows, text=str(one.says) % dict(told.facts)
        )
        for one in (CHECKS.values() if checks is None else checks)
        for told in one.look(family)
    ]
