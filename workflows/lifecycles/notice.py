"""The public notice (公示): posted in every place, a full term, objections answered, then closed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar, Literal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows import calendar, law
from workflows.cases import Attachment, Case
from workflows.files import attach
from workflows.law import Call, Data, Opening, act
from workflows.rulebook.codes import NoticeKind, Place
from workflows.rules import noticing as rules
from workflows.states import NoticeState as S
from workflows.words import NOTICES, PLACES

GUIDANCE = _("关于完善扶贫资金项目公告公示制度的指导意见 art. 4")


class Opened(Data):
    """A notice: for what, with the text the law demands and where to complain."""

    purpose: NoticeKind
    about_id: int | None = None
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    hotline: Annotated[str, Field(min_length=5, max_length=40)]
    address: Annotated[str, Field(min_length=2, max_length=120)]


class Posted(Data):
    """Evidence that the notice hangs in one of its places."""

    place: Place
    posted_on: dt.date
    paper: Literal["evidence"] = "evidence"


class Objected(Data):
    """An objection, by name or anonymous."""

    objector: Annotated[str, Field(max_length=40)] = ""
    text: Annotated[str, Field(min_length=2, max_length=2000)]


class Answered(Data):
    """The answer to one objection."""

    objection_id: int
    upheld: bool


class Notice(Case):
    """A notice of one purpose about a project, or about one of its claims or household batches."""

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    purpose = models.CharField(max_length=20, choices=list(NOTICES.items()))
    about = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="notices")
    #: Which of the lists of a household batch it shows.
    list_round = models.PositiveSmallIntegerField(null=True)
    text = models.TextField()
    hotline = models.CharField(max_length=40)
    address = models.CharField(max_length=120)
    #: Set when the last required place is posted: the term runs from there.
    running_since = models.DateField(null=True)

    moves_root: ClassVar[bool] = True
    letter: ClassVar[str] = "N"
    opening: ClassVar[Opening] = Opening(
        label=_("Prepare a notice"), article=GUIDANCE, seats=("programme", "township", "village"), takes=Opened,
        rules=(rules.purpose_is_asked_for, rules.subject_is_named, rules.one_at_a_time),
    )  # fmt: skip

    class Meta:
        verbose_name = _("public notice")

    @classmethod
    def begin(cls, form: Opened, *, root: Case | None) -> Notice:
        title = f"{root.title if root else ''}"
        rounds = Case.objects.filter(pk=form.about_id or 0, kind="household_batch")
        return cls(
            list_round=rounds.values_list("householdbatch__list_round", flat=True).first(),
            kind="notice", state=S.PREPARED, title=title, purpose=form.purpose, about_id=form.about_id,
            text=form.text, hotline=form.hotline, address=form.address,
        )  # fmt: skip

    @property
    def term(self) -> tuple[int, str]:
        """Days and their kind, by the rulebook."""
        notice = self.book.notices[self.purpose]  # type: ignore[index]
        return notice.days_min.value, notice.day_kind.value

    @property
    def places(self) -> tuple[str, ...]:
        """Where it must hang."""
        return self.book.notices[self.purpose].places.value  # type: ignore[index]

    @property
    def runs_until(self) -> dt.date | None:
        """The last day of its term; the day after it may be closed."""
        if self.running_since is None:
            return None
        days, day_kind = self.term
        return calendar.add(self.running_since, days=days, day_kind=day_kind)

    def places_missing(self) -> list[str]:
        """Required places without evidence yet."""
        posted = set(self.evidence.values_list("place", flat=True))
        return [place for place in self.places if place not in posted]

    def seats(self) -> tuple[str, ...]:
        return () if self.ended else ("programme",)

    def own_deadline(self, *, at: dt.datetime) -> dt.datetime | None:
        if self.state == S.PREPARED:
            return self._posting_due()
        return calendar.end_of(self.runs_until) if self.state == S.RUNNING and self.runs_until else None

    def _posting_due(self) -> dt.datetime | None:
        """Until when it must hang, counted from when its matter reached the stage that asks for the notice."""
        days, matter = self.book.notices[self.purpose].post_days_max, self.about or self.root  # type: ignore[index]
        if days is None or matter is None:
            return None
        return calendar.end_of(
            calendar.add(timezone.localdate(matter.state_since), days=days.value, day_kind="calendar")
        )

    def last_posted(self, call: Call) -> dt.date:
        """The day of its last posting; the act's own day where nothing need be posted."""
        return max(self.evidence.values_list("posted_on", flat=True), default=timezone.localdate(call.at))

    @act(source=S.PREPARED, by=("programme", "township", "village"), takes=Posted, tone="note", any_time=True,
         label=_("Record a posting"), article=GUIDANCE,
         rules=(rules.place_is_required, rules.has_one_photo, rules.posted_in_time))  # fmt: skip
    def post(self, call: Call) -> None:
        attach(self, call)
        photo = Attachment.objects.filter(case=self, sha256=call.files[0].sha256).latest("id")
        Evidence.objects.create(notice=self, place=call.data.place, posted_on=call.data.posted_on, photo=photo)

    @act(source=S.PREPARED, target=S.RUNNING, by="programme", label=_("Start the term"), article=GUIDANCE,
         rules=(rules.every_place_has_evidence, rules.late_notice_is_explained))  # fmt: skip
    def start(self, call: Call) -> None:
        """The term counts from the last required place, not from the first."""
        self.put(running_since=self.last_posted(call))

    @act(source=S.RUNNING, by=law.ANY_SEAT, any_time=True, takes=Objected, tone="note", label=_("Record an objection"),
         article=_("红河县扶贫开发项目资金公告公示管理办法 art. 9 (异议)"), rules=(rules.term_still_runs,))  # fmt: skip
    def raise_objection(self, call: Call) -> None:
        Objection.objects.create(notice=self, objector=call.data.objector, text=call.data.text, received_at=call.at)

    @act(source=S.RUNNING, by="programme", takes=Answered, reason_required=True, tone="note",
         label=_("Answer an objection"), article=_("红河县扶贫开发项目资金公告公示管理办法 art. 9 (答复)"),
         rules=(rules.objection_is_open,))  # fmt: skip
    def answer(self, call: Call) -> None:
        Objection.objects.filter(pk=call.data.objection_id, notice=self).update(
            answered_at=call.at, answer=call.reason, upheld=call.data.upheld
        )

    @act(source=S.RUNNING, target=S.CLOSED, by="programme", bulk=True, label=_("Close the notice"), article=GUIDANCE,
         rules=(rules.term_has_run, rules.every_place_has_evidence, rules.no_objection_is_open,
                rules.no_objection_is_upheld, rules.list_hangs_as_it_is))  # fmt: skip
    def close(self, call: Call) -> None:
        """The gate it guards is open."""

    @act(source=(S.PREPARED, S.RUNNING), target=S.VOID, by="programme", reason_required=True, tone="back",
         label=_("Void the notice"), article=_("红河县扶贫开发项目资金公告公示管理办法 art. 9 (异议成立)"))  # fmt: skip
    def void(self, call: Call) -> None:
        """A new notice starts a new term."""

    @act(source=(S.PREPARED, S.RUNNING), by=("programme", "township", "village"), any_time=True, takes=law.Paper,
         tone="note", label=_("Attach a file"), article=_("会计档案管理办法 art. 6"))  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)

    def redact(self, data: dict[str, Any]) -> dict[str, Any]:
        """Who objects is not written into the public record."""
        return {name: value for name, value in data.items() if name != "objector"}


class Evidence(models.Model):
    """A posting in one place: photo and date."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="evidence")
    place = models.CharField(max_length=20, choices=list(PLACES.items()))
    posted_on = models.DateField()
    photo = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["posted_on", "id"]


class Objection(models.Model):
    """An objection to a notice and its answer (异议)."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    objector = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    upheld = models.BooleanField(null=True)

    class Meta:
        ordering: ClassVar = ["received_at", "id"]
