"""``manage.py demo``: the demo county, loaded once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.demo import county, load
from approvals.notify import postman
from workflows.models import Person, Project


class Command(BaseCommand):
    """Loads the demo county where it is not there yet, and prints the accounts."""

    help = _(
        "Loads the demo county into an empty database: the plan, the people of every office, and about forty "
        "projects brought to every stage of the road by acts. A second run changes nothing. Needs DEMO=1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="", help=_("the address to print for the browser"))

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("The demo county is for demo mode only: set DEMO=1."))
        if Person.objects.exists() and not county.is_founded():
            raise CommandError(_("This database holds real people; the demo county needs an empty one."))
        now = timezone.now()
        if not county.is_founded():
            self.stdout.write(_("Founding the county and taking its projects along the road, about a minute …"))
            county.found_demo(today=timezone.localdate(now))
        load.load(now=now, tell=lambda line: self.stdout.write(f"  {line}"))
        postman.catch_up()
        self.stdout.write(_("%(count)s projects stand on the road.") % {"count": Project.objects.count()})
        self.stdout.write(_("Accounts, one an office; the login page logs in with one click:"))
        for person, office in county.logins():
            self.stdout.write(f"  {office.label}: {person.username} ({person.name})")
        if options["url"]:
            self.stdout.write(_("Open %(url)s") % {"url": options["url"]})
