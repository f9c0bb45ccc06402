"""What an act leaves changed in the case's row, for the record: from the entries alone the row can be told again.

The form says what somebody asked for; the law makes more of it (a term, a price taken from the contract). Both stand
in the entry, so that :mod:`workflows.asof` never has to do the law over again (decision 39).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Field

from audit.journal import timestamp
from workflows.secrecy import SealedField

if TYPE_CHECKING:
    from workflows.cases import Case
    from workflows.law import Call

#: What the entry says already (state, title), what only the machinery needs, and what opens a door.
UNTOLD = frozenset(
    {"id", "case_ptr", "kind", "number", "title", "state", "root", "open_key", "entry_count", "entry_head",
     "touched_at", "family_version", "alarm_at", "alarm_no", "receipt_sha256"}
)  # fmt: skip


@cache
def fields(kind: type[Case]) -> tuple[Field[Any, Any], ...]:
    """The fields of a row that the record tells; nothing sealed is among them."""
    return tuple(
        one for one in kind._meta.concrete_fields if one.name not in UNTOLD and not isinstance(one, SealedField)
    )


def told(case: Case) -> dict[str, Any]:
    """The row as the record would tell it: field, rows of other tables by number -> a value of JSON."""
    return {one.attname: plain(getattr(case, one.attname)) for one in fields(type(case))}


def of(
    case: Case, call: Call, *, stood: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """The outcome of an act on a case that stood so before; everything where it has just been opened.

    ``rows``: what it wrote into the tables that hang on the case (:mod:`workflows.caserows`). The entry that opens a
    case always says, so that a reader knows that all its rows are told.
    """
    changed = {name: value for name, value in told(case).items() if name not in stood or stood[name] != value}
    on_project = {name: plain(value) for name, value in call.on_project.items() if name not in UNTOLD}
    said: dict[str, Mapping[str, Any]] = {"case": changed}
    if on_project:
        said["project"] = on_project
    if rows or not stood:
        said["rows"] = rows
    return said


def plain(value: Any) -> Any:
    """As it stands in a payload: moments to the microsecond in UTC, days as ISO 8601 writes them."""
    if isinstance(value, dt.datetime):
        return timestamp(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int) else str(value)
