"""`manage.py audit export` and `manage.py audit model`: the record and the law as files for the auditor's own tools."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from audit import net, takeout
from audit.models import Entry
from audit.periods import midnight


def add_questions(questions: Any) -> None:
    """Their arguments, in words that a clerk can follow."""
    export = questions.add_parser(
        "export",
        help=_("write the record into a file: table, event log or raw lines"),
        formatter_class=RawDescriptionHelpFormatter,
        description=_(
            "Writes entries of the record into a file. Changes nothing.\n\n"
            "  csv, xlsx  a table for a spreadsheet\n"
            "  jsonl      every entry with its payload and hash, a line each\n"
            "  xes        event log, IEEE 1849, a trace a case\n"
            "  ocel       object-centric event log, OCEL 2.0 in JSON\n"
            "  ocel-sqlite  the same in a SQLite database\n\n"
            "Without --case, --kind, --since and --until it is the whole record. An event log always has the\n"
            "cases whole, because half a history cannot be compared with the law.\n\n"
            "Example: manage.py audit export --format xes --kind claim --out claims.xes"
        ),
    )
    export.add_argument("--format", choices=takeout.FORMATS, required=True, help=_("which form the file has"))
    export.add_argument("--out", metavar=_("FILE"), type=Path, required=True, help=_("the file to be written"))
    export.add_argument("--case", metavar=_("NUMBER"), default="",
                        help=_("only this project and what belongs to it, such as P2026-00007"))  # fmt: skip
    export.add_argument("--kind", choices=net.kinds() or None, help=_("only cases of this kind"))
    export.add_argument("--since", metavar=_("DAY"), type=_day, help=_("from this day on, such as 2026-03-01"))
    export.add_argument("--until", metavar=_("DAY"), type=_day, help=_("up to this day"))
    model = questions.add_parser(
        "model",
        help=_("write the law of a kind of case as a process model"),
        formatter_class=RawDescriptionHelpFormatter,
        description=_(
            "Writes what may follow what in a kind of case, as the law in this system has it: a BPMN diagram\n"
            "(FILE.bpmn) or a Petri net (FILE.pnml). An event log can be compared with it: docs/event-log.md.\n\n"
            "Example: manage.py audit model --kind claim --out claim.pnml"
        ),
    )
    model.add_argument("--kind", choices=net.kinds() or None, required=True, help=_("the kind of case"))
    model.add_argument("--out", metavar=_("FILE"), type=Path, required=True,
                       help=_("the file to be written; its ending says what it is: .bpmn or .pnml"))  # fmt: skip
    model.add_argument(
        "--ended",
        action="store_true",
        help=_("only cases that came to an end shall fit; otherwise those under way do, too"),
    )


def export(
    *,
    format: str,
    out: Path,
    case: str,
    kind: str | None,
    since: dt.date | None,
    until: dt.date | None,
    **_more: Any,
) -> str:
    """Write the entries asked for; what was done, in words. Raises CommandError where there are none."""
    found = Entry.objects.all()
    if case:
        one = Entry.objects.filter(case_number=case).first()
        if one is None:
            raise CommandError(_("There is no case with this number: %s") % case)
        found = found.filter(root_id=one.root_id)
    if kind:
        found = found.filter(case_kind=kind)
    if since:
        found = found.filter(happened_at__gte=midnight(since))
    if until:
        found = found.filter(happened_at__lt=midnight(until + dt.timedelta(days=1)))
    if not found.exists():
        raise CommandError(_("There is no such entry."))
    return _written(takeout.as_bytes(takeout.FORMATS[format].write(found)), out)


def model(*, kind: str, out: Path, ended: bool, **_more: Any) -> str:
    """Write the model of a kind; what was done, in words. Raises CommandError for another ending than it knows."""
    suffix = out.suffix.removeprefix(".")
    if suffix not in takeout.MODELS:
        raise CommandError(_("The file must end in .bpmn or .pnml: %s") % out)
    return _written(takeout.model(net.of_kind(kind), suffix=suffix, ended=ended), out)


def _written(pieces: Iterator[bytes], out: Path) -> str:
    size = 0
    try:
        with out.open("wb") as file:
            for piece in pieces:
                size += file.write(piece)
    except OSError as error:
        raise CommandError(_("%(file)s cannot be written: %(why)s") % {"file": out, "why": error}) from error
    return _("%(file)s written, %(size)d bytes") % {"file": out, "size": size}


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(_("not a day: %s") % text) from error
