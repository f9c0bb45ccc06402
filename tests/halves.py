"""Two halves of one run: everything on SQLite, then on PostgreSQL all that a database has a part in.

A test that never opens a database cannot come out otherwise on another one, and a test marked ``one_engine`` looks at
what a browser makes of pages that other tests ask of both. ``--second-engine`` leaves these to the first half, and the
last lines say how many they are.
"""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import TransactionTestCase

#: Who asks for one of these opens the database; without them, pytest-django keeps it shut.
OPENING = {"db", "transactional_db", "django_db_setup", "live_server"}
LEFT = pytest.StashKey[dict[str, int]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    about = "leave out what is the same on every database: the first half of the run has shown it"
    parser.addoption("--second-engine", action="store_true", help=about)


def why_once(item: pytest.Item) -> str:
    """Why a test need not run on a second database; empty where it must."""
    if item.get_closest_marker("one_engine"):
        return "about what the browser shows"
    kind = getattr(item, "cls", None)
    opens = (
        item.get_closest_marker("django_db")
        or (kind is not None and issubclass(kind, TransactionTestCase))
        or not OPENING.isdisjoint(getattr(item, "fixturenames", ()))
    )
    return "" if opens else "without a database"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out what the first half has shown, and count it by reason."""
    if not config.getoption("--second-engine"):
        return
    reasons = {item: why_once(item) for item in items}
    config.stash[LEFT] = dict(Counter(filter(None, reasons.values())))
    config.hook.pytest_deselected(items=[item for item in items if reasons[item]])
    items[:] = [item for item in items if not reasons[item]]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of xdist tells its counts to the process that leads."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left"] = session.config.stash.get(LEFT, {})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """The leading process learns them; every worker counted the same tests."""
    told: dict[str, int] = getattr(node, "workeroutput", {}).get("left", {})
    node.config.stash[LEFT] = told  # type: ignore[attr-defined]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for reason, count in sorted(config.stash.get(LEFT, {}).items()):
        terminalreporter.write_line(f"{count} tests {reason} ran in the first half alone")
