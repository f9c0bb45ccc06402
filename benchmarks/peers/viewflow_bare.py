"""viewflow alone: its processes and tasks, no state column, no log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from benchmarks.peers.flows import GrantFlow
from benchmarks.steps import STEPS, Step
from workflows.models import Person


def execute(process_pk: int, step: Step, person: Person) -> None:
    """What viewflow's own view does with a posted form, less the query that assigns the task beforehand."""
    node = getattr(GrantFlow, step.act)
    task = Task.objects.select_related("process").get(process_id=process_pk, flow_task=node, status=STATUS.NEW)
    activation: Any = node.activation_class(task)
    task.owner, task.status = person, STATUS.ASSIGNED
    activation.start(None)
    activation.execute()


def walk(people: Mapping[str, Person]) -> Iterator[Step]:
    """One case along the path; yields after every act."""
    opened, *rest = STEPS
    process = GrantFlow.open.run()
    yield opened
    for step in rest:
        with GrantFlow.instance.lock(process.pk):
            execute(process.pk, step, people[step.by])
        yield step
