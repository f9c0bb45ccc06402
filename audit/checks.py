"""Everything that `manage.py audit verify` asks, in one list of lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Max
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit import checkpoints, figures, immutability, said, verify, verify_ranges
from audit.models import GUARDED, Checkpoint
from audit.snapshot import snapshot
from audit.stored import lenient
from audit.verify_tree import Anchor, TreeCheck, anchors

#: What a room above compares with the record: a line for each row that differs.
Check = Callable[[], Iterator[str]]
BROKEN = gettext_noop("trigger %s is missing, disabled or altered")
UNINDEXED = gettext_noop("the index of words is missing, altered or without some entries: %s")
STRANGE = gettext_noop("trigger %s is none of ours")


def findings(
    *, tally: verify.Tally, using: str, held: Iterable[tuple[str, str]] = (), processes: int = 1
) -> Iterator[str]:
    """A line for each thing that was altered, counted in `tally`, all of it as at one moment.

    `held` are checkpoints kept elsewhere: where, and the signed note.
    """
    with snapshot(using=using) as connection, lenient(using):
        yield from _counted(triggers(connection, *GUARDED), tally)
        if not figures.in_place(connection):
            yield from _counted(_lines([figures.TRIGGER], BROKEN), tally)
        yield from _counted((_(UNINDEXED) % name for name in said.wrong(connection)), tally)
        verifiers = checkpoints.verifiers()
        outside: list[Anchor] = []
        for found in anchors(held, verifiers, using=using):
            if isinstance(found, Anchor):
                outside.append(found)
            else:
                yield from _counted([found], tally)
        signed = Checkpoint.objects.using(using).aggregate(size=Max("size"))["size"] or 0
        looked = verify_ranges.looked(using=using, signed=signed, processes=processes)
        tree = TreeCheck(using=using, outside=outside, verifiers=verifiers, known=looked.tiles)
        yield from _counted(tree.lines(), tally)
        if tree.good < signed:
            # What was thought to be under a signature is not: everything is read as JSON again.
            looked = verify_ranges.looked(using=using, signed=0, processes=processes)
        tally.entries, tally.cases = looked.entries, looked.cases
        yield from _counted(map(str, verify_ranges.named(looked, using=using)), tally)
        if using == DEFAULT_DB_ALIAS:
            yield from _counted(_of_other_rooms(), tally)


def _counted(lines: Iterable[str], tally: verify.Tally) -> Iterator[str]:
    for line in lines:
        tally.altered += 1
        yield line


def triggers(connection: BaseDatabaseWrapper, *tables: str | immutability.Columns) -> Iterator[str]:
    """A line for each trigger of `tables` that is not as `install` writes it, or that it did not write."""
    yield from _lines(immutability.missing(connection, *tables), BROKEN)
    strange = [
        name for name in immutability.strange(connection, *tables) if name not in (figures.TRIGGER, said.TRIGGER)
    ]
    yield from _lines(strange, STRANGE)


def _lines(triggers: list[str], problem: str) -> Iterator[str]:
    for trigger in triggers:
        yield f"{trigger.rpartition('_no_')[0] or trigger}: {_(problem) % trigger}"


def _of_other_rooms() -> Iterator[str]:
    """What the callables of the setting AUDIT_CHECKS find: balances, files ..."""
    for path in getattr(settings, "AUDIT_CHECKS", ()):
        check: Check = import_string(path)
        yield from check()
