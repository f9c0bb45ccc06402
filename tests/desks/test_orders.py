"""The register of orders: what stands in it, for whom, and what it costs to read."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from approvals import stops
from tests.factories import fresh_application, official
from tests.law.stages import Stage
from workflows.models import Case, Person, Post, Rectification
from workflows.states import ProjectState, RectificationState


class RegisterOfOrders(Stage):
    state = ProjectState.BUILDING
    order: Rectification

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.order = stops.rectify(cls.t)  # type: ignore[assignment]

    def setUp(self) -> None:
        self.client.force_login(self.official("discipline"))

    def read(self, name: str = "orders", **asked: str) -> str:
        answer = self.client.get(reverse(name), asked)
        assert answer.status_code == 200
        body = b"".join(answer) if answer.streaming else answer.content
        return str(body.decode())

    def lapse(self, *, by: dt.timedelta) -> None:
        due = timezone.now() - by
        Case.objects.filter(pk=self.order.pk).update(due_at=due)
        Rectification.objects.filter(pk=self.order.pk).update(deadline=timezone.localdate(due))

    def test_an_order_stands_there_with_its_items(self) -> None:
        shown = self.read()
        assert str(self.order.number) in shown
        assert "0 / 2" in shown

    def test_what_is_closed_stands_below_what_is_still_to_be_done(self) -> None:
        later: Rectification = stops.rectify(self.t)  # type: ignore[assignment]
        Rectification.objects.filter(pk=self.order.pk).update(deadline=later.deadline - dt.timedelta(days=1))
        numbers = [str(self.order.number), str(later.number)]
        assert sorted(numbers, key=self.read().index) == numbers
        Case.objects.filter(pk=self.order.pk).update(state=RectificationState.VERIFIED)
        assert sorted(numbers, key=self.read().index) == numbers[::-1]

    def test_each_filter_leaves_out_what_it_is_not(self) -> None:
        self.lapse(by=dt.timedelta(days=-1))
        for asked in ({"overdue": "1"}, {"frozen": "1"}, {"supervised": "1"}, {"state": "verified"}, {"q": "无此单位"}):
            assert str(self.order.number) not in self.read(**asked), asked
        assert str(self.order.number) in self.read(state="issued", q=str(self.order.number))

    def test_supervision_is_a_heap_of_its_own_with_its_count(self) -> None:
        assert str(self.order.number) not in self.read(supervised="1")
        Rectification.objects.filter(pk=self.order.pk).update(listed_at=timezone.now())
        shown = self.read(supervised="1")
        assert str(self.order.number) in shown
        assert "(1)" in shown

    def test_a_repeated_finding_links_the_order_it_repeats(self) -> None:
        again = stops.rectify(self.t)
        shown = self.read(repeated="1", finding="poor_quality")
        assert str(again.number) in shown
        assert reverse("case", args=[self.order.pk]) in shown
        assert str(again.number) not in self.read(finding="embezzled")

    def test_another_village_and_another_county_see_none_of_it(self) -> None:
        elsewhere = fresh_application(rulebook="henan-county")
        for person in (official(elsewhere, "village"), official(elsewhere, "discipline")):
            self.client.force_login(person)
            assert str(self.order.number) not in self.read()
            assert str(self.order.number) not in self.read("orders-csv")
            assert self.client.get(reverse("order-paper", args=[self.order.pk])).status_code == 404

    def test_a_lapsed_order_is_found_by_overdue_and_frozen_and_a_listed_one_by_supervised(self) -> None:
        self.lapse(by=dt.timedelta(days=1))
        assert str(self.order.number) in self.read(overdue="1", frozen="1")
        Rectification.objects.filter(pk=self.order.pk).update(listed_at=dt.datetime.now(dt.UTC))
        assert str(self.order.number) in self.read(supervised="1")

    def test_the_table_for_spreadsheets_runs_no_formula(self) -> None:
        Case.objects.filter(pk=self.order.pk).update(title="=1+1")
        told = self.read("orders-csv")
        assert str(self.order.number) in told
        assert ",=1+1" not in told

    def test_more_orders_cost_no_more_queries(self) -> None:
        self.read()
        with CaptureQueriesContext(connection) as one:
            self.read()
        again = stops.rectify(self.t)
        with CaptureQueriesContext(connection) as two:
            assert str(again.number) in self.read()
        assert len(two) == len(one) <= 20

    def test_the_page_of_an_order_costs_no_more_than_a_page_may(self) -> None:
        self.t.do("acknowledge", on=self.order, seat="village")
        stops.answer_order(self.t, self.order)
        address = reverse("case", args=[self.order.pk])
        self.client.get(address)
        with CaptureQueriesContext(connection) as asked:
            shown = self.client.get(address).content.decode()
        assert len(asked) <= 20, "\n".join(q["sql"][:230] for q in asked)
        for item in self.order.items.all():
            assert item.article in shown

    def test_who_judges_an_item_has_the_answer_and_its_evidence_before_him(self) -> None:
        self.t.do("acknowledge", on=self.order, seat="village")
        stops.answer_order(self.t, self.order)
        for act in ("verify", "send_back"):
            form = self.client.get(reverse("act", args=[self.order.pk, act])).content.decode()
            for item in self.order.items.all():
                assert item.answer
                assert form.count(item.answer) >= 1
                assert all(one.file.name in form for one in item.evidence.all())

    def test_the_page_says_who_holds_the_accountable_post_after_a_transfer(self) -> None:
        post = self.order.accountable_post
        assert post is not None
        today = timezone.localdate()
        successor = Person.objects.create_user("successor", name="新任主任")
        Post.objects.filter(pk=post.pk).update(until=today - dt.timedelta(days=1))
        Post.objects.create(person=successor, unit=post.unit, title=post.title, since=today)
        shown = self.client.get(reverse("case", args=[self.order.pk])).content.decode()
        assert post.person.name in shown
        assert successor.name in shown

    def test_the_page_says_that_the_accountable_post_is_vacant_and_who_sees_to_it(self) -> None:
        post = self.order.accountable_post
        assert post is not None
        today = timezone.localdate()
        [other] = Post.objects.filter(unit=post.unit).exclude(pk=post.pk).select_related("person")
        Post.objects.filter(pk=post.pk).update(until=today - dt.timedelta(days=1))
        address = reverse("case", args=[self.order.pk])
        shown = self.client.get(address).content.decode()
        assert f"该岗位自{today}起空缺" in shown
        assert f"该单位现任：{other.title} {other.person.name}" in shown
        Post.objects.filter(pk=other.pk).update(until=today - dt.timedelta(days=1))
        with CaptureQueriesContext(connection) as asked:
            shown = self.client.get(address).content.decode()
        township = self.official("township").posts.get().unit
        assert f"该单位现无人在岗，由{township.name}代管" in shown
        assert len(asked) <= 20, "\n".join(q["sql"][:230] for q in asked)

    def test_the_page_says_what_the_clock_does_next(self) -> None:
        ladder = self.order.ladder()
        assert ladder[-1].act == "refer"
        soon = timezone.now() + dt.timedelta(days=1)
        Case.objects.filter(pk=self.order.pk).update(alarm_no=len(ladder) - 1, alarm_at=soon)
        page = self.client.get(reverse("case", args=[self.order.pk])).content.decode()
        assert f"{timezone.localdate(soon)} 超时自动移送纪检监察" in page
