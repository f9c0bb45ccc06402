"""What the applicant changed since a return, from the record: field by field, line by line, paper by paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from approvals.forms.labels import LABELS
from approvals.templatetags.desks import milli
from audit import journal
from audit.models import Entry
from funds.money import yuan
from workflows import words
from workflows.models import Case
from workflows.offices import Office
from workflows.states import ProjectState as S
from workflows.states import label

#: States in which somebody still has to look at what was changed.
LOOKED_AT = (S.RETURNED, S.FILED, S.JOINT_REVIEW, S.PIPELINE)
RETURNS = ("project.return_to", "project.send_back")
ACTS = ("project.save_draft", "project.attach", *RETURNS)
#: Field of the application -> its codes' names.
CODES: dict[str, Mapping[str, object]] = {
    "category": words.CATEGORIES,
    "work_kind": words.WORK_KINDS,
    "department": {office.value: office.label for office in Office},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """One thing before and after, as the page shows it; empty where it was not there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A file that came since: its kind, name, digest, and the digests that it stands beside or replaces."""

    paper: str
    name: str
    sha256: str
    by: str
    replaces: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Return:
    """The last return of an application and what has changed since."""

    entry: Entry
    #: The stage that returned it, and the one it was returned to.
    came_from: str
    went_to: str
    reason: str
    fields: list[Changed] = field(default_factory=list)
    lines: list[Changed] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether the application stands as it was returned."""
        return not (self.fields or self.lines or self.papers)


def since_return(case: Case) -> Return | None:
    """The last return of an application that is still being looked at; one query, none where it was never returned."""
    if case.kind != "project" or not case.returned_to or case.state not in LOOKED_AT:
        return None
    entries = list(Entry.objects.filter(case_id=case.pk, act__in=ACTS).order_by("seq"))
    returned = next((entry for entry in reversed(entries) if entry.act in RETURNS), None)
    if returned is None:
        return None
    facts = journal.facts_of(returned)
    then = [entry for entry in entries if entry.seq < returned.seq]
    since = [entry for entry in entries if entry.seq > returned.seq]
    before = _form(then)
    after = _form(since) or before
    return Return(
        entry=returned,
        came_from=label(case.kind, returned.state_from),
        went_to=words.stage(facts["data"]["stage"]),
        reason=facts["reason"],
        fields=_fields(before, after),
        lines=_lines(before.get("lines", ()), after.get("lines", ())),
        papers=_papers(then, since),
    )


def _form(entries: Iterable[Entry]) -> dict[str, Any]:
    """The application as it was saved last."""
    saved = [entry for entry in entries if entry.act == "project.save_draft"]
    return dict(journal.facts_of(saved[-1])["data"]) if saved else {}


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    names = [name for name in after if name != "lines" and before.get(name) != after[name]]
    return [
        Changed(name=str(LABELS[name]), before=_shown(name, before.get(name)), after=_shown(name, after[name]))
        for name in names
    ]


def _shown(name: str, value: Any) -> str:
    """A value of the form as the page shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name.endswith("_fen"):
        return yuan(value)
    if name.endswith("_milli"):
        return milli(value)
    return str(CODES.get(name, {}).get(value, value))


def _lines(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[Changed]:
    """Lines are the same line where their item is; of several of one item the first is the first."""
    old, new = _by_item(before), _by_item(after)
    return [
        Changed(name=item, before=_line(old.get((item, n))), after=_line(new.get((item, n))))
        for item, n in dict.fromkeys([*new, *old])
        if old.get((item, n)) != new.get((item, n))
    ]


def _by_item(lines: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], Mapping[str, Any]]:
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    for line in lines:
        n = sum(item == line["item"] for item, _number in found)
        found[line["item"], n] = line
    return found


def _line(line: Mapping[str, Any] | None) -> str:
    if line is None:
        return ""
    quantity, price = milli(line["quantity_milli"]), yuan(line["unit_price_fen"])
    return f"{quantity}{line['unit']} × {price} = {yuan(line['amount_fen'])}"


def _papers(then: Iterable[Entry], since: Iterable[Entry]) -> list[Paper]:
    """Files are only ever added; a further one of the same kind takes the earlier one's place."""
    there: dict[str, list[str]] = {}
    for _entry, paper, _name, sha256 in _files(then):
        there.setdefault(paper, []).append(sha256)
    return [
        Paper(
            paper=words.paper(paper),
            name=name,
            sha256=sha256,
            by=entry.actor_name,
            replaces=tuple(there.get(paper, ())),
        )
        for entry, paper, name, sha256 in _files(since)
        if sha256 not in there.get(paper, ())
    ]


def _files(entries: Iterable[Entry]) -> Iterable[tuple[Entry, str, str, str]]:
    for entry in entries:
        if entry.act != "project.attach":
            continue
        facts = journal.facts_of(entry)
        for file in facts["files"]:
            yield entry, facts["data"]["paper"], file["name"], file["sha256"]
