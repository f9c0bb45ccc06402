"""What hangs on a notice: the evidence of its postings and the objections to it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows import calendar, words
from workflows.cases import Attachment
from workflows.secrecy import SealedField, Secret
from workflows.words import PLACES, REFERRALS


class Evidence(models.Model):
    """A posting in one place: photo, date, who posted. On the county's site we post ourselves: the text's digest."""

    notice = models.ForeignKey("Notice", on_delete=models.PROTECT, related_name="evidence")
    place = models.CharField(max_length=20, choices=list(PLACES.items()))
    posted_on = models.DateField()
    poster = models.CharField(max_length=40, blank=True)
    photo = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    #: Of a posting of ours: SHA-256 of what was published.
    text_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["posted_on", "id"]


class Objection(models.Model):
    """An objection to a notice and its answer (异议). How to reach the objector is sealed."""

    notice = models.ForeignKey("Notice", on_delete=models.PROTECT, related_name="objections")
    objector = models.CharField(max_length=40, blank=True)
    contact = SealedField(default=Secret)
    receipt_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    text = models.TextField()
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    upheld = models.BooleanField(null=True)
    referred_to = models.CharField(max_length=12, choices=list(REFERRALS.items()), blank=True)

    class Meta:
        ordering: ClassVar = ["received_at", "id"]

    @property
    def due_on(self) -> dt.date | None:
        """The last day for its answer, its own; ``None`` where the rulebook sets no term."""
        term = self.notice.book.objections
        if term is None:
            return None
        received = timezone.localdate(self.received_at)
        return calendar.add(received, days=term.answer_days_max.value, day_kind=term.answer_day_kind.value)

    def overdue(self, *, on: dt.date) -> bool:
        """Whether its answer is late on a day, or came late."""
        answered = timezone.localdate(self.answered_at) if self.answered_at else on
        return self.due_on is not None and answered > self.due_on

    @property
    def state_words(self) -> str:
        """What became of it, in plain words."""
        if self.answered_at is None:
            return _("received, being looked into")
        if self.referred_to:
            return _("referred to %(office)s") % {"office": words.referral(self.referred_to)}
        if self.upheld is None:
            return _("the notice was voided")
        return _("upheld; the notice was voided") if self.upheld else _("not upheld")
