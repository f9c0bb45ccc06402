"""What checking the record costs beside hashing it: ``python -m benchmarks.verify [--entries N]``.

Fills the database of DATABASE_URL with a tenth of the entries and with all, puts them into the tree under a checkpoint,
and each time lets three lanes run in turn over the same bytes, each in a process of its own: SHA-256 of every payload
with hashlib and nothing else, the bytes lying in memory; the same, the bytes read from the database; and verify in as
many processes as processors. Also the history page of one case, beside 10,000 entries and beside all. Exit 1 where the
page takes more than 1.3 times as long, or other queries, or where verify, over a million entries or more, is slower
than PACE_MIN times hashing what is read from the database.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

FEW = 10_000
OF_CASE = 100
FIRST_CASE = 1_000_000
AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
ROUNDS = 3
PAGES = 60
PAGE_RATIO_MAX = 1.3
#: Half the speed of hashing the same bytes. What is done once, whatever the number of entries, weighs less on more of
#: them: so it is promised of enough only.
PACE_MIN, ENTRIES_MIN = 0.5, 1_000_000
RAW = "SELECT prev_hash, payload FROM audit_entry ORDER BY id"


def main() -> int:
    """Measure on the database of DATABASE_URL; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verify", description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--lane", choices=LANES, help="run one lane on the database as it is, and say what it took")
    given = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    if given.lane:
        took = LANES[given.lane]()
        usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        memory = max(_peak_kib(), usage[1].ru_maxrss) // 1024
        print(json.dumps([took, sum(one.ru_utime + one.ru_stime for one in usage), memory]))
        return 0
    return compare(given.entries)


def _peak_kib() -> int:
    """Most memory this process had; what it inherited from the one that started it, as getrusage says it, left out."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])


def compare(entries: int) -> int:
    """The page beside few and beside all entries, the lanes over a tenth and over all; 1 where a promise is broken."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from tests.factories import fresh_application

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    # A rehearsal county, so that there is an auditor.
    fresh_application()
    fill(0, FEW)
    page, queries = history()
    print(f"{connection.vendor}: history page beside {FEW:,} entries {page:.1f} ms, {queries} queries", flush=True)
    tenth = max(entries // 10, FEW)
    fill(FEW, tenth)
    lanes(tenth)
    fill(tenth, entries)
    pace = lanes(entries)
    more, more_queries = history()
    print(f"history page beside {entries:,} {more:.1f} ms, {more_queries} queries: x {more / page:.2f}", flush=True)
    slow = entries >= ENTRIES_MIN and pace < PACE_MIN
    return int(more > PAGE_RATIO_MAX * page or more_queries != queries or slow)


def lanes(entries: int) -> float:
    """Print what each lane takes, medians of rounds in turn; the pace of verify beside hashing what is read."""
    from django.db import connection
    from django.utils import timezone

    from audit import checkpoints

    start = time.perf_counter()
    checkpoints.make(timezone.now())
    print(f"{entries:,} entries put into the tree and signed: {time.perf_counter() - start:.0f} s", flush=True)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    found: dict[str, list[list[float]]] = {}
    for _round in range(ROUNDS):
        for lane in LANES:
            command = [sys.executable, "-m", "benchmarks.verify", "--lane", lane]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
            found.setdefault(lane, []).append(json.loads(done.stdout))
    clock = {lane: statistics.median(took[0] for took in rounds) for lane, rounds in found.items()}
    for lane, rounds in found.items():
        cpu, memory = (statistics.median(took[n] for took in rounds) for n in (1, 2))
        ratio = statistics.median(a[0] / b[0] for a, b in zip(rounds, found["verify"], strict=True))
        print(
            f"  {lane:6} {clock[lane]:6.2f} s, {entries / clock[lane]:9,.0f} entries/s, CPU of the lane's process"
            f" {cpu:.1f} s, at most {memory:.0f} MB a process; verify at {ratio:.2f} of its pace",
            flush=True,
        )
    return statistics.median(a[0] / b[0] for a, b in zip(found["read"], found["verify"], strict=True))


def in_memory() -> float:
    """SHA-256 over what is already there; only the hashing is timed."""
    spent = 0.0
    for chunk in payloads():
        start = time.perf_counter()
        for prev, payload in chunk:
            sha256(prev + payload).hexdigest()
        spent += time.perf_counter() - start
    return spent


def payloads() -> Iterator[list[tuple[bytes, bytes]]]:
    from audit.snapshot import chunks

    for chunk in chunks(RAW):
        yield [(bytes.fromhex(prev), bytes(payload)) for prev, payload in chunk]


def read() -> float:
    """The same with the reading."""
    from audit.snapshot import chunks

    start = time.perf_counter()
    for chunk in chunks(RAW):
        for prev, payload in chunk:
            sha256(bytes.fromhex(prev) + payload).hexdigest()
    return time.perf_counter() - start


def verify() -> float:
    """`audit verify`, but for the rooms above, whose tables are empty here."""
    from django.conf import settings

    from audit import checks
    from audit.verify import Tally
    from audit.verify_ranges import processors

    settings.AUDIT_CHECKS = ()
    settings.AUDIT_HEADS = None
    tally = Tally()
    start = time.perf_counter()
    for line in checks.findings(tally=tally, using="default", processes=processors()):
        print(line)
    assert not tally.altered
    return time.perf_counter() - start


LANES: dict[str, Callable[[], float]] = {"memory": in_memory, "read": read, "verify": verify}


def history() -> tuple[float, int]:
    """Milliseconds and queries of the history page of one case."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from workflows.models import Post

    reader = Post.objects.filter(unit__office="auditor").earliest("id").person
    client = Client()
    client.force_login(reader)

    def ask() -> object:
        answer = client.get(f"/audit/cases/{FIRST_CASE + FEW // OF_CASE // 2}/")
        assert answer.status_code == 200
        return answer

    ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    # Counted before further requests forget them.
    queries = len(captured)
    return _median_ms(ask), queries


def _median_ms(question: Callable[[], object]) -> float:
    from django.db import connection

    # SQLite works in this process, whose own time leaves out others who use the machine.
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    times = []
    for _call in range(PAGES):
        start = clock()
        question()
        times.append(clock() - start)
    return statistics.median(times) * 1000


def like_the_demo(number: int) -> dict[str, Any]:
    """What entries differ in, in the demo county's shares: a fifth with a file, three tenths with a reason, 1.1 KB."""
    at = AT + dt.timedelta(seconds=61 * number, microseconds=7 * number % 1_000_000)
    row = {"state": "filed", "state_since": at.isoformat(), "due_on": f"{at:%Y-%m-%d}", "decided_by_id": number % 997}
    return {
        "happened_at": at,
        "recorded_at": at,
        "files": [] if number % 5 else [("决议.pdf", "ab" * 32)],
        "reason": "" if number % 10 < 7 else "资料齐全，同意上报。",
        "outcome": {"case": row, "rows": {"filing": {str(number): row}}},
    }


def fill(start: int, stop: int) -> None:
    """Entries number `start` to `stop`, a hundred a case, all cases going on at once."""
    from audit.chain import GENESIS, canonical, link
    from audit.journal import payload_of
    from audit.models import INDEXED, Entry
    from tests.record.cases import fact

    made: list[Entry] = []
    for first in range(start, stop, FEW):
        heads: dict[int, str] = {}
        for number in range(first, min(first + FEW, stop)):
            seq, case_id = divmod(number - first, FEW // OF_CASE)
            case_id += FIRST_CASE + first // OF_CASE
            about = {"case_id": case_id, "case_number": f"P2026-{case_id:06d}", "root_id": case_id}
            given = fact(**about, **like_the_demo(number))
            facts = payload_of(given, seq=seq + 1, prev=heads.get(case_id, GENESIS))
            payload = canonical(facts)
            heads[case_id] = link(prev=facts["prev_hash"], payload=payload)
            columns = {name: facts[name] for name in INDEXED}
            columns |= {"happened_at": given.happened_at, "recorded_at": given.recorded_at}
            made.append(Entry(payload=payload, hash=heads[case_id], **columns))
        Entry.objects.bulk_create(made)
        made.clear()


if __name__ == "__main__":
    sys.exit(main())
