"""A payment run is killed in the middle, again and again: nothing is lost, nothing is paid twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from audit.models import Entry
from funds import ledger
from funds.books import verify
from funds.models import Source, Transfer
from funds.vouchers import differences
from tests.factories import MORNING, official, project_at
from tests.money.conftest import AT, opened
from tests.money.payrun import LINE_FEN, LINES
from workflows import treasury
from workflows.states import ProjectState

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 6


def url() -> str:
    """The tests' own database, as another process may name it."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    user, host, port = at["USER"], quote(at["HOST"], safe=""), at["PORT"]
    password = f":{quote(at['PASSWORD'], safe='')}" if at["PASSWORD"] else ""
    return f"postgres://{user}{password}@{host}{f':{port}' if port else ''}/{at['NAME']}"


def run(what: str, number: int, *, lines: int | None) -> tuple[int, int]:
    """Start a run and kill it after so many lines; its exit status and the lines it said were done."""
    command = [sys.executable, "-m", "tests.money.payrun", what, str(number)]
    environment = os.environ | {"DATABASE_URL": url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = 0
        for _line in process.stdout:
            said += 1
            if said == lines:
                process.send_signal(signal.SIGKILL)
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
