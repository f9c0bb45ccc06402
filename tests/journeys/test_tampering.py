"""What somebody with the database's password could do, the triggers lifted: `audit verify` names each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from audit import checkpoints
from audit.chain import GENESIS, link
from audit.models import Entry
from tests.factories import fresh_application, project_at
from tests.guards import lifted
from tests.journeys.tampering import (
    ACTS,
    PROJECT,
    SQLITE,
    added_trigger,
    altered_trigger,
    change,
    change_last,
    cut,
    cut_tree,
    dropped,
    entry,
    erase,
    file_is,
    inserted,
    moved_otherwise,
    moved_up,
    number_from_one,
    paper,
    rechain,
    rechained_with_leaves,
    rechained_without_tree,
    replayed_with_another_key,
    report,
    signed_by_another,
    sql,
    swapped,
    swapped_leaves,
    swapped_payloads,
    transfer,
)  # fmt: skip
from workflows.files import path_of
from workflows.states import ProjectState

pytestmark = pytest.mark.django_db
AT = timezone.now().replace(year=2025)


@pytest.fixture(scope="module")
def county(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A project granted and one begun, each under a checkpoint, and one begun since; the folder of the checkpoints."""
    folder = tmp_path_factory.mktemp("checkpoints")
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "CHECKPOINT_DIR", folder)
        number_from_one()
        project_at(ProjectState.APPROVED)
        checkpoints.make(timezone.now())
        fresh_application()
        checkpoints.make(timezone.now())
        checkpoints.write()
        fresh_application()
        if not SQLITE:
            sql("SET CONSTRAINTS ALL IMMEDIATE")
        yield folder
        transaction.set_rollback(True)


#: What is done, how, and what a line of the report must contain.
WAYS: list[tuple[str, Callable[[], object], str]] = [
    # Entries changed in place.
    (
        "a digit of the payload",
        lambda: change(5, payload=entry(5).octets.replace(b"project.file", b"project.fill")),
        f"{PROJECT} #5",
    ),
    ("an empty payload", lambda: change(5, payload=b""), f"{PROJECT} #5"),
    ("white space in the payload", lambda: change(5, payload=entry(5).octets + b" "), f"{PROJECT} #5"),
    ("another entry's payload", lambda: change(5, payload=entry(2).octets), f"{PROJECT} #5"),
    ("the amount", lambda: change(5, amount_fen=1), "columns differ from the payload: amount_fen"),
    ("the amount taken away", lambda: change(12, amount_fen=None), f"{PROJECT} #12"),
    ("the name of the person", lambda: change(5, actor_name="王强"), "columns differ from the payload: actor_name"),
    ("a name with something hidden", lambda: change(5, actor_name=entry(5).actor_name + "\u200b"), ": actor_name"),
    ("the number of the person", lambda: change(5, actor_id=999), "columns differ from the payload: actor_id"),
    ("the post", lambda: change(5, post="village@elsewhere"), "columns differ from the payload: post"),
    ("the unit", lambda: change(5, unit_id=999), "columns differ from the payload: unit_id"),
    ("on whose behalf", lambda: change(5, behalf_name="李明"), "columns differ from the payload: behalf_name"),
    ("the act", lambda: change(5, act="project.withdraw"), "columns differ from the payload: act"),
    ("the title", lambda: change(5, case_title="别的工程"), "columns differ from the payload: case_title"),
    ("the edition", lambda: change(5, edition="lenient 2026"), "columns differ from the payload: edition"),
    ("a late entry made punctual", lambda: change(5, late=True), "columns differ from the payload: late"),
    ("when it happened", lambda: change(5, happened_at=AT), "columns differ from the payload: happened_at"),
    ("when it was recorded", lambda: change(5, recorded_at=AT), "columns differ from the payload: recorded_at"),
    ("where it led to", lambda: change(5, state_to="approved"), "columns differ from the payload: state_to"),
    ("the project it belongs to", lambda: change(5, root_id=999), "columns differ from the payload: root_id"),
    ("the hash", lambda: change(5, hash="ab" * 32), f"{PROJECT} #5"),
    ("the previous hash", lambda: change(5, prev_hash="ab" * 32), f"{PROJECT} #5"),
    # Entries removed, added, moved.
    ("the first entry removed", lambda: erase(entry(1)), "entry 1 before it is missing"),
    ("an entry removed", lambda: erase(entry(5)), "entry 5 before it is missing"),
    ("the last entry removed", lambda: erase(entry(ACTS)), "entries 12 to 12 are cut off"),
    ("the end cut off, the case told so", lambda: cut(2), "is missing"),
    ("the end cut off, case and tree told so", cut_tree, "checkpoints.txt: checkpoint of"),
    (
        "a case's entries removed",
        lambda: erase(*Entry.objects.filter(case_number=PROJECT)),
        "all 12 entries of the case",
    ),
    ("an entry removed and the rest chained anew", moved_up, f"{PROJECT} #11"),
    ("an entry added", lambda: inserted(5), f"{PROJECT} #13"),
    ("an entry twice", lambda: inserted(ACTS, prev_hash=entry(ACTS).hash), "remembers only 12 entries"),
    ("an entry of a case that is none", lambda: inserted(5, case_id=998, number=1, prev_hash=GENESIS), "no such case"),
    ("two entries swapped", swapped, f"{PROJECT} #3"),
    ("two payloads swapped", swapped_payloads, f"{PROJECT} #4"),
    # Chains made right again.
    (
        "one hash made right again",
        lambda: change(5, **{"payload": b"{}", "hash": link(prev=entry(5).prev_hash, payload=b"{}")}),
        f"{PROJECT} #6",
    ),
    ("a case chained anew", lambda: rechain(5, amount_fen=1), f"{PROJECT} #5"),
    ("a case chained anew, leaves too", rechained_with_leaves, "the root is another"),
    ("a case chained anew, tree thrown away", rechained_without_tree, "is not in the database"),
    ("a case chained anew, tree signed by another", replayed_with_another_key, "signed by nobody whose key is known"),
    ("an entry under no checkpoint that is none", lambda: change_last(payload=b"{ }"), "the payload is not canonical"),
    # The tree.
    ("a leaf removed", lambda: sql("DELETE FROM audit_leaf WHERE idx = 4"), "leaves 4 to 4 of the tree are missing"),
    ("the first leaf removed", lambda: sql("DELETE FROM audit_leaf WHERE idx = 0"), "leaves 0 to 0"),
    ("the last leaves removed", lambda: sql("DELETE FROM audit_leaf WHERE idx > 20"), "only 21 leaves are in the tree"),
    (
        "a leaf of another entry",
        lambda: sql("UPDATE audit_leaf SET entry_id = 9999 WHERE idx = 4"),
        "entry 9999 is missing",
    ),
    ("a leaf with another hash", lambda: sql("UPDATE audit_leaf SET hash = %s WHERE idx = 4", "ab" * 32), "leaf 4: "),
    ("a leaf without a hash", lambda: sql("UPDATE audit_leaf SET hash = 'none' WHERE idx = 4"), "leaf 4: no hash"),
    ("two leaves swapped", swapped_leaves, "something among leaves 0 to 20 was altered"),
    (
        "a tile of nothing",
        lambda: sql("INSERT INTO audit_tile (level, idx, hash) VALUES (1, 0, %s)", "ab" * 32),
        "tile 0 of level 1",
    ),
    (
        "a checkpoint removed",
        lambda: sql("DELETE FROM audit_checkpoint WHERE size = 21"),
        "checkpoint of 21 entries is not in the database",
    ),
    (
        "a checkpoint's size",
        lambda: sql("UPDATE audit_checkpoint SET size = 20 WHERE size = 21"),
        "its columns differ from its note",
    ),
    (
        "a checkpoint's root",
        lambda: sql("UPDATE audit_checkpoint SET root = %s WHERE size = 21", "ab" * 32),
        "its columns differ",
    ),
    (
        "a checkpoint's text",
        lambda: sql("UPDATE audit_checkpoint SET note = replace(note, '21', '20')"),
        "is not that of this text",
    ),
    ("a checkpoint signed by another", signed_by_another, "signed by nobody whose key is known"),
    # What the entries say of the rest.
    (
        "the state of a case",
        lambda: sql("UPDATE workflows_case SET state = 'closed' WHERE number = %s", PROJECT),
        "the case stands at “closed”",
    ),
    (
        "a case that forgets an act",
        lambda: sql("UPDATE workflows_case SET entry_count = 11 WHERE number = %s", PROJECT),
        "remembers only 11 entries",
    ),
    (
        "a case that remembers another hash",
        lambda: sql("UPDATE workflows_case SET entry_head = %s WHERE number = %s", "ab" * 32, PROJECT),
        "remembers another last entry",
    ),
    (
        "a balance",
        lambda: sql("UPDATE funds_account SET credits_fen = credits_fen + 1 WHERE kind = 'reserved'"),
        "account S",
    ),
    ("an amount that was moved", lambda: transfer("fen", 1), "fen is 1"),
    ("an amount that was moved, and the balances with it", moved_otherwise, "fen is 1"),
    (
        "the order that moved money",
        lambda: transfer("key", "elsewhere#1"),
        "elsewhere#1: no entry of the record made it",
    ),
    ("when money was moved", lambda: transfer("happened_at", AT), "happened_at is"),
    ("a transfer removed", lambda: sql("DELETE FROM funds_transfer WHERE kind = 'reserve'"), "/reserve#1: missing"),
    ("a source's amount", lambda: sql("UPDATE funds_source SET amount_fen = amount_fen + 1"), "amount_fen is"),
    ("a source's purpose", lambda: sql("UPDATE funds_source SET purpose = 'elsewhere'"), "purpose is elsewhere"),
    ("a file's bytes", lambda: file_is(b"something else"), "the file is not that of its digest"),
    ("a file removed", lambda: file_is(None), "the file is missing"),
    (
        "a paper with another digest",
        lambda: sql("UPDATE workflows_attachment SET sha256 = %s WHERE id = %s", "ab" * 32, paper().pk),
        "no entry of the record names this file",
    ),
    (
        "a paper under another name",
        lambda: sql("UPDATE workflows_attachment SET name = 'x.pdf' WHERE id = %s", paper().pk),
        "“x.pdf”",
    ),
    ("an entry of the sources", lambda: erase(Entry.objects.get(case_number="SOURCES", seq=1)), "SOURCES #2"),
]

#: The same with the triggers themselves.
TRIGGERS: list[tuple[str, Callable[[], object], str]] = [
    ("a trigger dropped", lambda: dropped("audit_entry_no_delete", "audit_entry"), "audit_entry_no_delete"),
    ("a trigger altered", altered_trigger, "audit_entry_no_update"),
    ("a trigger of the tree dropped", lambda: dropped("audit_leaf_no_update", "audit_leaf"), "audit_leaf_no_update"),
    (
        "a trigger of the checkpoints dropped",
        lambda: dropped("audit_checkpoint_no_delete", "audit_checkpoint"),
        "audit_checkpoint_no_delete",
    ),
    (
        "a trigger of the money dropped",
        lambda: dropped("funds_transfer_no_update", "funds_transfer"),
        "funds_transfer_no_update",
    ),
    ("a trigger too many", added_trigger, "swallow is none of ours"),
]


@pytest.fixture
def undone(county: Path) -> Iterator[None]:
    """What the test does to database and files is undone after it."""
    path = path_of(paper().sha256)
    content = path.read_bytes()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    path.write_bytes(content)


@pytest.mark.usefixtures("undone")
def test_a_county_nobody_tampered_with_is_intact() -> None:
    code, said = report()
    assert said.endswith("intact\n")
    assert code == 0


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize(("how", "named"), [way[1:] for way in WAYS], ids=[way[0] for way in WAYS])
def test_it_is_found_and_named(how: Callable[[], object], named: str) -> None:
    with lifted():
        how()
    code, said = report()
    assert named in said
    assert code == 1
    assert said.endswith("altered\n")


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize(("how", "named"), [way[1:] for way in TRIGGERS], ids=[way[0] for way in TRIGGERS])
def test_a_trigger_tampered_with_is_named(how: Callable[[], object], named: str) -> None:
    how()
    code, said = report()
    assert named in said
    assert code == 1


@pytest.mark.skipif(SQLITE, reason="PostgreSQL only")
@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("mode", ["DISABLE", "ENABLE", "ENABLE REPLICA"])
def test_a_trigger_switched_off_is_named(mode: str) -> None:
    sql(f"ALTER TABLE audit_entry {mode} TRIGGER audit_entry_no_update")
    assert "audit_entry_no_update" in report()[1]
