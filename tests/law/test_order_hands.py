"""Who answers for an order, and who may not judge its evidence: by post and person, lent or passed on since."""

from __future__ import annotations

import datetime as dt

from approvals import ordering
from approvals.demo.sheets import sheet
from audit import journal
from audit.models import Entry
from tests.law.ordering import Ordered
from tests.law.stages import refused_by
from workflows.models import Delegation, Person, Post, Rectification, Unit

LONG_AGO, FAR_AHEAD = dt.date(2020, 1, 1), dt.date(2099, 1, 1)


class Hired(Ordered):
    def hire(self, person: Person, seat: str) -> Post:
        office = Unit.objects.get(posts__person=self.official(seat))
        return Post.objects.create(person=person, unit=office, title="兼任", since=LONG_AGO)

    def villager(self) -> Person:
        """Somebody new with a post at the addressee."""
        person = self.newcomer()
        Post.objects.create(person=person, unit=self.order.addressee, title="兼任", since=LONG_AGO)
        return person

    def lend(self, post: Post, to: Person) -> None:
        Delegation.objects.create(post=post, to=to, since=LONG_AGO, until=FAR_AHEAD, reason="外出")

    def leave(self, person: Person) -> None:
        """He is transferred: his posts at the addressee ended yesterday."""
        yesterday = self.today - dt.timedelta(days=1)
        Post.objects.filter(person=person, unit=self.order.addressee).update(until=yesterday)

    def prove(self, by: Person) -> None:
        item = self.first()
        photo = sheet(name="照片", lines=(item.text,), suffix=".png")
        self.t.do("prove", on=self.order, seat="village", data={"item_id": item.pk}, files=[photo], by=by)

    def judge(self, by: Person, seat: str = "discipline") -> None:
        results = {item.pk: "done" for item in self.now.items_left}
        self.t.do("verify", on=self.order, seat=seat, by=by, reason="合格", data={"results": results})


class HandsApart(Hired):
    @refused_by("Z-03")
    def test_the_verifier_holds_a_post_at_the_addressee(self) -> None:
        idle = self.villager()
        self.hire(idle, "discipline")
        ordering.answer_order(self.t, self.order)
        self.judge(idle)

    @refused_by("Z-03")
    def test_the_verifier_stands_in_for_a_judge_but_belongs_to_the_addressee(self) -> None:
        idle = self.villager()
        self.lend(Post.objects.get(person=self.official("discipline")), idle)
        ordering.answer_order(self.t, self.order)
        self.judge(idle)

    @refused_by("Z-03")
    def test_who_answers_for_the_order_judges_it_after_his_transfer(self) -> None:
        post = self.now.accountable_post
        assert post is not None
        self.hire(post.person, "discipline")
        ordering.answer_order(self.t, self.order)
        self.leave(post.person)
        self.judge(post.person)

    @refused_by("Z-17")
    def test_the_verifier_stands_under_the_addressee(self) -> None:
        order = ordering.rectify(self.t, to="programme", seat="discipline")
        ordering.answer_order(self.t, order, seat="programme")
        results = {item.pk: "done" for item in order.typed().items_left}  # type: ignore[attr-defined]
        self.t.do("verify", on=order, seat="finance", by=self.official("finance", 1), reason="合格",
                  data={"results": results})  # fmt: skip

    @refused_by("Z-18")
    def test_who_proved_an_item_judges_it_after_his_transfer(self) -> None:
        mover = self.villager()
        self.hire(mover, "discipline")
        self.prove(mover)
        ordering.answer_order(self.t, self.order)
        self.leave(mover)
        self.judge(mover)

    @refused_by("Z-18")
    def test_who_proved_an_item_on_behalf_of_the_addressee_judges_it(self) -> None:
        judge = self.official("discipline")
        self.lend(Post.objects.get(person=self.official("village")), judge)
        self.prove(judge)
        ordering.answer_order(self.t, self.order)
        self.judge(judge)

    @refused_by("Z-18")
    def test_whoever_lends_his_post_to_the_judge_answered_himself(self) -> None:
        mover, judge = self.villager(), self.newcomer()
        post = self.hire(mover, "discipline")
        self.prove(mover)
        ordering.answer_order(self.t, self.order)
        self.leave(mover)
        self.lend(post, judge)
        self.judge(judge)

    @refused_by("D-01")
    def test_who_issued_the_order_judges_its_evidence(self) -> None:
        ordering.answer_order(self.t, self.order)
        self.judge(self.official("programme"), "programme")


class TheAccountablePerson(Hired):
    @refused_by("Z-16")
    def test_somebody_without_a_post_at_the_addressee(self) -> None:
        elsewhere = Post.objects.get(person=self.official("township"))
        ordering.rectify(self.t, accountable_post_id=elsewhere.pk)

    @refused_by("Z-16")
    def test_nobody_although_the_addressee_has_people(self) -> None:
        ordering.rectify(self.t, accountable_post_id=None)

    def test_an_order_to_an_empty_unit_names_nobody(self) -> None:
        yesterday = self.today - dt.timedelta(days=1)
        Post.objects.filter(unit=self.order.addressee).update(until=yesterday)
        order = ordering.rectify(self.t).typed()
        assert isinstance(order, Rectification)
        assert order.accountable_post is None

    def test_a_transfer_changes_nothing_and_the_page_names_who_holds_the_post_now(self) -> None:
        post = self.now.accountable_post
        assert post is not None
        assert self.now.holders(on=self.today) == []
        successor = self.newcomer()
        self.leave(post.person)
        Post.objects.create(person=successor, unit=post.unit, title=post.title, since=self.today)
        assert self.now.accountable_post == post
        assert [held.person for held in self.now.holders(on=self.today)] == [successor]
        entry = Entry.objects.get(case_id=self.order.pk, act="rectification.open")
        assert journal.facts_of(entry)["data"]["accountable"] == f"{post.unit.code} {post.title} {post.person.name}"

    def test_a_post_that_ended_and_was_given_to_nobody_is_vacant_since_the_day_after(self) -> None:
        post = self.now.accountable_post
        assert post is not None
        assert self.now.vacant_since(on=self.today) is None
        self.leave(post.person)
        assert self.now.vacant_since(on=self.today) == self.today
        assert self.now.vacant_since(on=self.today + dt.timedelta(days=9)) == self.today
        later = self.today + dt.timedelta(days=9)
        Post.objects.create(
            person=self.newcomer(), unit=post.unit, title=post.title, since=self.today, until=later
        )  # fmt: skip
        assert self.now.vacant_since(on=later) is None
        assert self.now.vacant_since(on=later + dt.timedelta(days=2)) == later + dt.timedelta(days=1)

    def test_each_item_stands_in_the_record_with_its_article(self) -> None:
        entry = Entry.objects.get(case_id=self.order.pk, act="rectification.open")
        articles = [item["article"] for item in journal.facts_of(entry)["data"]["items"]]
        assert articles == [item.article for item in self.now.items.all()] == [ordering.QUALITY] * 2

    def test_the_issuing_unit_is_kept_and_a_repeat_is_found_by_the_kind_of_an_item(self) -> None:
        assert self.now.issuer == Unit.objects.get(posts__person=self.official("programme"))
        other = [{"demand": "退回资金", "article": "预算法第五十七条", "finding": "poor_quality"}]
        again = ordering.rectify(self.t, finding="off_purpose", items=other).typed()
        assert isinstance(again, Rectification)
        assert again.repeats == self.now
