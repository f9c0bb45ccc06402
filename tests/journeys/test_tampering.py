"""What somebody with the database's password could do, the triggers lifted: `audit verify` names each."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction
from django.utils import timezone, translation

from audit import checkpoint, checkpoints
from audit.chain import GENESIS, canonical, link
from audit.models import INDEXED, Checkpoint, Entry, Leaf
from audit.note import Signer
from tests.factories import fresh_application, project_at
from tests.guards import lifted
from workflows.cases import Attachment
from workflows.files import path_of
from workflows.states import ProjectState

pytestmark = pytest.mark.django_db
SQLITE = connection.vendor == "sqlite"
#: The project that most attacks are about, and the number of its acts that stand under a checkpoint.
PROJECT, ACTS = "P2026-00001", 12


@pytest.fixture(scope="module")
def county(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A project granted and one begun, each under a checkpoint, and one begun since; the folder of the checkpoints."""
    folder = tmp_path_factory.mktemp("checkpoints")
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "CHECKPOINT_DIR", folder)
        for bring in (lambda: project_at(ProjectState.APPROVED), fresh_application):
            bring()
            checkpoints.make(timezone.now())
        checkpoints.write()
        fresh_application()
        if not SQLITE:
            sql("SET CONSTRAINTS ALL IMMEDIATE")
        yield folder
        transaction.set_rollback(True)


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def entry(seq: int) -> Entry:
    return Entry.objects.get(case_number=PROJECT, seq=seq)


def change(seq: int, **columns: object) -> None:
    models.QuerySet(Entry).filter(pk=entry(seq).pk).update(**columns)


def erase(*which: Entry) -> None:
    models.QuerySet(Entry).filter(pk__in=[one.pk for one in which])._raw_delete("default")


def rechain(seq: int, **changes: object) -> None:
    """Change an entry and make all hashes after it right again, in the case's own row, too."""
    prev = GENESIS if seq == 1 else entry(seq - 1).hash
    for old in Entry.objects.filter(case_number=PROJECT, seq__gte=seq).order_by("seq"):
        facts = json.loads(old.octets) | {"prev_hash": prev} | (changes if old.seq == seq else {})
        payload = canonical(facts)
        columns = {name: facts[name] for name in INDEXED if name in changes and old.seq == seq}
        prev = link(prev=facts["prev_hash"], payload=payload)
        new = {"payload": payload, "hash": prev, "prev_hash": facts["prev_hash"], **columns}
        models.QuerySet(Entry).filter(pk=old.pk).update(**new)
    sql("UPDATE workflows_case SET entry_head = %s WHERE number = %s", prev, PROJECT)


def releaf() -> None:
    """Make the leaves fit the entries again."""
    sql("UPDATE audit_leaf SET hash = (SELECT hash FROM audit_entry e WHERE e.id = entry_id)")


def replay() -> None:
    """Throw away tree and checkpoints, so that they can be made anew."""
    for table in ("audit_leaf", "audit_tile", "audit_checkpoint"):
        sql(f"DELETE FROM {table}")


def replayed_with_another_key() -> None:
    rechain(5, amount_fen=1)
    replay()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "CHECKPOINT_KEY", str(Signer.new("PeterNeumann")))
        checkpoints.make(timezone.now())


def cut(count: int) -> None:
    """Take the last acts of the project away, and let the case forget them."""
    last = entry(ACTS - count)
    erase(*Entry.objects.filter(case_number=PROJECT, seq__gt=last.seq))
    sql(
        "UPDATE workflows_case SET entry_count = %s, entry_head = %s, state = %s WHERE number = %s",
        last.seq, last.hash, last.state_to, PROJECT,
    )  # fmt: skip


def cut_tree() -> None:
    cut(1)
    gone = Leaf.objects.exclude(entry_id__in=Entry.objects.values("id")).earliest("idx").idx
    sql("DELETE FROM audit_leaf WHERE idx >= %s", gone)
    sql("DELETE FROM audit_checkpoint WHERE size > %s", gone)


def inserted(like: int, *, number: int = ACTS + 1, **columns: object) -> None:
    """A further entry after the last one of the project, otherwise like another."""
    kept = {field.name: getattr(entry(like), field.name) for field in Entry._meta.fields}
    Entry(**kept | {"id": None, "seq": number, "hash": "cd" * 32} | columns).save()


def moved_up() -> None:
    """Number 4 is taken away and all later ones are numbered and chained anew."""
    erase(entry(4))
    for old in Entry.objects.filter(case_number=PROJECT, seq__gt=4).order_by("seq"):
        facts = json.loads(old.octets) | {"seq": old.seq - 1, "prev_hash": entry(old.seq - 2).hash}
        payload = canonical(facts)
        new = link(prev=facts["prev_hash"], payload=payload)
        models.QuerySet(Entry).filter(pk=old.pk).update(
            payload=payload, hash=new, prev_hash=facts["prev_hash"], seq=facts["seq"]
        )
    last = Entry.objects.filter(case_number=PROJECT).latest("seq")
    sql("UPDATE workflows_case SET entry_count=%s, entry_head=%s WHERE number=%s", last.seq, last.hash, PROJECT)


def swapped() -> None:
    for seq, new in ((3, 99), (4, 3), (99, 4)):
        sql("UPDATE audit_entry SET seq = %s WHERE case_number = %s AND seq = %s", new, PROJECT, seq)


def swapped_payloads() -> None:
    one, other = entry(3), entry(4)
    change(3, payload=other.payload)
    change(4, payload=one.payload)


def swapped_leaves() -> None:
    one, other = Leaf.objects.order_by("idx")[3:5]
    sql("DELETE FROM audit_leaf WHERE idx IN (%s, %s)", one.idx, other.idx)
    Leaf.objects.bulk_create(
        [
            Leaf(idx=one.idx, entry_id=other.entry_id, hash=other.hash),
            Leaf(idx=other.idx, entry_id=one.entry_id, hash=one.hash),
        ]
    )


def signed_by_another() -> None:
    row = Checkpoint.objects.earliest("size")
    head = checkpoint.Head(row.size, bytes.fromhex(row.root), "PeterNeumann")
    sql("UPDATE audit_checkpoint SET note = %s WHERE id = %s", head.signed(Signer.new("PeterNeumann")), row.pk)


def paper() -> Attachment:
    return Attachment.objects.filter(case__number=PROJECT).earliest("id")


def file_is(content: bytes | None) -> None:
    path = path_of(paper().sha256)
    path.unlink()
    if content is not None:
        path.write_bytes(content)


def transfer(column: str, value: object) -> None:
    sql(f"UPDATE funds_transfer SET {column} = %s WHERE kind = 'reserve'", value)  # noqa: S608


def added_trigger() -> None:
    sql(
        "CREATE TRIGGER swallow BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(IGNORE); END"
        if SQLITE
        else "CREATE TRIGGER swallow BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION fundtrail_refuse_change()"
    )


def altered_trigger() -> None:
    sql("DROP TRIGGER audit_entry_no_update" + ("" if SQLITE else " ON audit_entry"))
    sql(
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry WHEN 0 BEGIN SELECT 1; END"
        if SQLITE
        else "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry FOR EACH ROW WHEN (false)"
        " EXECUTE FUNCTION fundtrail_refuse_change()"
    )


def dropped(name: str, table: str) -> None:
    sql(f"DROP TRIGGER {name}" + ("" if SQLITE else f" ON {table}"))


AT = timezone.now().replace(year=2025)

#: What is done, how, and what a line of the report must contain.
WAYS: list[tuple[str, Callable[[], object], str]] = [
    # Entries changed in place.
    ("a digit of the payload", lambda: change(5, payload=entry(5).octets.replace(b"project.file", b"project.fill")), f"{PROJECT} #5"),
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
    ("a case's entries removed", lambda: erase(*Entry.objects.filter(case_number=PROJECT)), "all 12 entries of the case"),
    ("an entry removed and the rest chained anew", moved_up, f"{PROJECT} #11"),
    ("an entry added", lambda: inserted(5), f"{PROJECT} #13"),
    ("an entry twice", lambda: inserted(ACTS, prev_hash=entry(ACTS).hash), "remembers only 12 entries"),
    ("an entry of a case that is none", lambda: inserted(5, case_id=998, number=1, prev_hash=GENESIS), "no such case"),
    ("two entries swapped", swapped, f"{PROJECT} #3"),
    ("two payloads swapped", swapped_payloads, f"{PROJECT} #4"),
    # Chains made right again.
    ("one hash made right again", lambda: change(5, **{"payload": b"{}", "hash": link(prev=entry(5).prev_hash, payload=b"{}")}), f"{PROJECT} #6"),
    ("a case chained anew", lambda: rechain(5, amount_fen=1), f"{PROJECT} #5"),
    ("a case chained anew, leaves too", lambda: (rechain(5, amount_fen=1), releaf()), "the root is another"),
    ("a case chained anew, tree thrown away", lambda: (rechain(5, amount_fen=1), replay()), "is not in the database"),
    ("a case chained anew, tree signed by another", replayed_with_another_key, "signed by nobody whose key is known"),
    ("an entry under no checkpoint that is none", lambda: change_last(payload=b"{ }"), "the payload is not canonical"),
    # The tree.
    ("a leaf removed", lambda: sql("DELETE FROM audit_leaf WHERE idx = 4"), "leaves 4 to 4 of the tree are missing"),
    ("the first leaf removed", lambda: sql("DELETE FROM audit_leaf WHERE idx = 0"), "leaves 0 to 0"),
    ("the last leaves removed", lambda: sql("DELETE FROM audit_leaf WHERE idx > 20"), "only 21 leaves are in the tree"),
    ("a leaf of another entry", lambda: sql("UPDATE audit_leaf SET entry_id = 9999 WHERE idx = 4"), "entry 9999 is missing"),
    ("a leaf with another hash", lambda: sql("UPDATE audit_leaf SET hash = %s WHERE idx = 4", "ab" * 32), "leaf 4: "),
    ("a leaf without a hash", lambda: sql("UPDATE audit_leaf SET hash = 'none' WHERE idx = 4"), "leaf 4: no hash"),
    ("two leaves swapped", swapped_leaves, "something among leaves 0 to 20 was altered"),
    ("a tile of nothing", lambda: sql("INSERT INTO audit_tile (level, idx, hash) VALUES (1, 0, %s)", "ab" * 32), "tile 0 of level 1"),
    ("a checkpoint removed", lambda: sql("DELETE FROM audit_checkpoint WHERE size = 21"), "checkpoint of 21 entries is not in the database"),
    ("a checkpoint's size", lambda: sql("UPDATE audit_checkpoint SET size = 20 WHERE size = 21"), "its columns differ from its note"),
    ("a checkpoint's root", lambda: sql("UPDATE audit_checkpoint SET root = %s WHERE size = 21", "ab" * 32), "its columns differ"),
    ("a checkpoint's text", lambda: sql("UPDATE audit_checkpoint SET note = replace(note, '21', '20')"), "is not that of this text"),
    ("a checkpoint signed by another", signed_by_another, "signed by nobody whose key is known"),
    # What the entries say of the rest.
    ("the state of a case", lambda: sql("UPDATE workflows_case SET state = 'closed' WHERE number = %s", PROJECT), "the case stands at “closed”"),
    ("a case that forgets an act", lambda: sql("UPDATE workflows_case SET entry_count = 11 WHERE number = %s", PROJECT), "remembers only 11 entries"),
    ("a case that remembers another hash", lambda: sql("UPDATE workflows_case SET entry_head = %s WHERE number = %s", "ab" * 32, PROJECT), "remembers another last entry"),
    ("a balance", lambda: sql("UPDATE funds_account SET credits_fen = credits_fen + 1 WHERE kind = 'reserved'"), "account S"),
    ("an amount that was moved", lambda: transfer("fen", 1), "fen is 1"),
    ("an amount that was moved, and the balances with it", lambda: (transfer("fen", 1), sql("UPDATE funds_account SET credits_fen = 1 WHERE kind = 'reserved'"), sql("UPDATE funds_account SET debits_fen = 1 WHERE kind = 'unallocated'")), "fen is 1"),
    ("the order that moved money", lambda: transfer("key", "elsewhere#1"), "elsewhere#1: no entry of the record made it"),
    ("when money was moved", lambda: transfer("happened_at", AT), "happened_at is"),
    ("a transfer removed", lambda: sql("DELETE FROM funds_transfer WHERE kind = 'reserve'"), "/reserve#1: missing"),
    ("a source's amount", lambda: sql("UPDATE funds_source SET amount_fen = amount_fen + 1"), "amount_fen is"),
    ("a source's purpose", lambda: sql("UPDATE funds_source SET purpose = 'elsewhere'"), "purpose is elsewhere"),
    ("a file's bytes", lambda: file_is(b"something else"), "the file is not that of its digest"),
    ("a file removed", lambda: file_is(None), "the file is missing"),
    ("a paper with another digest", lambda: sql("UPDATE workflows_attachment SET sha256 = %s WHERE id = %s", "ab" * 32, paper().pk), "no entry of the record names this file"),
    ("a paper under another name", lambda: sql("UPDATE workflows_attachment SET name = 'x.pdf' WHERE id = %s", paper().pk), "“x.pdf”"),
    ("an entry of the register of sources", lambda: erase(Entry.objects.get(case_number="SOURCES", seq=1)), "SOURCES #2"),
]  # fmt: skip

#: The same with the triggers themselves.
TRIGGERS: list[tuple[str, Callable[[], object], str]] = [
    ("a trigger dropped", lambda: dropped("audit_entry_no_delete", "audit_entry"), "audit_entry_no_delete"),
    ("a trigger altered", altered_trigger, "audit_entry_no_update"),
    ("a trigger of the tree dropped", lambda: dropped("audit_leaf_no_update", "audit_leaf"), "audit_leaf_no_update"),
    ("a trigger of the checkpoints dropped", lambda: dropped("audit_checkpoint_no_delete", "audit_checkpoint"), "audit_checkpoint_no_delete"),
    ("a trigger of the money dropped", lambda: dropped("funds_transfer_no_update", "funds_transfer"), "funds_transfer_no_update"),
    ("a trigger too many", added_trigger, "swallow is none of ours"),
]  # fmt: skip


def change_last(**columns: object) -> None:
    """The newest entry, which is under no checkpoint yet, with a hash that fits."""
    last = Entry.objects.latest("id")
    columns["hash"] = link(prev=last.prev_hash, payload=columns["payload"])  # type: ignore[arg-type]
    models.QuerySet(Entry).filter(pk=last.pk).update(**columns)
    sql("UPDATE workflows_case SET entry_head = %s WHERE id = %s", columns["hash"], last.case_id)


def report() -> tuple[int, str]:
    out = io.StringIO()
    with translation.override("en"):
        try:
            call_command("audit", "verify", stdout=out)
        except SystemExit as end:
            return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


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


def test_there_are_thirty_ways_and_more() -> None:
    assert len(WAYS) + len(TRIGGERS) >= 30
