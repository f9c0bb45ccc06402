"""Every state of the straight road can be reached by lawful acts."""

from __future__ import annotations

import pytest

from tests.factories import official, project_at
from workflows.states import ProjectState as S

ROAD = (S.FILED, S.JOINT_REVIEW, S.PIPELINE, S.ON_NOTICE, S.APPROVED, S.PROCURING, S.CONTRACTED, S.BUILDING,
        S.COMPLETED, S.UNDER_AUDIT, S.UNDER_ACCEPTANCE, S.ACCEPTED, S.HANDED_OVER, S.CLOSED)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("state", ROAD)
def test_the_road_passes(state: S) -> None:
    traveller = project_at(state)
    assert traveller.project.state == state
    assert official(traveller, "audit", hand=1) != official(traveller, "audit")
