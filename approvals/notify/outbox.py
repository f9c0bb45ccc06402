"""The outbox: what is to be mailed at once is gathered, one mail a person, and mail is carried away.

At least once: a worker that dies between the mail server's yes and our note of it leaves the mail to the
next one, which sends it again under the same Message-ID, so that it is known as the same mail.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
import uuid
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet

from approvals.notify import writing
from approvals.notify.held import held
from approvals.notify.kinds import Channel
from approvals.notify.models import Mail, MailState, Notification
from workflows.models import Person

logger = logging.getLogger(__name__)
GATHERED_MAX = 500
SENT_MAX = 20
#: How long a mail is his who is sending it: longer than a whole pass may last, each mail timing out.
LEASE = dt.timedelta(minutes=15)
#: After each failure, how long to wait; then it is given up.
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
#: What can still become of a mail.
OPEN = (MailState.QUEUED, MailState.FAILED)
ERROR_CHARS = 200
#: From this answer on, a mail server refuses for good (RFC 5321 4.2.1).
REFUSED_FOR_GOOD = 500


def gather(at: dt.datetime, limit: int = GATHERED_MAX) -> int:
    """Put what is to be mailed at once into the outbox, one mail a person; how many mails."""
    with transaction.atomic():
        fresh = list(held(Notification.objects.filter(channel=Channel.ONCE, mail__isnull=True), limit))
        # Who has read it in the app meanwhile needs no mail.
        read = [one.pk for one in fresh if one.read_at is not None or one.over_at is not None]
        if read:
            Notification.objects.filter(pk__in=read).update(channel=Channel.NONE)
        wanted = [one for one in fresh if one.pk not in set(read)]
        mails = queued({one.person_id for one in wanted}, at=at)
        for one in wanted:
            one.mail = mails[one.person_id]
        Notification.objects.bulk_update(wanted, ["mail"], batch_size=100)
    return len(mails)


def queued(people: Iterable[int], *, at: dt.datetime, day: dt.date | None = None) -> dict[int, Mail]:
    """A new mail for each person in the outbox; as the digest of ``day`` where one is named."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    mails = [
        Mail(person_id=person, day=day, queued_at=at, next_at=at, message_id=f"<{uuid.uuid4()}@{host}>")
        for person in people
    ]
    return {mail.person_id: mail for mail in Mail.objects.bulk_create(mails)}


def send(at: dt.datetime, limit: int = SENT_MAX) -> int:
    """Send up to ``limit`` mails whose time has come; how many went out. Without a mail server, none."""
    due = list(_due(at)[:limit]) if settings.MAILS else []
    if not due:
        return 0
    server: BaseEmailBackend = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        # No mail is to blame: all of them wait, and none of their tries is used up.
        logger.warning("The mail server does not answer: %s", said(error))
        return 0
    try:
        return sum(_send(mail, server, at) for mail in due if _taken(mail, at))
    finally:
        _close(server)


def _due(at: dt.datetime) -> QuerySet[Mail]:
    waiting = Mail.objects.filter(state__in=OPEN, next_at__lte=at)
    return waiting.select_related("person__mail_language").order_by("next_at", "id")


def _taken(mail: Mail, at: dt.datetime) -> bool:
    """Take the lease of a mail; false where another worker was quicker."""
    free = Mail.objects.filter(pk=mail.pk, state__in=OPEN, tries=mail.tries, next_at=mail.next_at)
    if free.update(tries=F("tries") + 1, next_at=at + LEASE, address=mail.person.email) != 1:
        # Nothing got updated: another worker got there first.
        return False
    mail.tries += 1
    return True


def _send(mail: Mail, server: BaseEmailBackend, at: dt.datetime) -> bool:
    """Send a mail that is ours, and note what became of it."""
    text = writing.text_of(mail, at=at) if reachable(mail.person) else None
    if text is None:
        _note(mail, state=MailState.DROPPED)
        return False
    message = EmailMessage(
        subject=text.subject, body=text.body, to=[mail.person.email], connection=server,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        over = mail.tries > len(WAITS) or for_good(error)
        wait = at if over else at + WAITS[mail.tries - 1]
        _note(mail, state=MailState.GIVEN_UP if over else MailState.FAILED, next_at=wait, error=said(error))
        return False
    _note(mail, state=MailState.SENT, sent_at=at, error="")
    return True


def _note(mail: Mail, **outcome: object) -> None:
    """Fenced by the number of the try: whose lease has ended meanwhile notes nothing."""
    Mail.objects.filter(pk=mail.pk, state__in=OPEN, tries=mail.tries).update(**outcome)


def reachable(person: Person) -> bool:
    """Whether mail may go to a person: he has an address and still serves."""
    return bool(person.email) and person.is_active


def for_good(error: Exception) -> bool:
    """Whether the mail server will never take this mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= REFUSED_FOR_GOOD for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= REFUSED_FOR_GOOD


def said(error: Exception) -> str:
    """The error for the delivery log: its name and the server's code. Its words might quote the mail."""
    codes = [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _text in error.recipients.values()})
    if isinstance(error, OSError) and error.strerror and not isinstance(error, smtplib.SMTPException):
        return f"{type(error).__name__}: {error.strerror}"[:ERROR_CHARS]
    return " ".join([type(error).__name__, *map(str, codes)])[:ERROR_CHARS]


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        logger.info("The mail server went without a good-bye: %s", said(error))
