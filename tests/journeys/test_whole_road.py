"""A project travels from application to the archive, every act of it clicked in Chromium."""

from __future__ import annotations

import pytest

from approvals import road
from tests.factories import fresh_application
from tests.journeys.clerk import Clerk
from tests.journeys.walker import Walker
from workflows.states import ProjectState as S

pytestmark = pytest.mark.one_engine


def test_from_application_to_the_archive_by_mouse_and_keyboard(clerk: Clerk) -> None:
    walker = Walker.after(fresh_application(), clerk=clerk)
    for _state in road.whole_road(walker):
        pass
    assert walker.project.state == S.CLOSED
    assert len(walker.steps) > 60
