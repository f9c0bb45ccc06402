"""Complaints: taken up in time or declined with a reason, answered to the person, extended once, referred."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from tests.factories import fresh_application, official
from tests.law.stages import Stage, refused_by
from workflows import access, acts, calendar
from workflows.models import Case, Complaint
from workflows.states import ComplaintState
from workflows.states import ProjectState as S


class AboutAProject(Stage):
    state = S.BUILDING

    def received(self, **more: Any) -> Complaint:
        data = {"text": "工程偷工减料"} | more
        return self.t.open(Complaint, seat="programme", data=data)  # type: ignore[return-value]

    def taken_up(self, handler: str = "discipline", **more: Any) -> Complaint:
        case = self.received(**more)
        return self.t.do("accept", on=case, seat="programme", data={"handler": handler})  # type: ignore[return-value]

    def conclude(self, case: Complaint, *, seat: str = "discipline", **data: Any) -> Case:
        return self.t.do("conclude", on=case, seat=seat, reason="经查属实。", data={"founded": True} | data)

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.t.at)

    def test_its_terms_are_those_of_the_petition_rules(self) -> None:
        case = self.received()
        assert case.due_on == calendar.add(self.today, days=15, day_kind="calendar")
        case = self.t.do("accept", on=case, seat="programme", data={"handler": "township"})  # type: ignore[assignment]
        assert case.due_on == calendar.add(self.today, days=60, day_kind="calendar")
        case = self.t.do("extend", on=case, seat="leading_group", reason="案情复杂。", data={"days": 30})  # type: ignore[assignment]
        assert case.due_on == calendar.add(timezone.localdate(case.state_since), days=90, day_kind="calendar")

    def test_it_lies_with_the_office_that_looks_into_it(self) -> None:
        assert self.received().seats() == ("programme",)
        assert self.taken_up("township").seats() == ("township",)

    def test_a_founded_complaint_is_answered_and_ends(self) -> None:
        done = self.conclude(self.taken_up())
        assert isinstance(done, Complaint)
        assert (done.state, done.founded, done.answer) == (ComplaintState.ANSWERED, True, "经查属实。")
        assert done.answered_at == self.t.at
        assert done.due_at is None

    def test_a_complaint_that_is_not_taken_up_says_why(self) -> None:
        done = self.t.do("decline", on=self.received(), seat="programme", reason="不属本机关职权范围。")
        assert isinstance(done, Complaint)
        assert (done.state, done.answer) == (ComplaintState.DECLINED, "不属本机关职权范围。")

    def test_a_crime_is_referred(self) -> None:
        done = self.t.do("refer", on=self.taken_up(), seat="discipline", reason="涉嫌犯罪。",
                         data={"referred_to": "justice"})  # fmt: skip
        assert isinstance(done, Complaint)
        assert (done.state, done.referred_to) == (ComplaintState.REFERRED, "justice")

    def test_a_signed_complaint_is_answered_to_the_person(self) -> None:
        done = self.conclude(self.taken_up(complainant="村民李"), told_on=self.today)
        assert isinstance(done, Complaint)
        assert done.told_on == self.today

    def test_the_village_that_it_is_about_sees_nothing_of_it(self) -> None:
        case = self.received(complainant="村民李")
        for office, sees in (("village", False), ("roads", False), ("finance", False), ("programme", True),
                             ("discipline", True), ("township", True)):  # fmt: skip
            assert access.may_see(official(self.t, office), case, at=self.t.at) is sees, office

    @refused_by("B-01")
    def test_a_complaint_about_a_draft(self) -> None:
        self.t = fresh_application()
        self.received()

    @refused_by("B-02")
    def test_a_complaint_taken_up_late_without_a_reason(self) -> None:
        case = self.received()
        self.t.wait(30)
        self.t.do("accept", on=case, seat="programme", data={"handler": "township"})

    def test_a_complaint_taken_up_late_with_its_reason(self) -> None:
        case = self.received()
        self.t.wait(30)
        done = self.t.do("accept", on=case, seat="programme", reason="经办人病假。", data={"handler": "township"})
        assert done.state == ComplaintState.INVESTIGATING

    @refused_by("B-03")
    def test_a_second_extension(self) -> None:
        case = self.taken_up()
        for _n in range(2):
            self.t.do("extend", on=case, seat="leading_group", reason="案情复杂。", data={"days": 10})

    @refused_by("B-04")
    def test_an_extension_of_a_day_too_many(self) -> None:
        self.t.do("extend", on=self.taken_up(), seat="leading_group", reason="案情复杂。", data={"days": 31})

    @refused_by("B-05")
    def test_an_extension_after_the_term(self) -> None:
        case = self.taken_up()
        self.t.wait(70)
        self.t.do("extend", on=case, seat="leading_group", reason="案情复杂。", data={"days": 10})

    @refused_by("K-02")
    def test_more_time_by_the_clocks_way(self) -> None:
        """The petition rules know one extension, by the leading group; the other way is closed and not shown."""
        case = self.taken_up()
        assert "ask_extension" not in [act.name for act in acts.possible(case)]
        assert "extend" in [act.name for act in acts.possible(case)]
        self.t.do("ask_extension", on=case, seat="discipline", reason="案情复杂。", data={"working_days": 5})

    @refused_by("B-06")
    def test_a_signed_complaint_answered_to_nobody(self) -> None:
        self.conclude(self.taken_up(complainant="村民李"))

    @refused_by("B-06")
    def test_a_complainant_told_before_he_complained(self) -> None:
        self.conclude(self.taken_up(complainant="村民李"), told_on=self.today - dt.timedelta(days=1))

    @refused_by("B-06")
    def test_a_complainant_who_will_be_told_tomorrow(self) -> None:
        self.conclude(self.taken_up(), told_on=self.today + dt.timedelta(days=1))

    @refused_by("B-07")
    def test_an_answer_of_an_office_that_does_not_look_into_it(self) -> None:
        self.conclude(self.taken_up("township"), seat="discipline")
