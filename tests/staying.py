"""Waits kept by the worker beside the same waits read from the record at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from approvals.inspection import stays
from approvals.models import Stay
from audit.models import Entry
from workflows.waits import Wait, waits


def keep_all(at: dt.datetime) -> int:
    """The worker's rounds until it has nothing left to read; how many projects it read."""
    projects = 0
    with alone():
        while True:
            done = stays.keep(at)
            projects += done
            if not done:
                # The round that finds no further project ends the reading; one more finds nothing new.
                return projects + stays.keep(at)


@contextmanager
def alone() -> Iterator[None]:
    """As if nobody else wrote: the transactions of other tests run in the same PostgreSQL, and would be waited for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stays, "_ended", lambda running: True)
        yield


def assert_kept(*, today: dt.date) -> None:
    """Everything kept is what the record says, added up and one by one."""
    read = list(waits(Entry.objects.all(), today=today))
    assert read
    lots: Counter[Any] = Counter()
    for lot in stays.lots(Stay.objects.all(), today=today):
        lots[lot.key, lot.days, lot.over, lot.still] += lot.times
    assert lots == Counter((one.key, one.days, one.over, one.ended is None) for one in read)
    kept = stays.told(Stay.objects.all(), today=today)
    assert sorted(map(_plain, kept)) == sorted(map(_plain, read))


def _plain(wait: Wait) -> tuple[Any, ...]:
    ended = wait.ended.id if wait.ended else 0
    return (wait.began, ended, wait.days, wait.over, wait.due_on or dt.date.max, wait.unit, wait.township,
            wait.extended, wait.until, wait.key.limit or (), wait.stops)  # fmt: skip
