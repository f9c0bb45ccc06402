"""The desks' rows: one process a case, one task a desk. They can be thrown away and reseated."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import AbstractProcess, AbstractTask
from viewflow.workflow.status import STATUS

from approvals.notify.models import Copy, DigestDay, Mail, MailLanguage, Notification, Preference, Urge, Vacancy
from approvals.public.knocks import Knock
from workflows.models import Case, Unit

__all__ = ["WAITING", "Copy", "DeskProcess", "DeskTask", "DigestDay", "Knock", "Mail", "MailLanguage", "Notification",
           "Preference", "Urge", "Vacancy"]  # fmt: skip

#: A desk on which something still lies.
WAITING = (STATUS.NEW, STATUS.ASSIGNED)


class DeskProcess(AbstractProcess):
    """The way of one case over the desks. Of ours it has one field: which case."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="process")
    #: Whether its end has been told to whom it concerns.
    told = models.BooleanField(default=False)
    #: viewflow's start hands a parent over; our flows have none.
    parent_task = None
    seed = None

    class Meta:
        verbose_name = _("process")
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(told=False, status="DONE"), name="process_end_untold")
        ]


class Look(models.Model):
    """What the worker found when it last looked through a whole record: it may be thrown away without loss."""

    name = models.CharField(max_length=20, unique=True)
    #: The last entry that it saw, and the day on which it looked.
    head = models.BigIntegerField()
    day = models.DateField()
    made_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    #: JSON.
    value = models.TextField()


class DeskTask(AbstractTask):
    """One case on one desk: whose unit, since which state, claimed by whom."""

    process = models.ForeignKey(DeskProcess, on_delete=models.PROTECT, related_name="tasks")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    #: Not used; declared again because the library's would cascade.
    owner_permission_content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: The unit on whose desk it lies; none where the county has no such unit yet.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    seat = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=24, blank=True)
    #: Whether those whom it concerns have been told: no act waits for that.
    told = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("desk task")
        indexes: ClassVar = [
            models.Index(fields=["unit", "status"]),
            models.Index(fields=["owner", "status"]),
            models.Index(fields=["process", "status"]),
            models.Index(fields=["id"], condition=Q(told=False), name="desk_untold"),
        ]

    @property
    def case(self) -> Case:
        """The case that lies here."""
        case: Case = self.process.case
        return case

    def overdue(self, *, at: dt.datetime) -> bool:
        """Whether its case's term is over."""
        return self.case.overdue(at=at)
