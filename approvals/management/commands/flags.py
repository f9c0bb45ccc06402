"""`manage.py flags`: look through the whole record for red flags."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.inspection import flags as page
from audit import export
from audit.models import Entry
from workflows.flags import deaths, verdicts
from workflows.flags.look import look

#: So many entries between two signs of life.
STEP = 20_000


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        # Said here and not as a class attribute, which would be fixed in one language at import.
        parser.description = _("Reads the whole record and prints the red flags that it raises. Changes nothing.")
        parser.add_argument("--year", type=int, metavar="Y", help=_("only flags whose newest entry is of this year"))
        parser.add_argument("--out", type=Path, metavar="CSV", help=_("write them to a file as CSV"))
        parser.add_argument(
            "--deaths", type=Path, metavar="FILE",
            help=_("register of deaths: identity number (or its print) and day, two columns; else DEATH_REGISTER"),
        )  # fmt: skip
        parser.add_argument(
            "--print-deaths", action="store_true",
            help=_("only print the register of --deaths with keyed prints in place of the numbers"),
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        known = self._deaths(options["deaths"])
        if options["print_deaths"]:
            for print_of, day in sorted(known.items()):
                self.stdout.write(f"{print_of},{day}")
            return
        self.total, self.told = Entry.objects.count(), 0
        hits = look(today=timezone.localdate(), deaths=known, progress=self._progress)
        year = options["year"]
        found = verdicts.standing((hit for hit in hits if year in (None, hit.year)), verdicts.all_verdicts())
        if out := options["out"]:
            with out.open("w", encoding="utf-8", newline="") as file:
                file.writelines(export.table(page.heads(), page.lines(found)))
        for one in () if out else found:
            rows = " ".join(str(row.id) for row in one.hit.rows[:10])
            self.stdout.write(f"{one.hit.flag.code} [{one.state_label}] {one.hit} ({rows})")
        still = sum(one.state == verdicts.OPEN for one in found)
        said = _("%(entries)s entries, %(count)s red flags, %(open)s open")
        self.stdout.write(said % {"entries": self.total, "count": len(found), "open": still})

    def _deaths(self, path: Path | None) -> dict[str, dt.date]:
        try:
            return dict(deaths.read(path)) if path else deaths.register()
        except (OSError, deaths.NotARegister) as error:
            raise CommandError(_("The register of deaths cannot be read: %(error)s") % {"error": error}) from error

    def _progress(self, count: int) -> None:
        if count - self.told >= STEP and sys.stderr.isatty():
            self.told = count
            self.stderr.write(_("%(count)s of %(total)s entries") % {"count": count, "total": self.total})
