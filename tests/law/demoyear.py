"""A year of the demo county: ``python -m tests.law.demoyear WHAT``: found, play, verify, flags, stays or journal.

``found`` loads the county as it stood on the eve; ``play`` lets the year pass from a day on, says ``…`` in the
middle of each rung and each day when it is done, so that a test may kill it; ``journal`` prints what was entered.
The year lies where every holiday is published, so that what the table says stays true.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
from collections.abc import Callable
from typing import Any

from django.utils import timezone

EVE = dt.date(2025, 3, 31)
FIRST, LAST = EVE + dt.timedelta(days=1), dt.date(2026, 3, 31)
DAYS = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
#: Without a look at the clock: the days on which the first terms and a notice end.
DOWN = [dt.date(2025, 4, 14) + dt.timedelta(days=n) for n in range(7)]


def looks(how: str) -> set[dt.date]:
    """The days on which the clock looks, by the way of playing; always the last one."""
    if how == "daily":
        return set(DAYS)
    if how == "week":
        return set(DAYS) - set(DOWN)
    assert how == "surprise"
    return {*random.Random(4).sample(DAYS, 24), LAST}


def found(book: str) -> None:
    """The county on the eve."""
    from approvals.demo import county, load
    from workflows.states import ENDS

    county.found_demo(today=EVE, rulebook=book)
    evening = timezone.make_aware(dt.datetime.combine(EVE, dt.time(18)))
    # Projects that have ended wait for nobody: the clock has nothing to do with them, and their roads are the longest.
    load.load(now=evening, tell=lambda _line: None, leave_out=ENDS["project"], faults=False)


def play(how: str, since: dt.date, say: Callable[[object], None]) -> None:
    """Each day the clock at nine, where it looks, and what people do from ten on."""
    from approvals import clockwork
    from approvals.notify import alarm
    from tests.law import demodeeds
    from workflows.ladder import Rung
    from workflows.models import Case

    looking = looks(how)
    for day in DAYS[DAYS.index(since) :]:
        if day in looking:
            at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))
            tell_people = alarm.teller(at)

            def tell(case: Case, rung: Rung, told: Callable[[Case, Rung], None] = tell_people) -> None:
                told(case, rung)
                say("…")

            assert not clockwork.sweep(at=at, tell=tell)["failed"]
        for item, deed in demodeeds.of(day):
            demodeeds.do(item, deed, day=day)
        say(day)


def journal() -> None:
    """Every entry of the year: a digest of all it says, and the line that the table has for it."""
    from audit import journal as record
    from audit.chain import canonical, digest
    from audit.models import Entry
    from workflows.models import Case, PlanItem

    items = dict(PlanItem.objects.values_list("pk", "code"))
    whose = {pk: items.get(item) for pk, item in Case.objects.filter(root=None).values_list("pk", "project__plan_item")}
    begun = timezone.make_aware(dt.datetime.combine(FIRST, dt.time()))
    lines = []
    for entry in Entry.objects.filter(happened_at__gte=begun).filter(root_id__isnull=False):
        day, facts = timezone.localdate(entry.happened_at), record.facts_of(entry)
        step = facts["data"].get("step", "") if entry.post == "clock" else entry.post
        line = f"{day} {whose[entry.root_id]!s:6} {entry.act:35} {step}"
        lines.append((f"{day}", line[11:17], entry.case_id, entry.seq, line, digest(canonical(numberless(facts)))))
    for *_order, line, said in sorted(lines):
        print(said, line.rstrip())


def numberless(facts: dict[str, Any]) -> dict[str, Any]:
    """What an entry says, without the numbers of rows and what follows from them.

    PostgreSQL does not give a number again that an act had when its process was killed.
    """
    outcome = facts.get("outcome") or {}
    rows = {
        table: [told[number] for number in sorted(told)] if isinstance(told, dict) else told
        for table, told in outcome.get("rows", {}).items()
    }
    return {**facts, "prev_hash": "", "outcome": {**outcome, "rows": rows}}


def main(what: str, *given: str) -> None:
    if what == "found":
        found(*given)
    elif what == "play":
        how, since = given
        play(how, dt.date.fromisoformat(since), lambda said: print(said, flush=True))
    elif what == "verify":
        from django.core.management import call_command

        call_command("audit", "verify", stdout=sys.stderr)
        call_command("checks", severity="breach", stdout=sys.stderr)
        print("ok")
    elif what == "flags":
        from workflows.flags.look import look

        for hit in look(today=EVE):
            print(hit.flag.code, hit)
    elif what == "stays":
        from tests.staying import assert_kept, keep_all

        print(keep_all(timezone.make_aware(dt.datetime.combine(LAST, dt.time(20)))))
        for day in (EVE, *DAYS[::60], LAST):
            assert_kept(today=day)
    else:
        journal()


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    main(*sys.argv[1:])
