"""Reviewers at their desks, in Chromium: taking, putting back, handing over, reviewing in parallel, returning."""

from __future__ import annotations

from django.urls import reverse
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from approvals import desks
from approvals.models import DeskTask
from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import official, project_at
from tests.journeys.clerk import Clerk, clock_at
from workflows.models import Opinion, Person
from workflows.states import ProjectState as S


def the_task(t: Traveller) -> DeskTask:
    return desks.waiting_on(t.project.pk).get()


def decide(clerk: Clerk, t: Traveller, name: str, *, by: Person, reason: str, **form: object) -> None:
    """From the queue to the case to the form of an act, filled in and sent: the way of every day."""
    clerk.log_in(by)
    clerk.visit("queue")
    clerk.follow(reverse("case", args=[t.project.pk]))
    clerk.follow(reverse("act", args=[t.project.pk, name]))
    clerk.fill(form, reason=reason)
    clerk.submit()


def test_a_case_is_taken_put_back_and_handed_over_and_each_tab_of_the_queue_shows_it(clerk: Clerk) -> None:
    t = project_at(S.FILED)
    first, second = official(t, "township"), official(t, "township", hand=1)
    with clock_at(t.at):
        clerk.log_in(first)
        clerk.visit("queue")
        clerk.click("领办")
        assert the_task(t).owner == first
        clerk.visit("queue", query="?tab=mine")
        assert t.project.title in clerk.text()
        clerk.log_in(second)
        clerk.visit("queue", query="?tab=colleagues")
        assert first.name in clerk.text()
        clerk.log_in(first)
        clerk.visit("queue", query="?tab=mine")
        clerk.click("退回待办")
        assert the_task(t).owner is None
        clerk.visit("case", t.project.pk)
        Select(clerk.chrome.find_element(By.NAME, "to")).select_by_visible_text(second.name)
        clerk.click("移交")
    assert the_task(t).owner == second
    assert clerk.complaints() == []


def test_whoever_comes_second_to_a_free_case_is_told_kindly(clerk: Clerk) -> None:
    t = project_at(S.FILED)
    first, second = official(t, "township"), official(t, "township", hand=1)
    with clock_at(t.at):
        clerk.log_in(second)
        clerk.visit("queue")
        desks.claim(the_task(t), by=first, at=t.at)
        clerk.click("领办")
    assert "同事已先行领办" in clerk.text()
    assert the_task(t).owner == first


def test_a_colleagues_desk_is_not_cleared_behind_his_back_and_what_was_written_is_kept(clerk: Clerk) -> None:
    t = project_at(S.FILED)
    first, second = official(t, "township"), official(t, "township", hand=1)
    desks.claim(the_task(t), by=first, at=t.at)
    with clock_at(t.at):
        clerk.log_in(second)
        clerk.visit("act", t.project.pk, "pass_township")
        clerk.fill({}, reason="现场看过,情况属实。")
        clerk.submit()
    assert first.name in clerk.text()
    assert "现场看过,情况属实。" in clerk.text()
    t.project.refresh_from_db(fields=["family_version"])
    assert t.project.typed().state == S.FILED


def test_three_offices_review_side_by_side_and_the_case_leaves_each_desk_as_it_signs(clerk: Clerk) -> None:
    t = project_at(S.JOINT_REVIEW)
    offices = list(t.project.book.review.joint_offices.value)
    with clock_at(t.at):
        for office in reversed(offices):
            person = official(t, t.project.office(office))
            decide(clerk, t, "sign_joint", by=person, reason=f"{person.name}同意。", agrees=True)
            clerk.visit("queue", query="?tab=tray")
            if office != "programme":
                assert t.project.title not in clerk.text()
        decide(clerk, t, "conclude_joint", by=official(t, "programme"), reason="会审通过。")
    assert t.project.typed().state == S.PIPELINE
    assert {opinion.seat for opinion in Opinion.objects.filter(case=t.project.pk)} == set(offices)
    assert clerk.complaints() == []


def test_what_is_returned_comes_straight_back_and_shows_the_reviewer_what_was_changed(clerk: Clerk) -> None:
    t = project_at(S.PIPELINE)
    leader, villager = official(t, "leading_group"), official(t, "village")
    with clock_at(t.at):
        decide(clerk, t, "return_to", by=leader, reason="受益情况请写清楚。", stage="village")
        assert t.project.typed().state == S.RETURNED
        clerk.log_in(villager)
        clerk.visit("queue")
        clerk.follow(reverse("case", args=[t.project.pk]))
        assert "受益情况请写清楚。" in clerk.text()
        clerk.follow(reverse("edit", args=[t.project.pk]))
        clerk.fill({"benefit": "直接受益 320 户"}, reason="已补充受益户数。")
        clerk.submit(button='button[name="file"]')
        assert t.project.typed().state == S.PIPELINE, clerk.text()
        clerk.log_in(leader)
        clerk.visit("queue")
        clerk.follow(reverse("case", args=[t.project.pk]))
    assert clerk.chrome.find_element(By.CSS_SELECTOR, "#since-return ins").text == "直接受益 320 户"
    last = Entry.objects.filter(case_id=t.project.pk).latest("seq")
    assert (last.act, last.state_from, last.state_to) == ("project.resubmit", S.RETURNED, S.PIPELINE)
