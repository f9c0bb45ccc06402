"""What a rulebook says of rectification orders (限期整改)."""

from __future__ import annotations

from pydantic import StrictBool

from workflows.rulebook.cited import Cited, Frozen
from workflows.rulebook.terms import Count


class Rectification(Frozen):
    deadline_working_days: Cited[Count]
    extensions_max: Cited[Count]
    extension_working_days_max: Cited[Count]
    #: The ladder after the deadline, in working days; absent: the county has no such rung.
    criticise_after_working_days: Cited[Count] | None = None
    supervise_after_working_days: Cited[Count] | None = None
    refer_after_working_days: Cited[Count] | None = None
    #: An item that is being rectified (持续整改) is put off by so many working days at most, and so often; absent: as
    #: an extension, and as often as need be.
    continue_working_days_max: Cited[Count] | None = None
    continuations_max: Cited[Count] | None = None
    #: Whether a listing for supervision (挂牌督办) is published; absent: it is not.
    publish_listing: Cited[StrictBool] | None = None
    #: The same finding at the same unit within so many months is a repeated one; absent: none is.
    repeat_months: Cited[Count] | None = None
