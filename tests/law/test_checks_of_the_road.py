"""Each check of entries, notices, approval and procurement finds what was planted, and nothing on the lawful road."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.law.journals import Story, finds, lawful
from workflows import calendar

pytestmark = pytest.mark.django_db


def day_of(story: Story, act: str, plus: int = 0) -> str:
    return (story.row(act).day + dt.timedelta(days=plus)).isoformat()


@finds("CH-01", "project.start")
def test_an_act_was_dated_back_without_a_mark(story: Story) -> Story:
    start = story.row("project.start")
    return story.altered("project.start", happened_at=start.happened_at - dt.timedelta(days=5))


@finds("CH-01", "project.start")
def test_an_act_lies_in_the_future_of_its_entry(story: Story) -> Story:
    start = story.row("project.start")
    return story.altered("project.start", happened_at=start.happened_at + dt.timedelta(days=1), late=True)


def test_an_act_that_is_marked_as_late_is_found_by_nobody() -> None:
    story = lawful()
    start = story.row("project.start")
    late = story.altered(
        "project.start", recorded_at=start.happened_at + dt.timedelta(days=5), late=True, reason="补录"
    )
    assert late.findings("CH-01") == late.findings("CH-02") == []


@finds("CH-03", "project.start")
def test_a_late_entry_with_its_reason_is_shown(story: Story) -> Story:
    return story.altered("project.start", late=True, reason="补录：停电")


@finds("CH-02", "project.start")
def test_a_late_entry_has_no_reason(story: Story) -> Story:
    return story.altered("project.start", late=True, reason=" ")


@finds("CH-07", "project.start")
def test_a_late_entry_comes_after_all_its_days(story: Story) -> Story:
    recorded = story.row("project.start").happened_at + dt.timedelta(days=60)
    return story.altered("project.start", late=True, reason="补录：停电", recorded_at=recorded)


def test_a_late_entry_on_its_last_day_is_in_time() -> None:
    story = lawful()
    start = story.row("project.start")
    terms = start.book.late if start.book is not None else None
    assert terms is not None
    days = terms.working_days_max.value + terms.approve_working_days.value + terms.use_working_days.value
    last = calendar.term_end(start.happened_at, days=days, day_kind="working")
    for recorded, findings in ((last, 0), (last + dt.timedelta(days=4), 1)):
        late = story.altered("project.start", late=True, reason="补录：停电", recorded_at=recorded)
        assert len(late.findings("CH-07")) == findings


@finds("CH-08", "project.sign_contract", "project.start")
def test_a_late_entry_lets_a_missed_term_look_kept(story: Story) -> Story:
    recorded = story.row("project.start").happened_at + dt.timedelta(days=400)
    return story.altered("project.start", late=True, reason="补录：停电", recorded_at=recorded)


def test_after_a_suspension_only_the_days_that_were_left_are_left() -> None:
    """Counted anew from the resumption, a term that is over would seem to be running still."""
    story = lawful()
    came = story.row("project.sign_contract")
    term = came.book.deadlines["contracted"] if came.book is not None else None
    assert term is not None
    days = calendar.elapsed(came.day, calendar.add(came.day, days=term.days.value, day_kind=str(term.day_kind.value)),
                            day_kind="calendar")  # fmt: skip
    told = (
        story.added("project.suspend", after="project.sign_contract", days=days - 1)
        .altered("project.suspend", state_from=came.state_to, state_to="suspended")
        .added("project.resume", after="project.suspend", days=30)
        .altered("project.resume", state_from="suspended", state_to=came.state_to)
    )
    done = told.row("project.resume").happened_at + dt.timedelta(minutes=1)
    for later, findings in ((0, 0), (days - 5, 1)):
        recorded = done + dt.timedelta(days=later)
        late = told.altered("project.start", happened_at=done, recorded_at=recorded, late=True, reason="补录：停电")
        assert len(late.findings("CH-08")) == findings


@finds("CH-04", "project.sign_contract", "project.start")
def test_an_act_begins_elsewhere_than_the_one_before_ended(story: Story) -> Story:
    return story.altered("project.start", state_from="procuring")


@finds("CH-05", "project.open", "project.close")
def test_the_project_ends_under_another_edition(story: Story) -> Story:
    return story.altered("project.close", edition="default 2019.1")


@finds("CH-06", "project.close")
def test_nobody_adopted_the_edition(story: Story) -> Story:
    return story.altered("project.close", book=None)


@finds("CH-10", "project.approve")
def test_the_plan_was_approved_before_its_notice_had_run(story: Story) -> Story:
    return story.without("notice.close", 0)


@finds("CH-10", "claim.pay")
def test_another_claims_notice_does_not_count(story: Story) -> Story:
    return story.altered("notice.open", 2, data={"about_id": 10**6})


@finds("CH-11", "notice.start", "notice.close")
def test_a_notice_was_taken_down_early(story: Story) -> Story:
    return story.moved("notice.close", 0, days=-4)


@finds("CH-11", "notice.start", "notice.close")
def test_a_notice_did_not_stand_still_for_an_objection(story: Story) -> Story:
    raised = story.added("notice.raise_objection", after="notice.start", nth=0, days=1)
    return raised.added("notice.answer", after="notice.start", nth=0, days=6, data={"upheld": False})


def test_a_shorter_term_that_was_granted_counts() -> None:
    """The notice of a claim, three days instead of seven."""
    early = lawful().moved("notice.close", 1, days=-4)
    assert len(early.findings("CH-11")) == 1
    assert early.added("notice.grant_waiver", after="notice.start", nth=2).findings("CH-11") == []


@finds("CH-14", "notice.ask_waiver", "notice.grant_waiver")
def test_a_granted_waiver_is_shown(story: Story) -> Story:
    asked = story.added("notice.ask_waiver", after="notice.start", nth=2)
    return asked.added("notice.grant_waiver", after="notice.start", nth=2)


@finds("CH-12", "notice.start")
def test_a_place_has_no_photo(story: Story) -> Story:
    return story.altered("notice.post", 0, files=())


@finds("CH-13", "notice.raise_objection", "notice.close")
def test_a_notice_was_closed_over_an_objection(story: Story) -> Story:
    return story.added("notice.raise_objection", after="notice.start", nth=0)


@finds("CH-15", "project.approve")
def test_the_leading_group_never_admitted_it(story: Story) -> Story:
    return story.without("project.admit")


@finds("CH-16", "claim.submit", times=6)
def test_a_project_runs_without_a_plan(story: Story) -> Story:
    return story.without("project.approve")


@finds("CH-20", "tender.issue")
def test_bidders_had_too_few_days(story: Story) -> Story:
    return story.altered("tender.issue", data={"bids_until": day_of(story, "tender.issue", 19)})


@finds("CH-21", "tender.clarify")
def test_a_late_clarification_left_the_deadline_where_it_was(story: Story) -> Story:
    until = story.row("tender.issue").data["bids_until"]
    return story.added("tender.clarify", after="tender.issue", days=15, data={"bids_until": until})


@finds("CH-22", "tender.issue", "tender.open_bids")
def test_bids_were_opened_early(story: Story) -> Story:
    return story.moved("tender.open_bids", days=-1)


@finds("CH-23", "tender.rank", "tender.award")
def test_the_award_did_not_wait_for_the_notice(story: Story) -> Story:
    wait = story.row("tender.award").day - story.row("tender.rank").day
    return story.moved("tender.award", days=2 - wait.days)


@finds("CH-24", "tender.award", "tender.close")
def test_the_contract_is_older_than_the_award(story: Story) -> Story:
    return story.altered("tender.close", data={"signed_on": day_of(story, "tender.award", -1)})


@finds("CH-25", "tender.award", "tender.close")
def test_the_contract_was_signed_too_late(story: Story) -> Story:
    return story.altered("tender.close", data={"signed_on": day_of(story, "tender.award", 35)})


@finds("CH-26", "project.sign_contract")
def test_a_contract_without_a_tender(story: Story) -> Story:
    return story.without("tender.close")


@finds("CH-27", "tender.close", "project.start")
def test_the_works_began_before_the_contract(story: Story) -> Story:
    early = story.row("tender.close").day - story.row("project.start").day
    return story.moved("project.start", days=early.days - 1)


@finds("CH-30", "tender.award")
def test_the_award_exceeds_the_budget(story: Story) -> Story:
    return story.altered("tender.award", amount_fen=400_000_001)


@finds("CH-31", "tender.award", "tender.close")
def test_the_contract_exceeds_the_award(story: Story) -> Story:
    award = story.row("tender.award").amount_fen
    assert award is not None
    return story.altered("tender.close", data={"contract_fen": award + 1})


@finds("CH-32", "tender.close", "project.sign_contract")
def test_the_project_was_contracted_for_another_price(story: Story) -> Story:
    return story.altered("project.sign_contract", amount_fen=1)


@finds("CH-33", "tender.open_bids", "tender.rank", "tender.award")
def test_the_second_candidate_won(story: Story) -> Story:
    bids = story.row("tender.open_bids").data["bids"]
    return story.altered("tender.award", data={"winner": bids[1]["bidder"]}, amount_fen=bids[1]["price_fen"])


@finds("CH-33", "tender.open_bids", "tender.rank", "tender.award")
def test_the_winner_was_given_another_price(story: Story) -> Story:
    return story.altered("tender.award", amount_fen=1)


@finds("CH-35", "claim.submit", "claim.pay")
def test_who_claims_has_it_paid_by_somebody_who_stands_for_him(story: Story) -> Story:
    village = story.row("claim.submit", 0)
    return story.altered("claim.pay", 0, behalf_id=village.actor_id, behalf_name=village.actor_name)


@finds("CH-36", "project.sign_joint", "project.sign_joint")
def test_one_hand_signs_for_two_offices(story: Story) -> Story:
    first = story.row("project.sign_joint", 0)
    return story.altered("project.sign_joint", 1, actor_id=first.actor_id, actor_name=first.actor_name)
