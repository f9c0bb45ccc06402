"""A page costs the same number of queries whether the county has twenty cases or twenty thousand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from approvals.models import DeskProcess, DeskTask
from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import official, project_at
from tests.journeys.clerk import clock_at
from workflows.models import Case, Project
from workflows.states import ProjectState as S

FEW, MANY = 20, 20_000
#: Table -> the columns of a copy that differ from the original's: {n} is the copy's number.
COPIES = {
    Case._meta.db_table: {"id": "id + {n}", "number": "'Z' || {n}", "open_key": "NULL"},
    Project._meta.db_table: {"case_ptr_id": "case_ptr_id + {n}"},
    DeskProcess._meta.db_table: {"id": "id + {n}", "case_id": "case_id + {n}"},
    DeskTask._meta.db_table: {"id": "id + {n}", "process_id": "process_id + {n}"},
    Entry._meta.db_table: {"id": "id + {n}", "case_id": "case_id + {n}", "root_id": "root_id + {n}",
                           "hash": "CAST({n} AS TEXT)", "case_number": "'Z' || {n}"},
}  # fmt: skip
#: Far above any number that the walk gave away.
FIRST = 100_000

PAGES = {
    "queue, tray": ("township", "/"),
    "queue, mine": ("township", "/?tab=mine"),
    "queue, page 2 of few": ("township", "/?tab=tray&page=2"),
    "projects": ("programme", "/projects/"),
    "projects, searched": ("programme", "/projects/?q=道路"),
    "projects, filtered": ("programme", "/projects/?state=filed&department=roads&overdue=1"),
    "projects, money ahead of the works": ("programme", "/projects/?deviation=1"),
    "projects, sorted": ("programme", "/projects/?sort=-amount&page=3"),
    "case": ("township", "/cases/{case}/"),
    "case, read by the auditor": ("auditor", "/cases/{case}/"),
    "money": ("finance", "/money/"),
    "money of a case": ("township", "/cases/{case}/money/"),
    "record": ("auditor", "/audit/"),
    "checks": ("auditor", "/inspect/checks/?check=CH-01"),
    "record of a case": ("auditor", "/audit/cases/{case}/"),
}


def copy(project: Project, first: int, last: int) -> None:
    """So many copies of a project on its desk, below the door: only their number matters here."""
    process = DeskProcess.objects.get(case_id=project.pk)
    task = DeskTask.objects.filter(process=process).latest("id")
    entry = Entry.objects.filter(case_id=project.pk).latest("id")
    originals = dict(zip(COPIES, (project.pk, project.pk, process.pk, task.pk, entry.pk), strict=True))
    with connection.cursor() as cursor:
        for table, changed in COPIES.items():
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            key = next(iter(changed))
            copied = [changed[c].format(n="n.i") if c in changed else f'o."{c}"' for c in columns]
            names = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(
                f"WITH RECURSIVE n(i) AS (SELECT {FIRST + first} UNION ALL"
                f" SELECT i + 1 FROM n WHERE i < {FIRST + last})"
                f' INSERT INTO {table} ({names}) SELECT {", ".join(copied)} FROM {table} o, n WHERE o."{key}" = %s',
                [originals[table]],
            )
        # As PostgreSQL itself does in an office; else it may plan for the empty tables that it saw last.
        cursor.execute("ANALYZE")


def costs(t: Traveller) -> Iterator[tuple[str, int]]:
    for page, (office, address) in PAGES.items():
        client = Client()
        client.force_login(official(t, office))
        # What is read once a process has been read.
        client.get(address.format(case=t.project.pk))
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address.format(case=t.project.pk))
        assert answer.status_code == 200, page
        yield page, len(captured)


@pytest.mark.django_db
def test_no_page_asks_more_of_twenty_thousand_cases_than_of_twenty() -> None:
    t = project_at(S.FILED)
    copy(t.project, 1, FEW)
    # Once a minute a session is saved; it must not fall between two readings of one page.
    with clock_at(timezone.now()):
        compare(t)


def compare(t: Traveller) -> None:
    few = dict(costs(t))
    assert Case.objects.count() == FEW + 1
    copy(t.project, FEW + 1, MANY)
    assert Case.objects.count() == DeskTask.objects.filter(status="NEW").count() == MANY + 1
    assert dict(costs(t)) == few
    assert max(few.values()) <= 20


@pytest.mark.django_db
def test_the_public_table_of_two_thousand_projects_asks_no_more_than_that_of_twenty() -> None:
    t = project_at(S.APPROVED)
    asked = []
    for first, last in ((1, FEW), (FEW + 1, 2_000)):
        copy(t.project, first, last)
        with CaptureQueriesContext(connection) as captured:
            answer = Client().get(reverse("public:projects-csv"))
            lines = b"".join(answer.streaming_content).splitlines()  # type: ignore[attr-defined]
        assert len(lines) == 1 + last + 1
        asked.append(len(captured))
    assert asked[1] == asked[0] <= 5


@pytest.mark.django_db
def test_the_public_data_of_two_hundred_projects_asks_no_more_than_that_of_twenty() -> None:
    t = project_at(S.APPROVED)
    asked = []
    for first, last in ((1, FEW), (FEW + 1, 199)):
        copy(t.project, first, last)
        with CaptureQueriesContext(connection) as captured:
            told = Client().get(reverse("public:projects-json")).json()
        assert len(told["projects"]) == told["count"] == last + 1
        asked.append(len(captured))
    assert asked[1] == asked[0] <= 6
