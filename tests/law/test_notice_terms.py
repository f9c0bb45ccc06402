"""What a notice says and when it may end: mandated fields, the county's site, pauses, waivers, the gate's reasons."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from approvals import stops
from approvals.traveller import Traveller
from audit import journal
from audit.models import Entry
from tests.factories import official, project_at
from tests.law import counties
from tests.law.stages import Stage, refused_by
from workflows import acts, calendar
from workflows.models import Case, Claim, Notice
from workflows.states import NoticeState
from workflows.states import ProjectState as S


def come_on(t: Traveller, day: dt.date) -> None:
    t.at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))


def running(t: Traveller, **given: Any) -> Notice:
    notice = stops.post_notice(t, **given).typed()
    assert isinstance(notice, Notice)
    return notice


def prepared(t: Traveller, purpose: str) -> Notice:
    """A notice opened now; one of the same purpose that hangs already is voided first."""
    for hanging in t.project.family.filter(notice__purpose=purpose).exclude(state="void"):
        t.do("void", on=hanging.typed(), seat="programme", reason="重新公告。")
    said = {"purpose": purpose, "text": "予以公示。", "hotline": "0827-7221234", "address": "县项目办"}
    return t.open(Notice, seat="programme", data=said).typed()  # type: ignore[return-value]


def rest(t: Traveller, *, days: int) -> None:
    t.do("suspend", seat="programme", reason="汛期暂停。")
    t.wait(days)
    t.do("resume", seat="programme", reason="恢复。")


def settle(t: Traveller, notice: Case, *, upheld: bool = False) -> Notice:
    assert isinstance(notice, Notice)
    objection = notice.objections.filter(answered_at=None).first()
    assert objection is not None
    data = {"objection_id": objection.pk, "upheld": upheld}
    return t.do("answer", on=notice, seat="programme", reason="经核实。", data=data)  # type: ignore[return-value]


class ThePlan(Stage):
    state = S.ON_NOTICE

    def blocked(self) -> str:
        data = {"sources": dict(self.t.sources)}
        assert data
        refusals = acts.why_not("approve", on=self.t.project, by=official(self.t, "leading_group"), at=self.t.at)
        return next(refusal.text for refusal in refusals if refusal.code == "N-01")

    def test_it_says_everything_that_the_rulebook_asks_for(self) -> None:
        notice = running(self.t, purpose="plan")
        said = notice.says()
        assert tuple(said) == self.t.project.book.notices["plan"].fields.value  # type: ignore[union-attr]
        assert [name for name, value in said.items() if not value] == []
        assert said["title"] == self.t.project.title
        assert said["unit"] == self.t.project.unit.name
        assert said["hotline"] == "0827-7221234"

    def test_the_county_s_site_is_posted_by_the_start_itself_with_the_digest_of_the_text(self) -> None:
        notice = running(self.t, purpose="plan")
        ours = notice.evidence.get(place="county_site")
        assert (ours.posted_on, ours.photo_id) == (timezone.localdate(self.t.at), None)
        assert ours.text_sha256 == notice.text_sha256
        entry = Entry.objects.filter(case_id=notice.pk, act="notice.start").get()
        assert journal.facts_of(entry)["data"]["text_sha256"] == notice.text_sha256

    def test_what_it_said_stays_when_the_case_goes_on(self) -> None:
        notice = running(self.t, purpose="plan")
        kept = dict(notice.said)
        notice.root.project.responsible = "别人"  # type: ignore[union-attr]
        assert notice.says() == kept

    def test_the_boards_say_who_posted(self) -> None:
        notice = running(self.t, purpose="plan")
        assert {one.poster for one in notice.evidence.exclude(place="county_site")} == {"王小明"}

    @refused_by("N-16")
    def test_a_notice_that_does_not_say_who_is_in_charge(self) -> None:
        type(self.t.project).objects.filter(pk=self.t.project.pk).update(responsible="", benefit=" ")
        running(self.t, purpose="plan")

    def test_an_open_objection_lets_the_term_stand_still(self) -> None:
        notice = running(self.t, purpose="plan")
        until = notice.runs_until
        assert until is not None
        self.t.wait(3)
        self.t.do("raise_objection", on=notice, seat="village", data={"text": "名单有误"})
        left = calendar.elapsed(timezone.localdate(self.t.at), until, day_kind="calendar")
        self.t.wait(5)
        done = settle(self.t, notice)
        assert done.runs_until == calendar.add(timezone.localdate(self.t.at), days=left, day_kind="calendar")
        assert done.runs_until > until
        assert timezone.localdate(done.due_at) == done.runs_until

    def test_each_objection_has_a_day_for_its_answer_and_the_notice_waits_for_the_first(self) -> None:
        notice = running(self.t, purpose="plan")
        self.t.do("raise_objection", on=notice, seat="village", data={"text": "名单有误"})
        self.t.wait(2)
        again = self.t.do("raise_objection", on=notice, seat="village", data={"text": "标准有误"})
        first, second = notice.objections.all()
        assert first.due_on is not None
        assert second.due_on is not None
        assert first.due_on < second.due_on
        assert timezone.localdate(again.due_at) == first.due_on
        assert not first.overdue(on=first.due_on)
        assert first.overdue(on=first.due_on + dt.timedelta(days=1))

    def test_the_gate_says_why_it_is_shut(self) -> None:
        assert "尚未开展" in self.blocked()
        notice = running(self.t, purpose="plan")
        assert str(notice.runs_until) in self.blocked()
        self.t.do("raise_objection", on=notice, seat="village", data={"text": "名单有误"})
        assert "异议" in self.blocked()
        settle(self.t, notice, upheld=True)
        self.t.do("resubmit", seat="programme", reason="已更正。")
        assert "作废" in self.blocked()

    def test_an_upheld_objection_sends_the_project_back_and_a_new_notice_starts_a_new_term(self) -> None:
        first = running(self.t, purpose="plan")
        self.t.do("raise_objection", on=first, seat="village", data={"text": "名单有误"})
        assert settle(self.t, first, upheld=True).state == NoticeState.VOID
        back = self.t.project
        assert (back.state, back.returned_to, back.seats()) == (S.RETURNED, "programme", ("programme",))
        assert self.t.do("resubmit", seat="programme", reason="已更正。").state == S.ON_NOTICE
        self.t.wait(1)
        second = running(self.t, purpose="plan")
        assert second.running_since == timezone.localdate(self.t.at)
        assert self.blocked()

    @refused_by("R-02")
    def test_a_project_sent_back_while_its_plan_hangs(self) -> None:
        running(self.t, purpose="plan")
        self.t.do("return_to", seat="programme", reason="重做。", data={"stage": "village"})

    def test_an_objection_referred_to_justice_is_answered_by_that(self) -> None:
        notice = running(self.t, purpose="plan")
        self.t.do("raise_objection", on=notice, seat="village", data={"text": "有人受贿"})
        data = {"objection_id": notice.objections.get().pk, "referred_to": "justice"}
        done = self.t.do("refer", on=notice, seat="discipline", reason="涉嫌犯罪，移送司法机关。", data=data)
        objection = notice.objections.get()
        assert (objection.referred_to, objection.answered_at, objection.upheld) == ("justice", self.t.at, None)
        assert done.state == NoticeState.RUNNING

    @refused_by("N-17")
    def test_a_shorter_term_of_the_plan(self) -> None:
        self.t.do("ask_waiver", on=running(self.t, purpose="plan"), seat="programme", reason="急。")


class UseOfFunds(Stage):
    state = S.BUILDING

    def claimed(self) -> Notice:
        form = {"tranche": self.t.project.book.tranches[0].code.value, "amount_fen": 100}
        claim = self.t.open(Claim, seat="village", data=form | stops.payee("众兴建筑有限公司"))
        return running(self.t, purpose="claim", about=claim)

    def asked(self) -> Notice:
        return self.t.do("ask_waiver", on=self.claimed(), seat="programme", reason="汛期将至。")  # type: ignore[return-value]

    def test_a_granted_waiver_is_published_and_cuts_the_term_to_the_rulebook_s_minimum(self) -> None:
        notice = self.asked()
        full = notice.runs_until
        cut = self.t.do("grant_waiver", on=notice, seat="leading_group", reason="同意。")
        assert isinstance(cut, Notice)
        assert notice.running_since is not None
        assert cut.runs_until == calendar.add(notice.running_since, days=3, day_kind="calendar")
        assert full is not None
        assert cut.runs_until < full
        assert (cut.waiver_reason, cut.waiver_answer) == ("汛期将至。", "同意。")
        come_on(self.t, cut.runs_until + dt.timedelta(days=1))
        assert self.t.do("close", on=cut, seat="programme").state == NoticeState.CLOSED

    @refused_by("N-06")
    def test_a_notice_closed_early_on_a_waiver_that_is_only_asked_for(self) -> None:
        notice = self.asked()
        come_on(self.t, timezone.localdate(self.t.at) + dt.timedelta(days=5))
        self.t.do("close", on=notice, seat="programme")

    @refused_by("N-06")
    def test_a_notice_closed_before_the_shortened_term_has_run(self) -> None:
        notice = self.asked()
        self.t.do("grant_waiver", on=notice, seat="leading_group", reason="同意。")
        self.t.do("close", on=notice, seat="programme")

    @refused_by("N-18")
    def test_a_waiver_asked_for_again_after_a_refusal(self) -> None:
        notice = self.asked()
        self.t.do("refuse_waiver", on=notice, seat="leading_group", reason="不同意。")
        self.t.do("ask_waiver", on=notice, seat="programme", reason="再请。")

    @refused_by("N-19")
    def test_a_waiver_granted_although_somebody_objects(self) -> None:
        notice = self.asked()
        self.t.do("raise_objection", on=notice, seat="village", data={"text": "金额有误"})
        self.t.do("grant_waiver", on=notice, seat="leading_group", reason="同意。")

    @refused_by("N-20")
    def test_a_waiver_granted_that_nobody_asked_for(self) -> None:
        self.t.do("grant_waiver", on=self.claimed(), seat="leading_group", reason="同意。")

    @refused_by("N-20")
    def test_a_waiver_refused_that_nobody_asked_for(self) -> None:
        self.t.do("refuse_waiver", on=self.claimed(), seat="leading_group", reason="不同意。")

    def test_asking_and_granting_never_meet_in_one_hand(self) -> None:
        assert ("notice.ask_waiver", "notice.grant_waiver") in self.t.project.book.separation.pairs.value


class Allocation(Stage):
    state = S.APPROVED

    def test_it_names_the_sources_that_the_plan_was_issued_from_and_is_due_in_fifteen_working_days(self) -> None:
        notice = self.t.project.family.get(notice__purpose="allocation").typed()
        assert isinstance(notice, Notice)
        assert notice.places == ("county_site",)
        assert notice.said["sources"] != ""
        assert notice.said["amount"] != ""

    @refused_by("N-04")
    def test_it_is_published_once(self) -> None:
        stops.post_notice(self.t, purpose="allocation")

    def test_its_day_counts_from_the_issue_of_the_plan_whatever_became_of_the_project_since(self) -> None:
        assert self.t.project.approved_at is not None
        until = calendar.term_end(self.t.project.approved_at, days=15, day_kind="working")
        rest(self.t, days=9)
        assert prepared(self.t, "allocation").due_at == until
        self.t.wait(3)
        self.t.do("start_procurement", seat="procurement")
        assert prepared(self.t, "allocation").due_at == until


@pytest.mark.django_db
def test_no_contract_is_signed_before_the_allocation_was_public() -> None:
    t = project_at(S.PROCURING)
    refusals = acts.why_not("sign_contract", on=t.project, by=official(t, "village"), at=t.at)
    text = next(refusal.text for refusal in refusals if refusal.code == "N-01")
    assert "资金分配" in text


@pytest.mark.django_db
def test_the_day_for_posting_counts_from_the_stage_and_a_suspension_does_not_begin_it_anew(tmp_path: Path) -> None:
    asked: Any = {"post_days_max": 3}
    t = project_at(S.PROCURING, rulebook=counties.rulebook(tmp_path, "prompt", **{"notices.contractor": asked}))
    until = calendar.term_end(t.project.state_since, days=3, day_kind="calendar")
    rest(t, days=9)
    notice = prepared(t, "contractor")
    assert notice.due_at == until
    assert notice.overdue(at=t.at)


@pytest.mark.django_db
def test_what_comes_back_from_a_return_is_posted_within_days_of_its_own() -> None:
    t = project_at(S.ON_NOTICE, rulebook="henan-county")
    t.do("return_to", seat="programme", reason="重做。", data={"stage": "village"})
    t.wait(30)
    t.do("resubmit", seat="village", reason="已更正。")
    assert prepared(t, "plan").due_at == calendar.term_end(t.at, days=10, day_kind="calendar")
