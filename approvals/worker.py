"""The work behind the pages: registered jobs, done in their order, again and again, by any number of workers.

A job takes the time and says how much it has done. Each must bear being run twice, by several workers at
once, and being killed in the middle.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from threading import Event, Thread

from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone

from approvals import clockwork, leaving
from approvals.inspection import looks, requested, stays
from approvals.notify import alarm, digest, idle, outbox, postman, vacant
from audit import checkpoints

logger = logging.getLogger(__name__)
Job = Callable[[dt.datetime], int]


def clock(at: dt.datetime) -> int:
    """The clock's round, whose reminders and reports are told as they are made."""
    done = clockwork.sweep(at=at, tell=alarm.teller(at))
    return done.total() - done["failed"]


#: Name -> job, in the order in which one's work becomes the next one's.
JOBS: dict[str, Job] = {
    "clock": clock,
    "idle": idle.remind,
    "leavers": leaving.clear_left,
    "vacant": vacant.tell,
    "postman": postman.tell,
    "digests": digest.digests,
    "gather": outbox.gather,
    "send": outbox.send,
    "checkpoint": checkpoints.due,
    "stays": stays.keep,
}
#: What may take minutes beside a long record: done on a thread of its own, so that the others keep their time.
LONG_JOBS: dict[str, Job] = {"looks": looks.keep, "dossiers": requested.make}
#: How long a long job may go on when the worker is told to stop: nothing of it is written yet, and it begins anew.
STOP_SECONDS = 2.0
#: How long to wait for a database that is away: twice as long each time, up to this.
AWAY_SECONDS_MAX = 60.0
#: Rounds without a pause while there is work, before the others get their turn.
ROUNDS_MAX = 50


class Away(Exception):
    """The database does not answer."""


def once(at: dt.datetime, *, stop: Event | None = None, jobs: Mapping[str, Job] | None = None) -> dict[str, int]:
    """One round: every job once, or those named, and what each has done; -1 where it failed, which is logged.

    Raises:
        Away: the database does not answer.
    """
    done: dict[str, int] = {}
    for name, job in (JOBS | LONG_JOBS if jobs is None else jobs).items():
        if stop is not None and stop.is_set():
            break
        close_old_connections()
        try:
            done[name] = job(at)
        except (OperationalError, InterfaceError) as error:
            connections.close_all()
            raise Away(str(error).strip().partition("\n")[0]) from error
        except Exception:
            # One job's fault must not stop the others: mail waits for nobody's clock.
            logger.exception("The job %s failed; it is tried again in the next round.", name)
            done[name] = -1
    return done


def work(
    *, every: float, stop: Event, now: Callable[[], dt.datetime] = timezone.now, tell: Callable[[str], None],
    jobs: Mapping[str, Job] | None = None,
) -> None:  # fmt: skip
    """Round after round until ``stop`` is set; a round that has begun ends with the job that is running."""
    away, rounds = 0.0, 0
    while not stop.is_set():
        try:
            done = once(now(), stop=stop, jobs=jobs)
        except Away as error:
            away = min(max(every, away * 2, 1.0), AWAY_SECONDS_MAX)
            logger.warning("The database does not answer (%s); next try in %s seconds.", error, round(away))
            stop.wait(away)
            continue
        if away:
            logger.warning("The database answers again.")
            away = 0.0
        told = told_of(done)
        if told:
            tell(told)
        rounds = rounds + 1 if any(count > 0 for count in done.values()) else 0
        if not 0 < rounds < ROUNDS_MAX:
            rounds = 0
            stop.wait(every)


def work_on_both(*, every: float, stop: Event, tell: Callable[[str], None]) -> None:
    """The same on two threads, the long jobs on one of their own; what that one is at is given up when told to stop."""
    beside = Thread(
        target=work,
        kwargs={"every": every, "stop": stop, "tell": tell, "jobs": LONG_JOBS},
        name="long jobs",
        daemon=True,
    )
    beside.start()
    work(every=every, stop=stop, tell=tell, jobs=JOBS)
    beside.join(timeout=STOP_SECONDS)


def told_of(done: dict[str, int]) -> str:
    """What a round has done, in one line; nothing where it had nothing to do."""
    busy: Sequence[str] = [f"{name} {count}" for name, count in done.items() if count]
    return ", ".join(busy)
