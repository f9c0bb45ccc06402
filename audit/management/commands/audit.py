"""`manage.py audit verify`: is the record still what was recorded?"""

from __future__ import annotations

import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from audit import immutability, verify
from audit.models import Entry


class Command(BaseCommand):
    """Subcommands over the record; all of them only read."""

    help = _("Check the record of acts. Reads only; changes nothing.")

    def add_arguments(self, parser: CommandParser) -> None:
        """One subcommand a question."""
        questions = parser.add_subparsers(dest="question", required=True, metavar=_("COMMAND"))
        check = questions.add_parser(
            "verify",
            help=_("recompute every entry and name the altered rows"),
            formatter_class=RawDescriptionHelpFormatter,
            description=_(
                "Recomputes the record from the first entry to the last: the hash of every entry,\n"
                "its link to the entry before, the numbering in each case, the search columns,\n"
                "the last entry that each case remembers, and the triggers that refuse changes.\n\n"
                "Each altered row is printed with its case, its number in the case and its id.\n"
                "The last line counts: “N entries, M cases, intact” and exit code 0,\n"
                "or “N entries, M cases, K altered” and exit code 1."
            ),
        )
        check.add_argument("--database", default=DEFAULT_DB_ALIAS, help=_("name of the database in the settings"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand; exit code 1 when something was altered."""
        if not self.verify(using=options["database"]):
            sys.exit(1)

    def verify(self, *, using: str) -> bool:
        """Print the report; whether everything is intact."""
        tally = verify.Tally()
        with verify.snapshot(using=using) as connection:
            for trigger in immutability.missing(connection, Entry._meta.db_table):
                tally.altered += 1
                problem = _("trigger %s is missing, disabled or altered") % trigger
                self.stdout.write(f"{Entry._meta.db_table}: {problem}")
            heads = verify.stored_heads()
            if heads is None:
                self.stdout.write(_("Setting AUDIT_HEADS is empty: cut-off ends are not looked for."))
            entries = verify.stored_entries(using=using)
            for alteration in verify.examine(entries=entries, heads=heads, tally=tally):
                self.stdout.write(str(alteration))
        self.stdout.write(tally.verdict)
        return not tally.altered
