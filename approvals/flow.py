"""How a case walks from desk to desk: every human node leads back to one hub that asks the law.

The hub has no row of its own; it is a question, not a step. Parallel work (会审, 联合审计) is a split
and a join inside one state. viewflow holds who has the task; where the case stands, it does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Node
from viewflow.workflow.nodes.mixins import NextNodeActivationMixin, NextNodeMixin
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from approvals.models import WAITING, DeskProcess, DeskTask
from workflows.models import Case, Unit

PARALLEL = ("programme", "finance", "department", "audit", "discipline")


def unit_behind(case: Case, seat: str) -> int | None:
    """The unit on whose desk a seat of the case stands: the nearest of its office up the area tree."""
    office = case.office(seat)
    if office == "village":
        return case.unit_id
    codes = case.area.path.strip("/").split("/")
    paths = ["/" + "/".join(codes[:n]) + "/" for n in range(1, len(codes) + 1)]
    units = Unit.objects.filter(office=office, area__path__in=paths)
    return units.order_by("-area__path", "id").values_list("pk", flat=True).first()


def case_of(activation: Any) -> Case:
    """The case as its own class; a join reads its process anew and knows it only as a case."""
    case = activation.process.case
    if type(case) is Case:
        case = activation.process.case = case.typed()
    return case  # type: ignore[no-any-return]


class DeskActivation(NextNodeActivationMixin, Activation):
    """A case lying on a desk until an act moves it on."""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Activation, token: Token, data: Any = None, seed: Any = None
    ) -> DeskActivation:
        """Lay the case on the desk: one insert. The record keeps what came before, so no link does."""
        case = case_of(prev_activation)
        task = DeskTask(
            process=prev_activation.process, flow_task=flow_task, token=token, seat=flow_task.seat, state=case.state,
            unit_id=unit_behind(case, flow_task.seat), created=case.state_since,
        )  # fmt: skip
        task.save()
        return cls(task)

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
        self.task.save(update_fields=["status", "owner", "started", "finished"])

    @Activation.status.transition(source=STATUS.STARTED)
    def execute(self) -> None:
        """Clear the desk and let the hub ask whose turn it is."""
        self.complete()
        self.activate_next()

    @Activation.status.transition(source=list(WAITING), target=STATUS.CANCELED)
    def cancel(self) -> None:
        """The case went elsewhere; nobody decided here."""
        self.task.save(update_fields=["status"])


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


class Hub(flow.Switch):
    """A switch without a row: it lays the case straight on the desk whose turn it is."""

    def _create(self, prev_activation: Any, token: Any, data: Any = None, seed: Any = None) -> Activation:
        for node, condition in self._branches:
            if condition is None or condition(prev_activation):
                return node._create(prev_activation, token)
        raise LookupError("the hub has no default")  # pragma: no cover - the flow below has one


def turn_of(seat: str) -> Any:
    """Whether it is the turn of that seat alone."""
    return lambda activation: case_of(activation).seats() == (seat,)


def turn_among(seat: str) -> Any:
    """Whether it is also the turn of that seat."""
    return lambda activation: seat in case_of(activation).seats()


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
    route = (
        Hub()
        .Case(this.village, turn_of("village"))
        .Case(this.township, turn_of("township"))
        .Case(this.programme, turn_of("programme"))
        .Case(this.finance, turn_of("finance"))
        .Case(this.department, turn_of("department"))
        .Case(this.leading_group, turn_of("leading_group"))
        .Case(this.procurement, turn_of("procurement"))
        .Case(this.audit, turn_of("audit"))
        .Case(this.discipline, turn_of("discipline"))
        .Case(this.end, lambda activation: not case_of(activation).seats())
        .Default(this.together)
    )
    village = Desk("village")
    township = Desk("township")
    programme = Desk("programme")
    finance = Desk("finance")
    department = Desk("department")
    leading_group = Desk("leading_group")
    procurement = Desk("procurement")
    audit = Desk("audit")
    discipline = Desk("discipline")

    together = (
        flow.Split()
        .Next(this.sign_programme, case=turn_among("programme"))
        .Next(this.sign_finance, case=turn_among("finance"))
        .Next(this.sign_department, case=turn_among("department"))
        .Next(this.sign_audit, case=turn_among("audit"))
        .Next(this.sign_discipline, case=turn_among("discipline"))
    )
    sign_programme = Desk("programme").Next(this.joined)
    sign_finance = Desk("finance").Next(this.joined)
    sign_department = Desk("department").Next(this.joined)
    sign_audit = Desk("audit").Next(this.joined)
    sign_discipline = Desk("discipline").Next(this.joined)
    joined = flow.Join().Next(this.route)
    end = flow.End()

    def begin(self, activation: Any, case: Case) -> DeskProcess:
        """A case has been opened: give it a process."""
        activation.process.case = case
        return activation.process  # type: ignore[no-any-return]
