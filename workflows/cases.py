"""What every case has: number, state, edition, the head of its record; and what hangs on it.

A case is a project or one of its sub-cases. Its own facts stand in a child table, one lifecycle a
file in :mod:`workflows.lifecycles`; its state changes only through :mod:`workflows.acts`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from audit import prepared
from audit.prepared import Prepared, number
from workflows.editions import Edition
from workflows.offices import DEPARTMENTS, OUTSIDERS, Area, Office, Person, Post, Unit
from workflows.rulebook.schema import Rulebook
from workflows.states import ENDS, known, label
from workflows.watch import Watched

if TYPE_CHECKING:
    from workflows.law import Call, Opening
    from workflows.lifecycles.project import Project

#: What every rule reads beside the case itself.
RELATED = ("edition", "area", "unit")
#: Read once a process, not with every case.
BULKY = "edition__content"


class Kind(models.TextChoices):
    """The kinds of case."""

    PROJECT = "project", _("Project")
    NOTICE = "notice", _("Public notice")
    TENDER = "tender", _("Tender")
    MEASUREMENT = "measurement", _("Measurement")
    CLAIM = "claim", _("Claim")
    HOUSEHOLD_BATCH = "household_batch", _("Household batch")
    SPECIAL_AUDIT = "special_audit", _("Special audit")
    ACCEPTANCE = "acceptance", _("Acceptance")
    RECTIFICATION = "rectification", _("Rectification")
    COMPLAINT = "complaint", _("Complaint")
    RED_FLAG = "red_flag", _("Red flag")
    LATE_ENTRY = "late_entry", _("Late entry")


class PastTheDoor(Exception):
    """Somebody tried to change a case without an act."""


# How each class of cases reads its row, and how it holds it.
_reading = cache(lambda machine: Prepared[Case](machine._rows_to_read))
_locking = cache(lambda machine: Prepared[Case](machine._rows_to_lock))


class Case(Watched):
    """Where one case stands, in one row: the only truth about its place."""

    kind = models.CharField(max_length=16, choices=Kind.choices)
    number = models.CharField(max_length=24, unique=True, null=True)
    title = models.CharField(_("name"), max_length=120)
    state = FSMField(max_length=24, protected=True)
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="family")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases")
    department = models.CharField(max_length=20, choices=[(d.value, d.label) for d in DEPARTMENTS])
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    #: Set by the form that opened the case: the second of two clicks finds the first one's case.
    open_key = models.CharField(max_length=36, unique=True, null=True)
    state_since = models.DateTimeField()
    #: When returned: whose desk it went to, and where it goes when it comes back.
    returned_to = models.CharField(max_length=24, blank=True)
    resume_state = models.CharField(max_length=24, blank=True)
    #: Counts the steps forward, so that an old round's signatures do not count for a new one.
    round_no = models.PositiveIntegerField(default=0)
    #: The record's head: entries so far and the last one's hash. The count is also the version
    #: that a page showed and that a decision must quote.
    entry_count = models.PositiveIntegerField(default=0)
    entry_head = models.CharField(max_length=64, blank=True)
    touched_at = models.DateTimeField()
    #: On a project: bumped by every act on it or on a sub-case, so that a page can tell.
    family_version = models.PositiveIntegerField(default=0)

    #: What every act writes: one UPDATE of one row.
    HEAD: ClassVar = Watched.WATCHED | {
        "number", "state", "state_since", "returned_to", "resume_state", "entry_count", "entry_head", "touched_at",
        "family_version", "round_no",
    }  # fmt: skip

    #: Set by the door while an act is being performed; nothing else may change the state.
    door: Call | None = None
    #: Rows that the act has written, for the record.
    laid: tuple[models.Model, ...] = ()
    #: The act just done, for the desks.
    acted: Call | None = None

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=known(), name="case_state_known")]
        indexes: ClassVar = [
            models.Index(fields=["kind", "state", "-state_since"]),
            models.Index(fields=["root", "kind"]),
            models.Index(fields=["unit", "kind"]),
            models.Index(fields=["guessed_from"], condition=Q(guessed_from__isnull=False), name="case_guessed"),
        ]
        verbose_name = _("case")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    # Queries

    @property
    def book(self) -> Rulebook:
        """The rulebook this case is pinned to."""
        return self.edition.book

    @property
    def project_id(self) -> int:
        """The project this case is, or belongs to."""
        return self.root_id or self.pk

    @property
    def state_label(self) -> str:
        """Where it stands, in the reader's words."""
        return label(self.kind, self.state)

    @property
    def ended(self) -> bool:
        """Whether nothing waits for anybody any more."""
        return self.state in ENDS[self.kind]

    def office(self, seat: str) -> str:
        """The office behind a seat: ``department`` is the competent one of this case (主管部门)."""
        if seat in OUTSIDERS:
            return seat
        return self.department if seat == "department" else Office(seat).value

    def typed(self) -> Case:
        """The same case as its own class."""
        from workflows.lifecycles import KINDS

        return _reading(KINDS[self.kind]).get(pk=self.pk)

    @classmethod
    def _rows_to_read(cls) -> models.QuerySet[Case]:
        rows = cls._default_manager.select_related(*RELATED, *cls.beside_it).defer(BULKY)
        # Most of what is asked of a sub-case asks its project, too.
        rows = rows.select_related("root__project") if cls.has_root else rows
        return rows.filter(pk=number("pk"))

    @property
    def of_project(self) -> Project:
        """The project this case belongs to, as a project; it shares the case's place and rulebook."""
        assert self.root is not None
        # A case just opened still holds the project itself.
        project: Project = self.root.project if type(self.root) is Case else self.root  # type: ignore[assignment]
        for name in RELATED:
            if self._meta.get_field(name).is_cached(self):  # type: ignore[union-attr]
                setattr(project, name, getattr(self, name))
        return project

    def papers_for(self, code: str) -> tuple[str, ...]:
        """The kinds of paper that must be attached before the act, by the rulebook."""
        required = self.book.papers.get(code)  # type: ignore[call-overload]
        return tuple(required.value) if required else ()

    def papers_there(self) -> set[str]:
        """The kinds of paper that are attached."""
        return set(self.attachments.order_by().values_list("paper", flat=True))

    def seats(self) -> tuple[str, ...]:
        """Whose turn it is: a pure function of state and opinions; several where they work in parallel."""
        raise NotImplementedError(f"{type(self).__name__} must say whose turn it is")

    @classmethod
    def locked(cls, pk: int) -> Self:
        """The row as it is now, held until the transaction ends.

        Never ``refresh_from_db``: it would lift the protection of the state while it runs.
        """
        return cast("Self", _locking(cls).get(pk=pk))

    @classmethod
    def _rows_to_lock(cls) -> models.QuerySet[Case]:
        rows = cls._default_manager.select_related(*RELATED).defer(BULKY)
        # Every table it reads facts from: what is joined but not locked may be older than the wait.
        held = ["self", "case_ptr"]
        if cls.has_root:
            # The sub-case first, its project after it: everybody locks so, and nobody waits in a circle.
            rows = rows.select_related("root__project").filter(root__project__isnull=False)
            held += ["root", "root__project"]
        return rows.filter(pk=number("pk")).select_for_update(of=held, no_key=True)

    #: What its page shows of other rows, read along with it.
    beside_it: ClassVar[tuple[str, ...]] = ()
    #: Whether cases of this class belong to a project.
    has_root: ClassVar[bool] = True
    #: Whether its acts may change whose turn it is with the project.
    moves_root: ClassVar[bool] = False
    #: The first letter of its number, and how a case of the kind is opened.
    letter: ClassVar[str]
    opening: ClassVar[Opening]

    def save(self, **how: Any) -> None:
        """Only the door saves a case.

        Raises:
            PastTheDoor: nobody is performing an act on it.
        """
        if self.door is None:
            raise PastTheDoor(f"a case changes only by an act: {self}")
        if set(how) == {"update_fields"}:
            prepared.update(self, how["update_fields"])
        else:
            super().save(**how)

    # Mutators, for the bodies of transitions only

    def put(self, **facts: Any) -> None:
        """Set facts of the case and remember to save them with the act."""
        for name, value in facts.items():
            setattr(self, name, value)
        self._put = self.changed | facts.keys()

    def sign(self, call: Call, *, seat: str) -> None:
        """Put the actor's opinion under this round of this state, for a seat."""
        opinion = Opinion(
            case=self, seat=seat, state=self.state, round_no=self.round_no, agrees=call.data.agrees,
            text=call.reason, person=call.by, post=call.seat.post, behalf=call.seat.behalf, at=call.at,
        )  # fmt: skip
        prepared.insert(opinion)
        self.laid = (*self.laid, opinion)

    @property
    def changed(self) -> set[str]:
        """The facts that this act has set."""
        return getattr(self, "_put", set())

    @classmethod
    def begin(cls, form: Any, *, root: Case | None) -> Self:
        """The row that a filled-in opening form makes, not saved yet."""
        raise NotImplementedError(f"{cls.__name__} must say how it begins")

    def furnish(self, call: Call) -> None:
        """What opening a case of the kind brings along, beside its own row."""

    def redact(self, data: dict[str, Any]) -> dict[str, Any]:
        """The form as it may enter the record for good: personal data goes in as a digest."""
        return data


class Opinion(models.Model):
    """A signature that a rule counts: one office's verdict in one round of a state."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    seat = models.CharField(max_length=20)
    state = models.CharField(max_length=24)
    #: The round in which it was given: a return and resubmission keeps the round (会签 stays intact).
    round_no = models.PositiveIntegerField()
    agrees = models.BooleanField()
    text = models.TextField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    behalf = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "seat", "state", "round_no"], condition=Q(agrees=True), name="one_signature_a_round"
            )
        ]
        verbose_name = _("opinion")


class Attachment(models.Model):
    """A file of a case, stored under its SHA-256; the same bytes are one file."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    paper = models.CharField(max_length=40)
    name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64, db_index=True)
    size_bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=80)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        verbose_name = _("file")

    def __str__(self) -> str:
        return self.name
