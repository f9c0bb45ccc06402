"""How a case walks from desk to desk: every human node leads back to one hub that asks the law.

The hub has no row of its own; it is a question, not a step. Where several seats work at once (会审,
联合审计) it lays the case on each of their desks, and on the next one when the last of them is done.
viewflow holds who has the task; where the case stands, it does not know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Q
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge, Node
from viewflow.workflow.nodes.mixins import NextNodeMixin
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from approvals.models import WAITING, DeskProcess, DeskTask
from audit.prepared import Prepared, insert, numbered, texts, update
from workflows.models import Case, Rectification, Unit


def unit_behind(case: Case, seat: str) -> int | None:
    """The unit on whose desk a seat of the case stands: the nearest of its office up the area tree."""
    return units_behind(case, [seat])[seat]


def units_behind(case: Case, seats: Iterable[str]) -> dict[str, int | None]:
    """The same for several seats, in one query, or none where only the village's own desk is asked for."""
    seats = list(seats)
    if seats == ["addressee"]:
        # An order says itself to whom it went.
        order = case if isinstance(case, Rectification) else case.rectification
        return {"addressee": order.addressee_id}
    offices = {seat: case.office(seat) for seat in seats}
    found: dict[str, int | None] = {"village": case.unit_id}
    asked = set(offices.values()) - {"village"}
    if asked:
        paths = case.area.paths
        for office, pk in _units_at(len(asked), len(paths)).rows(
            **numbered("office", asked), **numbered("path", paths)
        ):
            found.setdefault(office, pk)
    return {seat: found.get(office) for seat, office in offices.items()}


@lru_cache(maxsize=64)
def _units_at(offices: int, paths: int) -> Prepared[Unit]:
    here = Q(office__in=texts("office", offices), area__path__in=texts("path", paths))
    return Prepared(lambda: Unit.objects.filter(here).order_by("-area__path", "id").values_list("office", "pk"))


class DeskActivation(Activation):
    """A case lying on a desk until an act moves it on."""

    @Activation.status.super()
    def activate(self) -> None:
        """A desk waits for a person."""

    @Activation.status.transition(source=list(WAITING), target=STATUS.STARTED)
    def take(self, person: Any, at: Any) -> None:
        """The person sits down; saved together with the completion."""
        self.task.owner = person
        self.task.started = at

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        """The desk is clear: one update."""
        self.task.finished = self.task.started
        update(self.task, ["status", "owner", "started", "finished"])

    @Activation.status.transition(source=list(WAITING), target=STATUS.CANCELED)
    def cancel(self) -> None:
        """The case went elsewhere; nobody decided here."""
        update(self.task, ["status"])


class Desk(NextNodeMixin, Node):
    """A human node: the in-tray of one seat."""

    activation_class = DeskActivation
    task_type = "HUMAN"
    bpmn_element = "userTask"
    shape = flow.View.shape

    def __init__(self, seat: str) -> None:
        super().__init__()
        self.seat = seat
        self.Next(this.route)


class Hub(Node):
    """Asks the law whose turn it is and lays the case there; it leaves no row."""

    task_type = "PARALLEL_GATEWAY"
    bpmn_element = "inclusiveGateway"
    shape = flow.Split.shape

    def _outgoing(self) -> Iterator[Edge]:
        for desk in self.desks.values():
            yield Edge(src=self, dst=desk, edge_class="cond_true")

    @cached_property
    def desks(self) -> dict[str, Desk]:
        """The desk of each seat."""
        return {node.seat: node for node in self.flow_class.instance.nodes() if isinstance(node, Desk)}

    def _create(self, prev_activation: Any, token: Any, data: Any = None, seed: Any = None) -> Activation:
        process = prev_activation.process
        laid = self.lay(process, process.case, process.case.seats(), at=process.case.state_since)
        return DeskActivation(laid[0])

    def lay(
        self, process: DeskProcess, case: Case, seats: Iterable[str], *, at: dt.datetime,
        known: Mapping[str, int | None] | None = None,
    ) -> list[DeskTask]:  # fmt: skip
        """Lay the case on the desks of ``seats``: one insert. Without seats it has come to its end.

        ``known``: units on whose desk it lay until now, by seat; it stays with them for the same seat.
        """
        wanted = list(seats)
        if not wanted:
            process.status, process.finished = STATUS.DONE, at
            update(process, ["status", "finished"])
            return []
        units = dict(known or {})
        units |= units_behind(case, [seat for seat in wanted if units.get(seat) is None])
        laid = [
            DeskTask(
                process=process, flow_task=self.desks[seat], flow_task_type=Desk.task_type, token=Token("start"),
                seat=seat, state=case.state, unit_id=units[seat], created=at,
            )
            for seat in wanted
        ]  # fmt: skip
        if len(laid) == 1:
            insert(laid[0])
        else:
            DeskTask.objects.bulk_create(laid)
        return laid


@contextmanager
def held_by_the_door(flow_class: Any, process_pk: Any) -> Iterator[None]:
    """viewflow's lock: the case's row, which :func:`workflows.acts.perform` holds already."""
    assert transaction.get_connection().in_atomic_block
    yield


class CaseFlow(flow.Flow):
    """The star: hub in the middle, desks around it."""

    lock_impl = staticmethod(held_by_the_door)
    process_class = DeskProcess
    task_class = DeskTask

    start = flow.StartHandle(this.begin).Next(this.route)
    route = Hub()
    village = Desk("village")
    township = Desk("township")
    programme = Desk("programme")
    finance = Desk("finance")
    department = Desk("department")
    leading_group = Desk("leading_group")
    procurement = Desk("procurement")
    supervision = Desk("supervision")
    audit = Desk("audit")
    discipline = Desk("discipline")
    addressee = Desk("addressee")

    def begin(self, activation: Any, case: Case) -> DeskProcess:
        """A case has been opened: give it a process."""
        activation.process.case = case
        return activation.process  # type: ignore[no-any-return]
