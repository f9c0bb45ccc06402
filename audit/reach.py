"""How far a reader of the record reads. The law says it (setting AUDIT_REACH); the record only asks."""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from audit.access import Access
from audit.models import Entry
from audit.saved import SavedSearch


class Reach(Protocol):
    """What one reader may read at all: every page and every file asks within it."""

    def entries(self) -> QuerySet[Entry]:
        """The entries of the record."""

    def accesses(self) -> QuerySet[Access]:
        """The events of the access log."""

    def searches(self) -> QuerySet[SavedSearch]:
        """The saved searches: his own, and those that others in his reach share."""


def of(reader: Any, *, right: str, at: dt.datetime) -> Reach:
    """What a reader reads by a right."""
    reach: Reach = import_string(settings.AUDIT_REACH)(reader, right=right, at=at)
    return reach
