"""The machines as the auditor's tools read them: for each kind the net of what may follow what.

Made from the transitions themselves, so that the model cannot say anything else than the law does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from audit.net import Move, Net, Stage, activity
from workflows import lawgraph
from workflows.law import Act
from workflows.lawgraph import Step
from workflows.lifecycles import KINDS
from workflows.states import ENDS, STATES, label
from workflows.words import record

#: An act that sets a case aside -> the one that puts it back exactly where it was taken from.
THERE_AND_BACK = {"suspend": "resume", "return_to": "resubmit"}


def nets() -> dict[str, Callable[[], Net]]:
    """The callable for AUDIT_NETS: every kind, in the order of the road."""
    return {kind: partial(net, kind) for kind in KINDS}


def net(kind: str) -> Net:
    """The machine of a kind. A stage to be gone back from stands once for each place it is entered from."""
    machine = KINDS[kind]
    steps = lawgraph.steps(machine)
    stages = list(_stages(kind, steps))
    beginning = next(stage for stage in stages if stage.state == lawgraph.beginning(kind))
    opening = machine.opening.act
    moves = [_move(kind, opening, None, beginning)]
    for step in steps:
        for start in stages:
            if start.state in step.sources:
                moves += [_move(kind, step.act, start, to) for to in _targets(step, start, stages)]
    return Net(
        kind=kind, label=record("kind", kind), stages=tuple(stages), moves=tuple(moves),
        ends=frozenset(stage for stage in stages if stage.state in ENDS[kind]),
    )  # fmt: skip


def _stages(kind: str, steps: list[Step]) -> Iterator[Stage]:
    known = {step.act.name for step in steps}
    aside = {
        target: step.sources for step in steps if THERE_AND_BACK.get(step.act.name) in known for target in step.targets
    }
    for state in map(str, STATES[kind].values):
        for since in aside.get(state, ("",)):
            name = label(kind, state)
            yield Stage(state=state, since=since, label=f"{name} ({label(kind, since)})" if since else name)


def _targets(step: Step, start: Stage, stages: list[Stage]) -> Iterator[Stage]:
    """Where the act may lead from a stage."""
    if not step.targets:
        yield start
        return
    for stage in stages:
        if stage.state not in step.targets:
            continue
        if step.act.name in THERE_AND_BACK.values() and start.since:
            fits = stage.state == start.since
        else:
            fits = stage.since in ("", start.state)
        if fits:
            yield stage


def _move(kind: str, act: Act, start: Stage | None, to: Stage) -> Move:
    name = activity(act.code(kind), start.state if start else "", to.state)
    return Move(name=name, label=str(act.label), article=str(act.article), start=start, to=to)
