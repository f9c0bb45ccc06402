"""django-fsm with a protected state, locked row and django-fsm-log's line for every transition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import transaction

from benchmarks.peers.models import Machine
from benchmarks.steps import STEPS, Step
from workflows.models import Person


def walk(people: Mapping[str, Person]) -> Iterator[Step]:
    """One case along the path; yields after every act."""
    opened, *rest = STEPS
    with transaction.atomic():
        pk = Machine._default_manager.create(title="road").pk
    yield opened
    for step in rest:
        with transaction.atomic():
            case = Machine._default_manager.select_for_update().get(pk=pk)
            getattr(case, step.act)(by=people[step.by])
            case.save(update_fields=["state"])
        assert case.state == step.state
        yield step
