"""Notices: every place, the full term, every objection answered; a day too early and just in time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from approvals import stops
from approvals.demo.sheets import sheet
from tests.law.stages import Stage, refused_by
from workflows.models import Notice
from workflows.states import NoticeState
from workflows.states import ProjectState as S


class OnNotice(Stage):
    state = S.ON_NOTICE

    def prepare(self, purpose: str = "plan", **more: Any) -> Notice:
        text = {"text": "公示内容", "hotline": "0827-7221234", "address": "县扶贫开发办公室"}
        return self.t.open(Notice, seat="programme", data={"purpose": purpose, **text, **more})  # type: ignore[return-value]

    def post(self, notice: Notice, place: str, *, day: dt.date | None = None, photos: int = 1) -> None:
        files = [sheet(name=f"{place}{n}", lines=(place, str(n)), suffix=".png") for n in range(photos)]
        data = {"place": place, "posted_on": day or timezone.localdate(self.t.at), "poster": "王小明"}
        self.t.do("post", on=notice, seat="programme", data=data, files=files)

    def running(self) -> Notice:
        return stops.post_notice(self.t, purpose="plan")

    def come_on(self, day: dt.date) -> None:
        """Any day of the week: the law does not wait for working days."""
        self.t.at = timezone.make_aware(dt.datetime.combine(day, dt.time(0, 5)))

    def object(self, notice: Notice) -> None:
        self.t.do("raise_objection", on=notice, seat="village", data={"text": "名单有误"})

    def answer(self, notice: Notice, *, upheld: bool, **more: str) -> None:
        data = {"objection_id": notice.objections.get().pk, "upheld": upheld, **more}
        self.t.do("answer", on=notice, seat="programme", reason="经核实答复如下。", data=data)

    def after_the_term(self, notice: Notice, *, days: int = 1) -> None:
        assert notice.runs_until is not None
        self.come_on(notice.runs_until + dt.timedelta(days=days))

    @refused_by("N-02")
    def test_a_notice_that_the_rulebook_does_not_ask_for(self) -> None:
        self.prepare("village_entry")

    @refused_by("N-03")
    def test_a_notice_of_the_use_of_funds_that_names_no_claim(self) -> None:
        self.prepare("claim")

    @refused_by("N-03")
    def test_a_notice_of_the_plan_that_names_another_case(self) -> None:
        self.prepare(about_id=self.t.project.pk)

    @refused_by("N-04")
    def test_a_second_notice_beside_the_first(self) -> None:
        self.prepare()
        self.prepare()

    def test_a_second_notice_after_the_first_was_voided(self) -> None:
        self.t.do("void", on=self.prepare(), seat="programme", reason="内容有误")
        assert self.prepare().state == NoticeState.PREPARED

    @refused_by("N-05")
    def test_a_term_that_starts_with_one_place_missing(self) -> None:
        notice = self.prepare()
        for place in notice.places_missing()[:-1]:
            self.post(notice, place)
        self.t.do("start", on=notice, seat="programme")

    @refused_by("N-06")
    def test_a_notice_closed_on_its_last_day(self) -> None:
        notice = self.running()
        self.after_the_term(notice, days=0)
        self.t.do("close", on=notice, seat="programme")

    def test_a_notice_closed_on_the_day_after(self) -> None:
        notice = self.running()
        self.after_the_term(notice)
        assert self.t.do("close", on=notice, seat="programme").state == NoticeState.CLOSED

    def test_the_term_counts_from_the_last_place_not_from_the_first(self) -> None:
        notice = self.prepare()
        first, *rest = notice.places_missing()
        self.post(notice, first)
        self.t.wait(3)
        for place in rest:
            self.post(notice, place)
        started = self.t.do("start", on=notice, seat="programme")
        assert isinstance(started, Notice)
        assert started.running_since == timezone.localdate(self.t.at)

    @refused_by("N-07")
    def test_a_notice_closed_with_an_objection_unanswered(self) -> None:
        notice = self.running()
        self.object(notice)
        self.after_the_term(notice)
        self.t.do("close", on=notice, seat="programme")

    def test_an_objection_that_is_upheld_voids_the_notice_and_answers_the_others(self) -> None:
        notice = self.running()
        self.object(notice)
        self.object(notice)
        first, other = notice.objections.all()
        data = {"objection_id": first.pk, "upheld": True}
        done = self.t.do("answer", on=notice, seat="programme", reason="情况属实，重新公示。", data=data)
        assert done.state == NoticeState.VOID
        other.refresh_from_db()
        assert (other.answer, other.upheld) == ("情况属实，重新公示。", None)

    @refused_by("N-22")
    def test_a_return_upon_an_objection_that_nobody_upheld(self) -> None:
        notice = self.running()
        self.object(notice)
        self.answer(notice, upheld=False)
        self.t.do("send_back", seat="programme", reason="异议成立。", data={"stage": "village"})

    @refused_by("N-22")
    def test_a_second_return_upon_the_same_objection(self) -> None:
        notice = self.running()
        self.object(notice)
        self.answer(notice, upheld=True)
        self.t.do("resubmit", seat="programme", reason="已改正。")
        self.t.do("send_back", seat="programme", reason="异议成立。", data={"stage": "village"})

    def test_the_matter_that_went_back_and_was_resubmitted_hangs_anew_for_a_full_term(self) -> None:
        notice = self.running()
        self.object(notice)
        self.answer(notice, upheld=True, stage="village")
        self.t.do("resubmit", seat="village", reason="已改正")
        assert self.prepare().state == NoticeState.PREPARED

    def test_an_objection_answered_and_not_upheld_lets_the_notice_close(self) -> None:
        notice = self.running()
        self.object(notice)
        self.answer(notice, upheld=False)
        self.after_the_term(notice)
        assert self.t.do("close", on=notice, seat="programme").state == NoticeState.CLOSED

    @refused_by("N-09")
    def test_a_posting_in_a_place_that_is_not_asked_for(self) -> None:
        self.post(self.prepare(), "media")

    @refused_by("N-09")
    def test_the_same_place_posted_twice(self) -> None:
        notice = self.prepare()
        self.post(notice, "village_board")
        self.post(notice, "village_board")

    @refused_by("N-10")
    def test_a_posting_without_a_photo(self) -> None:
        self.post(self.prepare(), "village_board", photos=0)

    @refused_by("N-10")
    def test_a_posting_with_two_photos(self) -> None:
        self.post(self.prepare(), "village_board", photos=2)

    @refused_by("N-11")
    def test_a_posting_of_tomorrow(self) -> None:
        self.post(self.prepare(), "village_board", day=timezone.localdate(self.t.at) + dt.timedelta(days=1))

    @refused_by("N-11")
    def test_a_posting_before_the_notice_was_prepared(self) -> None:
        self.post(self.prepare(), "village_board", day=timezone.localdate(self.t.at) - dt.timedelta(days=1))

    @refused_by("N-12")
    def test_an_answer_to_an_objection_that_is_answered_already(self) -> None:
        notice = self.running()
        self.object(notice)
        self.answer(notice, upheld=False)
        self.answer(notice, upheld=True)

    @refused_by("N-13")
    def test_an_objection_on_the_day_after_the_term(self) -> None:
        notice = self.running()
        self.after_the_term(notice)
        self.object(notice)

    def test_an_objection_on_the_last_day_counts(self) -> None:
        notice = self.running()
        self.after_the_term(notice, days=0)
        self.object(notice)
        assert notice.objections.count() == 1
