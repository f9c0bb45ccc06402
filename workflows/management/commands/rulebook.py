"""`manage.py rulebook`: check a draft, read a book, compare two."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from workflows.rulebook import compare, load, overlay, table


class Command(BaseCommand):
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        # Said here and not as a class attribute, which would be fixed in one language at import.
        parser.description = _("Check, show and compare rulebooks: the policy numbers of a county with their articles.")
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = _(
            "A rulebook is a TOML file. Start from a shipped one, write only what your county's\n"
            "own documents say, each number with its article and source, and check it:\n"
            "\n"
            "  manage.py rulebook check my-county.toml\n"
            "  manage.py rulebook show my-county.toml\n"
            "  manage.py rulebook diff default my-county.toml\n"
            "\n"
            "Shipped rulebooks: %(names)s"
        ) % {"names": ", ".join(load.shipped())}
        doors = parser.add_subparsers(dest="door", required=True, metavar="check|show|diff")
        book = _("name of a shipped rulebook, or a file")
        check = doors.add_parser("check", help=_("report everything wrong with a file, by line"))
        check.add_argument("book", metavar="FILE", help=book)
        show = doors.add_parser("show", help=_("print a rulebook with the source of each number"))
        show.add_argument("book", metavar="NAME", help=book)
        diff = doors.add_parser("diff", help=_("print where two rulebooks differ"))
        diff.add_argument("book", metavar="A", help=book)
        diff.add_argument("other", metavar="B", help=book)

    def handle(self, *args: Any, door: str, book: str, other: str = "", **options: Any) -> None:
        try:
            match door:
                case "check":
                    self._check(book)
                case "show":
                    self._show(book)
                case "diff":
                    self._diff(book, other)
        except load.RulebookError as error:
            for problem in error.problems:
                self.stderr.write(f"{error.origin}:{problem.line}: {problem.message}")
            raise SystemExit(1) from error

    def _check(self, name: str) -> None:
        text = load.read(name)
        book = load.parse(text, origin=name)
        warnings = overlay.warnings(book, text=text)
        tag = _("warning")
        for warning in warnings:
            self.stdout.write(f"{name}:{warning.line}: {tag}: {warning.message}")
        self.stdout.write(
            _("%(name)s: valid, %(values)s values, %(inherited)s inherited, %(warnings)s warnings")
            % {
                "name": name,
                "values": len(compare.rows(book)),
                "inherited": sum(row.cited.inherited for row in compare.rows(book)),
                "warnings": len(warnings),
            }
        )

    def _show(self, name: str) -> None:
        book = load.load(name)
        for line in [
            *table.header(book),
            *table.book_lines(compare.rows(book)),
            "",
            table.legend(),
        ]:
            self.stdout.write(line)

    def _diff(self, left: str, right: str) -> None:
        differences = compare.differences(load.load(left), load.load(right))
        if not differences:
            self.stdout.write(_("The two rulebooks say the same."))
            return
        for line in table.difference_lines(differences, left=left, right=right):
            self.stdout.write(line)
