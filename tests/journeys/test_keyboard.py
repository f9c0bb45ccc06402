"""A day's work without a mouse: every step is reached by the Tab key, seen, and done by Enter."""

from __future__ import annotations

import pytest
from django.urls import reverse
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.factories import official, project_at
from tests.journeys.clerk import WAIT_S, Clerk, clock_at
from workflows.states import ProjectState as S

pytestmark = pytest.mark.one_engine

#: More stops than any page may put before its main thing.
STOPS_MAX = 40
OUTLINED = """
const style = getComputedStyle(document.activeElement);
return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
"""


def press(clerk: Clerk, *keys: str) -> None:
    ActionChains(clerk.chrome).send_keys(*keys).perform()


def tab_to(clerk: Clerk, selector: str) -> None:
    """Press Tab until the focus is where the selector says."""
    for _stop in range(STOPS_MAX):
        press(clerk, Keys.TAB)
        here = clerk.chrome.switch_to.active_element
        assert clerk.chrome.execute_script(OUTLINED), f"the focus cannot be seen on {here.get_attribute('outerHTML')}"
        if clerk.chrome.execute_script("return arguments[0].matches(arguments[1])", here, selector):
            return
    raise AssertionError(f"{STOPS_MAX} stops did not lead to {selector}")


def arrive(clerk: Clerk, path: str) -> None:
    WebDriverWait(clerk.chrome, WAIT_S).until(lambda chrome: chrome.current_url.endswith(path))


def test_a_reviewer_decides_from_the_queue_to_the_outcome_by_keyboard_alone(clerk: Clerk) -> None:
    t = project_at(S.FILED)
    case, form = reverse("case", args=[t.project.pk]), reverse("act", args=[t.project.pk, "pass_township"])
    with clock_at(t.at):
        clerk.log_in(official(t, "township"))
        clerk.visit("queue")
        tab_to(clerk, f'a[href="{case}"]')
        press(clerk, Keys.ENTER)
        arrive(clerk, case)
        tab_to(clerk, f'a[href="{form}"]')
        press(clerk, Keys.ENTER)
        arrive(clerk, form)
        tab_to(clerk, 'textarea[name="reason"]')
        press(clerk, "资料属实,同意上报。")
        tab_to(clerk, "main .buttons button")
        press(clerk, Keys.ENTER)
        arrive(clerk, case)
    assert t.project.typed().state == S.JOINT_REVIEW


def test_the_first_stop_skips_the_masthead(clerk: Clerk) -> None:
    t = project_at(S.FILED)
    with clock_at(t.at):
        clerk.log_in(official(t, "township"))
        clerk.visit("queue")
        press(clerk, Keys.TAB, Keys.ENTER)
        assert clerk.chrome.current_url.endswith("#content")
        press(clerk, Keys.TAB)
        here = clerk.chrome.switch_to.active_element
        assert clerk.chrome.find_element(By.ID, "content") == here.find_element(By.XPATH, "./ancestor::main")
