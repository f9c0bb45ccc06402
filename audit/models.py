"""An entry for every act, in the order in which the acts were done in each case; the tree over all of them."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.access import Access as Access
from audit.chain import GENESIS
from audit.figures import Figure as Figure
from audit.immutability import Columns
from audit.saved import SavedSearch as SavedSearch

#: Everything a column repeats from the payload; `verify` compares the two.
INDEXED = (
    "case_id", "case_number", "case_title", "case_kind", "root_id", "seq", "prev_hash", "act",
    "actor_id", "actor_name", "post", "unit_id", "unit_name", "behalf_id", "behalf_name",
    "state_from", "state_to", "edition", "late", "amount_fen", "happened_at", "recorded_at",
)  # fmt: skip


class AppendOnly(RuntimeError):
    """An entry is written once. What was wrong is put right by a further entry."""


def octets(stored: Any) -> bytes:
    """A payload's bytes; also where somebody put text or a number in their place, as SQLite lets him."""
    if isinstance(stored, bytes | bytearray | memoryview):
        return bytes(stored)
    return str(stored).encode("utf-8", "surrogateescape")


class Entries(models.QuerySet["Entry"]):
    """Entries for reading. The refusals are a courtesy; the truth are the database's triggers."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Raises AppendOnly."""
        raise AppendOnly(_("The record is never changed."))

    def delete(self) -> NoReturn:
        """Raises AppendOnly."""
        raise AppendOnly(_("The record is never deleted."))


class Entry(models.Model):
    """One act on one case. The payload is the entry; the columns are an index over it.

    Numbers of cases, people and units are plain numbers, not foreign keys: the record stands even
    where the tables around it do not.
    """

    #: Canonical JSON bytes, kept verbatim: see docs/record.md.
    payload = models.BinaryField(_("payload"))
    prev_hash = models.CharField(_("previous hash"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)
    #: The case, and its place in the order of the case's acts, from 1 without a gap.
    case_id = models.BigIntegerField()
    seq = models.PositiveIntegerField(_("number in the case"))
    case_number = models.CharField(_("case"), max_length=40)
    case_title = models.CharField(_("title"), max_length=200, blank=True)
    case_kind = models.CharField(_("kind"), max_length=40)
    #: The project that the case is or belongs to.
    root_id = models.BigIntegerField()
    #: Code of the act: "project.file".
    act = models.CharField(_("act"), max_length=80)
    #: Null where the clock acted.
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("person"), max_length=150)
    #: The post held at that time: "finance@tongjiang".
    post = models.CharField(_("post"), max_length=120, blank=True)
    unit_id = models.BigIntegerField(null=True)
    unit_name = models.CharField(_("unit"), max_length=200, blank=True)
    behalf_id = models.BigIntegerField(null=True)
    behalf_name = models.CharField(_("on behalf of"), max_length=150, blank=True)
    state_from = models.CharField(_("from"), max_length=40, blank=True)
    state_to = models.CharField(_("to"), max_length=40, blank=True)
    edition = models.CharField(_("rulebook edition"), max_length=120, blank=True)
    #: Entered afterwards (补录): happened earlier than it was recorded.
    late = models.BooleanField(_("late entry"), default=False)
    amount_fen = models.BigIntegerField(_("amount"), null=True)
    happened_at = models.DateTimeField(_("happened at"))
    recorded_at = models.DateTimeField(_("recorded at"))

    objects: ClassVar[models.Manager[Entry]] = Entries.as_manager()

    class Meta:
        db_table = "audit_entry"
        default_permissions = ("view",)
        ordering: ClassVar = ["case_id", "seq"]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_id", "seq"], name="entry_seq_once_a_case"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="entry_seq_from_one"),
            models.CheckConstraint(
                condition=Q(seq=1, prev_hash=GENESIS) | (Q(seq__gt=1) & ~Q(prev_hash=GENESIS)),
                name="entry_first_follows_nothing",
            ),
            models.CheckConstraint(condition=~Q(act="") & ~Q(actor_name=""), name="entry_has_act_and_actor"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["root_id", "id"], name="entry_of_root"),
            models.Index(fields=["actor_id", "id"], name="entry_of_actor"),
            models.Index(fields=["actor_id", "happened_at"], name="entry_of_actor_in_time"),
            models.Index(fields=["unit_id", "id"], name="entry_of_unit"),
            models.Index(fields=["act", "id"], name="entry_of_act"),
            models.Index(fields=["happened_at"], name="entry_in_period"),
            models.Index(fields=["recorded_at"], name="entry_in_recording"),
            # Few names are in it, however many entries: a search goes from one to the next and asks for those that fit.
            models.Index(fields=["actor_name", "id"], name="entry_of_name"),
            models.Index(fields=["behalf_name", "id"], name="entry_of_behalf"),
            models.Index(fields=["post", "id"], name="entry_of_post"),
            models.Index(fields=["unit_name", "id"], name="entry_of_unit_name"),
            models.Index(fields=["amount_fen", "id"], name="entry_of_amount", condition=Q(amount_fen__isnull=False)),
            models.Index(fields=["case_id", "happened_at", "recorded_at"], name="entry_late", condition=Q(late=True)),
            # The cases of a kind, and of each where it stood when, by both times: a list of the past reads these.
            models.Index(fields=["case_kind", "case_number", "case_id"], name="entry_opening", condition=Q(seq=1)),
            models.Index(
                fields=["case_id", "happened_at", "id", "recorded_at", "state_to"], name="entry_move",
                condition=~Q(state_from=F("state_to")),
            ),
            models.Index(
                fields=["case_id", "id", "recorded_at", "state_to"], name="entry_move_recorded",
                condition=~Q(state_from=F("state_to")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_number} #{self.seq} {self.act}"

    @property
    def octets(self) -> bytes:
        """The payload's bytes."""
        return octets(self.payload)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a second save raises AppendOnly."""
        if not self._state.adding:
            raise AppendOnly(_("The record is never changed."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises AppendOnly."""
        raise AppendOnly(_("The record is never deleted."))


class Leaf(models.Model):
    """The place of an entry in the tree: given once, when the entry was first seen committed (decision 37)."""

    #: From 0 without a gap.
    idx = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    #: The entry's hash as it was then; its 32 bytes are the leaf's content.
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_leaf"
        default_permissions = ()
        ordering: ClassVar = ["idx"]
        verbose_name = _("leaf")


class Tile(models.Model):
    """The hash over 256 leaves, or over 256 tiles of the level below: so that a proof reads few rows."""

    level = models.PositiveSmallIntegerField()
    idx = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_tile"
        default_permissions = ()
        ordering: ClassVar = ["level", "idx"]
        verbose_name = _("tile")
        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "idx"], name="tile_once")]


class Checkpoint(models.Model):
    """The tree as it was signed: size, root, and the note that says both."""

    size = models.BigIntegerField(_("entries"), unique=True)
    root = models.CharField(_("root"), max_length=64)
    note = models.TextField(_("signed note"))
    made_at = models.DateTimeField(_("made at"))
    #: When it went to the addresses outside; the only column that changes.
    mailed_at = models.DateTimeField(_("mailed at"), null=True)

    class Meta:
        db_table = "audit_checkpoint"
        default_permissions = ()
        ordering: ClassVar = ["size"]
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(size__gte=1), name="checkpoint_of_something")]

    def __str__(self) -> str:
        return f"{self.size} {self.root}"


#: What the database itself refuses to change in this room.
GUARDED = (
    "audit_entry",
    "audit_figure",
    "audit_access",
    "audit_leaf",
    "audit_tile",
    Columns("audit_checkpoint", ("id", "size", "root", "note", "made_at")),
)
