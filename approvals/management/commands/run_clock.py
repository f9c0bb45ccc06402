"""``manage.py run_clock``: do once what the deadlines ask for."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from approvals import clockwork
from approvals.notify import alarm
from workflows.lifecycles import KINDS, all_acts


class Command(BaseCommand):
    """Does every reminder, report and automatic act that has come, and says how many."""

    help = _(
        "Does once what the deadlines ask for: reminders, reports to the superior, freezes, automatic acts. Each is "
        "written into the record as automatic. It may be run as often as you like and from several machines at once: "
        "nothing is done twice, and what was missed while it stood still is made up for."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", default="", metavar="TIME",
            help=_("as if it were this time, such as 2026-03-02T08:00; a later time than now only in demo mode"),
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        at = self._moment(options["at"])
        done = clockwork.sweep(at=at, tell=alarm.teller(at))
        failed = done.pop("failed", 0)
        labels = {one.name: one.label for kind in KINDS.values() for one in all_acts(kind) if "clock" in one.seats}
        for name, count in sorted(done.items()):
            self.stdout.write(f"{labels.get(name, name)}: {count}")
        self.stdout.write(_("The clock stands at %(at)s.") % {"at": f"{timezone.localtime(at):%Y-%m-%d %H:%M}"})
        if failed:
            raise CommandError(
                _("%(count)s cases could not be done; the log says why. Run it again.") % {"count": failed}
            )

    def _moment(self, text: str) -> dt.datetime:
        if not text:
            return timezone.now()
        try:
            at = parse_datetime(text)
        except ValueError:
            at = None
        if at is None:
            raise CommandError(_("This is no time: %(text)s. Write it like 2026-03-02T08:00.") % {"text": text})
        at = timezone.make_aware(at) if timezone.is_naive(at) else at
        if at > timezone.now() and not settings.DEMO:
            # What is entered ahead of time would bar every act before it (K-01).
            raise CommandError(_("The time lies ahead. Only a demo county may be wound forward: set DEMO=1."))
        return at
