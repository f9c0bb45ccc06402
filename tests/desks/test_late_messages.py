"""Who is told of a request to enter afterwards (补录): the superior, then the asker alone, of a refusal the asker."""

from __future__ import annotations

import pytest

from approvals.notify import postman
from approvals.notify.models import Notification
from approvals.traveller import Traveller
from tests.factories import official, project_at
from tests.law import asides
from workflows.cases import Case
from workflows.states import ProjectState

pytestmark = pytest.mark.django_db


@pytest.fixture
def t() -> Traveller:
    return project_at(ProjectState.FILED)


def told(t: Traveller, late: Case) -> set[tuple[int, str]]:
    """Who has to know of it now, and as what."""
    postman.tell(t.at)
    rows = Notification.objects.filter(case_id=late.pk, over_at__isnull=True)
    return set(rows.values_list("person_id", "kind"))


def test_the_superior_is_told_and_after_the_approval_the_asker_alone(t: Traveller) -> None:
    late = asides.ask_late(t)
    assert told(t, late) == {(official(t, "programme", hand=hand).pk, "tray") for hand in (0, 1)}
    t.do("approve", on=late, seat="programme", reason="属实。")
    assert told(t, late) == {(late.opened_by_id, "laid")}


def test_the_asker_is_told_of_a_refusal(t: Traveller) -> None:
    late = asides.ask_late(t)
    t.do("refuse", on=late, seat="programme", reason="与会议纪要不符。")
    assert told(t, late) == {(late.opened_by_id, "decided")}
