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


class Stay(models.Model):
    """A wait as the worker read it from the record (:mod:`approvals.inspection.stays`): made anew when thrown away.

    Plain numbers and words, as in the record that it repeats.
    """

    root_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    #: The term of its stage by its edition; null and empty where it has none.
    limit_days = models.IntegerField(null=True)
    limit_kind = models.CharField(max_length=20, blank=True)
    #: The entries with which it began and ended.
    began_id = models.BigIntegerField()
    ended_id = models.BigIntegerField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    #: Its length, and whether the term was over: null while it has not ended, for then they grow from day to day.
    days = models.IntegerField(null=True)
    over = models.BooleanField(null=True)
    #: JSON: from when to when its term stood still.
    stops = models.TextField(blank=True)
    unit = models.CharField(max_length=200, blank=True)
    township = models.CharField(max_length=200, blank=True)
    extended = models.BooleanField()

    class Meta:
        verbose_name = _("stay")
        # Each holds all that the table of time in stage adds up, so that no row is read beside it.
        indexes: ClassVar = [
            models.Index(fields=["root_id"], name="stay_of_root"),
            models.Index(
                fields=["kind", "state", "limit_days", "limit_kind", "days", "over", "since", "root_id"],
                name="stay_ended", condition=Q(days__isnull=False),
            ),
            models.Index(
                fields=["kind", "state", "limit_days", "limit_kind", "since", "root_id"],
                name="stay_open", condition=Q(days__isnull=True),
            ),
        ]  # fmt: skip


class DossierRequest(models.Model):
    """A project's dossier that somebody wants and the worker makes: it may be thrown away without loss."""

    root = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    #: Until when it is with the worker who makes it; none before one has begun.
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request for a dossier")
        constraints: ClassVar = [
            # Two readers who want it at the same time wait for the same one.
            models.UniqueConstraint(
                fields=["root"], condition=Q(ready_at=None, given_up_at=None), name="one_dossier_under_way"
            ),
        ]

    @property
    def under_way(self) -> bool:
        """Whether it is waited for."""
        return self.ready_at is None and self.given_up_at is None


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
