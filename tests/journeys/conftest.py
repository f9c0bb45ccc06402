"""A clerk at a browser, in front of a running server."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome

from tests.conftest import console
from tests.journeys.clerk import Clerk


@pytest.fixture
def clerk(live_server: LiveServer, browser: Chrome, tmp_path: Path) -> Clerk:
    # What was complained of in another's story is not this one's.
    console(browser)
    return Clerk(chrome=browser, address=live_server.url, folder=tmp_path)
