"""Every page in Chromium, at a desk's width and a phone's: it fits, breaks no policy, speaks the language asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from selenium.webdriver.common.by import By

from approvals.traveller import Traveller
from audit.models import Entry
from funds.models import Source
from tests.factories import fresh_application, official, project_at
from tests.journeys.clerk import Clerk, clock_at
from workflows import acts
from workflows.lifecycles import KINDS
from workflows.models import Case, Person
from workflows.offices import Office
from workflows.states import ProjectState as S

pytestmark = pytest.mark.one_engine

DESK_PX, PHONE_PX = 1280, 390
#: Where the road has its forks: between them, these show every kind of case and nearly every form.
STATES = (S.DRAFT, S.JOINT_REVIEW, S.PROCURING, S.BUILDING, S.UNDER_ACCEPTANCE, S.HANDED_OVER)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def at(state: S) -> Traveller:
    return fresh_application() if state == S.DRAFT else project_at(state)


def pages(t: Traveller) -> Iterator[tuple[Person, str]]:
    """Whose page, and its address."""
    for office in Office:
        yield official(t, office), reverse("queue")
    auditor, villager = official(t, Office.AUDITOR), official(t, Office.VILLAGE)
    yield from ((villager, reverse("projects")), (villager, reverse("project-new")))
    yield villager, reverse("edit", args=[t.project.pk])
    for case in (t.project, *Case.objects.filter(root=t.project)):
        # A draft is the village's own; nobody else may see it yet.
        yield villager, reverse("case", args=[case.pk])
        yield auditor, reverse("audit:case", args=[case.pk])
        yield from forms(t, case.typed())
    for kind, machine in KINDS.items():
        if kind != "project" and t.project.state != S.DRAFT:
            seat = machine.opening.seats[0]
            yield official(t, t.project.office(seat)), reverse("open", args=[t.project.pk, kind])
    yield auditor, reverse("audit:search")
    yield auditor, reverse("audit:entry", args=[Entry.objects.latest("id").pk])
    finance, source = official(t, Office.FINANCE), Source.objects.latest("id")
    yield from (
        (finance, reverse("money")),
        (finance, reverse("source-new")),
        (finance, reverse("source", args=[source.pk])),
    )
    yield finance, reverse("source", args=[source.pk]) + "?tab=projects"
    yield finance, reverse("source-act", args=[source.pk, "receive"])
    yield villager, reverse("case-money", args=[t.project.pk])
    yield villager, reverse("case-responsibility", args=[t.project.pk])
    yield villager, reverse("statement", args=[villager.pk])
    for name in ("notifications", "copies", "notification-settings"):
        yield villager, reverse(name)
    yield from ((villager, reverse(name, args=[t.project.pk])) for name in ("urge", "copy"))
    yield official(t, Office.SYSADMIN), reverse("mail-log")
    yield official(t, Office.SYSADMIN), reverse("people")
    yield official(t, Office.SECADMIN), reverse("people")


def forms(t: Traveller, case: Case) -> Iterator[tuple[Person, str]]:
    """The form of every act that the case's state knows, before somebody of the first office that may do it."""
    for act in acts.possible(case):
        yield official(t, case.office(act.seats[0])), reverse("act", args=[case.pk, act.name])


#: Every control of the page that another thing lies upon, or that is too small to be hit; a phone has no table heads.
COVERED = """
return [...document.querySelectorAll('main input, main select, main textarea, main button, main a')].filter((one) => {
  if (one.type === 'hidden' || one.closest('details:not([open]), .cards thead')) return false;
  if (!one.getClientRects().length) return false;
  one.scrollIntoView({block: 'center', behavior: 'instant'});
  const box = one.getClientRects()[0];
  if (box.width < 8 || box.height < 8) return true;
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return !(top && (one.contains(top) || top.contains(one) && top.tagName === 'LABEL'));
}).map((one) => one.outerHTML.slice(0, 120));
"""


def too_wide(clerk: Clerk, width_px: int) -> bool:
    clerk.chrome.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width_px, "height": 900, "deviceScaleFactor": 1, "mobile": width_px == PHONE_PX},
    )
    return clerk.scrolls_sideways()


@pytest.fixture
def tall_window(clerk: Clerk) -> Iterator[None]:
    yield
    clerk.chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("state", STATES)
def test_every_page_fits_a_phone_and_is_chinese_whatever_the_browser_prefers(
    clerk: Clerk, tall_window: None, state: S
) -> None:
    t = at(state)
    found, seen = [], 0
    with clock_at(t.at):
        for person, path in pages(t):
            clerk.log_in(person)
            clerk.chrome.get(clerk.address + path)
            seen += 1
            found += [f"{path} is wider than {px} px" for px in (DESK_PX, PHONE_PX) if too_wide(clerk, px)]
            found += [f"{path}: covered at {PHONE_PX} px: {one}" for one in clerk.chrome.execute_script(COVERED)]
            found += [f"{path}: {complaint}" for complaint in clerk.complaints()]
            if clerk.chrome.find_element(By.TAG_NAME, "html").get_attribute("lang") != "zh-hans":
                found.append(f"{path} is not Chinese")
    assert found == []
    assert seen > len(Office)


def test_one_click_makes_the_pages_english_and_they_stay_so(clerk: Clerk) -> None:
    t = project_at(S.FILED)
    with clock_at(t.at):
        clerk.log_in(official(t, "township"))
        clerk.visit("queue")
        clerk.submit(button='button[name="language"][value="en"]')
        assert clerk.chrome.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
        clerk.follow(reverse("case", args=[t.project.pk]))
        clerk.follow(reverse("act", args=[t.project.pk, "pass_township"]))
        assert clerk.chrome.find_element(By.TAG_NAME, "h1").text == "Pass the township review"
        labels = [label.text for label in clerk.chrome.find_elements(By.CSS_SELECTOR, "label, button, th, legend")]
        others = [text for text in labels if CHINESE.search(text)]
    assert others == ["简体中文"]
