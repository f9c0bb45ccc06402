"""`manage.py funds …`: the books of the dedicated account, checked, balanced and handed out."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Entry
from audit.snapshot import snapshot
from funds import beancount, books, idle, vouchers
from funds.balances import COLUMNS, Balance, Standing, balance
from funds.models import Source
from funds.money import yuan


class Command(BaseCommand):
    help = _("Looks after the books of the dedicated account. It changes nothing.")

    def add_arguments(self, parser: CommandParser) -> None:
        """One subcommand a question."""
        questions = parser.add_subparsers(dest="question", required=True, metavar=_("COMMAND"))
        verify = _("add up all transfers anew, compare accounts and record, name what is wrong")
        questions.add_parser(
            "verify",
            help=verify,
            description=_(
                "Adds up all transfers anew and compares every account, then every transfer and source with the entry"
                " of the record that made it; names what is wrong and ends with exit code 1, or says that the books"
                " are balanced."
            ),
        )
        stands = questions.add_parser(
            "balance",
            help=_("how the money stood at the end of a day"),
            description=_(
                "How the money stood at the end of a day, from the transfers: quota = allocated + unallocated, and"
                " allocated = paid + labour counted + retained + unpaid. Ends with exit code 1 where that is not so."
            ),
        )
        stands.add_argument("--source", metavar=_("SOURCE"), help=_("only this source: its number or document number"))
        stands.add_argument("--project", metavar=_("PROJECT"), help=_("only this project: its number"))
        lies = questions.add_parser(
            "idle",
            help=_("money that has come and is not spent, by how long it has lain"),
            description=_(
                "Money that has come and is not spent, by how long it has lain: of a source since its receipt, of a"
                " project since it was reserved for it. The oldest money is spent first."
            ),
        )
        for question in (stands, lies):
            question.add_argument("--on", metavar=_("DATE"), type=_day, help=_("the day, as in 2026-12-31; else today"))
            question.add_argument("--county", metavar=_("COUNTY"), help=_("only sources of this county: its code"))
            question.add_argument("--json", action="store_true", help=_("in fen, for programs"))
        out = questions.add_parser(
            "export",
            help=_("the books as a file for another program"),
            description=_(
                "Writes all transfers and balances as a beancount file, whole or not at all; bean-check adds them up."
            ),
        )
        out.add_argument("--beancount", metavar=_("FILE"), type=Path, required=True, help=_("the file to write"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer the question; exit code 1 where something is wrong."""
        if not getattr(self, options.pop("question"))(**options):
            sys.exit(1)

    def verify(self, **options: Any) -> bool:
        """Print what is wrong; whether nothing is."""
        with snapshot():
            verified = books.verify()
            wrong = [*verified.wrong, *vouchers.differences()]
        for line in wrong:
            self.stdout.write(line)
        verdict = f"{len(wrong)} wrong" if wrong else "balanced"
        self.stdout.write(f"{verified.transfers} transfers, {verified.accounts} accounts, {verdict}")
        return not wrong

    def balance(self, **options: Any) -> bool:
        """Print how the money stood; whether the identity holds."""
        stands = balance(
            on=options["on"] or timezone.localdate(),
            source_id=_source(options["source"]),
            case_id=_project(options["project"]),
            among=_county(options["county"]),
        )
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(stands), ensure_ascii=False, indent=2))
        else:
            self._table(stands)
        return stands.holds

    def idle(self, **options: Any) -> bool:
        """Print what lies, by age."""
        on, among = options["on"] or timezone.localdate(), _county(options["county"])
        sources = idle.of_sources(balance(on=on, among=among))
        projects = idle.of_projects(on=on, among=among)
        numbers = dict(
            Entry.objects.filter(case_id__in=projects, seq=1).values_list("case_id", "case_number").order_by()
        )
        lines = [(f"{source.pk} {source}", ages) for source, ages in sources.items()]
        lines += [(numbers.get(case_id, str(case_id)), ages) for case_id, ages in projects.items()]
        if options["json"]:
            lying = {"on": on.isoformat(), "months": idle.AGES_MONTHS, "lines": [_lying(*line) for line in lines]}
            self.stdout.write(json.dumps(lying, ensure_ascii=False, indent=2))
            return True
        self.stdout.write(_("Idle at the end of %(day)s, in yuan:") % {"day": on})
        for title, ages in lines:
            self.stdout.write(title)
            for label, fen in zip(idle.labels(), ages.fens, strict=True):
                self.stdout.write(f"    {label}  {yuan(fen)}")
        return True

    def export(self, **options: Any) -> bool:
        """Write the file, or leave what was there as it was."""
        target: Path = options["beancount"]
        try:
            with TemporaryDirectory(dir=target.parent) as room, snapshot():
                draft = Path(room) / "draft"
                with draft.open("w", encoding="utf-8") as out:
                    out.writelines(f"{line}\n" for line in beancount.lines())
                draft.replace(target)
        except OSError as error:
            raise CommandError(_("%(file)s cannot be written: %(why)s") % {"file": target, "why": error}) from error
        return True

    def _table(self, stands: Balance) -> None:
        self.stdout.write(_("At the end of %(day)s, in yuan:") % {"day": stands.on})
        lines = {f"{source.pk} {source}": standing for source, standing in stands.sources.items()}
        lines |= {_("Money, in all"): stands.money}
        if stands.labour != Standing.of({}, of_project=stands.labour.of_project):
            lines |= {_("Labour, in all"): stands.labour}
        for title, standing in lines.items():
            self.stdout.write(title)
            for column, fen in standing.figures.items():
                self.stdout.write(f"    {COLUMNS[column]}  {yuan(fen)}")
        self.stdout.write(_("The identity holds.") if stands.holds else _("The identity does not hold."))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(_("%(text)s is not a day; write it as in 2026-12-31.") % {"text": text}) from error


def _county(asked: str | None) -> QuerySet[Source] | None:
    return None if asked is None else Source.objects.filter(county=asked)


def _lying(title: str, ages: idle.Ages) -> dict[str, Any]:
    return {"line": title, "fen": ages.fens, "oldest": ages.oldest.isoformat() if ages.oldest else None}


def _source(asked: str | None) -> int | None:
    if asked is None:
        return None
    numbered = {"pk": int(asked)} if asked.isascii() and asked.isdigit() else {"document_number": asked}
    found = list(Source.objects.filter(**numbered).values_list("pk", flat=True)[:2])
    if not found:
        raise CommandError(_("There is no source of funds with number %(source)s.") % {"source": asked})
    if len(found) > 1:
        raise CommandError(_("Several sources have the document number %(source)s.") % {"source": asked})
    return found[0]


def _project(asked: str | None) -> int | None:
    """The project's own number stands in the record, which is all that this room knows of cases."""
    if asked is None:
        return None
    known = Entry.objects.filter(case_number=asked, case_kind="project").values_list("root_id", flat=True).first()
    if known is None:
        raise CommandError(_("There is no project with number %(project)s.") % {"project": asked})
    return known


def _as_json(stands: Balance) -> dict[str, Any]:
    def line(standing: Standing) -> dict[str, Any]:
        return {f"{column}_fen": fen for column, fen in standing.figures.items()}

    return {
        "on": stands.on.isoformat(),
        "sources": [
            {"source": source.pk, "name": source.name, "kind": source.kind, "document_number": source.document_number}
            | line(standing)
            for source, standing in stands.sources.items()
        ],
        "money": line(stands.money),
        "labour": line(stands.labour),
        "holds": stands.holds,
    }
