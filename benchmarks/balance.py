"""What a balance on a date costs as the other projects' books grow: ``python -m benchmarks.balance``.

One project with forty transfers is asked for its balance on a past date and for a page of its account
book, first beside a hundred transfers of other projects, then beside a hundred thousand. Both must cost
the same; exit 1 where the second takes more than half as long again. The fastest of many calls counts: what
else the machine does meanwhile only ever adds. The county's whole balance is shown, too: it adds up
everything, and its time grows with the books.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import Callable

CALLS = 300
RATIO_MAX = 1.5
FEW, MANY = 100, 100_000


def main() -> int:
    """Measure on the database of DATABASE_URL; 1 where a promise is broken."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from funds import ledger
    from funds.accountbook import account_book
    from funds.balances import balance
    from tests.money.bulk import others
    from tests.money.conftest import AT, opened

    call_command("migrate", verbosity=0)
    own, busy = opened(amount_fen=10**6), opened(amount_fen=10**9)
    case_id, day = own.pk * 10**7, AT.date() + dt.timedelta(days=2)
    with transaction.atomic():
        ledger.reserve(case_id=case_id, purpose="social", parts={own.pk: 10**6}, key=f"own {own.pk}", at=AT)
        for number in range(39):
            ledger.pay(case_id=case_id, fen=1, key=f"own {own.pk}/{number}", at=AT)
    questions: dict[str, Callable[[], object]] = {
        "balance of a project on a date": lambda: balance(on=day, case_id=case_id),
        "page of its account book": lambda: account_book(case_id=case_id, limit=50),
    }
    others(busy, transfers=FEW, first=case_id + 1000)
    few = {name: _fastest_ms(question) for name, question in questions.items()}
    others(busy, transfers=MANY - FEW, first=case_id + 10**6)
    many = {name: _fastest_ms(question) for name, question in questions.items()}
    print(f"{connection.vendor}, fastest of {CALLS} calls: beside {FEW:,} and beside {MANY:,} transfers of others")
    for name in questions:
        print(f"  {name}: {few[name]:.2f} ms, {many[name]:.2f} ms, x {many[name] / few[name]:.2f}")
    print(f"  balance of the whole county: {_fastest_ms(lambda: balance(on=day), calls=5):.0f} ms")
    return int(any(many[name] > few[name] * RATIO_MAX for name in questions))


def _fastest_ms(question: Callable[[], object], *, calls: int = CALLS) -> float:
    times = []
    for _call in range(calls):
        start = time.perf_counter()
        question()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


if __name__ == "__main__":
    sys.exit(main())
