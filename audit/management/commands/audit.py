"""`manage.py audit …`: is the record still what was recorded, and who outside can say so?"""

from __future__ import annotations

import json
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from audit import access, checkpoints, checks, merkle, proof, verify, verify_ranges
from audit.checkpoint import parted
from audit.management import takeout
from audit.models import Entry
from audit.note import BadKey, Signer


class Command(BaseCommand):
    """Subcommands over the record; none of them changes an entry."""

    help = _("Checks the record of acts, and signs how it stands. Changes no entry.")

    def add_arguments(self, parser: CommandParser) -> None:
        """One subcommand a question."""
        questions = parser.add_subparsers(dest="question", required=True, metavar=_("COMMAND"))
        _ask_to_verify(questions)
        questions.add_parser(
            "checkpoint",
            help=_("sign how the record stands now"),
            description=_(
                "Puts the entries that have come since the last checkpoint into the tree, signs the tree, appends the"
                " checkpoint to the file in CHECKPOINT_DIR and mails it to CHECKPOINT_MAIL. Prints the checkpoint."
            ),
        )
        prove = questions.add_parser(
            "prove",
            help=_("the proof of one entry, as JSON"),
            description=_(
                "Prints an entry with its place in the tree, the path to the root, and the newest checkpoint:"
                " enough to check it without this system, as docs/record.md says."
            ),
        )
        prove.add_argument("entry", metavar=_("ID"), type=int, help=_("number of the entry, as verify prints it"))
        _ask_for_dossier(questions)
        keys = questions.add_parser(
            "keygen",
            help=_("make a key that signs checkpoints"),
            description=_(
                "Prints a new key for CHECKPOINT_KEY, which stays secret, and the key with which anybody verifies,"
                " which should be given to those who receive the checkpoints."
            ),
        )
        keys.add_argument("name", metavar=_("NAME"), help=_("whose record it is, such as fundtrail.tongjiang.gov.cn"))
        takeout.add_questions(questions)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand; exit code 1 when something was altered."""
        if not getattr(self, options.pop("question"))(**options):
            sys.exit(1)

    def verify(self, *, database: str, checkpoint: list[Path], processes: int, **options: Any) -> bool:
        """Print the report; whether everything is intact."""
        tally = verify.Tally()
        if verify.stored_heads() is None:
            self.stdout.write(_("Setting AUDIT_HEADS is empty: cut-off ends are not looked for."))
        held = list(_held(checkpoint))
        for line in checks.findings(tally=tally, using=database, held=held, processes=processes):
            self.stdout.write(line)
        self.stdout.write(tally.verdict)
        return not tally.altered

    def checkpoint(self, **options: Any) -> bool:
        """Print the checkpoint of the record as it stands; false where there is nothing to sign."""
        now = timezone.now()
        made = checkpoints.make(now)
        if made is None:
            self.stdout.write(_("There is no entry yet."))
            return False
        checkpoints.write()
        checkpoints.mail(now)
        self.stdout.write(made.note, ending="")
        return True

    def prove(self, *, entry: int, **options: Any) -> bool:
        """Print the proof of an entry. Raises CommandError where there is none."""
        found = Entry.objects.filter(pk=entry).first()
        try:
            said = proof.of_entry(found) if found else None
        except merkle.NoProof:
            said = None
        if said is None:
            raise CommandError(_("There is no such entry under a checkpoint: %d") % entry)
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
        return True

    def dossier(self, *, case: str, out: Path, **options: Any) -> bool:
        """Write the dossier of the project that a case is or belongs to; false where a paper is not as recorded."""
        now = timezone.now()
        root = Entry.objects.filter(case_number=case).values_list("root_id", flat=True).first()
        write = import_string(settings.AUDIT_DOSSIER)
        part = out.with_name(f"{out.name}.part")
        try:
            with part.open("w+b") as file:
                made = write(root, file)
            part.replace(out)
        except LookupError as error:
            raise CommandError(_("The record knows no project with a case of this number: %s") % case) from error
        except OSError as error:
            raise CommandError(_("%(file)s cannot be written: %(why)s") % {"file": out, "why": error}) from error
        finally:
            part.unlink(missing_ok=True)
        access.note(access.Kind.EXPORT, at=now, asked=f"manage.py audit dossier {case}", case_id=root)
        for path in made.spoilt:
            self.stdout.write(_("The store no longer has this paper as it was recorded: %s") % path)
        self.stdout.write(_("%(file)s: the dossier of %(number)s") % {"file": out, "number": made.number})
        return not made.spoilt

    def keygen(self, *, name: str, **options: Any) -> bool:
        """Print a new key and its public half."""
        try:
            signer = Signer.new(name)
        except BadKey as error:
            raise CommandError(_("A name has neither spaces nor a plus sign: %s") % name) from error
        self.stdout.write(f"CHECKPOINT_KEY={signer}")
        self.stdout.write(_("To verify: %s") % signer.verifier)
        return True

    def export(self, **options: Any) -> bool:
        """Write entries into a file and say how many bytes it has."""
        self.stdout.write(takeout.export(**options))
        return True

    def model(self, **options: Any) -> bool:
        """Write the model of a kind of case into a file."""
        self.stdout.write(takeout.model(**options))
        return True


def _ask_to_verify(questions: Any) -> None:
    check = questions.add_parser(
        "verify",
        help=_("recompute every entry and name the altered rows"),
        formatter_class=RawDescriptionHelpFormatter,
        description=_(
            "Recomputes the record from the first entry to the last: the hash of every entry,\n"
            "its link to the entry before, the numbering in each case, the search columns,\n"
            "the last entry that each case remembers, the tree over all entries and every\n"
            "checkpoint of it, the triggers that refuse changes, the balances, and the files.\n\n"
            "Each altered row is printed with its case, its number in the case and its id.\n"
            "The last line counts: “N entries, M cases, intact” and exit code 0,\n"
            "or “N entries, M cases, K altered” and exit code 1."
        ),
    )
    check.add_argument("--database", default=DEFAULT_DB_ALIAS, help=_("name of the database in the settings"))
    check.add_argument(
        "--checkpoint", metavar=_("FILE"), type=Path, action="append", default=[],
        help=_("a file with checkpoints that was kept elsewhere; may be given several times"),
    )  # fmt: skip
    check.add_argument(
        "--processes", metavar=_("COUNT"), type=int, default=verify_ranges.processors(),
        help=_("processes that read a long record; as many as processors unless given"),
    )  # fmt: skip


def _ask_for_dossier(questions: Any) -> None:
    dossier = questions.add_parser(
        "dossier",
        help=_("everything on a project in one file, to be checked offline"),
        description=_(
            "Writes a zip with the papers, entries, opinions and ledger of a project and its sub-cases, the proofs, an"
            " index to print, and verify.py, which checks the unpacked folder on any Python 3 without this system."
        ),
    )
    dossier.add_argument("case", metavar=_("CASE"), help=_("number of the project or of one of its sub-cases"))
    dossier.add_argument("--out", metavar=_("FILE"), type=Path, required=True, help=_("the zip to write"))


def _held(given: list[Path]) -> Iterator[tuple[str, str]]:
    """Checkpoints kept outside the database: our own file of them, and those given. Raises CommandError."""
    own = checkpoints.path()
    for path in ([own] if own.exists() else []) + given:
        try:
            notes = list(parted(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(_("%(file)s cannot be read: %(why)s") % {"file": path, "why": error}) from error
        if not notes and path in given:
            raise CommandError(_("There is no checkpoint in %s.") % path)
        yield from ((path.name, note) for note in notes)
