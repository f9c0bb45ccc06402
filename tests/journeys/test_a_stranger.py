"""A stranger's phone: from the sign-board's address to the notice, an objection on its last day, code and answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from selenium.webdriver.common.by import By

from approvals import stops
from approvals.public.board import address_of
from tests.factories import project_at
from tests.journeys.clerk import Clerk, clock_at
from workflows import acts
from workflows.law import Refused
from workflows.models import Objection
from workflows.states import ProjectState as S

#: What a thumb hits: of WCAG 2.2, 2.5.5, in CSS pixels.
TARGET_PX = 44
PHONE_PX = 390


@pytest.fixture
def phone(clerk: Clerk) -> Iterator[Clerk]:
    size = {"width": PHONE_PX, "height": 844, "deviceScaleFactor": 1, "mobile": False}
    clerk.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    yield clerk
    clerk.chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def look(phone: Clerk) -> None:
    """The page fits the phone, its buttons the thumb, and it breaks no policy."""
    assert not phone.scrolls_sideways(), phone.chrome.current_url
    assert phone.complaints() == [], phone.chrome.current_url
    for button in phone.chrome.find_elements(By.CSS_SELECTOR, ".btn, input[type=text], textarea, .top nav a"):
        if button.get_attribute("tabindex") != "-1":
            assert button.size["height"] >= TARGET_PX, button.get_attribute("outerHTML")


def test_a_strangers_phone_objects_on_the_last_day_and_the_gate_holds(phone: Clerk) -> None:
    t = project_at(S.ON_NOTICE)
    notice = stops.post_notice(t, purpose="plan")
    assert notice.runs_until is not None
    evening = timezone.make_aware(dt.datetime.combine(notice.runs_until, dt.time(21)))
    with clock_at(evening):
        phone.chrome.get(phone.address + address_of(str(t.project.number)).removeprefix("http://127.0.0.1:8000"))
        assert t.project.title in phone.text()
        look(phone)
        phone.follow(reverse("public:notice", args=[notice.number]))
        look(phone)
        assert phone.chrome.get_cookies() == []
        phone.follow(reverse("public:object", args=[notice.number]))
        look(phone)
        phone.fill({"text": "名单里有一户已不住在本村。", "name": "张大山"})
        phone.submit()
        look(phone)
        code = phone.chrome.find_element(By.ID, "code").text
    t.wait_until(notice.runs_until + dt.timedelta(days=1))
    with pytest.raises(Refused) as refused:
        acts.perform("close", on=notice, by=t.who(notice, None, seat="programme"), at=t.at)
    assert "N-07" in {refusal.code for refusal in refused.value.refusals}
    said = Objection.objects.get()
    t.do("answer", on=notice, seat="programme", reason="经核实，该户仍在本村居住。",
         data={"objection_id": said.pk, "upheld": False})  # fmt: skip
    with clock_at(t.at):
        phone.visit("public:receipt")
        phone.fill({"code": code.lower()})
        phone.submit()
        assert "经核实，该户仍在本村居住。" in phone.text()
        look(phone)


def test_every_public_page_fits_the_phone_and_the_desk_and_speaks_chinese(phone: Clerk) -> None:
    t = project_at(S.BUILDING)
    number, notice = str(t.project.number), t.project.family.filter(kind="notice").earliest("pk")
    pages: list[tuple[str, list[Any], str]] = [
        ("home", [], ""), ("home", [], "?past"), ("projects", [], ""), ("projects", [], "?q=无"),
        ("project", [number], ""), ("notice", [notice.number], ""), ("complain", [number], ""),
        ("object", [notice.number], ""), ("receipt", [], ""),
    ]  # fmt: skip
    for name, args, query in pages:
        phone.visit(f"public:{name}", *args, query=query)
        assert phone.chrome.find_element(By.TAG_NAME, "html").get_attribute("lang") == "zh-hans"
        look(phone)
    phone.chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    for name, args, query in pages:
        phone.visit(f"public:{name}", *args, query=query)
        assert not phone.scrolls_sideways(), name
        assert phone.complaints() == [], name
