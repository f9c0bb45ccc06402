"""The law as a graph, and what must be true of it before anyone may rely on it.

Machines are whole, no act goes past the door, every rule is used and says why and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from workflows import law, rules
from workflows.cases import Case
from workflows.law import RULES, Act, Rule
from workflows.lifecycles import KINDS, all_acts
from workflows.rules.everywhere import EVERYWHERE
from workflows.states import ENDS, STATES

#: Asked by the door itself before any rule.
AT_THE_DOOR = (law.NOT_NOW, law.NOT_YOURS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """An act as its machine knows it. No targets: the case stays where it is."""

    act: Act
    sources: tuple[str, ...]
    targets: tuple[str, ...]

    @property
    def arrows(self) -> Iterator[tuple[str, str]]:
        """From, to. A signature is drawn where it is given; other acts that stay are not."""
        for source in self.sources:
            yield from ((source, target) for target in self.targets)
            if not self.targets and self.act.tone == "sign":
                yield source, source


def steps(machine: type[Case]) -> list[Step]:
    """Every act of a machine with its states, as written in its file."""
    found = []
    for act in all_acts(machine):
        transitions = getattr(machine, act.name)._django_fsm.transitions
        target = next(iter(transitions.values())).target
        # A target found at run time (GET_STATE) lists the states it may choose from.
        targets = getattr(target, "allowed_states", [target] if target else [])
        sources = tuple(map(str, transitions))
        if sources == (law.ANYWHERE,):
            kind = _kind_of(machine)
            sources = tuple(state for state in STATES[kind].values if state not in ENDS[kind])
        found.append(Step(act=act, sources=sources, targets=tuple(map(str, targets))))
    return found


def _kind_of(machine: type[Case]) -> str:
    return next(kind for kind, known in KINDS.items() if known is machine)


def beginning(kind: str) -> str:
    """The state in which a case of the kind is opened: the first one of its list."""
    return str(STATES[kind].values[0])


def every_act() -> Iterator[tuple[str, Act]]:
    """Code and act, openings included, in the order of the road."""
    for kind, machine in KINDS.items():
        for act in (machine.opening.act, *all_acts(machine)):
            yield act.code(kind), act


def uses(rule: Rule) -> list[str]:
    """Codes of the acts and openings under the rule; ``*`` where it is judged for every act."""
    if rule in EVERYWHERE or rule in AT_THE_DOOR:
        return ["*"]
    return [code for code, act in every_act() if rule in act.rules]


def faults() -> list[str]:
    """Everything wrong with the law as written, a line each for its author; empty when sound."""
    found = [fault for kind, machine in KINDS.items() for fault in _of_transitions(kind, machine)]
    if found:
        # Without its acts a machine cannot be walked.
        return found
    for kind, machine in KINDS.items():
        found += of_machine(kind, steps(machine))
    # A rules file that no lifecycle imports would otherwise go unnoticed.
    for module in iter_modules(rules.__path__, f"{rules.__name__}."):
        import_module(module.name)
    for rule in RULES.values():
        found += of_rule(rule)
    for code, act in every_act():
        if not (str(act.label).strip() and str(act.article).strip() and act.seats):
            found.append(f"{code}: no label, article or seat")
    return found


def of_machine(kind: str, known: list[Step]) -> Iterator[str]:
    """Faults of a machine's graph: states that nobody reaches or leaves, ends that are left."""
    reached, before = {beginning(kind)}, 0
    while len(reached) > before:
        before = len(reached)
        reached |= {to for step in known for start, to in step.arrows if start in reached}
    left = {start for step in known for start, to in step.arrows if start != to}
    for state in STATES[kind].values:
        if state not in reached:
            yield f"{kind}: no act leads to {state}"
        if state not in ENDS[kind] and state not in left:
            yield f"{kind}: no act leads on from {state}"
    for step in known:
        if ENDS[kind] & set(step.sources) and not (step.act.afterwards and set(step.targets) <= set(step.sources)):
            yield f"{step.act.code(kind)}: may be done after the end"
        stays = len(step.targets) > 1 and set(step.targets) & set(step.sources)
        if stays and not step.act.lingers:
            yield f"{step.act.code(kind)}: may choose to stay where it is"


def of_rule(rule: Rule) -> Iterator[str]:
    """Faults of one rule: unused, unnamed, or without its article, refusal or remedy."""
    for part in ("article", "refusal", "remedy"):
        if not str(getattr(rule, part)).strip():
            yield f"{rule.code}: no {part}"
    if not uses(rule):
        yield f"{rule.code}: no act and no opening uses it"
    if rule not in AT_THE_DOOR and not rule.name.isidentifier():
        yield f"{rule.code}: its function has no name"


def _of_transitions(kind: str, machine: type[Case]) -> Iterator[str]:
    field: Any = machine._meta.get_field("state")
    for transition in field.get_all_transitions(machine):
        code = f"{kind}.{transition.name}"
        if not isinstance(transition.custom.get("act"), Act):
            yield f"{code}: not declared as an act"
        if transition.permission is not law.entitled:
            yield f"{code}: names no permission"
        if law.door_is_open not in transition.conditions:
            yield f"{code}: may be done past the door"
