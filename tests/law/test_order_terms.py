"""The terms of an order: the verifier's own, the ladder that stands still meanwhile, further dates, more time."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from approvals import clockwork, ordering
from tests.law.ordering import Ordered
from tests.law.stages import refused_by
from workflows import acts, calendar
from workflows.rules.watching import lapsed_orders
from workflows.states import RectificationState as S


class WhileEvidenceWaits(Ordered):
    def test_the_verifier_has_a_term_of_his_own(self) -> None:
        ordering.answer_order(self.t, self.order)
        days = self.now.book.deadlines["rectification.submitted"].days.value
        due = calendar.add(self.today, days=days, day_kind="working")
        assert self.now.due_at == calendar.end_of(due)
        self.come(calendar.add(due, days=6, day_kind="working"))
        assert [act for _day, act, _step in self.rungs()] == ["remind", "remind", "remind", "escalate", "remind"]
        assert self.now.raised_to is not None
        assert self.now.raised_to.office == "leading_group"

    def test_no_rung_of_the_addressee_comes_nor_is_passed_over(self) -> None:
        ordering.answer_order(self.t, self.order)
        self.come(self.overdue(60))
        assert {act for _day, act, _step in self.rungs()} == {"remind", "escalate"}
        assert self.now.criticised_at is None
        assert not lapsed_orders(at=self.t.at).exists()

    def test_refused_after_the_deadline_the_ladder_goes_on_where_it_stood(self) -> None:
        self.come(self.overdue(4))
        before = self.rungs()
        assert [step for _day, _act, step in before] == ["before:3", "before:1", "after:1", "after:3"]
        ordering.answer_order(self.t, self.order)
        self.come(self.overdue(9))
        ordering.send_back(self.t, self.order, "not_done", "done")
        self.come(self.overdue(80))
        # It lay five working days with the verifier: every rung that was left comes so much later, each once.
        assert self.rungs()[len(before) :] == [
            (self.overdue(5 + days), act, f"after:{days}")
            for days, act in ((5, "remind"), (10, "criticise"), (20, "list_for_supervision"), (40, "refer"))
        ]

    def test_evidence_in_time_refused_late_gives_no_rung_away_and_none_at_once(self) -> None:
        ordering.answer_order(self.t, self.order)
        self.come(self.overdue(8), sweeping=False)
        ordering.send_back(self.t, self.order, "not_done", "not_done")
        assert lapsed_orders(at=self.t.at).get().pk == self.order.pk
        self.come(self.overdue(12))
        assert self.rungs() == [(self.overdue(9), "remind", "after:1"), (self.overdue(11), "escalate", "after:3")]

    def test_a_rung_that_the_clock_missed_before_the_evidence_came_is_caught_up_on(self) -> None:
        self.come(self.overdue(2), sweeping=False)
        ordering.answer_order(self.t, self.order)
        self.come(self.overdue(3), sweeping=False)
        ordering.send_back(self.t, self.order, "not_done", "not_done")
        clockwork.sweep(at=self.t.at)
        assert [step for _day, _act, step in self.rungs()] == ["after:1"]

    def test_the_verifier_asks_his_own_superior_for_more_time_and_the_deadline_stays(self) -> None:
        ordering.answer_order(self.t, self.order)
        deadline, due = self.now.deadline, self.now.due_at
        assert due is not None
        self.t.do("ask_extension", on=self.order, seat="discipline", reason="须现场核查。", data={"working_days": 5})
        others = acts.why_not("grant_extension", on=self.now, by=self.official("programme"), at=self.t.at)
        assert [refusal.code for refusal in others] == ["K-07"]
        self.t.do("grant_extension", on=self.order, seat="leading_group", reason="同意。")
        assert self.now.due_at == calendar.end_of(calendar.add(timezone.localdate(due), days=5, day_kind="working"))
        assert (self.now.deadline, self.now.extensions) == (deadline, 0)

    def test_the_addressees_request_is_still_spent_after_his_evidence_was_refused(self) -> None:
        self.t.do("ask_extension", on=self.order, seat="village", reason="雨季。", data={"working_days": 5})
        self.t.do("refuse_extension", on=self.order, seat="discipline", reason="工期充足。")
        ordering.answer_order(self.t, self.order)
        ordering.send_back(self.t, self.order, "not_done", "not_done")
        refused = acts.why_not("ask_extension", on=self.now, by=self.official("village"), at=self.t.at)
        assert [refusal.code for refusal in refused] == ["K-02"]


class WhatWasPublished(Ordered):
    def test_a_criticism_is_not_repeated_after_an_extension(self) -> None:
        self.come(self.overdue(12))
        criticised = self.now.criticised_at
        assert criticised is not None
        self.t.do("ask_extension", on=self.order, seat="village", reason="雨季。", data={"working_days": 10})
        self.t.do("grant_extension", on=self.order, seat="discipline", reason="属实。")
        assert not lapsed_orders(at=self.t.at).exists()
        done = len(self.rungs())
        self.come(self.overdue(25))
        assert [act for _day, act, _step in self.rungs()[done:]] == [
            "remind", "remind", "remind", "escalate", "remind", "list_for_supervision",
        ]  # fmt: skip
        assert self.now.criticisms.count() == 1
        assert self.now.listing_public

    def test_the_announcement_names_every_rung_with_its_day(self) -> None:
        told = [(day, act) for day, act, _words in self.now.consequences()]
        self.come(self.overdue(50))
        after = [(day, act) for day, act, step in self.rungs() if step.startswith("after")]
        assert told == [(self.now.deadline + dt.timedelta(days=1), "freeze"), *after]


class StillBeingRectified(Ordered):
    def setUp(self) -> None:
        ordering.answer_order(self.t, self.order)

    def day(self, working_days: int) -> dt.date:
        return calendar.add(self.today, days=working_days, day_kind="working")

    @property
    def most(self) -> int:
        policy = self.now.book.rectification.continue_working_days_max
        assert policy is not None
        return policy.value

    def test_the_deadline_follows_the_last_further_date_with_reminders_anew(self) -> None:
        last = self.day(self.most)
        ordering.send_back(self.t, self.order, "continuing", "continuing", until={0: self.day(40), 1: last})
        order = self.now
        assert (order.deadline, order.due_at) == (last, calendar.end_of(last))
        assert [item.due_on for item in order.items.all()] == [self.day(40), last]
        self.come(self.overdue(1))
        assert [step for _day, _act, step in self.rungs()] == ["before:3", "before:1", "after:1"]

    def test_with_an_item_not_rectified_the_deadline_stands(self) -> None:
        before = self.now.deadline
        ordering.send_back(self.t, self.order, "continuing", "not_done", until={0: self.day(self.most)})
        assert (self.now.deadline, self.first().due_on) == (before, self.day(self.most))

    def test_a_further_date_before_the_deadline_does_not_shorten_it(self) -> None:
        before = self.now.deadline
        ordering.send_back(self.t, self.order, "continuing", "done", until={0: self.day(2)})
        assert (self.now.deadline, self.first().due_on) == (before, self.day(2))

    @refused_by("Z-13")
    def test_an_item_being_rectified_without_a_further_date(self) -> None:
        ordering.send_back(self.t, self.order, "continuing", "done")

    @refused_by("Z-13")
    def test_a_further_date_for_an_item_that_is_not_being_rectified(self) -> None:
        ordering.send_back(self.t, self.order, "not_done", "done", until={0: self.day(5)})

    @refused_by("Z-14")
    def test_a_further_date_beyond_the_rulebooks_maximum(self) -> None:
        ordering.send_back(self.t, self.order, "continuing", "done", until={0: self.day(self.most + 1)})

    @refused_by("Z-14")
    def test_a_further_date_that_is_today(self) -> None:
        ordering.send_back(self.t, self.order, "continuing", "done", until={0: self.today})

    @refused_by("Z-15")
    def test_an_item_put_off_more_often_than_the_rulebook_allows(self) -> None:
        for _time in range(3):
            others = ("done",) * (len(self.now.items_left) - 1)
            ordering.send_back(self.t, self.order, "continuing", *others, until={0: self.day(5)})
            ordering.answer_order(self.t, self.order)

    @refused_by("Z-09")
    def test_nothing_is_closed_out_while_an_item_is_still_being_rectified(self) -> None:
        results = {item.pk: verdict for item, verdict in zip(self.now.items_left, ("done", "continuing"), strict=True)}
        self.t.do("verify", on=self.order, seat="discipline", reason="合格", data={"results": results})

    def test_closed_out_when_all_are_rectified(self) -> None:
        ordering.send_back(self.t, self.order, "continuing", "done", until={0: self.day(5)})
        ordering.answer_order(self.t, self.order)
        ordering.verify_order(self.t, self.order)
        assert (self.now.state, self.now.due_at) == (S.VERIFIED, None)
