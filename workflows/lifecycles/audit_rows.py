"""What hangs on a special audit: its team, the offices' sections, the findings with what became of them, the samples.

Sections and samples are written once, findings are withdrawn and never deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from workflows import words
from workflows.cases import Attachment
from workflows.lifecycles.audit_forms import METHODS, OUTCOMES, RESPONSES
from workflows.lifecycles.rectification_forms import FINDINGS
from workflows.offices import Office, Person, Post
from workflows.populations import POPULATIONS
from workflows.sampling import Item, of_text
from workflows.words import REFERRALS

if TYPE_CHECKING:
    from workflows.lifecycles.rectification import Rectification

OFFICES = [(office.value, office.label) for office in (Office.AUDIT, Office.FINANCE, Office.DISCIPLINE)]


class AuditMember(models.Model):
    """A member of the team, by the post held when he joined; who has left stays on the list with the reason."""

    audit = models.ForeignKey("SpecialAudit", on_delete=models.PROTECT, related_name="team")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    leads = models.BooleanField(default=False)
    left_at = models.DateTimeField(null=True)
    left_reason = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["-leads", "id"]

    def __str__(self) -> str:
        return f"{self.post.unit.name} {self.post.title} {self.post.person.name}"


class AuditSection(models.Model):
    """What an office states in its own name: its section, and further notes under it, which come after it."""

    audit = models.ForeignKey("SpecialAudit", on_delete=models.PROTECT, related_name="sections")
    office = models.CharField(max_length=20, choices=OFFICES)
    #: Nought is the section itself; notes are numbered from one on.
    note_no = models.PositiveSmallIntegerField(default=0)
    agrees = models.BooleanField()
    text = models.TextField()
    conclusion = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    behalf = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audit", "office", "note_no"], name="audit_section_written_once")
        ]


class AuditFinding(models.Model):
    """A violation that the audit found, and what was answered, said to it and done about it."""

    audit = models.ForeignKey("SpecialAudit", on_delete=models.PROTECT, related_name="findings")
    position = models.PositiveSmallIntegerField()
    finding = models.CharField(max_length=20, choices=list(FINDINGS.items()))
    article = models.CharField(max_length=120)
    facts = models.TextField()
    amount_fen = models.BigIntegerField(default=0)
    #: Number of the adopted red flag that led to it; empty where none did.
    flag_number = models.CharField(max_length=40, blank=True)
    office = models.CharField(max_length=20, choices=OFFICES)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField(max_length=2000, blank=True)
    reply = models.TextField(blank=True)
    response = models.CharField(max_length=10, choices=list(RESPONSES.items()), blank=True)
    grounds = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=list(OUTCOMES.items()), blank=True)
    order = models.ForeignKey("Rectification", on_delete=models.PROTECT, null=True, related_name="settles")
    referred_to = models.CharField(max_length=12, choices=list(REFERRALS.items()), blank=True)
    outcome_reason = models.CharField(max_length=2000, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audit", "position"], name="audit_finding_position"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="audit_finding_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.get_finding_display()}"

    @property
    def standing(self) -> bool:
        """Whether the office that found it has not withdrawn it."""
        return self.withdrawn_at is None

    @cached_property
    def ordered(self) -> list[Rectification]:
        """The orders that it led to: those issued on it, and the one that it was joined to."""
        issued = list(self.orders.all())
        return issued + ([self.order] if self.order is not None and self.order not in issued else [])

    @property
    def settled(self) -> bool:
        """Whether it has led to something, or it was said why to nothing."""
        return bool(self.outcome or self.ordered)

    @classmethod
    def left_open(cls) -> Q:
        """The condition that a finding stands in a report and nothing has become of it."""
        return Q(withdrawn_at=None, outcome="", orders=None, audit__state="reported")


class FindingFile(models.Model):
    """A file that the auditee attached to his answer to one finding."""

    finding = models.ForeignKey(AuditFinding, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]


class AuditSample(models.Model):
    """A sample with all that it takes to draw it again; the population stands here as it was."""

    audit = models.ForeignKey("SpecialAudit", on_delete=models.PROTECT, related_name="samples")
    population = models.CharField(max_length=16, choices=list(POPULATIONS.items()))
    method = models.CharField(max_length=16, choices=list(METHODS.items()))
    size = models.PositiveIntegerField()
    seed = models.CharField(max_length=120)
    #: Size of the checkpoint whose root is the seed; ``None`` where the seed was given.
    checkpoint_size = models.BigIntegerField(null=True)
    items = models.TextField()
    count = models.PositiveIntegerField()
    total_fen = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    drawn = models.JSONField()
    purpose = models.CharField(max_length=2000, blank=True)
    office = models.CharField(max_length=20, choices=OFFICES)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    @property
    def rows(self) -> list[Item]:
        """The population as it was."""
        return of_text(self.items)

    @property
    def drawn_rows(self) -> list[Item]:
        """What was drawn, with its amounts."""
        chosen = set(self.drawn)
        return [item for item in self.rows if item.key in chosen]

    @property
    def office_name(self) -> str:
        """The office that drew it."""
        return words.office(self.office)
