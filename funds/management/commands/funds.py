"""`manage.py funds verify`: the money's books, checked without trusting their counters."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from funds import books


class Command(BaseCommand):
    help = _("Looks after the books of the dedicated account.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what",
            choices=["verify"],
            help=_(
                "verify: adds up all transfers anew and compares every account; names what is"
                " wrong and ends with exit code 1, or says that the books are balanced. It changes"
                " nothing."
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verified = books.verify()
        for line in verified.wrong:
            self.stdout.write(line)
        verdict = f"{len(verified.wrong)} wrong" if verified.wrong else "balanced"
        self.stdout.write(f"{verified.transfers} transfers, {verified.accounts} accounts, {verdict}")
        if verified.wrong:
            sys.exit(1)
