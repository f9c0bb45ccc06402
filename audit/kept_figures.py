"""The index of amounts against the payloads, for ``manage.py audit verify``: no evidence, but lists lean on it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from audit import figures, stored, verify
from audit.models import Entry


def differences(*, using: str = DEFAULT_DB_ALIAS) -> Iterator[str]:
    """A line an entry; one that is itself altered is named by the verification of the entries."""
    for number, found in figures.differences(using=using):
        cases = list(Entry.objects.using(using).filter(pk=number).values_list("case_id", flat=True))
        if any(not isinstance(case, int) for case in cases):
            # SQLite lets anything stand there; the verification of the entries has named it.
            continue
        there = (one for one in stored.entries(using=using, cases=cases) if one.pk == number)
        entry = next(there, None) if cases else None
        if entry is None or not any(verify.flaws(entry)):
            case, seq = (entry.case_number, entry.seq) if entry else ("?", 0)
            problem = _("the index of amounts differs: %s") % ", ".join(found)
            yield str(verify.Alteration(case, seq, number, problem))
