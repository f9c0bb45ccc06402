"""What a stranger sees first, in Chromium."""

from __future__ import annotations

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.conftest import console

pytestmark = pytest.mark.one_engine


def test_a_stranger_is_asked_in_chinese_to_log_in_and_nothing_breaks_the_policy(
    live_server: LiveServer, browser: Chrome
) -> None:
    browser.get(live_server.url)
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "zh-hans"
    assert browser.find_element(By.NAME, "password").is_displayed()
    assert [line for line in console(browser) if line["level"] == "SEVERE"] == []
