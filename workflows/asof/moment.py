"""As of when, and by what: by what had happened, or by what had been recorded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.balances import until


class Basis(TextChoices):
    """Which of an entry's two times counts; they differ where it was entered afterwards (补录)."""

    HAPPENED = "happened", _("by what had happened")
    RECORDED = "recorded", _("by what had been recorded")


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A point in the record. With ``seq``, right after that entry of the case was recorded."""

    basis: Basis
    #: The first moment that no longer counts.
    before: dt.datetime
    seq: int | None = None

    @classmethod
    def end_of(cls, day: dt.date, *, basis: Basis = Basis.HAPPENED) -> Moment:
        """The end of a day in the county's time."""
        return cls(basis=basis, before=until(day))

    @classmethod
    def right_after(cls, at: dt.datetime, *, basis: Basis = Basis.HAPPENED) -> Moment:
        """Everything up to the microsecond, that one included."""
        return cls(basis=basis, before=at + dt.timedelta(microseconds=1))

    @property
    def day(self) -> dt.date:
        """The last day that counts."""
        return timezone.localdate(self.before - dt.timedelta(microseconds=1))

    @property
    def column(self) -> str:
        """The time of an entry that counts."""
        return f"{self.basis.value}_at"

    @property
    def query(self) -> Q:
        """The entries that count."""
        return Q(**{f"{self.column}__lt": self.before})

    @property
    def order(self) -> tuple[str, ...]:
        """Oldest first: by the order of the record, or of what happened."""
        return ("happened_at", "id") if self.basis == Basis.HAPPENED else ("id",)

    def holds(self, entry: Any) -> bool:
        """Whether an entry counts."""
        return bool(getattr(entry, self.column) < self.before)
