"""Everything that `manage.py audit verify` asks, in one list of lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from audit import checkpoints, immutability, verify
from audit.models import GUARDED
from audit.snapshot import snapshot
from audit.verify_tree import Anchor, TreeCheck, anchors

#: What a room above compares with the record: a line for each row that differs.
Check = Callable[[], Iterator[str]]


def findings(*, tally: verify.Tally, using: str, held: Iterable[tuple[str, str]] = ()) -> Iterator[str]:
    """A line for each thing that was altered, counted in `tally`, all of it as at one moment.

    `held` are checkpoints kept elsewhere: where, and the signed note.
    """
    with snapshot(using=using) as connection:
        for line in _lines(immutability.missing(connection, *GUARDED), _("trigger %s is missing, disabled or altered")):
            tally.altered += 1
            yield line
        for line in _lines(immutability.strange(connection, *GUARDED), _("trigger %s is none of ours")):
            tally.altered += 1
            yield line
        verifiers = checkpoints.verifiers()
        outside: list[Anchor] = []
        for found in anchors(held, verifiers, using=using):
            if isinstance(found, Anchor):
                outside.append(found)
            else:
                tally.altered += 1
                yield found
        tree = TreeCheck(using=using, outside=outside, verifiers=verifiers)
        for line in tree.lines():
            tally.altered += 1
            yield line
        entries = verify.stored_entries(using=using, sure_below=tree.sure_below())
        yield from map(str, verify.examine(entries=entries, heads=verify.stored_heads(), tally=tally, using=using))
        for line in _of_other_rooms() if using == DEFAULT_DB_ALIAS else ():
            tally.altered += 1
            yield line


def _lines(triggers: list[str], problem: str) -> Iterator[str]:
    for trigger in triggers:
        yield f"{trigger.rpartition('_no_')[0] or trigger}: {problem % trigger}"


def _of_other_rooms() -> Iterator[str]:
    """What the callables of the setting AUDIT_CHECKS find: balances, files ..."""
    for path in getattr(settings, "AUDIT_CHECKS", ()):
        check: Check = import_string(path)
        yield from check()
