"""What stands under the cases, for ``manage.py audit verify``: editions beside their digests, names beside entries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from django.db.models import Max
from django.utils.translation import gettext as _

from audit.models import Entry
from workflows.editions import Edition
from workflows.offices import Person
from workflows.outcome import plain


def differences() -> Iterator[str]:
    """A line for each edition that is not that of its digest, and each person named otherwise than in his last act."""
    for edition in Edition.objects.order_by("pk"):
        for problem in _of_edition(edition):
            yield f"{Edition._meta.db_table} {edition.pk} ({edition}): {problem}"
    last = Entry.objects.exclude(actor_id=None).order_by().values("actor_id").annotate(last=Max("pk")).values("last")
    names = dict(Person.objects.values_list("pk", "name"))
    acts = Entry.objects.filter(pk__in=last).order_by("actor_id")
    for actor, said, number, seq in acts.values_list("actor_id", "actor_name", "case_number", "seq"):
        stands = names.get(actor or 0, said)
        if stands != said:
            told = _("%(name)s is %(stands)s, the record says %(said)s") % {
                "name": "name",
                "stands": stands,
                "said": said,
            }
            yield f"{number} #{seq} {Person._meta.db_table} {actor}: {told}"


def _of_edition(edition: Edition) -> Iterator[str]:
    """The stored book as it was digested: a schema that has grown since changes nothing of it."""
    try:
        book = json.loads(edition.content)
        written = json.dumps(book, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        head = {name: book[name] for name in ("name", "edition", "effective_from")}
    except (ValueError, LookupError, TypeError, RecursionError):
        yield _("the rulebook cannot be read")
        return
    if hashlib.sha256(written.encode()).hexdigest() != edition.sha256:
        yield _("the rulebook is not that of its digest")
    if other := [name for name, value in head.items() if plain(getattr(edition, name)) != value]:
        yield _("columns differ from the rulebook: %s") % ", ".join(other)
