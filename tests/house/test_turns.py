"""The tests that take longest begin first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LONGEST, turn, unit_of

ROOT = Path(__file__).resolve().parents[2]
FOUR = """
import os, pathlib, pytest, time
@pytest.mark.xdist_group("together")
@pytest.mark.parametrize("n", range(4))
def test_one(n):
    time.sleep(0.1)
    (pathlib.Path(os.environ["ROOM"]) / f"ran-{n}").write_text(os.environ["PYTEST_XDIST_WORKER"])
"""


def test_whatever_is_said_to_take_longest_is_there() -> None:
    files = [unit for unit in LONGEST if unit.endswith(".py")]
    assert [unit for unit in files if not (ROOT / unit).exists()] == []
    groups = set(LONGEST) - set(files)
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")]
    assert {group for group in groups if not any(f'xdist_group("{group}")' in text for text in texts)} == set()


def test_the_tests_are_in_turn(request: pytest.FixtureRequest) -> None:
    turns = [turn(unit_of(item)) for item in request.session.items]
    assert turns == sorted(turns)


def test_those_of_a_group_go_to_one_worker(tmp_path: Path) -> None:
    """Four tests that nothing but the group keeps together, each saying on which worker it ran."""
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_collection_modifyitems\n")
    (tmp_path / "test_four.py").write_text(FOUR)
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "-n", "2", "--dist", "loadgroup", "-s", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "ROOM": str(tmp_path)}
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len({path.read_text() for path in tmp_path.glob("ran-*")}) == 1
