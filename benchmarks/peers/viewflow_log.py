"""viewflow with a state column and a log row in the same transaction: what most would build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import transaction
from django.utils import timezone

from benchmarks.peers.flows import GrantFlow
from benchmarks.peers.models import Flowing, FlowingTrail
from benchmarks.peers.viewflow_bare import execute
from benchmarks.steps import STEPS, Step
from workflows.models import Person


def walk(people: Mapping[str, Person]) -> Iterator[Step]:
    """One case along the path; yields after every act."""
    opened, *rest = STEPS
    with transaction.atomic():
        process = GrantFlow.open.run()
        case = Flowing._default_manager.create(process=process, title="road", state=opened.state)
        _log(case, opened, people[opened.by], before="")
    yield opened
    for step in rest:
        with GrantFlow.instance.lock(process.pk):
            case = Flowing._default_manager.get(process_id=process.pk)
            before, case.state = case.state, step.state
            case.save(update_fields=["state"])
            _log(case, step, people[step.by], before=before)
            execute(process.pk, step, people[step.by])
        yield step


def _log(case: Flowing, step: Step, person: Person, *, before: str) -> None:
    FlowingTrail._default_manager.create(
        case=case, act=step.act, by=person, source=before, target=step.state, at=timezone.now()
    )
