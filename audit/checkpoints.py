"""Checkpoints: made now and then, signed, and taken out of the reach of whoever owns the database.

Each is written under the earlier ones in a file (setting CHECKPOINT_DIR) and mailed (CHECKPOINT_MAIL); both
catch up with what they missed. A checkpoint held elsewhere shows any later change to what it covers.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import logging
import os
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from audit import tree
from audit.checkpoint import Head, parted
from audit.models import Checkpoint, Entry, Leaf
from audit.note import Signer, Verifier
from audit.paging import counted
from audit.verify import flaws

logger = logging.getLogger(__name__)
FILE_NAME = "checkpoints.txt"


def signer() -> Signer:
    """Who signs, from the setting CHECKPOINT_KEY. Raises note.BadKey."""
    return Signer.read(settings.CHECKPOINT_KEY)


def verifiers() -> list[Verifier]:
    """Whose signatures count: our own, and those of CHECKPOINT_VERIFIERS, such as the keys before it."""
    return [signer().verifier, *map(Verifier.read, settings.CHECKPOINT_VERIFIERS)]


def make(at: dt.datetime) -> Checkpoint | None:
    """Put the entries that have come since into the tree and sign it; the last checkpoint where there were none.

    Entries that are not what their hash says stay outside and are named in the log.
    """
    tree.grow(_sound)
    with transaction.atomic():
        tree.alone()
        size = tree.size()
        last = Checkpoint.objects.order_by("-size").first()
        if not size or (last is not None and last.size == size):
            return last
        key = signer()
        head = Head(size, tree.root(size), key.name)
        return Checkpoint.objects.create(size=size, root=head.root.hex(), note=head.signed(key), made_at=at)


def due(at: dt.datetime) -> int:
    """The worker's job: a checkpoint when the time has come, and what is still to be taken outside."""
    last = Checkpoint.objects.order_by("-size").values_list("made_at", flat=True).first()
    done = 0
    if last is None or at - last >= dt.timedelta(minutes=settings.CHECKPOINT_EVERY_MINUTES):
        made = make(at)
        done = int(made is not None and made.made_at == at)
    return done + write() + mail(at)


def last_and_since() -> tuple[Checkpoint | None, int]:
    """The newest checkpoint, and how many entries have come behind the last leaf, as far as `paging` counts."""
    leaf = Coalesce(Subquery(Leaf.objects.order_by("-idx").values("entry_id")[:1]), 0)
    return Checkpoint.objects.order_by("-size").first(), counted(Entry.objects.filter(pk__gt=leaf))


def path() -> Path:
    """The file in which they stand one under the other."""
    return Path(settings.CHECKPOINT_DIR) / FILE_NAME


def write() -> int:
    """Append to the file what is not there yet; how many. Nothing in it is ever changed."""
    last = Checkpoint.objects.order_by("-size").values_list("note", flat=True).first()
    target = path()
    if last is None or _ends_with(target, f"{last}\n"):
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        there = set(parted(file.read()))
        missing = [note for note in Checkpoint.objects.values_list("note", flat=True) if note not in there]
        file.writelines(f"{note}\n" for note in missing)
        file.flush()
        os.fsync(file.fileno())
    return len(missing)


def mail(at: dt.datetime) -> int:
    """Send what has not been sent, all in one mail; how many checkpoints went out. A failure is tried again."""
    waiting = list(Checkpoint.objects.filter(mailed_at=None)) if settings.MAILS and settings.CHECKPOINT_MAIL else []
    if not waiting:
        return 0
    last, notes = waiting[-1], "\n".join(checkpoint.note for checkpoint in waiting)
    message = EmailMessage(
        subject=_("Checkpoint of the record: %(count)d entries") % {"count": last.size},
        body=_(
            "Keep this mail. It shows whether the first %(count)d entries of the record were changed later:\n"
            "save the attachment and give it to “manage.py audit verify --checkpoint FILE”."
        )
        % {"count": last.size}
        + f"\n\n{notes}",
        attachments=[(f"checkpoint-{last.size}.txt", notes, "text/plain")],
        to=settings.CHECKPOINT_MAIL,
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except OSError:
        # smtplib's errors are OSErrors, too.
        logger.warning("The checkpoint of %d entries could not be mailed; it is tried again.", last.size, exc_info=True)
        return 0
    return Checkpoint.objects.filter(pk__in=[one.pk for one in waiting], mailed_at=None).update(mailed_at=at)


def _sound(entry: Entry) -> bool:
    wrong = list(flaws(entry))
    if wrong:
        logger.error("Entry %d is not put under a checkpoint: %s", entry.pk, "; ".join(wrong))
    return not wrong


def _ends_with(file: Path, text: str) -> bool:
    end = text.encode()
    try:
        with file.open("rb") as there:
            there.seek(-len(end), os.SEEK_END)
            return there.read() == end
    except OSError:
        # Not there yet, or shorter than that.
        return False
