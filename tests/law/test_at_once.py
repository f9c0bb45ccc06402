"""Two people at the very same moment: real threads, real commits, one act."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from approvals import desks
from approvals.models import DeskProcess
from audit.models import Entry
from tests.factories import fresh_application, official, project_at
from workflows.law import Refused, Stale
from workflows.models import Project
from workflows.states import ProjectState as S

CLICKS = 4


def at_once(click: Callable[[int], Any]) -> list[Any]:
    """What each of several clicks came to, all let go at the same moment."""
    together = threading.Barrier(CLICKS)

    def work(number: int) -> Any:
        try:
            together.wait(timeout=30)
            return click(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(CLICKS) as pool:
        return list(pool.map(work, range(CLICKS)))


@pytest.mark.django_db(transaction=True)
def test_an_application_sent_several_times_at_once_is_one_application() -> None:
    t = fresh_application()
    key = str(uuid.uuid4())
    village, form = official(t, "village"), {"unit_id": t.project.unit_id, "title": "新开项目"}

    def click(number: int) -> int:
        return desks.open_case(Project, by=village, at=t.at, data=form, key=key).pk

    (opened,) = set(at_once(click))
    assert Project.objects.filter(title="新开项目").count() == 1
    assert Entry.objects.filter(case_id=opened).count() == 1
    assert DeskProcess.objects.filter(case=opened).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_decision_sent_several_times_at_once_is_one_decision_and_the_others_are_told() -> None:
    t = project_at(S.FILED)
    shown, people = t.project.family_version, [official(t, "township", hand=hand) for hand in (0, 1)]

    def click(number: int) -> str:
        try:
            desks.take("pass_township", on=t.project, by=people[number % 2], at=t.at, reason="同意", shown=shown)
        except (Stale, Refused) as told:
            return type(told).__name__
        return "done"

    assert sorted(at_once(click)) == ["DoneAlready"] * (CLICKS - 1) + ["done"]
    assert Entry.objects.filter(act="project.pass_township").count() == 1
    assert Project.objects.get(pk=t.project.pk).state == S.JOINT_REVIEW
