"""What a dossier holds, read from the entries alone: so that it is whole for cases closed, altered or lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from audit import journal
from audit.models import Entry
from workflows import archive, words
from workflows.archive import Folder
from workflows.cases import Kind

#: No file system takes these in a name; Windows takes no full stop or space at the end either.
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
NAME_CHARS_MAX = 80
FOLDERS = tuple(Folder)


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A file that an act of a case brought, and where in the dossier it lies."""

    case_number: str
    kind: str
    name: str
    sha256: str
    path: str


@dataclass(kw_only=True, slots=True)
class Member:
    """The project or one of its sub-cases, as its entries tell."""

    first: Entry
    last: Entry
    papers: list[Paper] = field(default_factory=list)

    @property
    def number(self) -> str:
        """As the record numbers it; a draft has none but its key."""
        return self.last.case_number or str(self.last.case_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """A verdict that an act gave, in its own words."""

    entry: Entry
    agrees: bool
    text: str


@dataclass(kw_only=True, slots=True)
class Contents:
    """Everything that is told of a project, in the order of the archive."""

    members: dict[int, Member] = field(default_factory=dict)
    papers: dict[Folder, list[Paper]] = field(default_factory=lambda: {one: [] for one in FOLDERS})
    opinions: list[Opinion] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    #: Of entries made afterwards (补录), by their number: request, reason, approver.
    on_paper: dict[int, dict[str, Any]] = field(default_factory=dict)

    def sub_cases(self, of: Folder) -> list[Member]:
        """Those that the archive puts into a folder."""
        return [one for one in self.members.values() if archive.OF_KIND.get(one.last.case_kind) == of]


def read(entries: Iterable[Entry]) -> Contents:
    """The contents; entries come case by case, each in its order. Their payloads are not kept."""
    told, kept = Contents(), set()
    for entry in entries:
        facts = _facts(entry)
        data = facts["data"]
        member = told.members.setdefault(entry.case_id, Member(first=entry, last=entry))
        member.last = entry
        told.entries.append(entry)
        if facts["on_paper"]:
            told.on_paper[entry.pk] = facts["on_paper"]
        if isinstance(data.get("agrees"), bool):
            told.opinions.append(Opinion(entry=entry, agrees=data["agrees"], text=str(facts["reason"])))
        for file in facts["files"]:
            name, sha256 = str(file["name"]), str(file["sha256"])
            if (entry.case_id, name, sha256) not in kept:
                kept.add((entry.case_id, name, sha256))
                _file(told, member, entry, str(data.get("paper", "other")), name, sha256)
        # Copied into the dossier from the database again; all of them at once would not fit.
        entry.payload = b""
    return told


def folder_name(folder: Folder) -> str:
    """As it is called in the dossier: number and name."""
    return f"{FOLDERS.index(folder) + 1:02d}-{folder.label}"


def plain(name: str) -> str:
    """A name that every file system takes, with its ending."""
    clean = _UNFIT.sub("_", unicodedata.normalize("NFC", name))
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 5:
        stem, dot, ending = clean, "", ""
    return f"{stem[:NAME_CHARS_MAX].strip(' .') or '_'}{dot}{ending.strip(' .')}".rstrip(". ")


def _file(told: Contents, member: Member, entry: Entry, kind: str, name: str, sha256: str) -> None:
    folder = archive.folder(kind=entry.case_kind, paper=kind, state=entry.state_from)
    there = told.papers[folder]
    path = f"{folder_name(folder)}/{len(there) + 1:03d}-{plain(member.number)}-{plain(name)}"
    there.append(Paper(case_number=member.number, kind=words.paper(kind), name=name, sha256=sha256, path=path))
    member.papers.append(there[-1])


def _facts(entry: Entry) -> dict[str, Any]:
    """The payload as far as it can be read; who checks the dossier is told of one that was altered."""
    facts = journal.readable_facts(entry)
    data = facts.get("data")
    files, on_paper = facts.get("files"), facts.get("on_paper")
    return {
        "data": data if isinstance(data, dict) else {},
        "reason": facts.get("reason", ""),
        "on_paper": on_paper if isinstance(on_paper, dict) else {},
        "files": [file for file in files if isinstance(file, dict)] if isinstance(files, list) else [],
    }


def project_of(told: Contents) -> Member | None:
    """The project itself among the members."""
    return next((one for one in told.members.values() if one.last.case_kind == Kind.PROJECT), None)
