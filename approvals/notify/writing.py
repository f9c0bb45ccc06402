"""What a mail says, in its reader's language: made when it is sent, so that it tells what is so then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals import desks
from approvals.addresses import absolute
from approvals.models import DeskTask
from approvals.notify.kinds import Channel, Kind, told, usual
from approvals.notify.letters import preferences
from approvals.notify.models import UNREAD, Mail, MailLanguage, Notification
from workflows import calendar
from workflows.models import Person

#: So many lines of each heap stand in a mail; the rest is counted.
LINES_MAX = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A mail as it goes out."""

    subject: str
    body: str


def text_of(mail: Mail, *, at: dt.datetime) -> Text | None:
    """The text of a mail; ``None`` where there is nothing left to say."""
    with translation.override(language_of(mail.person)):
        return _at_once(mail) if mail.day is None else _digest(mail.person, at=at)


def language_of(person: Person) -> str:
    """The language a person wants his mails in."""
    try:
        chosen: MailLanguage = person.mail_language
    except MailLanguage.DoesNotExist:
        return settings.LANGUAGE_CODE
    return chosen.language if chosen.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _at_once(mail: Mail) -> Text | None:
    rows = list(mail.notifications.select_related("case").order_by("at", "id"))
    if not rows:
        return None
    if len(rows) == 1:
        about = "" if rows[0].bare else f": {rows[0].case.number or rows[0].case.title}"
        subject = f"{rows[0].get_kind_display()}{about}"
    else:
        subject = ngettext("%(count)s message", "%(count)s messages", len(rows)) % {"count": len(rows)}
    return Text(subject=subject, body=_letter(mail.person, [_lines(_news(rows))]))


def _digest(person: Person, *, at: dt.datetime) -> Text | None:
    """What waits for a person, overdue first, and what he was told and has not read."""
    chosen = preferences([person.pk])
    wanted = [kind for kind in Kind if chosen.get((person.pk, kind), usual(kind)) == Channel.DIGEST]
    waiting = list(_waiting(person, wanted, at=at))
    # What waits before an empty desk below is in nobody's own tray.
    elsewhere = Q(task__isnull=True) | Q(kind=Kind.EMPTY)
    unread = Notification.objects.filter(UNREAD, elsewhere, person=person)
    news = list(unread.filter(kind__in=wanted, mail__isnull=True).select_related("case").order_by("at", "id"))
    if not waiting and not news:
        return None
    overdue = sum(task.overdue(at=at) for task in waiting)
    counts = {"waiting": len(waiting), "overdue": overdue, "news": len(news)}
    subject = _("Cases waiting: %(waiting)s, overdue: %(overdue)s; unread messages: %(news)s") % counts
    heaps = []
    if waiting:
        heaps.append(_("Waiting, overdue first:") + "\n\n" + _lines(_desk(task, at=at) for task in waiting))
    if news:
        heaps.append(_("Not read yet:") + "\n\n" + _lines(_news(news)))
    return Text(subject=subject, body=_letter(person, heaps))


def _waiting(person: Person, wanted: Iterable[str], *, at: dt.datetime) -> QuerySet[DeskTask]:
    lying = desks.tray(person, at=at)
    if Kind.TRAY not in wanted:
        lying = lying.filter(owner=person)
    return lying if Kind.LAID in wanted else lying.exclude(owner=person)


def _desk(task: DeskTask, *, at: dt.datetime) -> str:
    case = task.case
    due = "" if case.due_at is None else _("until %(day)s") % {"day": _last_day(case.due_at)}
    late = _("overdue") if task.overdue(at=at) else ""
    facts = " · ".join(filter(None, (case.state_label, due, late)))
    return f"{case.number or ''} {case.title}".strip() + f"\n  {facts}\n  {absolute('case', case.pk)}"


def _news(rows: Iterable[Notification]) -> Iterable[str]:
    for one in rows:
        said = told(one.kind, case_kind=one.case.kind, facts=one.facts, at=one.at)
        if one.bare:
            yield f"{one.get_kind_display()}\n  {said}\n  {absolute('notifications')}"
        else:
            head = f"{one.case.number or ''} {one.case.title}".strip()
            yield f"{head}\n  {said}\n  {absolute('case', one.case_id)}"


def _lines(all_lines: Iterable[str]) -> str:
    lines = list(all_lines)
    shown = lines[:LINES_MAX]
    if more := len(lines) - len(shown):
        shown.append(ngettext("… and %(count)s more", "… and %(count)s more", more) % {"count": more})
    return "\n\n".join(shown)


def _letter(person: Person, heaps: list[str]) -> str:
    ours = _("County project funds") + "\n" + absolute("queue")
    choose = _("Which messages come by mail, and when, is chosen here:") + "\n" + absolute("notification-settings")
    return "\n\n".join([_("Dear %(name)s,") % {"name": person.name}, *heaps, "-- \n" + ours, choose]) + "\n"


def _day(moment: dt.datetime) -> str:
    return timezone.localdate(moment).isoformat()


def _last_day(moment: dt.datetime) -> str:
    return calendar.last_day(moment)
