"""What hangs on a rectification order: its items, and the files that show how each was put right."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from workflows.cases import Attachment
from workflows.lifecycles.rectification_forms import FINDINGS, VERDICTS


class RectificationItem(models.Model):
    """One thing to put right, the article it violates, what was done about it, and the verdict."""

    order = models.ForeignKey("Rectification", on_delete=models.PROTECT, related_name="items")
    text = models.CharField(max_length=300)
    #: Empty on orders older than articles by item.
    article = models.CharField(max_length=120, blank=True)
    #: Its own kind, where it is not the order's.
    finding = models.CharField(max_length=20, choices=list(FINDINGS.items()), blank=True)
    answer = models.TextField(blank=True)
    verdict = models.CharField(max_length=12, choices=list(VERDICTS.items()), default="open")
    #: The further date of an item that is being rectified (持续整改), and how often one was set.
    due_on = models.DateField(null=True)
    continued = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["id"]

    @property
    def kind_of_finding(self) -> str:
        """Its kind of finding in words: its own, or that of the order."""
        return str(self.get_finding_display() or self.order.get_finding_display())


class ItemEvidence(models.Model):
    """A file that shows how an item was put right, in one round of the evidence."""

    item = models.ForeignKey(RectificationItem, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    round_no = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
