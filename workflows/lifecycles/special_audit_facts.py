"""The facts of a special audit and the questions about them: who is on the team, who has written, what stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import cached_property

from audit.models import Checkpoint
from workflows import calendar, sampling, words
from workflows.cases import Case
from workflows.ladder import Rung
from workflows.lifecycles.audit_forms import SPECIAL_CASES, Notified
from workflows.lifecycles.audit_rows import AuditFinding, AuditMember, AuditSample, AuditSection
from workflows.offices import Person, Post
from workflows.states import SpecialAuditState as S


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What an office says: its section, the notes under it, and the verdict that holds."""

    office: str
    section: AuditSection
    notes: list[AuditSection]

    @property
    def name(self) -> str:
        """The office in the reader's words."""
        return words.office(self.office)

    @property
    def last(self) -> AuditSection:
        """The last note, or the section where there is none."""
        return self.notes[-1] if self.notes else self.section

    @property
    def signed(self) -> list[AuditSection]:
        """The section and its notes in their order."""
        return [self.section, *self.notes]

    @property
    def agrees(self) -> bool:
        """Whether the office agrees, by what it said last."""
        return self.last.agrees


class SpecialAuditFacts(Case):
    """An audit of one completed project by several offices, each with a section of its own."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    scope = models.TextField()
    #: The days of business that are looked at; empty on audits older than that.
    period_from = models.DateField(null=True)
    period_until = models.DateField(null=True)
    #: Fieldwork may begin without the days of notice: why, since when, who approved it.
    special_case = models.CharField(max_length=10, choices=list(SPECIAL_CASES.items()), blank=True)
    at_once_at = models.DateTimeField(null=True)
    at_once_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    audited_fen = models.BigIntegerField(null=True)
    draft_text = models.TextField(blank=True)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    #: What the audit office says to the reply as a whole.
    response = models.TextField(blank=True)
    #: The term passed without a reply: silence counts as none.
    silent = models.BooleanField(default=False)
    report_text = models.TextField(blank=True)

    if TYPE_CHECKING:
        team: Any
        sections: Any
        findings: Any
        samples: Any

    class Meta:
        abstract = True

    # The team

    @cached_property
    def members(self) -> list[AuditMember]:
        """Everybody who is or was on the team, the leader first."""
        return list(self.team.select_related("post__unit", "post__person"))

    @property
    def team_now(self) -> list[AuditMember]:
        """Who is on it."""
        return [member for member in self.members if member.left_at is None]

    def posts_named(self, form: Any) -> list[int]:
        """The posts of the team as a form makes it: named in the notice, or with one exchanged for another."""
        if isinstance(form, Notified):
            return [member.member_post_id for member in form.team]
        return [one.post_id for one in self.team_now if one.pk != form.leaves_id] + [form.joins_post_id]

    def posts_of(self, form: Any) -> list[Post]:
        """The same posts with their holders."""
        rows = Post.objects.filter(pk__in=self.posts_named(form)).select_related("unit", "person")
        return list(rows.order_by("pk"))

    # The sections

    @cached_property
    def written(self) -> list[AuditSection]:
        """Sections and notes in the order in which they were signed."""
        return list(self.sections.select_related("person", "post__unit", "behalf"))

    @property
    def statements(self) -> list[Statement]:
        """What each office says, in the rulebook's order of the offices."""
        order = list(self.book.checks.audit_sections.value)
        firsts = sorted((one for one in self.written if not one.note_no), key=lambda one: order.index(one.office))  # type: ignore[arg-type]
        return [
            Statement(
                office=one.office, section=one,
                notes=[note for note in self.written if note.office == one.office and note.note_no],
            )
            for one in firsts
        ]  # fmt: skip

    @property
    def dissents(self) -> list[Statement]:
        """The offices that do not agree."""
        return [one for one in self.statements if not one.agrees]

    def sections_missing(self) -> tuple[str, ...]:
        """Offices whose section is not written yet."""
        there = {one.office for one in self.written}
        return tuple(office for office in self.book.checks.audit_sections.value if office not in there)

    # The findings

    @cached_property
    def found(self) -> list[AuditFinding]:
        """Every finding, withdrawn ones too, with its files and what became of it."""
        rows = self.findings.select_related("person", "withdrawn_by", "settled_by", "order")
        return list(rows.prefetch_related("files__file", "orders"))

    @property
    def standing(self) -> list[AuditFinding]:
        """Those that were not withdrawn."""
        return [one for one in self.found if one.standing]

    @property
    def unsettled(self) -> list[AuditFinding]:
        """Of a report those of which nothing has become yet."""
        return [one for one in self.standing if not one.settled] if self.state == S.REPORTED else []

    @property
    def on_offer(self) -> list[AuditFinding]:
        """What an act of this state may be about."""
        return self.unsettled if self.state == S.REPORTED else self.standing

    @property
    def finding_place(self) -> int:
        """The number of the next finding."""
        return (self.findings.aggregate(last=Max("position"))["last"] or 0) + 1

    # The samples

    @cached_property
    def sampled(self) -> list[AuditSample]:
        """The samples in the order in which they were drawn."""
        return list(self.samples.select_related("person"))

    @staticmethod
    def seed_of(form: Any) -> tuple[str, int | None]:
        """The seed that a form asks for, and the size of the checkpoint that it is the root of; empty without one."""
        if form.seed.strip():
            return form.seed.strip(), None
        newest = Checkpoint.objects.order_by("-size").first()
        return (newest.root, newest.size) if newest is not None else ("", None)

    def redact(self, data: dict[str, Any]) -> dict[str, Any]:
        """Of a sample the record also says from what it was drawn, with which seed, and what came out."""
        sample = getattr(self, "drawn_now", None)
        if sample is None:
            return data
        return data | {
            "seed": sample.seed, "checkpoint_size": sample.checkpoint_size, "count": sample.count,
            "total_fen": sample.total_fen, "digest": sample.digest, "drawn": sample.drawn,
        }  # fmt: skip

    def draw_from(self, items: list[sampling.Item], *, form: Any) -> AuditSample:
        """The sample that a form asks for, not saved yet."""
        seed, checkpoint_size = self.seed_of(form)
        method = cast("sampling.Method", form.method)
        return AuditSample(
            population=form.population, method=method, size=form.size, seed=seed, checkpoint_size=checkpoint_size,
            items=sampling.as_text(items), count=len(items), total_fen=sum(item.fen for item in items),
            digest=sampling.digest(items),
            drawn=list(sampling.draw(items, method=method, size=form.size, seed=seed)),
        )  # fmt: skip

    # Whose turn, and until when

    def concerns(self, name: str) -> bool:
        """What a finding led to is asked while one is open."""
        return super().concerns(name) and (name != "settle_finding" or bool(self.unsettled))

    def seats(self) -> tuple[str, ...]:
        match self.state:
            case S.FIELDWORK:
                return self.sections_missing() or ("audit",)
            case S.REPORTED:
                return ()
            case _:
                return ("audit",)

    def own_deadline(self, *, at: dt.datetime) -> dt.datetime | None:
        if self.state != S.DRAFTED:
            return None
        days = self.book.checks.audit_reply_working_days_max.value
        return calendar.term_end(at, days=days, day_kind="working")

    @property
    def reply_until(self) -> dt.date:
        """The last day of the reply, later where more time was granted."""
        if self.due_at is not None:
            return timezone.localdate(self.due_at)
        days = self.book.checks.audit_reply_working_days_max.value
        return calendar.add(timezone.localdate(self.state_since), days=days, day_kind="working")

    def ladder(self) -> tuple[Rung, ...]:
        """Once the auditee has replied, nothing is left for the clock to hear."""
        return () if self.replied_at else super().ladder()
