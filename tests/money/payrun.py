"""A payment run as a process of its own, which a test kills: `pay|receive|enter NUMBER …`.

It says each line on standard output once the database has acknowledged it, and goes on where a run
before it stopped.
"""

from __future__ import annotations

from typing import Any

#: Lines of a run and what each pays.
LINES = 400
LINE_FEN = 7


def pay(case_id: int) -> None:
    """Each line is sent to the bank and settled, in two transactions, as on two days."""
    from django.db import transaction

    from funds import ledger
    from tests.money.conftest import AT

    for number in range(LINES):
        line = f"run/line {number}"
        try:
            with transaction.atomic():
                ledger.order(case_id=case_id, fen=LINE_FEN, key=line, at=AT)
        except ledger.DuplicateKey:
            pass
        try:
            with transaction.atomic():
                ledger.settle(case_id=case_id, order=line, key=f"{line}/paid", at=AT)
        except ledger.AlreadyResolved:
            pass
        print(number, flush=True)


def receive(source_id: int) -> None:
    """Money comes in fen by fen, each an act on the record."""
    from funds.models import Source
    from tests.factories import MORNING
    from workflows import treasury
    from workflows.models import Post

    source = Source.objects.get(pk=source_id)
    clerk = Post.objects.filter(unit__office="finance").order_by("pk")[0].person
    for number in range(LINES):
        treasury.receive(source=source, by=clerk, at=MORNING, fen=1)
        print(number, flush=True)


def enter(person_id: int, path: str, at: str) -> None:
    """The bank's results are entered; says each answer once its transaction is closed."""
    import datetime as dt
    from pathlib import Path

    from approvals import payrun
    from workflows.models import Person

    each: Any = payrun._enter

    def said(*given: Any, **more: Any) -> Any:
        outcome = each(*given, **more)
        print(outcome[0].mark, flush=True)
        return outcome

    payrun._enter = said
    person = Person.objects.get(pk=person_id)
    payrun.enter_results(Path(path).read_bytes(), by=person, at=dt.datetime.fromisoformat(at))


def main(what: str, number: str, *rest: str) -> None:
    """One of the runs."""
    runs: dict[str, Any] = {"pay": pay, "receive": receive, "enter": enter}
    runs[what](int(number), *rest)
