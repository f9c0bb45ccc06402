"""A traveller: does acts for a project at a clock of his own, each by an account entitled to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.utils import timezone

from approvals import desks
from approvals.demo.sheets import sheet
from approvals.flow import unit_behind
from audit.models import Entry
from audit.prepared import Prepared, day, number
from workflows import acts, calendar, words
from workflows.law import Refused, StoredFile
from workflows.models import Case, LateEntry, Person, Post, Project
from workflows.offices import Period

#: Who holds a post at a desk on a day, and the last entry of a case.
_AT_DESK = Prepared(
    lambda: Post.objects.filter(Period.on(day("on")), unit_id=number("unit")).select_related("person").order_by("id")
)
_LAST_ENTRY = Prepared(lambda: Entry.objects.filter(case_id=number("case")).order_by("-seq")[:1])


@dataclass(kw_only=True)
class Step:
    """One act done."""

    case: str
    act: str
    actor: str
    person: Person
    post: str
    desk: str
    state_from: str
    state_to: str
    at: dt.datetime
    hash: str
    amount_fen: int | None

    def as_json(self) -> dict[str, Any]:
        """The step as ``walk --json`` prints it."""
        return {
            "case": self.case, "act": self.act, "actor": self.actor, "post": self.post, "desk": self.desk,
            "from": self.state_from, "to": self.state_to, "at": self.at.isoformat(), "hash": self.hash,
            "amount_fen": self.amount_fen,
        }  # fmt: skip


@dataclass(kw_only=True)
class Attempt:
    """One act that had to be refused, and what was said; ``rule`` is empty where nothing refused it."""

    case: str
    act: str
    actor: str
    wanted: str
    rule: str
    article: str
    text: str

    @property
    def held(self) -> bool:
        """Whether the rule that had to refuse was among those that did."""
        return self.wanted in self.rule.split("+")

    def as_json(self) -> dict[str, str]:
        """The attempt as ``walk --json`` prints it."""
        return {"case": self.case, "act": self.act, "actor": self.actor, "rule": self.rule, "article": self.article,
                "text": self.text}  # fmt: skip


@dataclass(kw_only=True)
class Traveller:
    """Does acts for a project's family at a clock of his own and keeps a diary."""

    at: dt.datetime
    project: Project
    sources: Mapping[int, int]
    steps: list[Step] = field(default_factory=list)
    refused: list[Attempt] = field(default_factory=list)
    #: Seconds between two acts of a day.
    pace: dt.timedelta = dt.timedelta(minutes=20)
    watch: Callable[[Step | Attempt], None] = lambda entry: None
    #: Whether it also tries what must be refused.
    probing: bool = True

    def wait(self, days: int) -> None:
        """Let days pass; work goes on in the morning of a working day."""
        later = timezone.localtime(self.at) + dt.timedelta(days=days)
        while not calendar.is_working(later.date()):
            later += dt.timedelta(days=1)
        self.at = later.replace(hour=9, minute=0, second=0, microsecond=0)

    def wait_until(self, day: dt.date) -> None:
        """Come back on the morning of a day, if it is not past."""
        if day > timezone.localdate(self.at):
            self.wait((day - timezone.localdate(self.at)).days)

    def who(self, case: Case, name: str | None, *, seat: str) -> Person:
        """An account entitled to the act: the first of the desk's unit whom no duty keeps from it."""
        unit = unit_behind(case, seat) or 0
        people = [post.person for post in _AT_DESK.all(unit=unit, on=timezone.localdate(self.at))]
        if not people:
            raise LookupError(f"nobody holds a post at the desk {seat} of {case}")
        if name is None:
            return people[0]
        for person in people:
            if not any(r.code == "D-01" for r in acts.why_not(name, on=case, by=person, at=self.at)):
                return person
        return people[0]

    def do(
        self,
        name: str,
        *,
        seat: str,
        on: Case | None = None,
        reason: str = "",
        data: Mapping[str, Any] | None = None,
        files: Sequence[StoredFile] = (),
        by: Person | None = None,
    ) -> Case:
        """One act, and a line in the diary."""
        case = (on or self.project).typed()
        person = by or self.who(case, name, seat=seat)
        self.at += self.pace
        done = self.take(name, on=case, by=person, reason=reason, data=data, files=files)
        self._note(done, person=person, desk=seat)
        self._refresh()
        for _brought in done.acted.brings if done.acted else ():
            self._note(self.project, person=person, desk=seat)
        return done

    def open(self, kind: type[Case], *, seat: str, data: Mapping[str, Any], **given: Any) -> Case:
        """Open a sub-case, and a line in the diary."""
        person = self.who(self.project, None, seat=seat)
        self.at += self.pace
        case = self.begin(kind, by=person, data=data, **given)
        self._note(case, person=person, desk=seat)
        self._refresh()
        return case

    # How it is done: here below the pages, so that a traveller by other ways overrides only these two.

    def take(self, name: str, *, on: Case, by: Person, **given: Any) -> Case:
        """Do an act at the traveller's time."""
        return desks.take(name, on=on, by=by, at=self.at, **given)

    def begin(self, kind: type[Case], *, by: Person, data: Mapping[str, Any], **given: Any) -> Case:
        """Open a sub-case of the project at the traveller's time."""
        return desks.open_case(kind, by=by, at=self.at, data=data, root=self.project, **given)

    def enter_late(self, request: Case, *, seat: str, by: Person, **given: Any) -> Case:
        """Enter the act of an approved request, and two lines in the diary."""
        late = request.typed()
        assert isinstance(late, LateEntry)
        self.at += self.pace
        case = desks.enter_late(late, by=by, at=self.at, **given)
        for done in (case, late):
            self._note(done, person=by, desk=seat)
        self._refresh()
        return case

    def began(self, *, by: Person) -> None:
        """The diary's first line: the application was opened."""
        self._note(self.project, person=by, desk="village")

    def try_in_vain(
        self,
        name: str,
        *,
        rule: str,
        seat: str = "",
        on: Case | None = None,
        by: Person | None = None,
        reason: str = "试办",
        data: Mapping[str, Any] | None = None,
        files: Sequence[StoredFile] = (),
    ) -> None:
        """An act that must be refused by ``rule``; whether it was stands in the diary."""
        if not self.probing:
            return
        case = (on or self.project).typed()
        person = by or self.who(case, None, seat=seat)
        codes, article, text = [], "", ""
        try:
            desks.take(name, on=case, by=person, at=self.at, reason=reason, data=data, files=files)
        except Refused as refusal:
            codes = [r.code for r in refusal.refusals]
            told = next((r for r in refusal.refusals if r.code == rule), refusal.refusals[0])
            article, text = told.article, told.text
        attempt = Attempt(
            case=case.number or "", act=f"{case.kind}.{name}", actor=person.name, wanted=rule, rule="+".join(codes),
            article=article, text=text,
        )  # fmt: skip
        self.refused.append(attempt)
        self.watch(attempt)

    def paper(self, kind: str, *, seat: str, on: Case | None = None, by: Person | None = None) -> Case:
        """Attach a specimen of a paper."""
        case = on or self.project
        name = words.paper(kind)
        suffix = ".png" if kind == "photos" else ".pdf"
        page = sheet(name=name, lines=(name, str(case.number), case.title), suffix=suffix)
        return self.do("attach", seat=seat, on=case, data={"paper": kind}, files=[page], by=by)

    def papers(self, code: str, *, seat: str, on: Case | None = None) -> None:
        """Attach every paper that the rulebook asks for before an act."""
        case = (on or self.project).typed()
        there = set(case.attachments.values_list("paper", flat=True))
        for kind in case.papers_for(code):
            if kind not in there:
                self.paper(kind, seat=seat, on=case)

    def _note(self, case: Case, *, person: Person, desk: str) -> None:
        """The diary says what the record says."""
        entry = _LAST_ENTRY.get(case=case.pk)
        step = Step(
            case=entry.case_number, act=entry.act, actor=entry.actor_name, person=person, post=entry.post, desk=desk,
            state_from=entry.state_from, state_to=entry.state_to, at=self.at, hash=entry.hash,
            amount_fen=entry.amount_fen,
        )  # fmt: skip
        self.steps.append(step)
        self.watch(step)

    def _refresh(self) -> None:
        self.project = cast("Project", self.project.typed())
