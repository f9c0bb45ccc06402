"""``manage.py worker``: what is done behind the pages, until it is told to stop."""

from __future__ import annotations

import signal
from argparse import ArgumentParser, ArgumentTypeError
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals import worker

EVERY_SECONDS = 15.0


def seconds(text: str) -> float:
    """A pause: a tenth of a second to an hour."""
    try:
        value = float(text)
    except ValueError as wrong:
        raise ArgumentTypeError(_("a number of seconds, such as 15")) from wrong
    if not 0.1 <= value <= 3600:
        raise ArgumentTypeError(_("between 0.1 and 3600 seconds"))
    return value


class Command(BaseCommand):
    """Runs the jobs of :mod:`approvals.worker`; ends after the running job on SIGTERM or Ctrl-C."""

    help = _(
        "Does the work behind the pages: does what the deadlines ask for, tells people what has come to their "
        "desks, makes the daily mail, sends mail. Leave it running beside the web server; on PostgreSQL as many "
        "as you like, on SQLite one. It ends after the job it is at when it gets SIGTERM or Ctrl-C; killed "
        "outright, it loses nothing either."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help=_("one round, then end; 1 where a job failed"))
        parser.add_argument(
            "--every", type=seconds, default=EVERY_SECONDS, metavar="SECONDS",
            help=_("pause between two rounds without work (default: 15)"),
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self._once()
            return
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self._say(_("The worker is at work; SIGTERM or Ctrl-C ends it."))
        worker.work_on_both(every=options["every"], stop=stop, tell=self._say)
        self._say(_("The worker has ended."))

    def _once(self) -> None:
        try:
            done = worker.once(timezone.now())
        except worker.Away as error:
            raise CommandError(_("The database does not answer: %(error)s") % {"error": error}) from error
        self._say(worker.told_of(done) or _("Nothing to do."))
        if -1 in done.values():
            raise CommandError(_("A job failed; the log says why."))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
