"""What must hang by a day, in a county that sets one: the notice of the plan, the sign-board at the site."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from approvals import measure
from approvals.demo.sheets import sheet
from tests.law.stages import Stage, refused_by
from workflows.models import Notice
from workflows.states import NoticeState
from workflows.states import ProjectState as S


class Building(Stage):
    state = S.BUILDING
    rulebook = "henan-county"

    def days(self, count: int) -> dt.date:
        assert self.t.project.started_on is not None
        return self.t.project.started_on + dt.timedelta(days=count)

    def come_on(self, day: dt.date) -> None:
        self.t.at = timezone.make_aware(dt.datetime.combine(day, dt.time(10)))

    def post(self, day: dt.date, *, photos: int = 1, reason: str = "") -> None:
        files = [sheet(name=f"公示牌{n}", lines=(str(n),), suffix=".png") for n in range(photos)]
        self.t.do("post_board", seat="village", data={"posted_on": day}, files=files, reason=reason)

    def complete(self) -> None:
        measure.measure(self.t, permille=1000)
        self.t.do("complete", seat="village", reason="已按设计完工。")

    @refused_by("W-01")
    def test_a_sign_board_without_a_photo(self) -> None:
        self.post(self.days(0), photos=0)

    @refused_by("W-01")
    def test_a_sign_board_older_than_the_works(self) -> None:
        self.post(self.days(-1))

    @refused_by("W-01")
    def test_a_sign_board_of_tomorrow(self) -> None:
        self.post(self.days(1))

    @refused_by("W-02")
    def test_a_sign_board_a_day_late_without_a_reason(self) -> None:
        assert self.t.project.board_due_on is not None
        late = self.t.project.board_due_on + dt.timedelta(days=1)
        self.come_on(late)
        self.post(late)

    def test_a_sign_board_on_the_last_day(self) -> None:
        due = self.t.project.board_due_on
        assert due is not None
        assert self.days(10) <= due <= self.days(13)
        self.come_on(due)
        self.post(due)
        assert self.t.project.board_posted_on == due

    def test_a_late_sign_board_with_its_reason_lets_the_works_be_completed(self) -> None:
        late = self.days(30)
        self.come_on(late)
        self.post(late, reason="山洪冲毁道路，标牌未能按期运到。")
        self.complete()
        assert self.t.project.state == S.COMPLETED

    @refused_by("W-03")
    def test_works_completed_without_a_sign_board(self) -> None:
        self.complete()


class BuildingElsewhere(Stage):
    state = S.BUILDING

    def test_a_county_that_asks_for_no_sign_board_completes_without_one(self) -> None:
        assert self.t.project.board_due_on is None
        measure.measure(self.t, permille=1000)
        self.t.do("complete", seat="village", reason="已按设计完工。")
        assert self.t.project.state == S.COMPLETED


class OnNotice(Stage):
    """Ten days from the pipeline's admission to the posting of the plan."""

    state = S.ON_NOTICE
    rulebook = "henan-county"

    def posted(self, after: int) -> Notice:
        """All places posted so many days after the admission; the term not started yet."""
        text = {"text": "公示内容", "hotline": "0827-7221234", "address": "县扶贫开发办公室"}
        admitted = self.t.project.state_since
        notice = self.t.open(Notice, seat="programme", data={"purpose": "plan", **text})
        assert isinstance(notice, Notice)
        self.t.at = admitted + dt.timedelta(days=after)
        for place in notice.places_missing():
            photo = sheet(name=place, lines=(place,), suffix=".png")
            data = {"place": place, "posted_on": timezone.localdate(self.t.at), "poster": "王小明"}
            self.t.do("post", on=notice, seat="programme", data=data, files=[photo])
        return notice

    def test_the_notice_says_until_when_it_must_hang(self) -> None:
        notice = self.posted(1)
        assert notice.due_at is not None
        assert 10 <= (timezone.localdate(notice.due_at) - timezone.localdate(self.t.project.state_since)).days <= 13

    @refused_by("N-14")
    def test_a_term_that_starts_after_a_late_posting_without_a_reason(self) -> None:
        self.t.do("start", on=self.posted(20), seat="programme")

    def test_a_late_posting_with_its_reason(self) -> None:
        started = self.t.do("start", on=self.posted(20), seat="programme", reason="网站改版，延迟发布。")
        assert started.state == NoticeState.RUNNING

    def test_a_posting_in_time_needs_no_reason(self) -> None:
        started = self.t.do("start", on=self.posted(5), seat="programme")
        assert started.state == NoticeState.RUNNING


class Completed(Stage):
    state = S.COMPLETED
    rulebook = "henan-county"

    def test_the_road_has_put_the_sign_board_up(self) -> None:
        assert self.t.project.board_posted_on == self.t.project.started_on
