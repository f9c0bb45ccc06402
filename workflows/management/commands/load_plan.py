"""manage.py load_plan FILE.xlsx: bring a county's plan into the database, whole or not at all."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from workflows.plan import store, workbook
from workflows.plan.checks import wan
from workflows.plan.model import Plan, PlanRefused


class Command(BaseCommand):
    help = _(
        "Load a county's plan from an .xlsx workbook (docs/plan-workbook.md). Everything is "
        "checked first; a workbook with any fault is refused, each fault by sheet and cell, and "
        "nothing of it is loaded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=_("the workbook, for example workflows/plan/seed-plan.xlsx"))

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            plan = workbook.read(file)
            stored = store.store(plan=plan)
        except PlanRefused as refused:
            for problem in refused.problems:
                self.stderr.write(str(problem))
            self.stderr.write(_("%(count)d problems; nothing was loaded.") % {"count": len(refused.problems)})
            sys.exit(1)
        self._tell(plan)
        self.stdout.write(_("New: %(areas)d areas, %(items)d items.") % {"areas": stored.areas, "items": stored.items})

    def _tell(self, plan: Plan) -> None:
        total = _("%(title)s: %(years)d years, %(total)s (万元)")
        self.stdout.write(total % {"title": plan.title, "years": plan.years, "total": wan(plan.total_fen)})
        for category in plan.categories:
            share = f"{Decimal(category.share_permille) / 10}%"
            self.stdout.write(f"  {category.name}  {wan(category.amount_fen)}  {share}")
        self.stdout.write(
            _("%(measures)d measures, %(areas)d areas, %(items)d items; %(marked)d marked rows.")
            % {
                "measures": len(plan.measures),
                "areas": len(plan.areas),
                "items": len(plan.items),
                "marked": plan.marked,
            }
        )
