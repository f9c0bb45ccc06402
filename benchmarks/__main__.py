"""``python -m benchmarks measure`` on one database, ``python -m benchmarks report`` over both."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    jobs = parser.add_subparsers(dest="job", required=True)
    one = jobs.add_parser("measure", help="walk all lanes on the database of DATABASE_URL")
    one.add_argument("out", type=Path, help="the JSON file to write")
    one.add_argument("--rounds", type=int, default=15)
    one.add_argument("--cases", type=int, default=4, help="cases a lane walks in a round")
    both = jobs.add_parser("report", help="print the table, keep it in docs/, exit 1 where a promise is broken")
    both.add_argument("results", type=Path, nargs="+")
    given = parser.parse_args()
    if given.job == "measure":
        _measure(given.out, rounds=given.rounds, cases=given.cases)
    else:
        _report(given.results)


def _measure(out: Path, *, rounds: int, cases: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.measure import measure

    # The peers' tables point at ours, which have to stand first.
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    result = measure(rounds=rounds, cases=cases, tell=lambda said: print(said, file=sys.stderr))
    out.write_text(json.dumps(result, indent=2) + "\n")


def _report(paths: list[Path]) -> None:
    from benchmarks import report

    results = [json.loads(path.read_text()) for path in paths]
    for result in results:
        print(f"\n{result['engine']}\n{report.table(result)}")
    print(json.dumps(results))
    (DOCS / "benchmarks.json").write_text(json.dumps(results, indent=2) + "\n")
    (DOCS / "benchmarks.md").write_text(report.page(results))
    broken = list(report.failures(results))
    for failure in broken:
        print(failure, file=sys.stderr)
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
