"""The net as BPMN 2.0 (ISO/IEC 19510), with its diagram.

A stage is a named gateway, and what may be done there stands below it. One column a stage, in the order of the
road: so the picture reads as a table of who may go where.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from audit.net import Net, Stage

#: Sizes of the diagram, in pixels.
ACROSS, DOWN, TASK_WIDTH, TASK_HEIGHT, GATE, EVENT = 260, 70, 180, 50, 50, 36
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' id="fundtrail" targetNamespace="urn:fundtrail:law">\n'
)


@dataclass(frozen=True, slots=True)
class Node:
    """An element of the process and its box."""

    tag: str
    key: str
    name: str
    note: str
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow between two elements."""

    key: str
    source: str
    target: str


def lines(net: Net, *, ended: bool = False) -> Iterator[str]:
    """The file line by line. ``ended``: only histories that came to an end fit."""
    nodes, flows = _drawn(net, ended=ended)
    incoming: dict[str, list[str]] = {key: [] for key in nodes}
    outgoing: dict[str, list[str]] = {key: [] for key in nodes}
    for flow in flows:
        outgoing[flow.source].append(flow.key)
        incoming[flow.target].append(flow.key)
    yield HEAD
    yield f'<process id={quoteattr(net.kind)} name={quoteattr(net.label)} isExecutable="false">\n'
    for node in nodes.values():
        yield f"<{node.tag} id={quoteattr(node.key)} name={quoteattr(node.name)}>"
        yield f"<documentation>{escape(node.note)}</documentation>" if node.note else ""
        yield "".join(f"<incoming>{key}</incoming>" for key in incoming[node.key])
        yield "".join(f"<outgoing>{key}</outgoing>" for key in outgoing[node.key])
        yield f"</{node.tag}>\n"
    for flow in flows:
        yield f'<sequenceFlow id="{flow.key}" sourceRef={quoteattr(flow.source)} targetRef={quoteattr(flow.target)}/>\n'
    yield "</process>\n"
    yield from _diagram(net, nodes, flows)
    yield "</definitions>\n"


def _drawn(net: Net, *, ended: bool) -> tuple[dict[str, Node], list[Flow]]:
    column = {stage: (n + 1) * ACROSS for n, stage in enumerate(net.stages)}
    found = [Node("startEvent", "opened", "", "", 0, 100, EVENT, EVENT)]
    flows: list[Flow] = []

    def arrow(source: str, target: str) -> None:
        flows.append(Flow(f"f{len(flows)}", source, target))

    for stage in net.stages:
        found.append(
            Node("exclusiveGateway", _gate(stage), stage.label, stage.state, column[stage] + 65, 93, GATE, GATE)
        )
    rows = dict.fromkeys(net.stages, 0)
    for n, move in enumerate(net.moves):
        x, y = 60, 93
        if move.start is not None:
            x, y = column[move.start], 200 + DOWN * rows[move.start]
            rows[move.start] += 1
        note = f"{move.label} · {move.article}"
        found.append(Node("task", f"t{n}", move.name, note, x, y, TASK_WIDTH, TASK_HEIGHT))
        arrow(_gate(move.start) if move.start else "opened", f"t{n}")
        arrow(f"t{n}", _gate(move.to))
    for stage in net.exits(ended=ended):
        key = f"end.{stage.key}"
        found.append(Node("endEvent", key, "", "", column[stage] + 72, 0, EVENT, EVENT))
        arrow(_gate(stage), key)
    return {node.key: node for node in found}, flows


def _gate(stage: Stage) -> str:
    return f"stage.{stage.key}"


def _diagram(net: Net, nodes: dict[str, Node], flows: list[Flow]) -> Iterator[str]:
    yield f'<bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement={quoteattr(net.kind)}>\n'
    for node in nodes.values():
        yield (
            f'<bpmndi:BPMNShape id="box.{node.key}" bpmnElement={quoteattr(node.key)}>'
            f'<dc:Bounds x="{node.x}" y="{node.y}" width="{node.width}" height="{node.height}"/></bpmndi:BPMNShape>\n'
        )
    for flow in flows:
        points = (nodes[flow.source].middle, nodes[flow.target].middle)
        yield f'<bpmndi:BPMNEdge id="line.{flow.key}" bpmnElement="{flow.key}">'
        yield "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
        yield "</bpmndi:BPMNEdge>\n"
    yield "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>\n"
