"""`manage.py checks`: what the catalogue finds in the record; exit code 1 where there is a breach."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit.models import Entry
from workflows import checks
from workflows.checks import Severity, book
from workflows.models import Area, Case

#: After so many projects the progress is told anew.
TOLD_EVERY = 100


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _(
            "Reads the record project by project and prints everything that contradicts itself, its order or its law,"
            " with the entries that show it. Exit code 1 where there is a breach."
        )
        parser.add_argument("--case", metavar=_("NUMBER"), help=_("only this project, by its number or a sub-case's"))
        parser.add_argument("--county", metavar=_("CODE"), help=_("only projects in this area, by its code"))
        parser.add_argument(
            "--severity", choices=Severity.values, default=Severity.NOTE, help=_("nothing that is less grave")
        )
        parser.add_argument("--list", action="store_true", help=_("print the catalogue as a document and read nothing"))

    def handle(self, *args: Any, case: str | None, county: str | None, severity: str, **options: Any) -> None:
        """Print every finding as it is found; exit code 1 for a breach."""
        if options["list"]:
            self.stdout.write(book.render(), ending="")
            return
        grave = Severity.values[Severity.values.index(severity) :]
        asked = [check for check in checks.CHECKS.values() if check.severity in grave]
        tally: Counter[str] = Counter()
        for count, family in enumerate(checks.families(_roots(case, county)), 1):
            for finding in checks.examine(family, checks=asked):
                tally[finding.check.severity] += 1
                self._print(finding)
            tally["projects"] = count
            if count % TOLD_EVERY == 0:
                self.stderr.write(_("%(count)s projects read, %(found)s findings") % {
                    "count": count, "found": tally.total() - count})  # fmt: skip
        words = ", ".join(f"{tally[one]} {one.label}" for one in reversed(Severity))
        self.stdout.write(_("%(count)s projects: %(findings)s") % {"count": tally["projects"], "findings": words})
        if tally[Severity.BREACH]:
            sys.exit(1)

    def _print(self, finding: checks.Finding) -> None:
        check = finding.check
        self.stdout.write(f"{check.code} [{check.severity.label}] {finding.project}: {finding.text}")
        self.stdout.write(f"    {finding.where} · {check.article}")


def _roots(case: str | None, county: str | None) -> list[int] | None:
    """The projects asked for; all where nothing narrows. Raises CommandError where there is no such case or area.

    A case is looked for in the record itself, so that one whose row is lost is found, too.
    """
    if case is not None:
        roots = list(Entry.objects.filter(case_number=case).values_list("root_id", flat=True)[:1])
        if not roots:
            raise CommandError(_("No entry names a case %s.") % case)
        return roots
    if county is not None:
        area = Area.objects.filter(code=county).first()
        if area is None:
            raise CommandError(_("There is no area %s.") % county)
        return list(Case.objects.filter(kind="project", area__path__startswith=area.path).values_list("pk", flat=True))
    return None
