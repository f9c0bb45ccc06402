"""The record told again: whatever a case was at any moment, its entries still say, by themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from approvals import road
from approvals.traveller import Attempt, Step, Traveller
from audit.models import Entry
from funds.balances import balance
from tests.factories import fresh_application
from workflows import outcome
from workflows.asof import balances, cases, listing
from workflows.asof.fold import Version
from workflows.asof.moment import Basis, Moment
from workflows.caserows import Table, tables
from workflows.models import Attachment, Case, Opinion
from workflows.states import ProjectState as S

FOREVER = dt.datetime(2999, 12, 31, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Seen:
    """What the tables said of a case right after an act, and the entry of that act."""

    entry: Entry
    case_id: int
    told: dict[str, Any]


def _told_by_row(kind: str) -> list[Table]:
    return [table for table in tables(kind) if not table.whole and table.case != "pk"]


def as_it_stands(case: Case) -> dict[str, Any]:
    """What the tables say of a case now."""
    rows = {"files": Attachment.objects.filter(case=case), "opinions": Opinion.objects.filter(case=case)}
    return {
        "head": (case.kind, case.number, case.title, str(case.edition), case.state, case.entry_count),
        "row": outcome.told(case),
        "rows": {
            (table.name, str(pk)): table.told(row)
            for table in _told_by_row(case.kind)
            for pk, row in table.rows_of(case.pk).items()
        },
        "files": list(rows["files"].order_by("pk").values_list("name", "sha256")),
        "opinions": list(rows["opinions"].order_by("pk").values_list("agrees", "text", "state")),
    }


def as_told(version: Version) -> dict[str, Any]:
    """The same from the record."""
    return {
        "head": (version.kind, version.number, version.title, version.edition, version.state, version.entries),
        "row": {name: said.value for name, said in version.row.items()},
        "rows": {
            key: {name: said.value for name, said in row.items() if said.value not in (None, "")}
            for key, row in version.rows.items()
            if key[0] in {table.name for table in _told_by_row(version.kind)}
        },
        "files": [(file.name, file.sha256) for file in version.files],
        "opinions": [(one.agrees, one.text, one.state) for one in version.opinions],
    }


def figures(on: dt.date, **asked: Any) -> dict[int, dict[str, int]]:
    """Source -> the figures of the ledger's own books at the end of a day."""
    return {source.pk: standing.figures for source, standing in balance(on=on, **asked).sources.items()}


class Witness:
    """Looks at the live rows of a project's family, and at the books, after every act of a traveller."""

    def __init__(self, traveller: Traveller) -> None:
        self.t = traveller
        self.seen: list[Seen] = []
        self.books: dict[dt.datetime, dict[int, dict[str, int]]] = {}
        self.last: dict[dt.datetime, int] = {}
        self.lists: dict[dt.datetime, dict[int, tuple[str, int]]] = {}
        traveller.watch = self.look

    def look(self, step: Step | Attempt) -> None:
        if isinstance(step, Attempt):
            return
        entry, project = Entry.objects.get(hash=step.hash), self.t.project.pk
        for case in Case.objects.filter(Q(pk=project) | Q(root=project)):
            self.seen.append(Seen(entry, case.pk, as_it_stands(case.typed())))
        self.last[self.t.at] = entry.pk
        self.books[self.t.at] = figures(dt.date(2999, 12, 30))
        stands = Case.objects.get(pk=project).project
        self.lists[self.t.at] = {project: (stands.state, stands.grant_fen)}

    def last_at(self, at: dt.datetime) -> bool:
        """Whether nothing was done at the same moment after he looked, as the finance bureau may."""
        return not Entry.objects.filter(pk__gt=self.last[at], recorded_at=at).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("rulebook", ["default", "chongqing-county"])
def test_after_the_whole_road_every_moment_of_it_is_told_as_it_was(rulebook: str) -> None:
    t = fresh_application(rulebook=rulebook)
    witness = Witness(t)
    for _state in road.whole_road(t):
        pass
    assert t.project.state == S.CLOSED
    assert len({seen.case_id for seen in witness.seen}) > 5

    entries = cases.entries_of(t.project.pk)
    for seen in witness.seen:
        # The case's own entries, and what acts on sub-cases did to the project, up to the act.
        until = [entry for entry in entries if entry.pk <= seen.entry.pk]
        for basis in Basis:
            told = cases.version(until, case_id=seen.case_id, moment=Moment(basis=basis, before=FOREVER))
            assert as_told(told) == seen.told, seen.entry

    moments = [at for at in witness.books if witness.last_at(at)]
    assert len(moments) > 40
    for at in moments:
        told_books = balances.books(Moment.right_after(at)).sources
        assert {source.pk: one.figures for source, one in told_books.items() if any(one.figures.values())} == (
            witness.books[at]
        )
        lines = {line.case_id: line for line in listing.Listed(kind="project", moment=Moment.right_after(at))}
        assert {pk: (line.state, line.amounts["grant_fen"]) for pk, line in lines.items()} == (witness.lists[at])


@pytest.mark.django_db
def test_a_case_takes_one_query_and_a_list_four() -> None:
    t = fresh_application()
    with CaptureQueriesContext(connection) as asked:
        cases.version(cases.entries_of(t.project.pk), case_id=t.project.pk, moment=Moment.right_after(t.at))
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert len(list(listing.Listed(kind="project", moment=Moment.right_after(t.at)))) == 1
    assert len(asked) == 4
