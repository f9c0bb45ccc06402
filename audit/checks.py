"""Everything that `manage.py audit verify` asks, in one list of lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from audit import checkpoints, immutability, verify
from audit.models import GUARDED
from audit.snapshot import snapshot
from audit.verify_columns import beside
from audit.verify_tree import Anchor, TreeCheck, anchors

#: What a room above compares with the record: a line for each row that differs.
Check = Callable[[], Iterator[str]]


def findings(*, tally: verify.Tally, using: str, held: Iterable[tuple[str, str]] = ()) -> Iterator[str]:
    """A line for each thing that was altered, counted in `tally`, all of it as at one moment.

    `held` are checkpoints kept elsewhere: where, and the signed note.
    """
    with snapshot(using=using) as connection, beside(using=using) as compared:
        yield from _counted(triggers(connection, *GUARDED), tally)
        verifiers = checkpoints.verifiers()
        outside: list[Anchor] = []
        for found in anchors(held, verifiers, using=using):
            if isinstance(found, Anchor):
                outside.append(found)
            else:
                yield from _counted([found], tally)
        tree = TreeCheck(using=using, outside=outside, verifiers=verifiers)
        yield from _counted(tree.lines(), tally)
        sure = tree.sure_below()
        entries, heads = verify.stored_entries(using=using), verify.stored_heads()
        walk = verify.examine(entries=entries, heads=heads, tally=tally, using=using, sure_below=sure)
        yield from map(str, walk)
        yield from _counted((str(altered) for pk, altered in compared() if pk < sure), tally)
        if using == DEFAULT_DB_ALIAS:
            yield from _counted(_of_other_rooms(), tally)


def _counted(lines: Iterable[str], tally: verify.Tally) -> Iterator[str]:
    for line in lines:
        tally.altered += 1
        yield line


def triggers(connection: BaseDatabaseWrapper, *tables: str | immutability.Columns) -> Iterator[str]:
    """A line for each trigger of `tables` that is not as `install` writes it, or that it did not write."""
    yield from _lines(immutability.missing(connection, *tables), _("trigger %s is missing, disabled or altered"))
    yield from _lines(immutability.strange(connection, *tables), _("trigger %s is none of ours"))


def _lines(triggers: list[str], problem: str) -> Iterator[str]:
    for trigger in triggers:
        yield f"{trigger.rpartition('_no_')[0] or trigger}: {problem % trigger}"


def _of_other_rooms() -> Iterator[str]:
    """What the callables of the setting AUDIT_CHECKS find: balances, files ..."""
    for path in getattr(settings, "AUDIT_CHECKS", ()):
        check: Check = import_string(path)
        yield from check()
