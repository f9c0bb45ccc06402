"""Somebody at a browser: logs in, opens pages, fills in forms as they stand there, presses buttons."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from funds.money import yuan
from tests.conftest import console
from workflows.files import path_of
from workflows.law import StoredFile
from workflows.models import Person

WAIT_S = 10
#: Wider than the window by so much, a page scrolls sideways.
TOLERANCE_PX = 1


@contextmanager
def clock_at(at: dt.datetime) -> Iterator[None]:
    """The server's clock stands at a moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: at.astimezone(dt.UTC))
        yield


@dataclass(kw_only=True)
class Clerk:
    """One browser, with which one person after the other works."""

    chrome: Chrome
    address: str
    folder: Path

    def log_in(self, person: Person) -> None:
        """Be somebody, as after the log-in page."""
        client = Client()
        client.force_login(person)
        if not self.chrome.current_url.startswith(self.address):
            self.chrome.get(self.address + reverse("login"))
        self.chrome.delete_cookie("sessionid")
        self.chrome.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value})

    def visit(self, name: str, *args: Any, query: str = "") -> None:
        """Open a page by its route's name."""
        self.chrome.get(self.address + reverse(name, args=args) + query)

    def text(self) -> str:
        """All that is to be read on the page."""
        return self.chrome.find_element(By.TAG_NAME, "body").text

    def follow(self, path: str) -> None:
        """Press the link that leads to a path."""
        links = self.chrome.find_elements(By.CSS_SELECTOR, f'main a[href="{path}"]')
        assert links, f"no link to {path} on {self.chrome.current_url}:\n{self.text()}"
        self.press(links[0])

    def press(self, element: WebElement) -> None:
        """Press something, and wait until the page that was there has gone and the next one is there.

        Whoever opens a page while another one still comes may be told of that one's arrival, and look too early.
        """
        self._bring_into_view(element)
        page = self.chrome.find_element(By.TAG_NAME, "html")
        element.click()
        WebDriverWait(self.chrome, WAIT_S).until(lambda _chrome: _gone(page))
        WebDriverWait(self.chrome, WAIT_S).until(_loaded)

    def unfold(self, details: WebElement) -> None:
        """Open what is folded, by its heading."""
        self._bring_into_view(details)
        details.find_element(By.TAG_NAME, "summary").click()

    def _bring_into_view(self, element: WebElement) -> None:
        """At once: what still scrolls is not hit."""
        self.chrome.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)

    def submit(self, *, button: str = "main form .buttons button") -> None:
        """Press the form's own button."""
        self.press(self.chrome.find_element(By.CSS_SELECTOR, button))

    def fill(self, form: Mapping[str, Any], *, files: Sequence[StoredFile] = (), reason: str = "") -> None:
        """Fill in a form the way its fields ask for it."""
        for name, value in form.items():
            self._fill(name, value)
        if files:
            self.upload("files", [self.copy_of(file) for file in files])
        if reason:
            self._fill("reason", reason)

    def upload(self, name: str, paths: Sequence[Path]) -> None:
        """Choose files."""
        self.chrome.find_element(By.NAME, name).send_keys("\n".join(map(str, paths)))

    def copy_of(self, file: StoredFile) -> Path:
        """A stored file as it lay on the clerk's own disk."""
        suffix = ".png" if file.media_type == "image/png" else ".pdf"
        path = self.folder / f"{file.sha256[:16]}{suffix}"
        shutil.copyfile(path_of(file.sha256), path)
        return path

    def _fill(self, name: str, value: Any) -> None:
        match value:
            case dict():
                for key, one in value.items():
                    self._fill(f"{name}-{key}", _shown(name, one))
            case [dict(), *_]:
                for number, row in enumerate(value):
                    for column, one in row.items():
                        self._fill(f"{name}-{number}-{column}", one)
            case list() | tuple():
                self._type(name, "\n".join(map(str, value)))
            case bool():
                self._tick(name, value)
            case int() if name.endswith("_fen"):
                self._type(name, yuan(value))
            case int() if name.endswith("_milli"):
                self._type(name, f"{value / 1000:g}")
            case None:
                return
            case _:
                self._type(name, str(value))

    def _tick(self, name: str, value: bool) -> None:
        found = self.chrome.find_elements(By.CSS_SELECTOR, f'[name="{name}"][value="{value}"]')
        box = found[0] if found else self.chrome.find_element(By.NAME, name)
        if found or box.is_selected() != value:
            box.click()

    def _type(self, name: str, text: str) -> None:
        element = self.chrome.find_element(By.NAME, name)
        if element.tag_name == "select":
            Select(element).select_by_value(text)
        elif element.get_attribute("type") == "date":
            # What one types into a date depends on the browser's country.
            self.chrome.execute_script("arguments[0].value = arguments[1]", element, text)
        elif element.get_attribute("type") != "hidden":
            element.clear()
            element.send_keys(text)

    def value(self, name: str) -> str:
        """What stands in a field now."""
        return self.chrome.find_element(By.NAME, name).get_attribute("value") or ""

    def click(self, text: str) -> None:
        """Press the button or link of the content that says so."""
        path = f"//main//*[(self::button or self::a) and normalize-space()='{text}']"
        self.press(self.chrome.find_element(By.XPATH, path))

    @contextmanager
    def in_a_second_tab(self) -> Iterator[None]:
        """What is done here is done in a tab of its own; afterwards one is back in the first."""
        first = self.chrome.current_window_handle
        self.chrome.switch_to.new_window("tab")
        try:
            yield
        finally:
            self.chrome.close()
            self.chrome.switch_to.window(first)

    def complaints(self) -> list[str]:
        """What the browser complained of: scripts, styles, missing files, breaches of the policy."""
        return [line["message"] for line in console(self.chrome) if line["level"] == "SEVERE"]

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the window."""
        width = self.chrome.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return int(width) > TOLERANCE_PX


def _shown(name: str, value: Any) -> str:
    """A value of a table with a row for each key, as it is typed: text, a quantity, or money."""
    match name:
        case "answers" | "results":
            return str(value)
        case "quantities":
            return f"{value / 1000:g}"
        case _:
            return yuan(value)


def _loaded(chrome: Chrome) -> bool:
    try:
        return bool(chrome.execute_script("return document.readyState === 'complete'"))
    except WebDriverException:
        # Asked for in the moment in which one page gives way to the next.
        return False


def _gone(page: WebElement) -> bool:
    try:
        page.is_enabled()
    except WebDriverException:
        # Stale, or asked for in the moment in which it went.
        return True
    return False
