"""Reading many entries: the database looks at their bytes, so that only the few that say something are read as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, Func, Q, QuerySet, Value

from audit.journal import facts_of
from audit.models import Entry
from workflows.asof.moment import Moment

#: Entries fetched at a time.
CHUNK = 2000
#: Where nobody's reach narrows what is read.
ALL: QuerySet[Entry] = Entry.objects.all()


class Says(Func):
    """Whether a piece of canonical JSON stands in the payload's bytes."""

    output_field = BooleanField()

    def __init__(self, piece: str) -> None:
        super().__init__("payload", Value(piece))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """Text is not looked for in bytes: the piece becomes bytes first."""
        return self._as("(instr({payload}, CAST({piece} AS BLOB)) > 0)", compiler)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """The same, as PostgreSQL says it."""
        return self._as("(position(convert_to({piece}, 'UTF8') in {payload}) > 0)", compiler)

    def _as(self, template: str, compiler: Any) -> Any:
        (payload, _none), (piece, values) = (compiler.compile(one) for one in self.source_expressions)
        return template.format(payload=payload, piece=piece), values


def facts(
    wanted: Q, *, moment: Moment, within: QuerySet[Entry], **said: str
) -> Iterator[tuple[Entry, dict[str, Any] | None]]:
    """The entries that count at the moment and are wanted, oldest first, each with its facts; one query, streamed.

    Only of those ``within``. ``said`` names pieces that `wanted` may ask for. None instead of the facts where the
    payload cannot be read.
    """
    rows = within.alias(**{name: Says(piece) for name, piece in said.items()})
    for entry in rows.filter(moment.query, wanted).order_by(*moment.order).iterator(chunk_size=CHUNK):
        try:
            yield entry, facts_of(entry)
        except ValueError:
            yield entry, None
