"""The dossier of a project (一键卷宗): papers in archive order, record, proofs, ledger, and an index to print.

The same record gives the same bytes, whoever asks and whenever: it is always in the county's language and time,
says nothing of its reader, and stands on the first checkpoint that covers it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from approvals import papers
from approvals.inspection import contents
from approvals.inspection.contents import FOLDERS, Contents, Member
from audit import checkpoints, export, qr
from audit.dossier import evidence
from audit.dossier.bundle import Bundle
from audit.dossier.evidence import Proven
from audit.labels import label
from audit.snapshot import snapshot
from funds import extract
from funds.accountbook import Book, account_book
from workflows.files import path_of

INDEX, LEDGER, OPINIONS = "index.pdf", "ledger.json", "opinions.csv"
#: The index prints so many transfers and entries of each; all of them stand in ledger.json and in record/.
PRINTED_MAX = 500


class NoSuchProject(LookupError):
    """The record knows no project of that number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What was made: of which project, and which papers the store has lost or altered."""

    number: str
    spoilt: list[str]


def write(root_id: int, out: BinaryIO) -> Made:
    """Write the dossier of a project into a file that can be sought in.

    Raises:
        NoSuchProject: the record has no project of that key.
    """
    with translation.override(settings.LANGUAGE_CODE), timezone.override(settings.TIME_ZONE), snapshot():
        told = contents.read(evidence.entries_of(root_id).iterator(evidence.CHUNK_ROWS))
        project = contents.project_of(told)
        if project is None:
            raise NoSuchProject(root_id)
        bundle = Bundle(out, folder=contents.plain(project.number))
        spoilt = _papers(bundle, told)
        bundle.add(OPINIONS, _opinions(told))
        bundle.add(LEDGER, extract.written(root_id))
        proven = evidence.add(bundle, root_id)
        bundle.add(INDEX, [_index(bundle, told, project, proven, spoilt)])
        bundle.seal(checkpoints.signer(), case=project.number)
    return Made(number=project.number, spoilt=spoilt)


def contents_digest(bundle: Bundle, *, case: str) -> str:
    """What the index prints of everything put in before it: SHA-256 of the list as it is then."""
    return hashlib.sha256(bundle.manifest(case=case).encode()).hexdigest()


def _papers(bundle: Bundle, told: Contents) -> list[str]:
    """Put in the files from the store; the paths of those that are not what the record says."""
    spoilt = []
    for folder in FOLDERS:
        bundle.add_folder(contents.folder_name(folder))
        for paper in told.papers[folder]:
            if not bundle.keep(paper.path, path_of(paper.sha256), sha256=paper.sha256):
                spoilt.append(paper.path)
    return spoilt


def _opinions(told: Contents) -> Iterator[bytes]:
    headings = [_("Case"), _("number in the case"), _("happened at"), _("recorded at"), _("late entry"), _("act"),
                _("person"), _("post"), _("unit"), _("on behalf of"), _("Verdict"), _("Opinion")]  # fmt: skip
    rows: Iterator[list[str | int | Decimal]] = (
        [one.entry.case_number, one.entry.seq, one.entry.happened_at.isoformat(),
         one.entry.recorded_at.isoformat(), _("yes") if one.entry.late else "", label("act", one.entry.act),
         one.entry.actor_name, one.entry.post, one.entry.unit_name, one.entry.behalf_name,
         _("agrees") if one.agrees else _("dissents"), one.text]
        for one in told.opinions
    )  # fmt: skip
    return (line.encode() for line in export.table(headings, rows))


def _index(bundle: Bundle, told: Contents, project: Member, proven: Proven, spoilt: list[str]) -> bytes:
    digest = contents_digest(bundle, case=project.number)
    book: Book = account_book(case_id=project.last.root_id, limit=PRINTED_MAX)
    note = proven.checkpoint.note if proven.checkpoint else ""
    context = {
        "project": project.last,
        "applicant": project.first.unit_name,
        "folders": [
            {"name": contents.folder_name(one), "papers": told.papers[one], "cases": told.sub_cases(one)}
            for one in FOLDERS
        ],
        "members": told.members.values(),
        "opinions": told.opinions,
        "on_paper": told.on_paper,
        "book": book,
        "entries": told.entries[:PRINTED_MAX],
        "all_entries": len(told.entries),
        "others": {path: sha256 for path, sha256 in bundle.listed.items() if not path[:2].isdigit()},
        "spoilt": spoilt,
        "proven": proven,
        "waiting": proven.entries - proven.covered,
        "note": note,
        "verifier": checkpoints.signer().verifier,
        "digest": digest,
        "qr": qr.drawing(f"{project.number}\n{digest}\n{note}"),
    }
    return papers.pdf("papers/dossier.html", context, spelled=True)
