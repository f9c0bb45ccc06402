"""What the auditor's pages cost beside a long record: ``python -m benchmarks.pages [--entries N ...]``.

Fills the database of DATABASE_URL with the demo county where it is empty, and then with copies of its projects, each
with numbers of its own, until there are so many entries; opens every page of the auditor beside each of these records,
and prints milliseconds, queries, and how many times what it cost beside the first.
A page that takes longer than PATIENCE_S is cut short and counted as that.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

PATIENCE_S = 60
ROUNDS = 3
BATCH = 2_000
#: Between the numbers of a project and of its copy.
STRIDE = 100_000
PAGES = {
    "overview": "/inspect/", "as of: projects": "/inspect/asof/", "as of: page 40": "/inspect/asof/?page=40",
    "as of: one stage, recorded": "/inspect/asof/?basis=recorded&state=approved",
    "as of: words": "/inspect/asof/?words=整治", "as of: claims": "/inspect/asof/?kind=claim",
    "as of: money": "/inspect/asof/money/", "as of: one case": "/inspect/asof/{case}/",
    "two versions": "/inspect/compare/{case}/", "checks": "/inspect/checks/", "flags": "/inspect/flags/",
    "timeline": "/inspect/timeline/{case}/", "a person": "/inspect/people/{person}/", "time in stage": "/inspect/time/",
    "one stage": "/inspect/time/project/filed/", "search": "/audit/", "history of a case": "/audit/cases/{case}/",
    "an entry": "/audit/entries/{entry}/", "access": "/audit/access/", "checkpoints": "/audit/checkpoints/",
    "search: amount": "/audit/?amount_from=123456&amount_to=123457", "search: late": "/audit/?late=on",
    "search: post": "/audit/?post=nowhere", "search: unit": "/audit/?unit=nowhere",
    "search: words": "/audit/?words=nowhere", "search: person": "/audit/?person=nobody",
}  # fmt: skip


def main() -> int:
    """Measure on the database of DATABASE_URL."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--entries", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--only", default="", help="pages whose name holds this")
    given = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.ALLOWED_HOSTS, settings.DEMO = ["testserver"], True
    call_command("migrate", verbosity=0)
    from audit.models import Entry

    if not Entry.objects.exists():
        call_command("demo", verbosity=0)
    first: dict[str, float] = {}
    for entries in given.entries:
        fill(entries)
        print(f"{connection.vendor}, {Entry.objects.count():,} entries", flush=True)
        for name, (took, queries) in opened(given.only):
            first.setdefault(name, took)
            print(f"  {name:28} {took:9.1f} ms {queries:4} queries  x {took / first[name]:.2f}", flush=True)
    return 0


def opened(only: str) -> Iterator[tuple[str, tuple[float, int]]]:
    """Each page with its milliseconds, the fastest of some, and its queries."""
    from django.test import Client

    from audit.models import Entry
    from workflows.models import Post

    reader = Post.objects.filter(unit__office="auditor").earliest("id").person
    client = Client()
    client.force_login(reader)
    one = Entry.objects.filter(act="claim.pay").earliest("id")
    for name, address in PAGES.items():
        if only in name:
            yield name, cost(client, address.format(case=one.root_id, person=one.actor_id, entry=one.pk))


class Impatient(Exception):
    """The page takes too long."""


def cost(client: Any, address: str) -> tuple[float, int]:
    """Of opening a page; SQLite works in this process, whose own time leaves out others who use the machine."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def give_up(*_: Any) -> None:
        raise Impatient

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    times, queries = [], 0
    signal.signal(signal.SIGALRM, give_up)
    for _round in range(ROUNDS):
        signal.alarm(PATIENCE_S)
        start = clock()
        try:
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            queries = len(captured)
        except Impatient:
            return PATIENCE_S * 1000.0, 0
        finally:
            signal.alarm(0)
        times.append((clock() - start) * 1000)
        if times[-1] > 5_000:
            break
    return min(times), queries


def fill(entries: int) -> None:
    """Copies of the demo county's projects, until there are so many entries."""
    from django.db import connection, transaction

    from audit.models import Entry

    whole: list[Any] = list(Entry.objects.filter(root_id__gt=0, root_id__lt=STRIDE).order_by("id").values())
    copy = (Entry.objects.order_by("-case_id").values_list("case_id", flat=True).first() or 0) // STRIDE
    missing = entries - Entry.objects.count()
    while missing > 0:
        copy += 1
        with transaction.atomic():
            rows = list(copied(whole[:missing], copy))
            for start in range(0, len(rows), BATCH):
                Entry.objects.bulk_create(rows[start : start + BATCH])
            _cases(copy)
        missing -= len(whole)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def copied(whole: list[Any], copy: int) -> Iterator[Any]:
    """The entries with other numbers, chained anew; in the payload's bytes, which stay canonical."""
    from audit.chain import GENESIS
    from audit.models import Entry

    heads: dict[int, str] = {}
    for row in whole:
        case_id, root_id = row["case_id"] + copy * STRIDE, row["root_id"] + copy * STRIDE
        number, prev = f"{row['case_number']}-{copy}", heads.get(case_id, GENESIS)
        said = bytes(row["payload"])
        for before, after in (
            (f'"case_id":{row["case_id"]},', f'"case_id":{case_id},'),
            (f'"root_id":{row["root_id"]},', f'"root_id":{root_id},'),
            (f'"case_number":"{row["case_number"]}"', f'"case_number":"{number}"'),
            (f'"prev_hash":"{row["prev_hash"]}"', f'"prev_hash":"{prev}"'),
            (f":P{row['root_id']}:", f":P{root_id}:"),
        ):
            said = said.replace(before.encode(), after.encode())
        heads[case_id] = sha256(bytes.fromhex(prev) + said).hexdigest()
        other = {"id": None, "payload": said, "case_id": case_id, "root_id": root_id, "case_number": number}
        yield Entry(**row | other | {"prev_hash": prev, "hash": heads[case_id]})


def _cases(copy: int) -> None:
    """The cases' own rows, without what hangs on them: the pages ask them whose they are and whether they stand."""
    from django.db import connection

    from workflows.models import Case

    shift = copy * STRIDE
    other = {"id": f"id + {shift}", "root_id": f"root_id + {shift}", "number": f"number || '-{copy}'"}
    names = [str(field.column) for field in Case._meta.local_concrete_fields]
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(other.get(name, f'"{name}"') for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Case._meta.db_table} ({quoted})"
            f" SELECT {values} FROM {Case._meta.db_table} WHERE id < {STRIDE} ORDER BY id"
        )


if __name__ == "__main__":
    sys.exit(main())
