"""What a dossier is: whole, the same whenever it is made, checked by anybody, and refused to who may not have it."""

from __future__ import annotations

import ast
import io
import json
import zipfile
from importlib.resources import files
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from approvals.inspection import contents
from approvals.traveller import Traveller
from audit import checkpoints
from audit.models import Access, Checkpoint, Entry
from tests.factories import project_at
from tests.record.archival import breaches
from tests.record.cases import write
from tests.record.dossiers import checked, made, unpacked
from workflows import archive, words
from workflows.cases import Kind
from workflows.files import path_of
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db

#: Snapshot, entries and proofs, ledger, index: however many acts and papers there are.
QUERIES_MAX = 40
VERIFY = Path(str(files("audit.dossier").joinpath("verify.py")))


@pytest.fixture
def t() -> Traveller:
    return project_at(S.CONTRACTED)


@pytest.mark.parametrize("state", [S.FILED, S.ON_NOTICE, S.BUILDING, S.CLOSED])
def test_the_dossier_of_a_project_holds_wherever_it_stands(state: S, tmp_path: Path) -> None:
    t = project_at(state)
    checkpoints.make(timezone.now())
    folder = unpacked(made(t.project.pk), tmp_path)
    code, said = checked(folder)
    assert code == 0, said
    entries = Entry.objects.filter(root_id=t.project.pk)
    assert f"{entries.count()} entries" in said
    assert "No checkpoint" not in said
    for entry in entries:
        assert f"{entry.hash} {entry.prev_hash} {entry.octets.decode()}\n" in "".join(
            file.read_text() for file in (folder / "record").iterdir() if entry.case_number in file.name
        )


def test_every_file_that_an_entry_names_lies_in_a_folder_of_the_archive(t: Traveller, tmp_path: Path) -> None:
    folder = unpacked(made(t.project.pk), tmp_path)
    named = {
        file["sha256"]
        for entry in Entry.objects.filter(root_id=t.project.pk)
        for file in json.loads(entry.octets)["files"]
    }
    kept = list(folder.glob("[01][0-9]-*/*"))
    assert named
    assert {path_of(sha256).read_bytes() for sha256 in named} == {file.read_bytes() for file in kept}
    assert len(list(folder.glob("[01][0-9]-*"))) == 10


def test_every_paper_and_every_sub_case_has_its_folder() -> None:
    assert set(archive.OF_PAPER) == set(words.PAPERS) - {"other"}
    assert set(archive.OF_KIND) == set(Kind.values) - {"project"}


def test_the_same_case_gives_the_same_file(t: Traveller) -> None:
    checkpoints.make(timezone.now())
    first = made(t.project.pk)
    write(900, count=3)
    checkpoints.make(timezone.now())
    with translation.override("zh-hans"), timezone.override("America/New_York"):
        assert made(t.project.pk) == first
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert packed.testzip() is None


def test_what_no_checkpoint_covers_is_told(t: Traveller, tmp_path: Path) -> None:
    count = Entry.objects.filter(root_id=t.project.pk).count()
    code, said = checked(unpacked(made(t.project.pk), tmp_path))
    assert (code, Checkpoint.objects.count()) == (0, 0)
    assert f"No checkpoint covers {count} of them yet" in said


def test_the_index_is_a_pdf_for_archives_with_its_fonts_inside(t: Traveller, tmp_path: Path) -> None:
    folder = unpacked(made(t.project.pk), tmp_path)
    assert breaches((folder / "index.pdf").read_bytes()) == []
    with pikepdf.open(folder / "index.pdf") as index:
        assert "/CreationDate" not in index.docinfo


def test_a_lost_paper_is_listed_and_missed(t: Traveller, tmp_path: Path) -> None:
    paper = t.project.attachments.earliest("pk")
    path_of(paper.sha256).rename(tmp_path / "away")
    try:
        (tmp_path / "out").mkdir()
        with pytest.raises(SystemExit):
            call_command("audit", "dossier", t.project.number, out=tmp_path / "a.zip", stdout=io.StringIO())
        code, said = checked(unpacked((tmp_path / "a.zip").read_bytes(), tmp_path / "out"))
    finally:
        (tmp_path / "away").rename(path_of(paper.sha256))
    assert code == 1
    assert contents.plain(paper.name) in said
    assert "file is missing" in said


def test_the_command_writes_it_and_the_access_log_says_so(t: Traveller, tmp_path: Path) -> None:
    sub = Entry.objects.filter(root_id=t.project.pk).exclude(case_id=t.project.pk).earliest("pk")
    call_command("audit", "dossier", sub.case_number, out=tmp_path / "a.zip", stdout=io.StringIO())
    assert (tmp_path / "a.zip").read_bytes() == made(t.project.pk)
    assert Access.objects.filter(kind="export", case_id=t.project.pk).count() == 1
    with pytest.raises(CommandError, match="no project"):
        call_command("audit", "dossier", "P1999-00001", out=tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == [tmp_path / "a.zip"]


@pytest.mark.parametrize("state", [S.FILED, S.CLOSED])
def test_it_takes_as_many_queries_however_much_was_done(state: S) -> None:
    t = project_at(state)
    write(900, count=300)
    checkpoints.make(timezone.now())
    with CaptureQueriesContext(connection) as captured:
        made(t.project.pk)
    assert len(captured) <= QUERIES_MAX


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('a/b\\c:"d"?.pdf', "a_b_c__d__.pdf"),
        ("..", "_"),
        ("x" * 200 + ".pdf", "x" * 80 + ".pdf"),
        ("纸. ", "纸"),
        ("P2026-00001", "P2026-00001"),
    ],
)
def test_a_name_is_made_to_fit_every_file_system(given: str, kept: str) -> None:
    assert contents.plain(given) == kept


def test_the_program_is_python_of_years_ago_and_of_the_standard_library() -> None:
    tree = ast.parse(VERIFY.read_text(), feature_version=(3, 6))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported <= {"argparse", "base64", "hashlib", "json", "os", "sys", "unicodedata"}
