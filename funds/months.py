"""Terms of months, which books and law count alike."""

from __future__ import annotations

import datetime as dt


def months_later(day: dt.date, *, months: int) -> dt.date:
    """The corresponding day ``months`` later, the month's last where there is none (民法典 art. 202)."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(day.day, last))
