"""Entering afterwards (补录): done on paper, approved by another, by the rules of the day when it happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from approvals import desks
from approvals.demo.sheets import sheet
from audit import journal, takeout
from audit.models import Entry
from tests.factories import official
from tests.law import asides
from tests.law.stages import Stage, refused_by
from workflows import acts, clock
from workflows.asof import cases
from workflows.asof.moment import Basis, Moment
from workflows.law import Refused
from workflows.models import Case, Delegation, LateEntry, Person, Post
from workflows.states import LateEntryState as L
from workflows.states import ProjectState

SCAN = (sheet(name="会议纪要", lines=("会议纪要",)),)


class Late(Stage):
    """The township passed the application on paper while the system was down; now it is four working days later."""

    state = ProjectState.FILED

    def setUp(self) -> None:
        super().setUp()
        self.filed = self.t.at
        self.happened = self.at(day=1, hour=15)
        self.t.wait(6)

    def at(self, *, day: int, hour: int) -> dt.datetime:
        return timezone.localtime(self.filed).replace(hour=hour, minute=0, second=0, microsecond=0) + dt.timedelta(day)

    def by(self, office: str, *, hand: int = 0) -> Person:
        return official(self.t, office, hand=hand)

    def ask(self, *, by: Person | None = None, files: Any = SCAN, **given: Any) -> LateEntry:
        happened = timezone.localtime(given.pop("happened", self.happened))
        form = {
            "deed": f"{self.t.project.pk} pass_township", "happened_on": happened.date(),
            "happened_time": f"{happened:%H:%M}", "why": "系统停机,会上当场审核。",
        } | given  # fmt: skip
        made = desks.open_case(
            LateEntry, by=by or self.by("township"), at=self.t.at, root=self.t.project, data=form, files=files
        )
        assert isinstance(made, LateEntry)
        return made

    def decide(self, late: Case, verdict: str = "approve", *, by: Person | None = None) -> LateEntry:
        done = desks.take(verdict, on=late, by=by or self.by("programme"), at=self.t.at, reason="纸质材料属实。")
        assert isinstance(done, LateEntry)
        return done

    def enter(self, late: LateEntry, *, by: Person | None = None) -> Case:
        return desks.enter_late(late, by=by or self.by("township"), at=self.t.at, reason="同意上报。")


class Journey(Late):
    def test_an_act_done_on_paper_is_entered_as_it_happened(self) -> None:
        late = self.ask()
        assert (late.state, late.seats()) == (L.ASKED, ("programme",))
        approved = self.decide(late)
        assert (approved.state, approved.seats()) == (L.APPROVED, ("township",))
        self.t.at += dt.timedelta(hours=2)
        project = self.enter(approved)
        assert project.state == ProjectState.JOINT_REVIEW
        entry = Entry.objects.get(case_id=project.pk, late=True)
        assert (entry.happened_at, entry.recorded_at) == (self.happened, self.t.at)
        said = journal.facts_of(entry)["on_paper"]
        assert approved.approved_at is not None
        assert said == {
            "request": late.number, "why": "系统停机,会上当场审核。", "asked_by": self.by("township").name,
            "approved_by": self.by("programme").name, "approved_post": approved.approved_post,
            "approved_at": journal.timestamp(approved.approved_at),
            "files": [{"name": SCAN[0].name, "sha256": SCAN[0].sha256}],
        }  # fmt: skip
        used = LateEntry.objects.get(pk=late.pk)
        assert (used.state, used.entry_id) == (L.ENTERED, entry.pk)
        assert not desks.waiting_on(late.pk).exists()
        assert set(desks.waiting_on(project.pk).values_list("seat", flat=True)) == set(project.typed().seats())

    def test_as_of_a_day_between_it_had_happened_and_was_not_recorded(self) -> None:
        project = self.enter(self.decide(self.ask()))
        entries = cases.entries_of(project.pk)
        told = {
            basis: cases.version(entries, case_id=project.pk, moment=Moment.end_of(day, basis=basis)).state
            for day in [timezone.localdate(self.happened)]
            for basis in (Basis.HAPPENED, Basis.RECORDED)
        }
        assert told == {Basis.HAPPENED: ProjectState.JOINT_REVIEW, Basis.RECORDED: ProjectState.FILED}

    def test_it_says_so_in_the_event_log(self) -> None:
        project = self.enter(self.decide(self.ask()))
        written = takeout.FORMATS["xes"].write(Entry.objects.filter(case_id=project.pk))
        log = b"".join(takeout.as_bytes(written)).decode()
        assert log.count('<boolean key="late" value="true"') == 1

    def test_the_wait_began_when_it_happened_but_others_terms_run_from_the_recording(self) -> None:
        project = self.enter(self.decide(self.ask())).typed()
        assert project.state_since == self.happened
        due = project.due_at
        assert due is not None
        project.arm(at=self.t.at)
        assert project.due_at == due

    def test_what_follows_is_done_after_the_recording(self) -> None:
        project = self.enter(self.decide(self.ask()))
        assert project.touched_at == self.t.at
        self.t.project = project  # type: ignore[assignment]
        self.t.do("sign_joint", seat="finance", reason="同意。", data={"agrees": True})

    def test_the_clock_lets_it_lapse_unapproved_and_unused(self) -> None:
        asked, approved = self.ask(), self.decide(self.ask())
        for late in (asked, approved):
            assert late.due_at is not None
            self.t.at = late.due_at + dt.timedelta(minutes=1)
            rung = [one.act for one in clock.ring(late, at=self.t.at)]
            assert (rung[-1], late.typed().state) == ("lapse", L.LAPSED)

    def test_the_approver_is_reminded(self) -> None:
        late = self.ask()
        assert late.due_at is not None
        self.t.at = late.due_at - dt.timedelta(hours=20)
        assert [one.act for one in clock.ring(late, at=self.t.at)] == ["remind"]
        assert late.answerable == self.by("programme").posts.get().unit

    def test_a_refused_request_enters_nothing(self) -> None:
        late = self.decide(self.ask(), "refuse")
        with pytest.raises(Refused):
            self.enter(late)
        assert not Entry.objects.filter(late=True).exists()

    def test_above_the_leading_group_stands_who_supervises_it(self) -> None:
        late = self.ask()
        late.asking = "leading_group"
        assert late.approving == "discipline"


class FiledOnPaper(Stage):
    """The village filed on paper; filing asks for no opinion."""

    state = ProjectState.DRAFT

    def test_an_act_without_an_opinion_takes_the_reason_of_the_request(self) -> None:
        for kind in self.t.project.papers_for("project.file"):
            self.t.paper(kind, seat="village")
        late = asides.ask_late(self.t, deed="file", seat="village")
        self.t.do("approve", on=late, seat="township", reason="属实。")
        self.t.enter_late(late, seat="village", by=official(self.t, "village"))
        assert self.t.project.state == ProjectState.FILED
        assert journal.facts_of(Entry.objects.get(late=True))["reason"] == late.why


class Asking(Late):
    @refused_by("E-01")
    def test_what_has_not_come_yet(self) -> None:
        self.ask(happened=self.t.at + dt.timedelta(hours=1))

    @refused_by("E-02")
    def test_before_the_application_was_filed(self) -> None:
        self.ask(happened=self.filed - dt.timedelta(minutes=1))

    def test_in_the_minute_after_the_last_act(self) -> None:
        self.ask(happened=self.filed + dt.timedelta(minutes=1))

    @refused_by("E-03")
    def test_before_he_held_the_post(self) -> None:
        newcomer = Person.objects.create(username="newcomer", name="新到任")
        unit = self.by("township").posts.get().unit
        since = timezone.localdate(self.happened) + dt.timedelta(days=1)
        Post.objects.create(person=newcomer, unit=unit, title="经办", since=since)
        self.ask(by=newcomer)

    @refused_by("E-03")
    def test_an_act_of_others(self) -> None:
        self.ask(by=self.by("finance"))

    @refused_by("E-04")
    def test_longer_ago_than_the_rulebook_allows(self) -> None:
        self.t.wait(20)
        self.ask()

    @refused_by("E-05")
    def test_without_saying_why(self) -> None:
        self.ask(why="  ")

    @refused_by("E-06")
    def test_without_the_paper(self) -> None:
        self.ask(files=())

    @refused_by("E-07")
    def test_an_act_that_waits_for_the_public(self) -> None:
        self.ask(deed=f"{self.t.project.pk} approve", by=self.by("leading_group"))

    @refused_by("E-07")
    def test_an_act_of_another_state(self) -> None:
        self.ask(deed=f"{self.t.project.pk} start", by=self.by("village"))

    @refused_by("E-07")
    def test_a_case_of_nobody(self) -> None:
        self.ask(deed="99999999 pass_township")


class Approving(Late):
    @refused_by("E-08")
    def test_the_desk_beside(self) -> None:
        self.decide(self.ask(), by=self.by("discipline"))

    @refused_by("E-08")
    def test_a_colleague_of_the_same_desk(self) -> None:
        self.decide(self.ask(), by=self.by("township", hand=1))

    def move_up_tomorrow(self, person: Person) -> None:
        """The person's last day at the township is today; from tomorrow on he sits at the programme office."""
        today, township = timezone.localdate(self.t.at), self.by("township").posts.get().unit
        held = Post.objects.filter(person=person, unit=township)
        if not held.update(until=today):
            Post.objects.create(
                person=person, unit=township, title="经办", since=timezone.localdate(self.filed), until=today
            )
        above = self.by("programme").posts.get().unit
        Post.objects.create(person=person, unit=above, title="副主任", since=today + dt.timedelta(days=1))

    @refused_by("E-09")
    def test_the_asker_himself_who_has_moved_up_since(self) -> None:
        mover = Person.objects.create(username="mover", name="升任")
        self.move_up_tomorrow(mover)
        late = self.ask(by=mover)
        self.t.wait(1)
        self.decide(late, by=mover)

    @refused_by("E-09")
    def test_whom_the_asker_stood_for(self) -> None:
        lender, deputy = self.by("township"), Person.objects.create(username="deputy", name="代理")
        Delegation.objects.create(
            post=lender.posts.get(), to=deputy, reason="出差", since=timezone.localdate(self.filed),
            until=timezone.localdate(self.t.at),
        )  # fmt: skip
        self.move_up_tomorrow(lender)
        late = self.ask(by=deputy)
        self.t.wait(1)
        self.decide(late, by=lender)

    @refused_by("E-11")
    def test_after_its_term(self) -> None:
        late = self.ask()
        self.t.wait(12)
        self.decide(late)

    @refused_by("E-02")
    def test_after_others_have_gone_on(self) -> None:
        late = self.ask()
        self.t.do("ask_extension", seat="township", reason="材料较多。", data={"working_days": 3})
        self.decide(late)


class Using(Late):
    @refused_by("E-10")
    def test_somebody_else_uses_it(self) -> None:
        self.enter(self.decide(self.ask()), by=self.by("township", hand=1))

    @refused_by("E-11")
    def test_after_the_approval_has_lapsed(self) -> None:
        late = self.decide(self.ask())
        self.t.wait(12)
        self.enter(late)

    @refused_by("S-01")
    def test_twice(self) -> None:
        late = self.decide(self.ask())
        self.enter(late)
        self.enter(late)

    @refused_by("S-01")
    def test_before_it_is_approved(self) -> None:
        self.enter(self.ask())

    @refused_by("E-02")
    def test_after_others_have_gone_on(self) -> None:
        late = self.decide(self.ask())
        self.t.do("ask_extension", seat="township", reason="材料较多。", data={"working_days": 3})
        self.enter(late)

    @refused_by("E-12")
    def test_for_an_entry_that_is_not_late(self) -> None:
        late = self.decide(self.ask())
        entry = Entry.objects.filter(case_id=self.t.project.pk).latest("id")
        acts.perform("enter", on=late, by=self.by("township"), at=self.t.at, data={"entry_id": entry.pk})
