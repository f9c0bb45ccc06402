"""What became of orders for the bank, read from the books: the only place that knows."""

from __future__ import annotations

from collections.abc import Iterable

from funds.models import Transfer

#: Asked for at a time; SQLite takes no statement with more values than some hundreds.
CHUNK = 500


def outcomes(orders: Iterable[str]) -> dict[str, str]:
    """Name of the order -> ``settle``, ``bounce``, or empty while the bank has not answered.

    An order that the books do not know is left out. An order is settled or bounced as a whole, so
    its first transfer tells.
    """
    names = list(orders)
    found: dict[str, str] = {}
    for start in range(0, len(names), CHUNK):
        keys = {f"{name}#1": name for name in names[start : start + CHUNK]}
        rows = Transfer.objects.filter(kind="order", key__in=keys).values_list("key", "resolved_by__kind")
        found |= {keys[key]: resolved or "" for key, resolved in rows}
    return found
