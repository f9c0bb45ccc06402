"""Ten thousand open terms are swept in one pass: what is not due costs nothing, what is due the same each."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals import clockwork
from approvals.models import DeskProcess
from tests.factories import project_at
from workflows.lifecycles import Project
from workflows.models import Case
from workflows.states import ProjectState as S

OPEN = 10_000
#: Locks, savepoints, act, entry, desks, and the look whether more has come: what one due case may ask of the database.
QUERIES_A_CASE_MAX = 20


def copies(of: Project, *, count: int, alarm_at: dt.datetime) -> None:
    """So many projects like one, past the door, each with its next rung at a time."""
    first = Case.objects.order_by("-pk")[0].pk + 1
    facts = Case.objects.filter(pk=of.pk).values().get() | {"alarm_at": alarm_at, "entry_count": 0, "entry_head": ""}
    numbered = ({"id": pk, "number": f"Q{pk}"} for pk in range(first, first + count))
    Case.objects.bulk_create(Case(**facts | own) for own in numbered)
    columns = [field.column for field in Project._meta.local_concrete_fields if field.column != "case_ptr_id"]
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO workflows_project (case_ptr_id, {names}) SELECT c.id, {names} FROM workflows_project"
            " JOIN workflows_case AS c ON c.id >= %s WHERE case_ptr_id = %s",
            [first, of.pk],
        )
    flow = DeskProcess.objects.get(case_id=of.pk).flow_class
    DeskProcess.objects.bulk_create(DeskProcess(case_id=pk, flow_class=flow) for pk in range(first, first + count))


@pytest.mark.django_db
def test_a_sweep_asks_only_about_what_is_due() -> None:
    t = project_at(S.FILED)
    later, now = t.at + dt.timedelta(days=400), t.at + dt.timedelta(days=11)
    copies(t.project, count=OPEN, alarm_at=later)
    with CaptureQueriesContext(connection) as nothing:
        assert clockwork.sweep(at=t.at) == {}
    assert len(nothing) == 2  # which terms to count anew, and which rungs have come

    asked = {}
    for count in (5, 50):
        ids = Case.objects.filter(alarm_at=later).order_by("pk").values_list("pk", flat=True)[:count]
        Case.objects.filter(pk__in=list(ids)).update(alarm_at=t.at)
        with CaptureQueriesContext(connection) as some:
            done = clockwork.sweep(at=now)
        assert done["failed"] == 0
        assert done["remind"] >= count
        asked[count] = len(some) / done["remind"]
    assert asked[50] <= asked[5] + 1 <= QUERIES_A_CASE_MAX
