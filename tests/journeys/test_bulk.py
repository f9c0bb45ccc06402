"""One decision on several cases, in Chromium, each with an outcome of its own."""

from __future__ import annotations

from selenium.webdriver.common.by import By

from tests.factories import fresh_application, official, walk_on
from tests.journeys.clerk import Clerk, clock_at
from workflows.states import ProjectState as S


def test_three_applications_are_passed_together_and_the_one_that_cannot_says_why(clerk: Clerk) -> None:
    filed = [walk_on(fresh_application(specimen=n), until=lambda state: state == S.FILED) for n in range(3)]
    late = filed[-1]
    with clock_at(max(t.at for t in filed)):
        clerk.log_in(official(late, "township"))
        clerk.visit("queue")
        clerk.chrome.find_element(By.CSS_SELECTOR, "[data-ticks]").click()
        clerk.submit(button='button[form="bulk"], #bulk button')
        clerk.click("乡镇审核通过")
        clerk.fill({}, reason="三个项目均已到现场核实。")
        late.do("withdraw", seat="village", reason="村里另有安排。")
        clerk.submit(button='button[name="decide"]')
    assert [t.project.typed().state for t in filed] == [S.JOINT_REVIEW, S.JOINT_REVIEW, S.WITHDRAWN]
    outcomes = clerk.chrome.find_elements(By.CSS_SELECTOR, "tbody tr")
    [refused] = [row.text for row in outcomes if "不予办理" in row.text]
    assert late.project.title in refused
    assert clerk.complaints() == []
