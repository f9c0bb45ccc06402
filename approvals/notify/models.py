"""Rows of the post room. No right hangs on them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from approvals.notify.kinds import Channel, Kind
from workflows.models import Case, Person, Unit

#: A notification that somebody still has to look at.
UNREAD = Q(read_at__isnull=True, over_at__isnull=True)


class MailState(models.TextChoices):
    """What has become of a mail."""

    QUEUED = "queued", _("waiting")
    FAILED = "failed", _("to be tried again")
    SENT = "sent", _("sent")
    GIVEN_UP = "given_up", _("given up")
    DROPPED = "dropped", _("no longer needed")


class Mail(models.Model):
    """One mail to one person: what was new at once, or the digest of a day. Its text is made when it is sent."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    #: The day of a digest; empty where it was not to wait.
    day = models.DateField(null=True)
    queued_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    #: When it may be tried next; while somebody sends it, when his lease ends.
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    #: The address at the last try.
    address = models.EmailField(blank=True)
    error = models.CharField(max_length=200, blank=True)
    #: The same at every try, so that a mail that comes twice is known as one.
    message_id = models.CharField(max_length=80, unique=True)

    class Meta:
        verbose_name = _("mail")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "day"], condition=Q(day__isnull=False), name="one_digest_a_day"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(state__in=("queued", "failed")), name="mail_to_send")
        ]


class Notification(models.Model):
    """One person is told one thing, once. What it says is made when it is read, in the reader's language."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    #: The desk it tells of: when that is clear, the notification is over. Desks may be thrown away and reseated.
    task = models.ForeignKey("approvals.DeskTask", on_delete=models.SET_NULL, null=True, related_name="+")
    #: Names the event; the same event is told to the same person once.
    key = models.CharField(max_length=120)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    #: How it leaves the app, as the person had chosen when it was written.
    channel = models.CharField(max_length=6, choices=Channel.choices)
    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, null=True, related_name="notifications")

    @property
    def bare(self) -> bool:
        """Its reader may not see the case: he is told of a desk, not of what lies there."""
        return bool(self.facts.get("bare"))

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        verbose_name = _("notification")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key"], name="told_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="notification_kind_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person"], condition=UNREAD, name="notification_unread"),
            models.Index(fields=["id"], condition=Q(channel="once", mail__isnull=True), name="notification_to_mail"),
            models.Index(fields=["task"], condition=Q(over_at__isnull=True), name="notification_of_desk"),
            models.Index(fields=["person", "-at"]),
        ]


class Preference(models.Model):
    """How one person wants one kind of notification to leave the app."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    channel = models.CharField(max_length=6, choices=Channel.choices)

    class Meta:
        verbose_name = _("preference")
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "kind"], name="one_preference_a_kind")]


class MailLanguage(models.Model):
    """The language of a person's mails; a page's language is the browser's affair."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="mail_language")
    language = models.CharField(max_length=10)

    class Meta:
        verbose_name = _("language of mails")


class DigestDay(models.Model):
    """A day whose digests have been queued, all or none of them."""

    day = models.DateField(unique=True)

    class Meta:
        verbose_name = _("day of digests")


class Urge(models.Model):
    """A case was urged (催办): once a day, whoever does it. It changes no case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("urging")
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "day"], name="urged_once_a_day")]


class Copy(models.Model):
    """A case was copied to somebody (抄送) who may see it anyway; he marks that he has read it (已阅)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        verbose_name = _("copy")
        constraints: ClassVar = [
            # Two clicks, one copy.
            models.UniqueConstraint(
                fields=["case", "by", "to"], condition=Q(read_at__isnull=True), name="one_unread_copy"
            ),
            models.CheckConstraint(condition=~Q(by=F("to")), name="copy_not_to_oneself"),
        ]
        indexes: ClassVar = [models.Index(fields=["to", "-at"]), models.Index(fields=["by", "-at"])]


class Vacancy(models.Model):
    """A unit at which nobody sits (空岗) while something waits there or was reported to it; told once a vacancy."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    noticed_at = models.DateTimeField()
    #: The unit above that was told last: when that falls empty too, the next one is.
    told = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    filled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("empty post")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit"], condition=Q(filled_at__isnull=True), name="one_open_vacancy")
        ]
