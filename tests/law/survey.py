"""A survey of the machines: what every act really does in every state, tried through the door.

It follows a traveller along the road. At each new state of any case of the family it asks every
office about every act, and does what can be done there on a branch of its own, rolled back
afterwards; what a branch leads to is surveyed in its turn.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q

from approvals.demo.sheets import sheet
from approvals.traveller import Attempt, Step, Traveller
from tests.factories import official
from workflows import acts, watch
from workflows.law import Act, Refused
from workflows.lifecycles import all_acts
from workflows.models import Case, Person
from workflows.offices import OUTSIDERS, Office, outsider
from workflows.rules.funding import labour_sources

#: Refusals that say "not here" or "not you", whatever the case looks like.
NOT_HERE, NOT_YOU = "S-01", frozenset({"O-01", "O-03"})

#: Act -> a form that needs no preparation. Acts without an entry take no form, or the road does them.
FORMS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "project.lapse": lambda case: {"step": "expiry", "due_on": case.state_since.date()},
    "special_audit.hear_silence": lambda case: {"step": "expiry", "due_on": case.state_since.date()},
    "project.attach": lambda case: {"paper": "other"},
    "project.save_draft": lambda case: {"title": case.title, "department": case.department},
    "project.sign_joint": lambda case: {"agrees": True},
    "project.return_to": lambda case: {"stage": "village"},
    "project.send_back": lambda case: {"stage": "village"},
    "project.change": lambda case: {"total_fen": case.total_fen},
    "project.post_board": lambda case: {"posted_on": case.started_on or case.touched_at.date()},
    "project.record_contribution": lambda case: {"amount_fen": 1},
    "project.count_labour": lambda case: {"source_id": _labour(case), "days_milli": 1},
    "project.repair_from_retention": lambda case: {"amount_fen": 1, "payee": "演练村维修队"},
    "notice.attach": lambda case: {"paper": "other"},
    "notice.raise_objection": lambda case: {"text": "补助标准与公告不符"},
    "complaint.accept": lambda case: {"handler": "discipline"},
    "complaint.attach": lambda case: {"paper": "other"},
    "complaint.conclude": lambda case: {"founded": True, "told_on": case.received_at.date()},
    "complaint.extend": lambda case: {"days": 1},
    "complaint.refer": lambda case: {"referred_to": "justice"},
    "tender.clarify": lambda case: {"bids_until": (case.bids_until or dt.date(2026, 3, 2)) + dt.timedelta(days=30)},
    "tender.attach": lambda case: {"paper": "other"},
    "measurement.attach": lambda case: {"paper": "photos"},
    "measurement.correct": lambda case: {"measured_on": case.measured_on, "quantities": case.quantities},
    "claim.attach": lambda case: {"paper": "other"},
    "claim.correct": lambda case: {"tranche": case.tranche, "amount_fen": case.amount_fen, "payee": case.payee},
    "claim.check_township": lambda case: {},
    "claim.attach_invoice": lambda case: {"invoice": case.bills[0].key if case.bills else "0 0"},
    "claim.cut": lambda case: {
        "cuts": [
            {"code": b.code, "number": b.number, "approved_fen": b.counted_fen, "cut_reason": "超出合同单价"}
            for b in case.bills
        ]
    },
    "claim.confirm_payment": lambda case: {
        "order_number": case.order_number or "-",
        "ordered_fen": case.ordered_fen,
        "bank_reference": "1",
        "paid_on": case.state_since.date(),
    },
    "claim.fail_payment": lambda case: {"order_number": case.order_number or "-", "ordered_fen": case.ordered_fen},
    "claim.correct_payee": lambda case: {"payee": case.payee, "bank": "演练银行", "account": "6228480000000001"},
    "household_batch.attach": lambda case: {"paper": "other"},
    "household_batch.raise_objection": lambda case: {"position": 1, "text": "已不在本村居住"},
    "household_batch.correct_account": lambda case: {
        "position": next(iter(case.failed.values_list("position", flat=True)), 1),
        "bank": "演练银行",
        "account": "6228480000000001",
    },
    "household_batch.drop_line": lambda case: {
        "position": next(iter(case.failed.values_list("position", flat=True)), 1)
    },
    "special_audit.attach": lambda case: {"paper": "other"},
    "special_audit.sign_section": lambda case: {"agrees": True},
    "acceptance.attach": lambda case: {"paper": "other"},
    "rectification.attach": lambda case: {"paper": "other"},
    "rectification.list_for_supervision": lambda case: {"step": "after:20", "due_on": case.deadline},
    "rectification.refer": lambda case: {"step": "after:40", "due_on": case.deadline},
    "rectification.prove": lambda case: {"item_id": case.items.all()[0].pk},
    "rectification.submit": lambda case: {"answers": {item.pk: "已补" for item in case.items.all()}},
    "rectification.verify": lambda case: {"results": {item.pk: "done" for item in case.items.all()}},
    "rectification.send_back": lambda case: {"results": {item.pk: "not_done" for item in case.items.all()}},
}


def _labour(case: Any) -> int:
    """A source of labour of the case's county, or none."""
    return labour_sources(case).values_list("pk", flat=True).first() or 0


#: (kind, state, act): a row of a machine's table.
Place = tuple[str, str, str]


class Survey:
    """What was seen: who may do an act in a state, and where it led."""

    def __init__(self) -> None:
        self.offices: dict[Place, set[str]] = {}
        self.targets: defaultdict[Place, set[str]] = defaultdict(set)
        self.states: set[tuple[str, str]] = set()
        self._visited: set[tuple[str, str, str]] = set()
        self._people: dict[str, Person] = {}

    def follow(self, traveller: Traveller) -> None:
        """Watch a traveller from where he stands; his steps are seen, too."""
        self._people = {office.value: official(traveller, office.value) for office in Office}
        self._people |= {name: outsider(name) for name in OUTSIDERS}
        traveller.watch = lambda entry: self._watch(traveller, entry)
        self._look_around(traveller)

    def watch(self, entry: Step | Attempt) -> None:
        """One act that the road did."""
        if not isinstance(entry, Step):
            return
        kind, _dot, act = entry.act.partition(".")
        if act != "open":
            self.targets[kind, entry.state_from, act].add(entry.state_to)

    def _watch(self, traveller: Traveller, entry: Step | Attempt) -> None:
        self.watch(entry)
        self._look_around(traveller)

    def _look_around(self, traveller: Traveller) -> None:
        project = traveller.project.pk
        for case in Case.objects.filter(Q(pk=project) | Q(root=project)).order_by("pk"):
            self._explore(case.typed(), at=traveller.at)

    def _explore(self, case: Case, *, at: dt.datetime) -> None:
        visit = (case.kind, case.state, case.resume_state)
        if visit in self._visited:
            return
        self._visited.add(visit)
        first = (case.kind, case.state) not in self.states
        self.states.add((case.kind, case.state))
        for act in all_acts(type(case)):
            if act.name in watch.EVERYWHERE:
                continue
            place = (case.kind, case.state, act.name)
            if self._is_closed(case, act, at=at):
                if first:
                    self._try_in_vain(case, act, at=at)
                continue
            if place not in self.offices:
                self.offices[place] = set(self._entitled(case, act, at=at))
            self._branch(case, act, sorted(self.offices[place]), at=at)

    def _is_closed(self, case: Case, act: Act, *, at: dt.datetime) -> bool:
        said = acts.why_not(act.name, on=case, by=self._people["programme"], at=at)
        return NOT_HERE in {refusal.code for refusal in said}

    def _try_in_vain(self, case: Case, act: Act, *, at: dt.datetime) -> None:
        """What the grey button says, the door says too, to everybody whom the act belongs to."""
        form = FORMS.get(act.code(case.kind))
        if act.takes is not None and form is None:
            return
        for office in {case.office(seat) for seat in act.seats}:
            with pytest.raises(Refused) as told, never_happened():
                acts.perform(act.name, on=case, by=self._people[office], at=at, reason="勘察",
                             data=form(case) if form else None)  # fmt: skip
            assert [refusal.code for refusal in told.value.refusals] == [NOT_HERE]

    def _entitled(self, case: Case, act: Act, *, at: dt.datetime) -> Iterator[str]:
        for office, person in self._people.items():
            codes = {refusal.code for refusal in acts.why_not(act.name, on=case, by=person, at=at)}
            if not codes & NOT_YOU:
                yield office

    def _branch(self, case: Case, act: Act, offices: list[str], *, at: dt.datetime) -> None:
        """Do the act if it can be done as things stand, look where it leads, and take it back."""
        form = FORMS.get(act.code(case.kind))
        if act.takes is not None and form is None:
            return
        files = (
            [sheet(name="勘察", lines=("勘察",))]
            if act.name in ("attach", "attach_invoice", "post_board", "prove")
            else []
        )
        for office in offices:
            with never_happened():
                try:
                    done = acts.perform(
                        act.name, on=case, by=self._people[office], at=at, reason="勘察",
                        data=form(case) if form else None, files=files,
                    )  # fmt: skip
                except Refused:
                    continue
                self.targets[case.kind, case.state, act.name].add(done.state)
                self._explore(done.typed(), at=at)
                return


@contextmanager
def never_happened() -> Iterator[None]:
    """Whatever is done inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
