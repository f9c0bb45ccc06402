"""What an act costs below the view: at most sixteen queries, whatever it moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals import desks, road
from tests.factories import fresh_application
from workflows.states import ProjectState as S

BUDGET = 16
#: What the engine says to keep a transaction together is not a query for the law.
BRACKETS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


@contextmanager
def costs(into: dict[str, int]) -> Iterator[None]:
    """Every act done inside, by its name, with the most queries that it took."""
    take = desks.take

    def counted(name: str, **given: Any) -> Any:
        with CaptureQueriesContext(connection) as captured:
            done = take(name, **given)
        queries = [q["sql"] for q in captured if not q["sql"].startswith(BRACKETS)]
        act = f"{done.kind}.{name}"
        if len(queries) > into.get(act, 0):
            into[act] = len(queries)
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desks, "take", counted)
        yield


@pytest.mark.django_db
def test_no_act_of_the_road_takes_more_than_its_budget() -> None:
    found: dict[str, int] = {}
    traveller = fresh_application()
    with costs(found):
        for _state in road.whole_road(traveller):
            pass
    assert traveller.project.state == S.CLOSED
    assert len(found) > 25

    assert {act: count for act, count in found.items() if count > BUDGET} == {}
