"""The entries of a case, folded into how it stood. Pure: reads what it is given, asks no table.

An entry written since decision 39 says what it left changed in the case's row (``outcome``). An older one says only
what its form asked for; its fields are marked so, because the law may have made something else of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from audit.journal import facts_of
from audit.models import Entry
from workflows.caserows import NEW


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A value, and the entry that set it last."""

    value: Any
    entry: Entry
    #: Asked for by a form, in an entry that does not say what came of it.
    asked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """A file of the case: its kind of paper where the act says one, its name and its digest."""

    paper: str
    name: str
    sha256: str
    entry: Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """An opinion: whose, what, in which state."""

    agrees: bool
    text: str
    state: str
    entry: Entry


@dataclass(kw_only=True, slots=True)
class Version:
    """A case as it stood after the entries folded so far."""

    case_id: int
    kind: str = ""
    number: str = ""
    title: str = ""
    edition: str = ""
    state: str = ""
    #: The entry that brought it into the state, and the last one.
    since: Entry | None = None
    last: Entry | None = None
    #: Entries of the case itself.
    entries: int = 0
    late: list[Entry] = field(default_factory=list)
    #: Entries whose payload cannot be read.
    unreadable: list[Entry] = field(default_factory=list)
    #: Field of the row -> what was said of it last.
    row: dict[str, Said] = field(default_factory=dict)
    #: (act, field of its form) -> what it said when the act was done last, beyond the row.
    forms: dict[tuple[str, str], Said] = field(default_factory=dict)
    #: (table, number of the row) -> field -> what was said of it last, of the rows that hang on the case.
    rows: dict[tuple[str, str], dict[str, Said]] = field(default_factory=dict)
    files: list[Filed] = field(default_factory=list)
    opinions: list[Signed] = field(default_factory=list)
    #: Every transfer of the case and, of a project, of all that belongs to it.
    money: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def there(self) -> bool:
        """Whether it had been opened yet."""
        return self.entries > 0

    @property
    def state_since(self) -> dt.datetime | None:
        """When it came where it stands."""
        return self.since.happened_at if self.since else None


def fold(entries: Iterable[Entry], *, case_id: int) -> Version:
    """The case after these entries, oldest first; those of its sub-cases add what they did to it, and the money."""
    version = Version(case_id=case_id)
    for entry in entries:
        try:
            facts = facts_of(entry)
            add(version, entry, facts)
        except (ValueError, LookupError, TypeError, AttributeError):
            version.unreadable.append(entry)
    return version


def add(version: Version, entry: Entry, facts: Mapping[str, Any]) -> None:
    """One entry more. Raises ValueError, LookupError, TypeError or AttributeError where somebody altered it so."""
    outcome = facts.get("outcome") or {}
    if entry.case_id == version.case_id:
        _head(version, entry)
        version.row |= _row(entry, facts)
        version.forms |= _form(version, entry, facts)
        _hang(version, entry, outcome.get("rows", {}))
        paper = facts["data"].get("paper") or ""
        version.files += [
            Filed(paper=paper, name=file["name"], sha256=file["sha256"], entry=entry) for file in facts["files"]
        ]
        if isinstance(facts["data"].get("agrees"), bool):
            version.opinions.append(
                Signed(agrees=facts["data"]["agrees"], text=facts["reason"], state=facts["state_from"], entry=entry)
            )
    elif entry.root_id == version.case_id:
        version.row |= {name: Said(value=value, entry=entry) for name, value in outcome.get("project", {}).items()}
    else:
        return
    version.money += facts["money"]


def _hang(version: Version, entry: Entry, told: Mapping[str, Mapping[str, Any]]) -> None:
    """The rows that the entry says were added, changed or taken away."""
    for table, rows in told.items():
        for number, fields in rows.items():
            key = (table, number.removeprefix(NEW))
            if fields is None:
                version.rows.pop(key, None)
            else:
                said = {name: Said(value=value, entry=entry) for name, value in fields.items()}
                version.rows[key] = version.rows.get(key, {}) | said


def _head(version: Version, entry: Entry) -> None:
    """Where it stands. An act that leaves the case where it is says nothing of that: entered late, it would lie."""
    version.entries += 1
    version.kind, version.number, version.last = entry.case_kind, entry.case_number, entry
    if entry.late:
        version.late.append(entry)
    if not entry.late or not version.title:
        # What was entered late bears the name that the case had when it was entered.
        version.title, version.edition = entry.case_title, entry.edition
    if entry.state_from != entry.state_to:
        version.state, version.since = entry.state_to, entry


def _row(entry: Entry, facts: Mapping[str, Any]) -> dict[str, Said]:
    if "outcome" in facts:
        return {name: Said(value=value, entry=entry) for name, value in facts["outcome"]["case"].items()}
    return {name: Said(value=value, entry=entry, asked=True) for name, value in facts["data"].items()}


def _form(version: Version, entry: Entry, facts: Mapping[str, Any]) -> dict[tuple[str, str], Said]:
    """What the form says beyond the row; in older entries it stands in for the row."""
    if "outcome" not in facts:
        return {}
    return {
        (entry.act, name): Said(value=value, entry=entry)
        for name, value in facts["data"].items()
        if name not in version.row or version.row[name].value != value
    }
