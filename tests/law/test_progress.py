"""形象进度 against 支出进度: weighed to the thousandth, flagged one thousandth above the county's limit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals import measure, stops
from approvals.traveller import Traveller
from funds import ledger
from funds.ledger import Position
from tests.factories import project_at
from tests.law import counties
from workflows import progress, tranches
from workflows.lifecycles.project import BudgetLine
from workflows.models import Case, Claim, Project
from workflows.rulebook import overlay
from workflows.rulebook.load import load
from workflows.rulebook.schema import Rulebook
from workflows.states import ProjectState as S

# amounts / bills / done -> permille of the whole; quantities in thousandths
WEIGHED = """
100          | 3000      | 0         | 0
100          | 3000      | 2999      | 999
100          | 3000      | 3000      | 1000
100          | 3000      | 3300      | 1000
96 4         | 3000 1000 | 1500 1000 | 520
96 4         | 3000 1000 | 3300 0    | 960
1 1 1        | 7 7 7     | 7 7 6     | 952
0 10         | 5 5       | 5 0       | 0
"""


def bill(amounts: list[int], quantities: list[int]) -> list[BudgetLine]:
    return [
        BudgetLine(position=n, item=f"{n}", quantity_milli=milli, unit="项", unit_price_fen=0, amount_fen=fen)
        for n, (fen, milli) in enumerate(zip(amounts, quantities, strict=True), 1)
    ]


@pytest.mark.parametrize("row", WEIGHED.strip().splitlines())
def test_lines_weigh_what_they_cost_and_none_makes_up_for_another(row: str) -> None:
    amounts, quantities, done, expected = ([int(n) for n in cell.split()] for cell in row.split("|"))
    lines = bill(amounts, quantities)
    assert [progress.done_permille(lines, dict(enumerate(done, 1)))] == expected


lines_of_works = st.lists(
    st.tuples(st.integers(0, 10**13), st.integers(1, 10**12), st.integers(0, 10**12)), min_size=1, max_size=8
)


@given(rows=lines_of_works)
def test_progress_is_rounded_down_and_whole_only_when_everything_is_done(rows: list[tuple[int, int, int]]) -> None:
    lines = bill([fen for fen, _milli, _done in rows], [milli for _fen, milli, _done in rows])
    done = {n: done for n, (_fen, _milli, done) in enumerate(rows, 1)}
    found, whole = progress.done_permille(lines, done), sum(line.amount_fen for line in lines)
    exact = sum(
        (Fraction(fen * min(done, milli), milli) for fen, milli, done in rows), Fraction(0)
    ) / (whole or 1)  # fmt: skip
    assert Fraction(found, 1000) <= exact < Fraction(found + 1, 1000)
    unfinished = [fen for fen, milli, done in rows if done < milli and fen]
    assert (found == 1000) == (bool(whole) and not unfinished)
    more = {n: milli + 1 for n, milli in done.items()}
    assert progress.done_permille(lines, more) >= found


def standing(*, done: int, spent_fen: int, grant_fen: int = 1_000_000, book: str = "default", **facts: Any) -> Any:
    known = {"done_permille": done, "grant_fen": grant_fen, "completed_at": None, "work_kind": "works"} | facts
    project: Any = SimpleNamespace(**known)
    return progress.of(project, Position(paid_fen=spent_fen), book=load(book))


@pytest.mark.parametrize(
    ("book", "done", "spent_fen", "flagged"),
    [
        ("default", 500, 800_000, False),
        ("default", 500, 800_001, True),
        ("default", 499, 800_000, True),
        ("default", 500, 801_000, True),
        ("default", 1000, 1_000_000, False),
        ("chongqing-county", 500, 900_000, False),
        ("chongqing-county", 500, 900_001, True),
        ("default", 900, 0, False),
    ],
)
def test_the_limit_itself_is_allowed_and_a_fen_more_is_flagged(
    book: str, done: int, spent_fen: int, flagged: bool
) -> None:
    assert standing(done=done, spent_fen=spent_fen, book=book).flagged == flagged


def test_what_is_on_its_way_or_held_back_is_spent() -> None:
    project: Any = SimpleNamespace(done_permille=0, grant_fen=1000, completed_at=None, work_kind="works")
    position = Position(planned_fen=1000, reserved_fen=400, paid_fen=300, ordered_fen=200, retained_fen=100)
    assert progress.of(project, position, book=load("default")).spent_permille == 600


def test_nothing_is_flagged_that_is_not_measured() -> None:
    assert standing(done=0, spent_fen=1_000_000, work_kind="goods").limit_permille is None
    assert not standing(done=0, spent_fen=1_000_000, work_kind="services").flagged
    assert standing(done=950, spent_fen=1_000_000, completed_at="2026-06-01").deviation_permille == 0
    assert standing(done=0, spent_fen=0, grant_fen=0).spent_permille == 0


def test_under_an_edition_older_than_measurements_nothing_is_measured() -> None:
    old = Rulebook.model_validate(load("default").model_dump(exclude={"progress"}))
    assert not progress.is_measured(old, work_kind="works")
    project: Any = SimpleNamespace(done_permille=0, grant_fen=1000, completed_at=None, work_kind="works")
    assert not progress.of(project, Position(paid_fen=1000), book=old).flagged


@pytest.mark.django_db
def test_the_database_finds_the_projects_that_the_function_flags() -> None:
    flagged = ahead(permille=400)
    even = ahead(permille=600)
    finished = project_at(S.COMPLETED, specimen=1)
    assert deviating() == [flagged.project.pk]
    for t in (flagged, even, finished):
        project = Project.objects.get(pk=t.project.pk)
        found = progress.of(project, ledger.position(case_id=project.pk), book=project.book)
        assert found.flagged == (t is flagged)
    measure.measure(flagged, permille=500)
    assert deviating() == [], "four fifths spent on half of the works are the limit itself"


def deviating() -> list[int]:
    return [case.pk for case in progress.deviating(Case.objects.filter(kind="project"))]


def ahead(*, permille: int) -> Traveller:
    """A project that has measured so much, and been paid four fifths of its grant for it."""
    t = project_at(S.BUILDING)
    measure.measure(t, permille=permille)
    stops.claim_tranche(t, code="progress")
    return t


@pytest.mark.django_db
def test_a_tranche_by_quantity_comes_with_the_signature_to_the_thousandth(tmp_path: Path) -> None:
    book = counties.rulebook(
        tmp_path, "by-quantity", tranches=(
            {"code": "half", "trigger": "quantity", "at_permille": 500, "share_permille": 400, "base": "grant"},
            {"code": "rest", "trigger": "accepted", "ceiling_permille": 1000, "base": "grant"},
        ),
    )  # fmt: skip
    t = project_at(S.BUILDING, rulebook=book)
    tranche = t.project.book.tranches[0]
    measure.measure(t, permille=499)
    assert not tranches.has_come(t.project, tranche)
    measure.draw_up(t, permille=500)
    assert not tranches.has_come(t.project, tranche)
    open_one = t.project.family.filter(kind="measurement", state="submitted").get()
    t.do("sign_off", on=open_one, seat="supervision", reason="属实")
    assert tranches.has_come(t.project, tranche)
    claim = stops.claim_tranche(t, code="half")
    assert claim is not None
    assert Claim.objects.get(pk=claim.pk).state == "paid"


@pytest.mark.django_db
def test_where_the_county_wants_no_signature_nothing_waits_for_one(tmp_path: Path) -> None:
    book = counties.rulebook(tmp_path, "unsigned", progress={"signature_required": False})
    t = project_at(S.COMPLETED, rulebook=book)
    assert not t.project.family.filter(kind="measurement").exists()
    assert [("progress", "signature_required", "value"), "第三十七条"] in [
        [breach.path, breach.article] for breach in overlay.breaches(t.project.book)
    ]
    assert progress.of(t.project, ledger.position(case_id=t.project.pk), book=t.project.book).limit_permille is None
