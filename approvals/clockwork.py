"""The clock's round over all cases: what is due is done from the desks, so that a case also moves on."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter

from approvals import desks
from workflows import clock

log = logging.getLogger(__name__)
#: Cases read at once; nothing is read of those that are not due.
BATCH = 500


def sweep(*, at: dt.datetime, tell: clock.Telling | None = None) -> Counter[str]:
    """Do every rung that has come by ``at``; how often each act was done.

    A case that fails is logged and waits for the next round; the others go on. Several may sweep at
    once, and one that is killed leaves nothing half done: each rung is one transaction.
    """
    done: Counter[str] = Counter()
    if recounted := clock.recount(at=at, do=desks.take):
        done["redate"] = recounted
    beyond = None
    while batch := clock.due(at=at, limit=BATCH, beyond=beyond):
        for case in batch:
            assert case.alarm_at is not None
            beyond = (case.alarm_at, case.pk)
            try:
                for rung in clock.ring(case, at=at, do=desks.take, tell=tell):
                    done[rung.act] += 1
            except Exception:
                log.exception("The clock could not do case %s; it tries again in the next round.", case.pk)
                done["failed"] += 1
    return done
