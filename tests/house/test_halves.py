"""The second half of a run leaves out only what a database has no part in, and says how much that is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.halves import why_once

ROOT = Path(__file__).resolve().parents[2]
FOUR = """
import pytest
@pytest.fixture
def db(): pass
def test_of_nothing(): pass
@pytest.mark.one_engine
def test_of_a_page(db): pass
def test_that_asks(db): pass
@pytest.mark.django_db
def test_that_is_marked(): pass
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_second_half_leaves_out_what_opens_no_database_and_says_so(tmp_path: Path, workers: str) -> None:
    (tmp_path / "test_four.py").write_text(FOUR)
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "-p", "tests.halves", "-p", "no:django", "-v",
               "-W", "ignore::pytest.PytestUnknownMarkWarning", "--second-engine", "-n", workers,
               str(tmp_path)]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
    assert "test_of_" not in done.stdout
    assert "1 tests about what the browser shows ran in the first half alone" in done.stdout
    assert "1 tests without a database ran in the first half alone" in done.stdout


def test_only_tests_of_the_browser_are_left_to_one_engine(request: pytest.FixtureRequest) -> None:
    left = [item for item in request.session.items if why_once(item) and item.get_closest_marker("one_engine")]
    assert [item.nodeid for item in left if not item.get_closest_marker("browser")] == []
