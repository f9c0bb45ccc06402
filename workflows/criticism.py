"""The published notice of criticism (通报): which unit let which term pass. Written once, never taken back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.offices import Unit


class Criticism(models.Model):
    """One lapse, as it was published on the day; what became of the case is asked of the case."""

    case = models.ForeignKey("workflows.Case", on_delete=models.PROTECT, related_name="criticisms")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    #: Where the case stood, and the last day of the term.
    state = models.CharField(max_length=24)
    due_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        verbose_name = _("criticism")
