"""What a rulebook says of entering afterwards (补录)."""

from __future__ import annotations

from workflows.rulebook import codes
from workflows.rulebook.cited import Cited, Frozen
from workflows.rulebook.terms import Count


class Late(Frozen):
    """How far back, and how long a request and its approval last; all in working days."""

    working_days_max: Cited[Count]
    approve_working_days: Cited[Count]
    use_working_days: Cited[Count]
    #: Who decides for an office that has nobody above it in the county.
    supervisor: Cited[codes.Supervisor]
