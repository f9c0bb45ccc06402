"""What every test stands on: the database of DATABASE_URL, a browser where one is asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from _pytest.nodeid import NodeId
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key
from selenium import webdriver

from tests import database

pytest_plugins = ["tests.halves"]

# A red build is its author's own: the same examples for everyone. A machine's pace is no fault.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.register_profile("roaming", deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# Django has no public name for the moment at which it empties the tables.
TEARDOWN = "_fixture_teardown"
#: Groups and files that take longest, the longest first: what is begun last should be short, so that no
#: worker is left waiting for another at the end.
LONGEST = (
    "browser",
    "demo_year",
    "tests/desks/test_bad_input_requests.py",
    "tests/law/test_anything_goes.py",
    "tests/desks/test_access_table.py",
    "tests/desks/test_bad_input_forms.py",
    "tests/law/test_checks_of_the_demo.py",
    "tests/law/test_conformance.py",
    "tests/desks/test_worker.py",
    "tests/record/test_dossier_tampering.py",
    "tests/law/test_asof.py",
    "tests/law/test_clock_year.py",
    "tests/money/test_pulled_plug.py",
    "tests/law/test_machines.py",
    "tests/money/test_thousands.py",
)
CHROMIUM_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
    # Pages must be Chinese whatever the browser prefers, so let it prefer something else.
    "--lang=en-US",
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Browser tests go to one worker: the others' load would make the pages slow by turns.

    When everybody has had his say about the order, the longest go first.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
    yield
    items.sort(key=lambda item: turn(unit_of(item)))
    for item in items:
        _name_group(item)


def _name_group(item: pytest.Item) -> None:
    """Let a test's name end with its group, by which xdist keeps groups together.

    xdist 3.8 sets a field that pytest 9 no longer reads; without this every group would be spread over all workers.
    """
    grouped = item.config.getoption("loadgroup", False) and item.get_closest_marker("xdist_group")
    end = f"@{unit_of(item)}"
    if grouped and not item.nodeid.endswith(end):
        item._id = NodeId.parse(item.nodeid + end)


def unit_of(item: pytest.Item) -> str:
    """What one worker does in one go: the test's group, if it has one, or else its file."""
    group = item.get_closest_marker("xdist_group")
    return str(group.args[0]) if group else item.nodeid.partition("::")[0]


def turn(unit: str) -> int:
    """When it is a unit's turn; those of one turn keep their order."""
    return LONGEST.index(unit) if unit in LONGEST else len(LONGEST)


@pytest.fixture(scope="session", autouse=True)
def _guards_let_the_tests_clean_up() -> Iterator[None]:
    """Emptying the tables after a test with real commits needs the triggers out of the way."""

    def teardown(self: TransactionTestCase) -> None:
        database.empty()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, TEARDOWN, teardown)
        yield


@pytest.fixture(scope="session", autouse=True)
def _middleware_is_loaded_once() -> Iterator[None]:
    """As in a server: not by every browser of every test anew, as long as the settings are the tests' own."""
    load, usual = BaseHandler.load_middleware, vars(settings)["_wrapped"]
    loaded: dict[str, Any] = {}

    def load_once(self: BaseHandler, is_async: bool = False) -> None:
        if is_async or vars(settings)["_wrapped"] is not usual:
            return load(self, is_async)
        if not loaded:
            first = BaseHandler()
            load(first)
            loaded.update(vars(first))
        vars(self).update(loaded)
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "load_middleware", load_once)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> None:
    """One of the workers migrates, all of them copy what came of it."""
    if worker_id != "master":
        with django_db_blocker.unblock():
            database.share_migrations(tmp_path_factory.getbasetemp().parent)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The process that leads the workers tidies up after them."""
    if session.config.getoption("numprocesses", None) and not hasattr(session.config, "workerinput"):
        with session.config.stash[blocking_manager_key].unblock():
            database.drop_shared()


@pytest.fixture(autouse=True)
def _catalogue_of_the_default_language() -> Iterator[None]:
    """A test that spoke English must not make the next one speak it, too."""
    from django.utils import translation

    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def _chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        lacking = "no Chromium with chromedriver found: apt-get install -y chromium chromium-driver"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(lacking)
        pytest.skip(lacking)
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in CHROMIUM_FLAGS:
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('chromium')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # With the driver named, Selenium looks for none on the net.
    chrome = webdriver.Chrome(options, webdriver.ChromeService(executable_path=driver))
    yield chrome
    chrome.quit()


@pytest.fixture
def browser(_chromium: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """Chromium with no cookies and no memory, at desk size. Skips where none is installed, or fails if required."""
    _chromium.set_window_size(1280, 900)
    # Another test's case may have had the same address a moment ago.
    _chromium.execute_cdp_cmd("Network.clearBrowserCache", {})
    # What an earlier test was rightly refused is no complaint about this one.
    console(_chromium)
    yield _chromium
    # Cookies can only be deleted while on the page that set them.
    _chromium.delete_all_cookies()
    _chromium.get("about:blank")


def console(chrome: webdriver.Chrome) -> list[dict[str, Any]]:
    """What the browser complained of since last asked; a breach of the policy is "SEVERE"."""
    lines: list[dict[str, Any]] = chrome.get_log("browser")  # type: ignore[no-untyped-call]
    return lines
