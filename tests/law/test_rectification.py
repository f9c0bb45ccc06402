"""Rectification: proved and judged item by item, by other hands, extended once, climbing the ladder when it lapses."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from approvals import clockwork, stops
from approvals.demo.sheets import sheet
from audit.models import Entry
from tests.factories import fresh_application
from tests.law.stages import Stage, refused_by
from workflows import acts, calendar
from workflows.models import Person, Rectification, Unit
from workflows.states import ProjectState as S
from workflows.states import RectificationState


class WithAnOrder(Stage):
    state = S.BUILDING
    order: Rectification

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.order = stops.rectify(cls.t)  # type: ignore[assignment]

    def answers(self, text: str) -> dict[str, dict[int, str]]:
        first, second = self.order.items.all()
        return {"answers": {first.pk: "已补培路肩", second.pk: text}}

    def submit(self, text: str = "已清理排水沟", by: Person | None = None) -> None:
        self.t.do("acknowledge", on=self.order, seat="village")
        self.prove()
        self.t.do("submit", on=self.order, seat="village", reason="整改完成。", data=self.answers(text), by=by)

    def prove(self) -> None:
        for item in self.order.items.all():
            photo = sheet(name="照片", lines=(item.text,), suffix=".png")
            self.t.do("prove", on=self.order, seat="village", data={"item_id": item.pk}, files=[photo])

    def results(self, *verdicts: str) -> dict[str, dict[int, str]]:
        items = [item.pk for item in self.order.items.all()]
        return {"results": dict(zip(items, verdicts or ("done", "done"), strict=True))}

    @refused_by("Z-02")
    def test_an_answer_that_leaves_an_item_out(self) -> None:
        self.submit(" ")

    @refused_by("O-01")
    def test_an_order_verified_by_its_addressee(self) -> None:
        self.submit()
        self.t.do("verify", on=self.order, seat="discipline", by=self.official("village", 1), reason="合格",
                  data=self.results())  # fmt: skip

    @refused_by("Z-08")
    def test_an_order_found_in_a_case_of_another_project(self) -> None:
        stops.rectify(self.t, seat="audit", found_in=self.t.project.pk)

    @refused_by("Z-07")
    def test_a_unit_that_let_an_order_lapse_files_nothing_new(self) -> None:
        late = self.t.at + dt.timedelta(days=90)
        other = fresh_application(at=late)
        other.papers("project.file", seat="village")
        other.do("file", seat="village")

    def test_evidence_handed_in_in_time_freezes_nothing(self) -> None:
        self.submit()
        late = self.t.at + dt.timedelta(days=90)
        other = fresh_application(at=late)
        other.papers("project.file", seat="village")
        other.do("file", seat="village")
        assert other.project.state == S.FILED

    @refused_by("Z-09")
    def test_an_order_closed_out_with_an_item_left(self) -> None:
        self.submit()
        self.t.do("verify", on=self.order, seat="discipline", reason="合格", data=self.results("done", "continuing"))

    @refused_by("Z-10")
    def test_an_order_sent_back_with_nothing_left(self) -> None:
        self.submit()
        self.t.do("send_back", on=self.order, seat="discipline", reason="退回", data=self.results())

    @refused_by("Z-11")
    def test_evidence_for_an_item_of_no_order(self) -> None:
        self.t.do("acknowledge", on=self.order, seat="village")
        photo = sheet(name="照片", lines=("无",), suffix=".png")
        self.t.do("prove", on=self.order, seat="village", data={"item_id": 0}, files=[photo])

    @refused_by("Z-12")
    def test_items_without_a_file(self) -> None:
        self.t.do("acknowledge", on=self.order, seat="village")
        self.t.do("submit", on=self.order, seat="village", reason="整改完成。", data=self.answers("已清理"))

    def test_what_is_sent_back_needs_new_evidence_and_what_was_rectified_none(self) -> None:
        self.submit()
        self.t.do("send_back", on=self.order, seat="discipline", reason="未到位", data=self.results("done", "not_done"))
        order = self.order.typed()
        assert isinstance(order, Rectification)
        assert [item.verdict for item in order.items.all()] == ["done", "not_done"]
        (left,) = order.items_left
        answers = {"answers": {left.pk: "已重新清理"}}
        said = acts.why_not("submit", on=order, by=self.official("village"), at=self.t.at)
        assert [refusal.code for refusal in said] == ["Z-12"]
        photo = sheet(name="照片", lines=("重新清理",), suffix=".png")
        self.t.do("prove", on=self.order, seat="village", data={"item_id": left.pk}, files=[photo])
        self.t.do("submit", on=self.order, seat="village", reason="整改完成。", data=answers)
        self.t.do("verify", on=self.order, seat="discipline", reason="合格", data={"results": {left.pk: "done"}})
        assert order.typed().state == RectificationState.VERIFIED

    @refused_by("K-07")
    def test_more_time_is_not_granted_by_the_addressees_superior(self) -> None:
        self.t.do("ask_extension", on=self.order, seat="village", reason="雨季", data={"working_days": 5})
        self.t.do("grant_extension", on=self.order, seat="township", reason="同意。")

    def test_more_time_moves_the_deadline_once(self) -> None:
        before = self.order.deadline
        self.t.do("ask_extension", on=self.order, seat="village", reason="雨季", data={"working_days": 20})
        self.t.do("grant_extension", on=self.order, seat="discipline", reason="情况属实。")
        order = self.order.typed()
        assert isinstance(order, Rectification)
        assert order.deadline == calendar.add(before, days=20, day_kind="working")
        assert timezone.localdate(order.due_at) == order.deadline
        assert not order.may_be_extended

    def test_a_second_order_for_the_same_finding_names_the_first(self) -> None:
        again = stops.rectify(self.t).typed()
        assert isinstance(again, Rectification)
        assert again.repeats == self.order

    def test_lapsed_it_climbs_the_ladder_and_each_rung_once(self) -> None:
        for days in range(1, 150):
            clockwork.sweep(at=self.t.at + dt.timedelta(days=days))
        rows = Entry.objects.filter(case_id=self.order.pk, actor_id=None).order_by("seq").values_list("act", flat=True)
        assert [act.partition(".")[2] for act in rows] == [
            "remind", "remind", "remind", "escalate", "remind", "criticise", "list_for_supervision", "refer",
        ]  # fmt: skip
        order = self.order.typed()
        assert isinstance(order, Rectification)
        assert order.criticised_at is not None
        assert order.criticised_at < order.listed_at < order.referred_at  # type: ignore[operator]

    @refused_by("Z-06")
    def test_an_order_acknowledged_by_another_unit_than_its_addressee(self) -> None:
        order = stops.rectify(self.t, to="township")
        township = Unit.objects.get(posts__person=self.official("township"))
        other = Unit.objects.create(code="other-township", name="另一乡级机构", office="township", area=township.area)
        stranger = Person.objects.create_user("stranger", name="生人")
        other.posts.create(person=stranger, title="干部", since=dt.date(2020, 1, 1))
        self.t.do("acknowledge", on=order, seat="township", by=stranger)

    def test_an_order_is_overdue_the_moment_after_its_last_day(self) -> None:
        assert self.order.due_at is not None
        assert not self.order.overdue(at=self.order.due_at)
        assert self.order.overdue(at=self.order.due_at + dt.timedelta(seconds=1))

    def test_evidence_sent_back_does_not_move_the_deadline(self) -> None:
        before = self.order.due_at
        self.submit()
        self.t.do("send_back", on=self.order, seat="discipline", reason="未到位", data=self.results("done", "not_done"))
        assert self.order.typed().due_at == before

    def test_a_verified_order_waits_for_nobody(self) -> None:
        self.submit()
        self.t.do("verify", on=self.order, seat="discipline", reason="合格", data=self.results())
        assert self.order.typed().state == RectificationState.VERIFIED
        assert self.order.typed().seats() == ()
        assert self.order.typed().due_at is None
