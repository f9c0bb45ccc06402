"""A village's clerk files an application by hand: begins, breaks off, comes back, mends, files."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from selenium.webdriver.common.by import By

from approvals.demo import county
from approvals.demo.sheets import sheet
from audit.models import Entry
from tests.factories import MORNING
from tests.journeys.clerk import Clerk, clock_at
from workflows.models import Attachment, Person, Project

pytestmark = pytest.mark.one_engine

KIND = county.SPECIMENS[0]
FORM = county.application(KIND, title="演练村通村道路硬化工程", at=MORNING)
SAVE, FILE = 'button[name="save"]', 'button[name="file"]'


@pytest.fixture
def villager(db: None) -> Person:
    return county.hand(county.rehearsal("default"))


def the_project() -> Project:
    return Project.objects.get()


def begin(clerk: Clerk, villager: Person) -> None:
    """Open an application, as the first page of it asks."""
    clerk.log_in(villager)
    clerk.visit("projects")
    clerk.follow(reverse("project-new"))
    clerk.fill({"title": FORM["title"], "department": "roads"})
    clerk.submit()


def papers(clerk: Clerk) -> None:
    """Choose a file for every paper that filing asks for."""
    for kind in the_project().papers_for("project.file"):
        page = clerk.copy_of(sheet(name=kind, lines=(kind,)))
        clerk.upload(f"paper-{kind}", [page])


def test_a_draft_is_broken_off_and_taken_up_again_and_filed_when_it_is_complete(clerk: Clerk, villager: Person) -> None:
    with clock_at(MORNING):
        begin(clerk, villager)
        clerk.fill({name: FORM[name] for name in ("description", "quantity_milli", "grant_fen")})
        clerk.submit(button=SAVE)
        assert "草稿已保存" in clerk.text()
        clerk.submit(button=f'form[action="{reverse("logout")}"] button')
    with clock_at(MORNING + dt.timedelta(days=1)):
        clerk.log_in(villager)
        clerk.visit("queue")
        clerk.follow(reverse("case", args=[the_project().pk]))
        clerk.follow(reverse("edit", args=[the_project().pk]))
        assert clerk.value("description") == FORM["description"]
        assert clerk.value("grant_fen") == "450,000.00"
        clerk.fill(FORM)
        papers(clerk)
        clerk.submit(button=FILE)
    assert the_project().state == "filed", clerk.text()
    assert "乡镇" in clerk.text()
    assert clerk.complaints() == []


def test_a_budget_that_is_one_fen_off_is_shown_while_typing_and_refused_with_its_rule(
    clerk: Clerk, villager: Person
) -> None:
    wrong = FORM | {"lines": [FORM["lines"][0], FORM["lines"][1] | {"amount_fen": FORM["lines"][1]["amount_fen"] + 1}]}
    with clock_at(MORNING):
        begin(clerk, villager)
        clerk.fill(wrong)
        assert clerk.chrome.find_element(By.CSS_SELECTOR, "[data-verdict]").text == "尚不一致"
        papers(clerk)
        clerk.submit(button=FILE)
        assert "500,000.01" in clerk.text()
        assert clerk.value("lines-1-amount_fen") == "20,000.01"
        assert the_project().state == "draft"
        assert not Attachment.objects.exists(), "the papers came with a filing that was refused whole"
        clerk.fill(FORM)
        assert clerk.chrome.find_element(By.CSS_SELECTOR, "[data-verdict]").text == "一致"


def test_a_program_that_calls_itself_a_pdf_is_sent_back_by_name(clerk: Clerk, villager: Person) -> None:
    disguised = clerk.folder / "决议.pdf"
    disguised.write_bytes(b"MZ\x90\x00" + bytes(600))
    with clock_at(MORNING):
        begin(clerk, villager)
        clerk.fill(FORM)
        clerk.upload("paper-village_resolution", [disguised])
        before = Entry.objects.count()
        clerk.submit(button=SAVE)
    assert "决议.pdf" in clerk.text()
    assert clerk.value("title") == FORM["title"]
    assert clerk.value("lines-0-item") == FORM["lines"][0]["item"]
    assert (Entry.objects.count(), Attachment.objects.count()) == (before, 0)


def test_more_rows_come_without_losing_what_was_typed(clerk: Clerk, villager: Person) -> None:
    with clock_at(MORNING):
        begin(clerk, villager)
        clerk.fill({"title": "改过的名称", "grant_fen": 12_345})
        rows = len(clerk.chrome.find_elements(By.CSS_SELECTOR, "tr[data-line]"))
        clerk.click("增加行")
    assert len(clerk.chrome.find_elements(By.CSS_SELECTOR, "tr[data-line]")) > rows
    assert (clerk.value("title"), clerk.value("grant_fen")) == ("改过的名称", "123.45")
