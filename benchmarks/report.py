"""The measured lanes as a table, and whether ours keeps what it promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks.steps import OURS, RIVAL

#: Most queries of an act below the view.
QUERIES_MAX = 16
HEAD = ("lane", "acts/s", "ours to this", "queries an act", "most queries")


def table(result: dict[str, Any]) -> str:
    """One engine's lanes as a Markdown table."""
    rows = [HEAD, tuple("-" * len(name) for name in HEAD)]
    rows += [
        (
            name, f"{lane['acts_a_second']:g}", f"{lane['ours_to_this']:.2f}", f"{lane['queries_mean']:g}",
            f"{lane['queries_most']} ({lane['act_with_most']})",
        )
        for name, lane in result["lanes"].items()
    ]  # fmt: skip
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    return "\n".join(
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |" for row in rows
    )


def failures(results: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What is promised and not kept."""
    for result in results:
        lane, rival = result["lanes"][OURS], result["lanes"][RIVAL]
        if rival["ours_to_this"] < 1:
            yield f"{result['engine']}: {rival['ours_to_this']:.2f} times the pace of {RIVAL}; at least 1 is promised"
        if lane["queries_most"] > QUERIES_MAX:
            yield (
                f"{result['engine']}: {lane['act_with_most']} takes {lane['queries_most']} queries; "
                f"at most {QUERIES_MAX} are promised"
            )


def page(results: Iterable[dict[str, Any]]) -> str:
    """The last result as a page of docs/."""
    parts = [
        "# Benchmark\n",
        "`make bench` walks the same twelve acts in five lanes, in one process, in turn, on both databases;",
        "see [the decision](decisions/0020-benchmark.md) for what is fair about it. Acts a second belong to",
        "the machine and its load; the ratio, taken round by round, does not. Queries are counted below the",
        "view, without BEGIN, COMMIT and savepoints. What verifying the record costs, and its pages beside a",
        "million entries: [the record](benchmarks-record.md).",
    ]
    for result in results:
        parts += [f"\n## {result['engine']}\n", table(result)]
        parts.append(f"\nMedians of {result['rounds']} rounds of {result['cases_a_round']} cases each.")
    return "\n".join(parts) + "\n"
