"""Two clicks, two tabs, two people: one act, and the second is told kindly."""

from __future__ import annotations

from django.urls import reverse
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import fresh_application, official, project_at
from tests.journeys.clerk import WAIT_S, Clerk, clock_at
from workflows.models import Project
from workflows.states import ProjectState as S

BUTTON = "main form .buttons button"


def times(t: Traveller, act: str) -> int:
    return Entry.objects.filter(case_id=t.project.pk, act=act).count()


def open_the_form(clerk: Clerk, t: Traveller, name: str) -> None:
    clerk.visit("act", t.project.pk, name)
    clerk.fill({}, reason="资料属实,同意上报。")


def test_a_double_click_decides_once(clerk: Clerk) -> None:
    t = project_at(S.FILED)
    with clock_at(t.at):
        clerk.log_in(official(t, "township"))
        open_the_form(clerk, t, "pass_township")
        ActionChains(clerk.chrome).double_click(clerk.chrome.find_element(By.CSS_SELECTOR, BUTTON)).perform()
        arrived = clerk.address + reverse("case", args=[t.project.pk])
        WebDriverWait(clerk.chrome, WAIT_S).until(lambda chrome: chrome.current_url == arrived)
    assert times(t, "project.pass_township") == 1


def test_the_same_page_in_two_tabs_decides_once_and_the_second_tab_says_so(clerk: Clerk) -> None:
    t = project_at(S.FILED)
    with clock_at(t.at):
        clerk.log_in(official(t, "township"))
        open_the_form(clerk, t, "pass_township")
        with clerk.in_a_second_tab():
            open_the_form(clerk, t, "pass_township")
            clerk.submit()
        clerk.submit()
    assert "该操作此前已办理" in clerk.text()
    assert times(t, "project.pass_township") == 1


def test_sending_the_same_page_again_with_the_browsers_back_button_changes_nothing(clerk: Clerk) -> None:
    t = project_at(S.FILED)
    with clock_at(t.at):
        clerk.log_in(official(t, "township"))
        open_the_form(clerk, t, "pass_township")
        clerk.submit()
        clerk.chrome.back()
        clerk.fill({}, reason="再办一次。")
        clerk.submit()
    assert times(t, "project.pass_township") == 1
    assert t.project.typed().state == S.JOINT_REVIEW


def test_a_page_opened_before_something_changed_cannot_decide_on_what_it_did_not_show(clerk: Clerk) -> None:
    t = project_at(S.FILED)
    with clock_at(t.at):
        clerk.log_in(official(t, "township"))
        open_the_form(clerk, t, "pass_township")
        t.paper("other", seat="village")
        clerk.submit()
    assert "未作任何改动" in clerk.text()
    assert "资料属实,同意上报。" in clerk.text()
    assert times(t, "project.pass_township") == 0


def test_opening_an_application_twice_from_one_page_opens_one(clerk: Clerk) -> None:
    t = fresh_application()
    with clock_at(t.at):
        clerk.log_in(official(t, "village"))
        clerk.visit("project-new")
        clerk.fill({"title": "只开一次的项目"})
        clerk.submit()
        clerk.chrome.back()
        clerk.submit()
    assert Project.objects.filter(title="只开一次的项目").count() == 1
    assert clerk.value("title") == "只开一次的项目"
