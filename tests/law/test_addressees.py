"""Orders to other units than the project's own: who may be ordered, whose desk, ladder and verdict it then is."""

from __future__ import annotations

import datetime as dt

from django.utils import translation

from approvals import clockwork, desks, ordering, terms
from approvals.flow import unit_behind
from approvals.forms.choices import orderable
from audit import journal
from audit.models import Entry
from tests.factories import fresh_application
from tests.law.stages import Stage, refused_by
from workflows import acts, addressees, calendar
from workflows.lifecycles import KINDS
from workflows.models import Case, Criticism, Post, Rectification, Unit
from workflows.rules.watching import FILERS, lapsed_orders
from workflows.states import ProjectState as S
from workflows.states import RectificationState


class Built(Stage):
    state = S.BUILDING

    def to(self, seat: str, *, by: str = "discipline", **other: object) -> Rectification:
        """An order to the unit of a seat."""
        order = ordering.rectify(self.t, to=seat, seat=by, **other).typed()
        assert isinstance(order, Rectification)
        return order

    def unit(self, seat: str) -> Unit:
        return Unit.objects.get(pk=unit_behind(self.t.project, seat) or 0)

    def lapse(self, order: Rectification, *, days: int) -> None:
        """So many working days after its deadline, the clock having looked."""
        last = calendar.add(order.deadline, days=days, day_kind="working")
        self.t.at = calendar.end_of(last)
        for _rung in range(12):
            clockwork.sweep(at=self.t.at)


class WhoMayBeOrdered(Built):
    def test_whoever_had_a_part_and_who_stands_above_them(self) -> None:
        offices = [unit.office for unit in addressees.candidates(self.t.project)]
        assert offices[:2] == ["village", "township"]
        assert {"programme", "finance", "procurement"} <= set(offices)
        assert "leading_group" not in offices
        assert "audit" not in offices

    @refused_by("Z-19")
    def test_a_unit_without_a_part_in_the_project(self) -> None:
        self.to("audit")

    @refused_by("Z-16", "Z-19")
    def test_a_unit_that_there_is_not(self) -> None:
        self.to("village", addressee_id=10**9)

    @refused_by("Z-20")
    def test_the_issuers_own_superior(self) -> None:
        self.to("programme", by="finance")

    @refused_by("Z-20")
    def test_the_issuers_own_unit(self) -> None:
        self.to("programme", by="programme")

    def test_the_form_offers_nobody_whom_its_reader_may_not_order(self) -> None:
        act, own = Rectification.opening.act, self.unit("finance")
        offered = orderable(self.t.project, act=act, by=self.official("finance"), at=self.t.at)
        units = {pk for pk, _name in offered["addressee_id"]}
        assert self.unit("township").pk in units
        assert not units & {own.pk, self.unit("programme").pk}
        posts = Post.objects.filter(pk__in=[pk for pk, _name in offered["accountable_post_id"] if pk])
        assert {post.unit_id for post in posts} == units

    @refused_by("Z-16")
    def test_the_post_of_another_unit_than_the_addressee(self) -> None:
        self.to("township", accountable_post_id=self.official("village").posts.get().pk)

    def test_left_out_it_is_the_projects_own(self) -> None:
        assert self.to("village", addressee_id=None).addressee == self.t.project.unit

    def test_the_form_proposes_whose_term_lapsed_last_and_else_the_projects_own_unit(self) -> None:
        able = addressees.candidates(self.t.project)
        assert addressees.responsible(self.t.project, able) == self.t.project.unit
        assert addressees.responsible(self.t.project, able, finding="not_published").office == "programme"
        order = self.to("township")
        self.lapse(order, days=5)
        self.t.do("acknowledge", on=order, seat="township")
        assert addressees.responsible(self.t.project, able) == self.unit("township")


class AnOrderToTheTownship(Built):
    order: Rectification

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        order = ordering.rectify(cls.t, to="township", seat="discipline").typed()
        assert isinstance(order, Rectification)
        cls.order = order

    def test_lies_on_its_desk_and_says_so_in_the_record(self) -> None:
        (task,) = desks.waiting_on(self.order.pk).select_related("unit")
        assert task.unit == self.unit("township") == self.order.addressee
        data = journal.facts_of(Entry.objects.get(case_id=self.order.pk, seq=1))["data"]
        assert data["addressee"] == f"{self.order.addressee.code} {self.order.addressee.name}"
        assert data["accountable"].startswith(self.order.addressee.code)

    @refused_by("O-01")
    def test_is_not_the_villages_to_answer(self) -> None:
        self.t.do("acknowledge", on=self.order, seat="village")

    def test_is_answered_by_the_township_and_judged_by_another(self) -> None:
        ordering.answer_order(self.t, self.order, seat="township")
        (task,) = desks.waiting_on(self.order.pk).select_related("unit")
        assert task.unit is not None
        assert task.unit.office == "discipline"
        judged = Case.objects.get(pk=self.order.pk)
        with translation.override("zh-hans"):
            assert terms.badge(judged.due_at, self.t.at, case=judged).text.startswith("核查：")
            assert not terms.badge(judged.due_at, self.t.at).text.startswith("核查：")
        ordering.send_back(self.t, self.order, "not_done", "done")
        (task,) = desks.waiting_on(self.order.pk).select_related("unit")
        assert task.unit == self.unit("township")
        ordering.answer_order(self.t, self.order, seat="township")
        assert ordering.verify_order(self.t, self.order).state == RectificationState.VERIFIED

    def test_overdue_is_reported_above_the_township_and_criticises_it(self) -> None:
        self.lapse(self.order, days=12)
        now = self.order.typed()
        assert isinstance(now, Rectification)
        assert now.raised_to == self.unit("programme")
        assert Criticism.objects.get(case=self.order).unit == self.unit("township")

    def test_overdue_freezes_nobody_because_a_township_files_and_claims_nothing(self) -> None:
        assert [act for _day, act, _words in self.order.consequences()][:1] == ["remind"]
        self.lapse(self.order, days=30)
        assert not lapsed_orders(at=self.t.at).exists()
        assert not self.order.typed().freezes(at=self.t.at)  # type: ignore[attr-defined]
        other = fresh_application(at=self.t.at)
        other.papers("project.file", seat="village")
        other.do("file", seat="village")
        assert other.project.state == S.FILED

    def test_more_time_is_asked_for_by_the_township_and_granted_by_who_watches(self) -> None:
        self.t.do("ask_extension", on=self.order, seat="township", reason="雨季", data={"working_days": 5})
        self.t.do("grant_extension", on=self.order, seat="programme", reason="同意")
        assert self.order.typed().deadline > self.order.deadline  # type: ignore[attr-defined]

    @refused_by("Z-03")
    def test_is_not_judged_by_who_holds_a_post_there(self) -> None:
        self.hire_at_discipline()
        ordering.answer_order(self.t, self.order, seat="township")
        results = {item.pk: "done" for item in self.order.typed().items_left}  # type: ignore[attr-defined]
        self.t.do("verify", on=self.order, seat="discipline", by=self.official("township", 1), reason="合格",
                  data={"results": results})  # fmt: skip

    def hire_at_discipline(self) -> None:
        self.unit("discipline").posts.create(
            person=self.official("township", 1), title="兼任", since=dt.date(2020, 1, 1)
        )


class AnOrderToTheProgrammeOffice(Built):
    @refused_by("K-07")
    def test_does_not_grant_itself_more_time(self) -> None:
        order = self.to("programme")
        self.t.do("ask_extension", on=order, seat="programme", reason="人手不足", data={"working_days": 5})
        self.t.do("grant_extension", on=order, seat="programme", reason="同意")

    def test_is_reported_to_the_leading_group(self) -> None:
        order = self.to("programme")
        self.lapse(order, days=4)
        raised = Case.objects.get(pk=order.pk).raised_to
        assert raised is not None
        assert raised.office == "leading_group"


def test_those_whom_an_order_freezes_are_those_who_file_and_claim() -> None:
    kinds = ("project", "claim", "household_batch")
    assert {seat for kind in kinds for seat in KINDS[kind].opening.seats} == set(FILERS)


def test_every_seat_of_an_addressee_may_ask_for_more_time() -> None:
    assert set(addressees.SEATS) <= set(acts.spec_of(Rectification, "ask_extension").seats)
