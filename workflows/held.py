"""A term laid by while another wait of the same case runs: what it stood at. Written once, by the act that stops it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflows.offices import Unit


class HeldTerm(models.Model):
    """The term of a stage as it stood when something lawful came between; when it goes on, these facts are taken up."""

    case = models.ForeignKey("workflows.Case", on_delete=models.PROTECT, related_name="held_terms")
    state = models.CharField(max_length=24)
    held_at = models.DateTimeField()
    #: The rungs of its ladder that were done, by name.
    done = models.JSONField(default=list)
    #: The last day as it was counted, before a day of rest moved it.
    counted_to = models.DateField(null=True)
    # As the case had them (workflows.timed).
    due_at = models.DateTimeField(null=True)
    guessed_from = models.DateField(null=True)
    paused_at = models.DateTimeField(null=True)
    asked_days = models.PositiveSmallIntegerField(null=True)
    extended = models.BooleanField(default=False)
    raised_to = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name = _("held term")

    @property
    def stopped_at(self) -> dt.datetime:
        """Since when it stands still: it may have done so before it was laid by."""
        return self.paused_at or self.held_at

    @property
    def left(self) -> dt.timedelta | None:
        """What was left of it in calendar days; less than none of one that had run out."""
        return self.counted_to - timezone.localdate(self.stopped_at) if self.counted_to else None
