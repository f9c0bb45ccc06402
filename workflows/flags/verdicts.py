"""What became of a flag: dismissed, adopted, or open again because new rows have joined it. Read from the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from audit import journal
from audit.models import Entry
from workflows.flags.words import Hit, KeptHit
from workflows.states import label

if TYPE_CHECKING:
    from workflows.lifecycles.audit_rows import AuditFinding

OPENED = "red_flag.open"
OPEN, DISMISSED, ADOPTED = "open", "dismissed", "adopted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The last word on a flag: by whom, when, why, about which rows."""

    case_id: int
    case_number: str
    root_id: int
    code: str
    key: str
    rows: frozenset[int]
    state: str
    reason: str
    actor_name: str
    unit_name: str
    at: dt.datetime

    @property
    def state_label(self) -> str:
        return label("red_flag", self.state)

    @property
    def flag_name(self) -> str:
        """The flag's name; one that is looked for no more by its code."""
        from workflows.flags import FLAGS

        return str(FLAGS[self.code].name) if self.code in FLAGS else self.code


def verdicts(entries: Iterable[Entry]) -> dict[tuple[str, str], Verdict]:
    """The last verdict on each flag; ``entries`` are those of red flags, oldest first.

    What cannot be read any more says nothing: the flag is open again, and `audit verify` tells why.
    """
    opened: dict[int, dict[str, Any]] = {}
    found: dict[tuple[str, str], Verdict] = {}
    for entry in entries:
        try:
            facts = journal.facts_of(entry)
            data = facts["data"] if entry.act == OPENED else opened.get(entry.case_id)
            if data is None:
                continue
            if not isinstance(data, dict):
                raise TypeError(data)
            opened[entry.case_id] = data
            if entry.state_to in (ADOPTED, DISMISSED):
                verdict = _said(entry, data, reason=facts["reason"])
                found[verdict.code, verdict.key] = verdict
        except (ValueError, LookupError, TypeError):
            if (last := opened.pop(entry.case_id, None)) is not None:
                found.pop((str(last.get("code")), str(last.get("key"))), None)
    return found


def _said(entry: Entry, data: Mapping[str, Any], *, reason: str) -> Verdict:
    """Raises LookupError or TypeError where somebody altered the entry."""
    return Verdict(
        case_id=entry.case_id, case_number=entry.case_number, root_id=entry.root_id, code=str(data["code"]),
        key=str(data["key"]), rows=frozenset(data["rows"]), state=entry.state_to, reason=reason,
        actor_name=entry.actor_name, unit_name=entry.unit_name, at=entry.happened_at,
    )  # fmt: skip


def all_verdicts() -> dict[tuple[str, str], Verdict]:
    """The last verdict on each flag of the record; by index."""
    opened_as = Entry.objects.filter(case_kind="red_flag", seq=1).order_by().values("case_id")
    return verdicts(Entry.objects.filter(case_id__in=opened_as, case_kind="red_flag").order_by("id"))


def of_root(root_id: int) -> dict[tuple[str, str], Verdict]:
    """The last verdict on each flag that is filed under one project."""
    return verdicts(Entry.objects.filter(root_id=root_id, case_kind="red_flag").order_by("id"))


def adopted_flags(root_id: int) -> list[Verdict]:
    """The flags adopted on one project and not dismissed since: what a special audit takes over as findings."""
    return [one for one in of_root(root_id).values() if one.state == ADOPTED]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A hit beside the last verdict on it."""

    hit: Hit | KeptHit
    verdict: Verdict | None
    #: The finding of a special audit that took it up.
    finding: AuditFinding | None = None

    @property
    def joined(self) -> int:
        """Rows that the verdict did not know."""
        return sum(number not in self.verdict.rows for number in self.hit.ids) if self.verdict else 0

    @property
    def state(self) -> str:
        """Where it stands: a verdict holds for the rows that it saw, and no further."""
        return OPEN if self.verdict is None or self.joined else self.verdict.state

    @property
    def state_label(self) -> str:
        return _("open") if self.state == OPEN else label("red_flag", self.state)


def standing(
    hits: Iterable[Hit | KeptHit],
    known: Mapping[tuple[str, str], Verdict],
    taken: Mapping[str, AuditFinding] | None = None,
) -> list[Standing]:
    """The hits, each with what became of it; ``taken``: findings by the number of the flag that they took up."""
    found = []
    for hit in hits:
        last = known.get((hit.flag.code, hit.key))
        finding = taken.get(last.case_number) if last and taken else None
        found.append(Standing(hit=hit, verdict=last, finding=finding))
    return found
