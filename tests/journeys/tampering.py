"""What somebody with the database's password could do to the record, the triggers lifted."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone, translation

from audit import checkpoint, checkpoints
from audit.chain import GENESIS, canonical, link
from audit.models import INDEXED, Checkpoint, Entry, Leaf
from audit.note import Signer
from tests import database
from workflows.cases import Attachment
from workflows.files import path_of

SQLITE = connection.vendor == "sqlite"
#: The project that most attacks are about, and the number of its acts that stand under a checkpoint.
PROJECT, ACTS = "P2026-00001", 12


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def number_from_one() -> None:
    """The next case is number one, as PROJECT says, whatever other tests have opened and rolled back before."""
    for statement in database.numbering(["workflows_case"]):
        sql(statement)


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


def rechained_with_leaves() -> None:
    rechain(5, amount_fen=1)
    releaf()


def rechained_without_tree() -> None:
    rechain(5, amount_fen=1)
    replay()


def moved_otherwise() -> None:
    """Less money was moved, and both accounts say so."""
    transfer("fen", 1)
    sql("UPDATE funds_account SET credits_fen = 1 WHERE kind = 'reserved'")
    sql("UPDATE funds_account SET debits_fen = 1 WHERE kind = 'unallocated'")


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
    sql(f"UPDATE funds_transfer SET {column} = %s WHERE kind = 'reserve'", value)


def report() -> tuple[int, str]:
    out = io.StringIO()
    with translation.override("en"):
        try:
            call_command("audit", "verify", stdout=out)
        except SystemExit as end:
            return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def added_trigger(table: str = "audit_entry") -> None:
    sql(
        f"CREATE TRIGGER swallow BEFORE INSERT ON {table} BEGIN SELECT RAISE(IGNORE); END"
        if SQLITE
        else f"CREATE TRIGGER swallow BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fundtrail_refuse_change()"
    )


def altered_trigger(table: str = "audit_entry") -> None:
    dropped(f"{table}_no_update", table)
    sql(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN 0 BEGIN SELECT 1; END"
        if SQLITE
        else f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN (false)"
        " EXECUTE FUNCTION fundtrail_refuse_change()"
    )


def dropped(name: str, table: str) -> None:
    sql(f"DROP TRIGGER {name}" + ("" if SQLITE else f" ON {table}"))


def change_last(**columns: object) -> None:
    """The newest entry, which is under no checkpoint yet, with a hash that fits."""
    last = Entry.objects.latest("id")
    columns["hash"] = link(prev=last.prev_hash, payload=columns["payload"])  # type: ignore[arg-type]
    models.QuerySet(Entry).filter(pk=last.pk).update(**columns)
    sql("UPDATE workflows_case SET entry_head = %s WHERE id = %s", columns["hash"], last.case_id)
