"""Cases brought to where a test needs them, by lawful acts through the door."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from approvals import road
from approvals.demo import county
from approvals.traveller import Traveller
from tests import roads
from workflows.models import Person, Unit
from workflows.states import ProjectState

#: A Monday in spring on which every test's story begins.
MORNING = dt.datetime(2026, 3, 2, 9, tzinfo=timezone.get_default_timezone())


def fresh_application(*, rulebook: str = "default", specimen: int = 0, at: dt.datetime = MORNING) -> Traveller:
    """A draft with its form saved, in the rehearsal county; ``specimen`` picks one of ``county.SPECIMENS``."""

    def walk() -> Traveller:
        traveller = county.traveller(rulebook=rulebook, at=at, chance=random.Random(0), specimen=specimen)
        traveller.probing = False
        return traveller

    return roads.walked(rulebook, specimen, at, walk=walk)


def project_at(state: ProjectState, **given: Any) -> Traveller:
    """A project that has just reached a state of the road, and the traveller who brought it there.

    Raises:
        AssertionError: the road of this rulebook does not pass the state.
    """

    def walk() -> Traveller:
        return walk_on(fresh_application(**given), until=lambda reached: reached == state)

    return roads.walked(state, *sorted(given.items()), walk=walk)


def walk_on(traveller: Traveller, *, until: Callable[[ProjectState], bool]) -> Traveller:
    """Walk a fresh application on until a state is reached."""
    if until(ProjectState(traveller.project.state)):
        return traveller
    for reached in road.whole_road(traveller):
        if until(reached):
            return traveller
    raise AssertionError(f"the road ended at {traveller.project.state}")


def official(traveller: Traveller, office: str, *, hand: int = 0) -> Person:
    """One of the two people of an office of the traveller's county: 0 the clerk, 1 the head."""
    code = Unit.objects.get(pk=traveller.project.unit_id).code.removesuffix("-village")
    posts = Unit.objects.get(code=f"{code}-{office}").posts.select_related("person").order_by("id")
    return posts[hand].person
