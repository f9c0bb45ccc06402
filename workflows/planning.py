"""The plan (规划): what the county means to do; every project may point to an item of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.offices import Area
from workflows.words import CATEGORIES, WORK_KINDS


class PlanItem(models.Model):
    """A line of a plan as its document states it; what the document garbles is marked, never filled in."""

    plan_title = models.CharField(max_length=120)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=20, choices=list(CATEGORIES.items()))
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="plan_items")
    kind = models.CharField(max_length=10, choices=list(WORK_KINDS.items()))
    year = models.PositiveSmallIntegerField(null=True)
    quantity = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    amount_fen = models.BigIntegerField(null=True)
    #: ``[[kind of source, fen], ...]`` as the document gives them.
    sources = models.JSONField(default=list)
    source_text = models.TextField(blank=True)
    garbled = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name = _("plan item")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
