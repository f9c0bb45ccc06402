"""The facts of a notice and the questions about them: places, term, pauses, a shorter term, what it says."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from audit.prepared import Prepared, number
from workflows import calendar
from workflows.cases import Case
from workflows.lapses import RESUMED, SUSPENDED
from workflows.law import Call
from workflows.rulebook.publicity import ALWAYS
from workflows.rulebook.publicity import Notice as Policy
from workflows.states import RETURNABLE
from workflows.states import NoticeState as S
from workflows.words import NOTICES

#: The place where we publish ourselves.
PORTAL = "county_site"
#: Where a notice is posted.
_POSTED = Prepared(
    lambda: apps.get_model("workflows", "Evidence").objects.filter(notice_id=number("notice")).values_list("place")
)


class NoticeFacts(Case):
    """What a notice is about, what it says and where, until when it hangs."""

    class Waiver(models.TextChoices):
        ASKED = "asked", _("asked for")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")

    case_ptr = models.OneToOneField(Case, on_delete=models.PROTECT, parent_link=True, primary_key=True)
    purpose = models.CharField(max_length=20, choices=list(NOTICES.items()))
    about = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="notices")
    #: Which of the lists of a household batch it shows.
    list_round = models.PositiveSmallIntegerField(null=True)
    text = models.TextField()
    hotline = models.CharField(max_length=40)
    address = models.CharField(max_length=120)
    #: What it said when its term started: field of the rulebook -> value. What the case says later is another thing.
    said = models.JSONField(default=dict)
    #: Set when the last required place is posted: the term runs from there.
    running_since = models.DateField(null=True)
    #: The last day of the term, where a pause or a shorter term has moved it.
    last_day = models.DateField(null=True)
    #: Since when an open objection lets the term stand still.
    paused_since = models.DateField(null=True)
    waiver = models.CharField(max_length=8, choices=Waiver, blank=True)
    waiver_reason = models.TextField(blank=True)
    waiver_answer = models.TextField(blank=True)

    if TYPE_CHECKING:
        evidence: Any
        objections: Any

    class Meta:
        abstract = True

    @property
    def policy(self) -> Policy:
        """What the rulebook says about notices of this kind."""
        return self.book.notices[self.purpose]  # type: ignore[index]

    @property
    def term(self) -> tuple[int, str]:
        """Days and their kind, by the rulebook."""
        return self.policy.days_min.value, self.policy.day_kind.value

    @property
    def places(self) -> tuple[str, ...]:
        """Where it must hang."""
        return self.policy.places.value

    @property
    def fields(self) -> tuple[str, ...]:
        """What it must say; where to complain always."""
        asked = self.policy.fields
        return tuple(asked.value) if asked else ALWAYS

    @property
    def runs_until(self) -> dt.date | None:
        """The last day of its term as things stand; the day after it may be closed."""
        if self.running_since is None:
            return None
        return self.last_day or self._after(self.term[0])

    def _after(self, days: int) -> dt.date:
        assert self.running_since is not None
        return calendar.add(self.running_since, days=days, day_kind=self.term[1])

    def places_missing(self) -> list[str]:
        """Required places without evidence yet; the county's site is none of them: we post there ourselves."""
        posted = {place for (place,) in _POSTED.rows(notice=self.pk)}
        return [place for place in self.places if place not in posted and place != PORTAL]

    def last_posted(self, call: Call) -> dt.date:
        """The day of its last posting; the act's own day where we post ourselves or nothing need be posted."""
        today = timezone.localdate(call.at)
        if PORTAL in self.places:
            return today
        return max(self.evidence.values_list("posted_on", flat=True), default=today)

    @property
    def text_sha256(self) -> str:
        """Digest of what it says: text and fields."""
        content = json.dumps([self.text, self.said], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    # The term stands still while an objection is open, and may be cut by a waiver

    def pause_term(self, call: Call) -> None:
        """The term stands still from today; the first objection's own runs instead."""
        if self.paused_since is None:
            self.hold(call)
            self.put(paused_since=timezone.localdate(call.at))
        self.rearm(at=call.at)

    def stop_project(self, at: dt.datetime) -> None:
        """The project's own term stands still as well: nobody can bring it on before the objection is answered."""
        if self.about_id is None:
            project = self.of_project
            project.pause(at)
            self._keep_term(project)

    def let_project_go_on(self, at: dt.datetime) -> None:
        """When no objection to any notice of the project itself is open any more."""
        project = self.of_project
        if self.about_id is None and not project.objected:
            project.unpause(at)
            self._keep_term(project)

    def stages_behind(self) -> tuple[str, ...]:
        """The stages an upheld objection may send the project back to; none once it is decided.

        What is allocated or contracted is corrected by acts of its own.
        """
        project = self.of_project
        return project.stages_behind() if self.about_id is None and project.state in RETURNABLE else ()

    def _keep_term(self, project: Case) -> None:
        """The act on the notice holds the project's row; its entry says why the term stands or goes on."""
        facts = {name: getattr(project, name) for name in ("due_at", "alarm_at", "alarm_no", "paused_at")}
        Case.objects.filter(pk=project.pk).update(**facts)
        assert self.door is not None
        self.door.on_project |= facts

    def go_on(self, at: dt.datetime) -> None:
        """With the days that were left, once every objection is answered; until then the next one's term runs."""
        if self.paused_since is None or self.runs_until is None:
            return
        if self.objections.filter(answered_at__isnull=True).exists():
            self.rearm(at=at)
            return
        stopped, on = self.paused_since, timezone.localdate(at)
        day = calendar.goes_on(self.runs_until, stopped=stopped, on=on, day_kind=self.day_kind)
        self.put(last_day=calendar.off_rest(day), paused_since=None)
        self.take_up_held(at=at)

    def cut(self, at: dt.datetime) -> None:
        """The shorter term of the rulebook; never back into the past."""
        least = self.policy.waiver_days_min
        if least is not None:
            self.put(last_day=max(self._after(least.value), timezone.localdate(at)))

    # Deadlines

    @property
    def day_kind(self) -> str:
        """That of its term while it hangs."""
        return self.term[1] if self.state == S.RUNNING else super().day_kind

    def own_deadline(self, *, at: dt.datetime) -> dt.datetime | None:
        """Until when it must hang; while an objection is open the earliest day for an answer; else the term's end."""
        if self.state == S.PREPARED:
            return self._posting_due()
        if self.state != S.RUNNING:
            return None
        first = self.objections.filter(answered_at__isnull=True).first() if self.paused_since else None
        day = first.due_on if first is not None else self.runs_until
        return calendar.end_of(day) if day else None

    def _posting_due(self) -> dt.datetime | None:
        """Until when it must hang, where the rulebook sets such a day."""
        days = self.policy.post_days_max
        if days is None:
            return None
        kind = self.policy.post_day_kind.value if self.policy.post_day_kind else "calendar"
        return calendar.term_end(self._asked_since(), days=days.value, day_kind=kind)

    def _asked_since(self) -> dt.datetime:
        """When the matter came to the stage that asks for it; of an allocation, when the plan was issued (下达).

        A return begins it anew, for what comes back is published anew. A suspension neither does nor stops it: works
        rest, and what was decided about public money can be made known all the same.
        """
        matter, issued = self.about or self.of_project, self.of_project.approved_at
        if self.purpose == "allocation" and issued is not None:
            return issued
        moves = Entry.objects.filter(case_id=matter.pk).exclude(state_to=F("state_from"))
        return moves.exclude(act__in=(SUSPENDED, RESUMED)).latest("id").recorded_at

    # What stands in the way of the gate

    def standing(self) -> str:
        """Why it does not open its gate yet, in plain words; it has not been closed."""
        if self.state == S.VOID:
            return str(_("void, a new one is needed"))
        if self.state == S.CLOSED:
            return str(_("it showed an older list"))
        if self.state == S.PREPARED:
            return str(_("not posted yet"))
        if self.paused_since:
            return str(_("an objection is open"))
        return str(_("runs until %(day)s") % {"day": self.runs_until})
