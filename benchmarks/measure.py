"""The lanes side by side: rounds in turn, so that whatever else the machine does hits all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks import ours
from benchmarks.peers import floor, fsm_log, viewflow_bare, viewflow_log
from benchmarks.steps import OURS, RIVAL, STEPS, Step

Walk = Callable[[], Iterator[Step]]

#: What an engine says to keep a transaction together, and is not a query.
BRACKETS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


def lanes() -> dict[str, Walk]:
    """Name of the lane -> one case along the path."""
    people, source = ours.prepare()
    return {
        "raw SQL": lambda: floor.walk(people),
        "django-fsm + django-fsm-log": lambda: fsm_log.walk(people),
        "viewflow": lambda: viewflow_bare.walk(people),
        RIVAL: lambda: viewflow_log.walk(people),
        OURS: lambda: ours.walk(people, source),
    }


def measure(*, rounds: int, cases: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Acts a second and queries of every lane on this database, medians over the rounds."""
    walks = lanes()
    queries = {name: count_queries(walk) for name, walk in walks.items()}
    pace: dict[str, list[float]] = {name: [] for name in walks}
    names = list(walks)
    for turn in range(rounds):
        # Each round begins with another lane.
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            started = time.perf_counter()
            for _case in range(cases):
                for _step in walks[name]():
                    pass
            pace[name].append(cases * len(STEPS) / (time.perf_counter() - started))
        tell(f"{connection.vendor}: {turn + 1}/{rounds}")
    return {
        "engine": connection.vendor,
        "rounds": rounds,
        "cases_a_round": cases,
        "lanes": {
            name: {
                "acts_a_second": round(statistics.median(pace[name]), 1),
                # Of the same round: the machine's pace falls out.
                "ours_to_this": round(statistics.median(a / b for a, b in zip(pace[OURS], pace[name], strict=True)), 3),
                "queries_mean": round(statistics.mean(queries[name].values()), 1),
                "queries_most": max(queries[name].values()),
                "act_with_most": max(queries[name], key=lambda act: queries[name][act]),
            }
            for name in names
        },
    }


def count_queries(walk: Walk) -> dict[str, int]:
    """Queries of each act, the second time it is walked: what is read once a process has been read."""
    for _step in walk():
        pass
    found: dict[str, int] = {}
    steps = walk()
    while True:
        with CaptureQueriesContext(connection) as captured:
            step = next(steps, None)
        if step is None:
            return found
        found[step.act] = sum(not q["sql"].startswith(BRACKETS) for q in captured)
