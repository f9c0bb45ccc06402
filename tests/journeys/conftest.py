"""A clerk at a browser, in front of a running server."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome

from tests.journeys.clerk import Clerk


@pytest.fixture
def clerk(live_server: LiveServer, browser: Chrome, tmp_path: Path) -> Clerk:
    return Clerk(chrome=browser, address=live_server.url, folder=tmp_path)
