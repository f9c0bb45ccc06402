"""From where on a sign in the record is worth a look (预警指标); see docs/flags.md."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from workflows.rulebook.cited import Cited, Frozen

Count = Annotated[StrictInt, Field(ge=0)]
Some = Annotated[StrictInt, Field(ge=1)]
Hour = Annotated[StrictInt, Field(ge=0, le=23)]
Permille = Annotated[StrictInt, Field(ge=0, le=1000)]


class Flags(Frozen):
    """Parameters of the red flags. They change nothing that may be done, only what an auditor is shown."""

    #: RF-01: so far below a threshold (inclusive) counts as just below it; from so many on it is a pattern.
    split_below_permille_max: Cited[Permille]
    split_count_min: Cited[Some]
    #: RF-02: more than this share of the awards, once there are so many to share.
    winner_share_permille_max: Cited[Permille]
    winner_awards_min: Cited[Some]
    #: RF-03: sooner than so many seconds nobody has read it.
    decided_seconds_min: Cited[Count]
    #: RF-04: more than so many decisions within so many minutes.
    burst_acts_max: Cited[Some]
    burst_minutes: Cited[Some]
    #: RF-05: from this hour on, up to but without that one; from so many decisions on one project on.
    night_from_hour: Cited[Hour]
    night_until_hour: Cited[Hour]
    off_hours_acts_min: Cited[Some]
    #: RF-06: more than this share in the last days of the year, once there are so many acts.
    year_end_days: Cited[Some]
    year_end_share_permille_max: Cited[Permille]
    year_end_acts_min: Cited[Some]
    #: RF-07: more often than this.
    returns_max: Cited[Count]
    #: RF-08: longer than so many calendar days.
    idle_days_max: Cited[Some]
    #: RF-09: more than this share of the payments, once there are so many.
    hands_share_permille_max: Cited[Permille]
    hands_payments_min: Cited[Some]
    #: RF-10: so many calendar days after the order's last day, or more.
    order_overdue_days_min: Cited[Some]
    #: RF-11: so many persons on both lists, or more.
    listed_twice_min: Cited[Some]
    #: RF-12: so many months after the month of death may still be paid.
    deceased_months_max: Cited[Count]
    #: RF-13: more often than this in a year. Absent from editions older than late entries.
    late_entries_max: Cited[Count] | None = None
