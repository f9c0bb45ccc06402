"""A payment run is killed in the middle, again and again: nothing is lost, nothing is paid twice."""

from __future__ import annotations

import random
import signal

import pytest
from django.core.management import call_command
from django.db import transaction

from audit.models import Entry
from funds import ledger
from funds.books import verify
from funds.models import Source, Transfer
from funds.vouchers import differences
from tests.database import url
from tests.factories import MORNING, official, project_at
from tests.forked import Forked
from tests.money.conftest import AT, opened
from tests.money.payrun import LINE_FEN, LINES
from workflows import treasury
from workflows.states import ProjectState

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 6


def run(what: str, number: int, *, lines: int | None) -> tuple[int, int]:
    """Start a run and kill it after so many lines; its exit status and the lines it said were done."""
    with Forked("tests.money.payrun", what, str(number), url=url()) as process:
        said = 0
        for _line in process:
            said += 1
            if said == lines:
                process.kill()
        return process.wait(), said


def test_a_payment_run_killed_again_and_again_pays_each_line_once() -> None:
    source = opened(amount_fen=LINES * LINE_FEN + 1)
    with transaction.atomic():
        ledger.reserve(case_id=41, purpose="social", parts={source.pk: source.amount_fen}, key="plan", at=AT)
    chance = random.Random(5)
    said_most = 0
    for kill in range(KILLS):
        status, said = run("pay", 41, lines=(kill + 1) * 40 + chance.randrange(30))
        assert status == -signal.SIGKILL
        said_most = max(said_most, said)
        stands = ledger.position(case_id=41)
        # Whatever the process had said was done is done; the rest of the money is where it was.
        assert stands.paid_fen >= said_most * LINE_FEN
        assert stands.paid_fen + stands.ordered_fen + stands.reserved_fen == source.amount_fen
        assert stands.ordered_fen in (0, LINE_FEN)
        assert stands.paid_fen < LINES * LINE_FEN
        assert verify().wrong == []
    status, said = run("pay", 41, lines=None)
    assert (status, said) == (0, LINES)
    assert ledger.position(case_id=41).paid_fen == LINES * LINE_FEN
    assert ledger.position(case_id=41).reserved_fen == 1
    settled = Transfer.objects.filter(kind="settle").values_list("resolves", flat=True)
    assert len(settled) == len(set(settled)) == LINES == Transfer.objects.filter(kind="order").count()
    assert verify().wrong == []


def test_a_killed_act_leaves_neither_money_without_entry_nor_entry_without_money() -> None:
    traveller = project_at(ProjectState.APPROVED)
    given = Source.objects.get()
    facts = {name: getattr(given, name) for name in ("kind", "manager", "channel", "purpose", "nature", "procedure")}
    source = treasury.open_source(
        **facts, name="Fen by fen", document_number="[2026] 9", year=2026, amount_fen=10**6,
        by=official(traveller, "finance"), at=MORNING,
    )  # fmt: skip
    chance, said = random.Random(6), 0
    for _kill in range(KILLS):
        status, lines = run("receive", source.pk, lines=10 + chance.randrange(30))
        assert status == -signal.SIGKILL
        said += lines
        received = Transfer.objects.filter(source=source, kind="fund").count()
        assert received >= said
        assert Entry.objects.filter(act="sources.receive").count() == received + 1
        assert verify().wrong == list(differences()) == []
        said = received
    call_command("audit", "verify")
