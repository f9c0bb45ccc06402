"""`manage.py law`: write the law as a document, or say that the document is out of date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from workflows import lawbook, lawgraph


class Command(BaseCommand):
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _("Write every machine, act and rule into docs/law.md, from the code.")
        parser.add_argument(
            "--check",
            action="store_true",
            help=_("write nothing; exit 1 where the document is out of date"),
        )
        parser.add_argument(
            "--out", type=Path, default=Path(settings.BASE_DIR) / "docs" / "law.md", metavar="FILE",
            help=_("the document; docs/law.md unless named"),
        )  # fmt: skip

    def handle(self, *args: Any, check: bool, out: Path, **options: Any) -> None:
        faults = lawgraph.faults()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise SystemExit(1)
        text = lawbook.render()
        if not check:
            out.write_text(text, encoding="utf-8")
            self.stdout.write(_("%(file)s: written") % {"file": out.name})
        elif not out.is_file() or out.read_text(encoding="utf-8") != text:
            self.stderr.write(_("%(file)s is out of date: run `make law`.") % {"file": out.name})
            raise SystemExit(1)
        else:
            self.stdout.write(_("%(file)s: up to date") % {"file": out.name})
