"""Checkpoints made, taken outside, and asked for; the tree behind them."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import smtplib
import stat
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import reverse

from audit import checkpoint, checkpoints, immutability, merkle, tree
from audit.figures import Figure
from audit.models import GUARDED, Checkpoint, Entry, Leaf, Tile
from audit.note import Signer
from tests.guards import lifted
from tests.record.cases import AT, write
from tests.record.test_pages import auditor  # noqa: F401
from tests.record.test_verify import report

pytestmark = pytest.mark.django_db


def made() -> Checkpoint:
    found = checkpoints.make(AT)
    assert found is not None
    return found


def leaves() -> list[int]:
    return list(Leaf.objects.order_by("idx").values_list("entry_id", flat=True))


def test_entries_get_their_places_in_the_order_in_which_they_are_first_seen() -> None:
    assert checkpoints.make(AT) is None
    first, second = write(7, count=1), write(8, count=3)
    one = made()
    third = write(9, count=2)
    assert (one.size, checkpoints.make(AT)) == (4, Checkpoint.objects.get(size=6))
    assert leaves() == [entry.pk for entry in (*first, *second, *third)]
    assert made() == Checkpoint.objects.get(size=6)


def test_a_lower_number_that_is_committed_later_comes_later() -> None:
    late, early = write(7, count=1)[0], write(8, count=1)[0]
    with mock.patch.object(
        tree, "_waiting", side_effect=lambda: Entry.objects.filter(pk=early.pk).exclude(pk__in=leaves())
    ):
        made()
    made()
    assert leaves() == [early.pk, late.pk]
    assert report() == (0, ["2 entries, 2 cases, intact"])


def test_a_checkpoint_is_a_signed_note_on_the_root() -> None:
    entries = write(7, count=3)
    head = checkpoint.read(made().note, checkpoints.verifiers())
    grown = merkle.Frontier()
    for entry in entries:
        grown.push(sha256(b"\x00" + bytes.fromhex(entry.hash)).digest())
    assert (head.origin, head.size, head.root) == ("PeterNeumann", 3, grown.root)


def test_what_is_not_sound_is_not_signed(caplog: pytest.LogCaptureFixture) -> None:
    entries = write(7, count=3)
    with lifted():
        models.QuerySet(Entry).filter(pk=entries[1].pk).update(actor_name="王强")
    with caplog.at_level(logging.ERROR):
        assert made().size == 2
    assert f"Entry {entries[1].pk} is not put under a checkpoint" in caplog.text
    assert report()[1] == [
        f"P2026-00007 #2 (id {entries[1].pk}): columns differ from the payload: actor_name",
        "3 entries, 1 cases, 1 altered",
    ]


def test_a_large_tree_keeps_tiles_and_gives_proofs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "BATCH", 100)
    entries = write(7, count=600)
    checkpoints.make(AT)
    assert list(Tile.objects.values_list("level", "idx")) == [(1, 0), (1, 1)]
    root = tree.root(600)
    for index in (0, 255, 256, 511, 512, 599):
        proof = tree.inclusion(entries[index].pk, 600)
        assert proof.index == index
        assert merkle.included(tree.leaf(entries[index].hash), index, 600, proof.path, root)
    for old in (1, 255, 256, 300, 512, 599):
        assert merkle.consistent(old, tree.root(old), 600, root, tree.consistency(old, 600))
    with pytest.raises(merkle.NoProof):
        tree.inclusion(0, 600)
    with pytest.raises(merkle.NoProof):
        tree.root(601)
    assert report()[0] == 0
    with lifted():
        models.QuerySet(Tile).filter(idx=1).update(hash="ab" * 32)
    assert report()[1][0] == "tile 1 of level 1 is not what the leaves say"
    with lifted():
        models.QuerySet(Tile).filter(idx=1)._raw_delete("default")
    assert report()[1][0] == "tile 1 of level 1 is not what the leaves say"


@pytest.mark.parametrize("table", ["audit_leaf", "audit_tile", "audit_checkpoint"])
def test_the_database_refuses_to_change_the_tree(table: str) -> None:
    write(7, count=256)
    made()
    for statement in (f"UPDATE {table} SET id = 99", f"DELETE FROM {table}"):
        sql = statement.replace("id =", "idx =") if table == "audit_leaf" else statement
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert immutability.missing(connection, *GUARDED) == []


def test_checkpoints_stand_under_one_another_in_the_file_whatever_was_missed(tmp_path: Path) -> None:
    assert checkpoints.write() == 0
    write(7, count=1)
    one = made()
    assert (checkpoints.write(), checkpoints.write()) == (1, 0)
    write(8, count=1)
    two = made()
    write(9, count=1)
    three = made()
    assert checkpoints.write() == 2
    said = checkpoints.path().read_text()
    assert said == f"{one.note}\n{two.note}\n{three.note}\n"
    assert list(checkpoint.parted(said)) == [one.note, two.note, three.note]


def test_the_worker_makes_one_when_its_time_has_come(settings: Any) -> None:
    settings.CHECKPOINT_EVERY_MINUTES = 60
    write(7, count=1)
    assert checkpoints.due(AT) == 2
    write(8, count=1)
    assert checkpoints.due(AT + dt.timedelta(minutes=59)) == 0
    assert checkpoints.due(AT + dt.timedelta(minutes=60)) == 2
    assert checkpoints.due(AT + dt.timedelta(minutes=120)) == 0


def test_it_is_mailed_once_and_the_mail_holds_it(settings: Any) -> None:
    settings.MAILS, settings.CHECKPOINT_MAIL = True, ["auditor@example.invalid"]
    write(7, count=1)
    made()
    with mock.patch("django.core.mail.EmailMessage.send", side_effect=smtplib.SMTPServerDisconnected):
        assert checkpoints.mail(AT) == 0
    write(8, count=1)
    made()
    assert (checkpoints.mail(AT), checkpoints.mail(AT)) == (2, 0)
    [sent] = mail.outbox
    assert sent.to == ["auditor@example.invalid"]
    notes = list(Checkpoint.objects.values_list("note", flat=True))
    assert list(checkpoint.parted(str(sent.body))) == notes
    assert list(checkpoint.parted(sent.attachments[0][1])) == notes
    assert set(Checkpoint.objects.values_list("mailed_at", flat=True)) == {AT}


def test_nothing_is_mailed_where_nobody_is_to_get_it(settings: Any) -> None:
    write(7, count=1)
    made()
    settings.CHECKPOINT_MAIL = []
    assert checkpoints.mail(AT) == 0


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("audit", *words, stdout=out)
    return out.getvalue()


def test_the_command_signs_and_prints() -> None:
    with pytest.raises(SystemExit):
        run("checkpoint")
    write(7, count=2)
    assert run("checkpoint") == Checkpoint.objects.get().note == checkpoints.path().read_text()[:-1]


def test_keygen_prints_a_key_and_its_public_half() -> None:
    first, second = run("keygen", "fundtrail.tongjiang.gov.cn").splitlines()
    signer = Signer.read(first.removeprefix("CHECKPOINT_KEY="))
    assert second.endswith(str(signer.verifier))
    with pytest.raises(CommandError):
        run("keygen", "two words")


def test_a_checkpoint_kept_elsewhere_shows_what_was_cut_off(tmp_path: Path) -> None:
    write(7, count=2)
    kept = tmp_path / "kept.txt"
    gone = write(8, count=2)
    kept.write_text(f"From: me\n\n{made().note}")
    with lifted():
        models.QuerySet(Entry).filter(pk__in=[entry.pk for entry in gone])._raw_delete("default")
        models.QuerySet(Figure).filter(case_id=8)._raw_delete("default")
        for model in (Leaf, Tile, Checkpoint):
            models.QuerySet(model)._raw_delete("default")
    from tests.record.cases import REMEMBERED

    del REMEMBERED[8]
    made()
    assert report()[0] == 0
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("audit", "verify", "--checkpoint", str(kept), stdout=out)
    assert "kept.txt: checkpoint of 4 entries: only 2 leaves are in the tree; 2 to 3 are cut off" in out.getvalue()


def test_a_file_without_a_checkpoint_is_said_to_be_none(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("nothing")
    for path in (empty, tmp_path / "none.txt"):
        with pytest.raises(CommandError):
            run("verify", "--checkpoint", str(path))


def test_a_proof_can_be_checked_with_nothing_but_sha256() -> None:
    entries = write(7, count=5)
    with pytest.raises(CommandError):
        run("prove", str(entries[2].pk))
    signed = made()
    said = json.loads(run("prove", str(entries[2].pk)))
    content = sha256(bytes.fromhex(said["prev_hash"]) + said["payload"].encode()).digest()
    path = [bytes.fromhex(step) for step in said["inclusion"]]
    root = bytes.fromhex(signed.root)
    assert said["checkpoint"] == signed.note
    assert merkle.included(merkle.leaf_hash(content), said["leaf_index"], said["tree_size"], path, root)


def test_the_auditor_sees_prints_and_downloads(auditor: Client) -> None:  # noqa: F811
    assert b"There is no checkpoint yet." in auditor.get(reverse("audit:checkpoints")).content
    (entry,) = write(7, count=1)
    assert b"under no checkpoint yet" in auditor.get(reverse("audit:entry", args=[entry.pk])).content
    assert auditor.get(reverse("audit:proof", args=[entry.pk])).status_code == 404
    signed = made()
    write(8, count=2)
    page = auditor.get(reverse("audit:checkpoints")).content.decode()
    assert signed.root[:16] in page
    assert "PeterNeumann+c74f20a3+" in page
    assert "<dd>2</dd>" in page
    sheet = auditor.get(reverse("audit:checkpoint", args=[1])).content.decode()
    assert signed.root in sheet
    assert "<svg" in sheet
    note = auditor.get(reverse("audit:checkpoint-note", args=[1]))
    assert note.content.decode() == signed.note
    assert "checkpoint-1.txt" in note["Content-Disposition"]
    assert b"under the checkpoint of 1 entries" in auditor.get(reverse("audit:entry", args=[entry.pk])).content
    assert auditor.get(reverse("audit:proof", args=[entry.pk])).json()["leaf_index"] == 0
    assert auditor.get(reverse("audit:checkpoint", args=[2])).status_code == 404


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    from config import secret

    path = tmp_path / "checkpoint.key"
    made = secret.key(path=path, make=lambda: str(Signer.new("x")))
    assert secret.key(path=path, make=lambda: "another") == made == str(Signer.read(made))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
