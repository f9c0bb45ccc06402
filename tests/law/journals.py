"""Records that contradict themselves: one lawful project's entries, with one of them altered, moved, left out or added.

``@finds("CH-24", "tender.award", "tender.close")`` stands over a test that returns such a story. The check must be
silent on the lawful one, and find the planted one by exactly these entries: what it names can be looked up.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.utils import translation

from approvals import road
from audit.chain import GENESIS
from audit.journal import Fact, record
from audit.models import Entry
from tests.factories import fresh_application
from workflows import checks
from workflows.checks import CHECKS, Family, Finding, Row
from workflows.rulebook.schema import Rulebook

#: Code -> the tests that saw it find something.
WITNESSES: defaultdict[str, list[str]] = defaultdict(list)
#: A road above the threshold, so that every period of an open tender is there to be broken.
OPEN_TENDER = 3


class Story:
    """The entries of one project. Every method leaves it as it is and returns another."""

    def __init__(self, root_id: int, rows: tuple[Row, ...]) -> None:
        self.root_id, self.rows = root_id, rows

    @property
    def family(self) -> Family:
        return Family(self.root_id, self.rows)

    def row(self, act: str, nth: int = -1) -> Row:
        """The nth entry of an act."""
        return [row for row in self.rows if row.act == act][nth]

    def altered(self, act: str, nth: int = -1, *, data: dict[str, Any] | None = None, **facts: Any) -> Story:
        """The nth entry of an act says something else; of its form only what is named changes."""
        old = self.row(act, nth)
        new = replace(old, **facts, data={**old.data, **(data or {})})
        return Story(self.root_id, tuple(new if row is old else row for row in self.rows))

    def moved(self, act: str, nth: int = -1, *, days: int) -> Story:
        """The nth entry of an act happened, and was written down, so many days later."""
        row, by = self.row(act, nth), dt.timedelta(days=days)
        return self.altered(act, nth, happened_at=row.happened_at + by, recorded_at=row.recorded_at + by)

    def without(self, act: str, nth: int = -1) -> Story:
        """The nth entry of an act is not there."""
        gone = self.row(act, nth)
        return Story(self.root_id, tuple(row for row in self.rows if row is not gone))

    def added(self, act: str, *, after: str, nth: int = -1, days: int = 0, data: dict[str, Any] | None = None) -> Story:
        """Another entry of the case in which ``after`` stands, so many days later."""
        like, by = self.row(after, nth), dt.timedelta(days=days)
        moment, number = like.happened_at + by, max(row.entry_id for row in self.rows) + 1
        new = replace(like, act=act, entry_id=number, happened_at=moment, recorded_at=moment, data=data or {})
        return Story(self.root_id, (*self.rows, new))

    def under(self, book: Rulebook) -> Story:
        """The same story under another edition."""
        return Story(self.root_id, tuple(replace(row, book=book) for row in self.rows))

    def findings(self, code: str) -> list[Finding]:
        """What one check finds, said in English."""
        with translation.override("en"):
            return checks.examine(self.family, checks=[CHECKS[code]])

    def written(self, root_id: int) -> list[Entry]:
        """The same story as real entries of a project that has no row in any other table."""
        shift, heads, seqs, entries = root_id - self.root_id, dict[int, str](), dict[int, int](), []
        with transaction.atomic():
            for row in self.family.rows:
                case = row.case_id + shift
                seqs[case] = seqs.get(case, 0) + 1
                entry = record(_fact(row, case, root_id, shift), seq=seqs[case], prev=heads.get(case, GENESIS))
                heads[case] = entry.hash
                entries.append(entry)
        return entries


def _fact(row: Row, case: int, root_id: int, shift: int) -> Fact:
    about = row.data.get("about_id")
    facts = {name: value for name, value in asdict(replace(row, book=None)).items() if name in Fact.__slots__}
    facts |= {
        "case_id": case, "case_number": f"{row.case_number}-{case}", "case_title": row.title, "case_kind": row.kind,
        "root_id": root_id, "post": "", "unit_name": "",
        "data": {**row.data, "about_id": about + shift} if isinstance(about, int) else row.data,
        "files": [("file", digest) for digest in row.files],
        "money": [{"kind": kind, "fen": fen} for kind, fen in row.money],
    }  # fmt: skip
    return Fact(**facts)


@functools.cache
def lawful() -> Story:
    """The whole road of a lawful project, as its entries tell it; walked once, and the walk is undone."""
    with transaction.atomic():
        traveller = fresh_application(specimen=OPEN_TENDER)
        for _state in road.whole_road(traveller):
            pass
        family = checks.family(traveller.project.pk)
        transaction.set_rollback(True)
    return Story(family.root_id, tuple(family.rows))


def finds(code: str, *acts: str, times: int = 1) -> Callable[[Callable[[Story], Story]], Callable[[], None]]:
    """The test returns a story in which this check finds something, by the entries of these acts."""

    def judge(test: Callable[[Story], Story]) -> Callable[[], None]:
        WITNESSES[code].append(test.__qualname__)

        def judged() -> None:
            story = lawful()
            assert story.findings(code) == []
            told = test(story)
            findings = told.findings(code)
            assert len(findings) == times, [finding.text for finding in findings]
            first = findings[0]
            assert [row.act for row in first.rows] == list(acts)
            assert all(row in told.rows for row in first.rows)
            assert first.where == ", ".join(f"{row.case_number} #{row.seq}" for row in first.rows)
            assert "%(" not in first.text
            assert "None" not in first.text

        judged.__name__, judged.__doc__ = test.__name__, test.__doc__
        return judged

    return judge
