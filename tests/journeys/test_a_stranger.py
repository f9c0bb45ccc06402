"""A stranger's phone: from the sign-board's address to the notice, an objection on its last day, code and answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from selenium.webdriver.common.by import By

from approvals import stops
from approvals.public.board import address_of
from tests.factories import project_at
from tests.journeys.clerk import Clerk, clock_at
from tests.journeys.walker import Walker
from workflows.models import Notice, Objection
from workflows.states import NoticeState
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


def object_on(notice: Notice, phone: Clerk, *, text: str) -> str:
    """From the sign-board's address to the receipt, on the evening of the last day; its code."""
    assert notice.runs_until is not None
    evening = timezone.make_aware(dt.datetime.combine(notice.runs_until, dt.time(21)))
    assert notice.root is not None
    with clock_at(evening):
        phone.chrome.get(phone.address + urlsplit(address_of(str(notice.root.number))).path)
        assert notice.title in phone.text()
        look(phone)
        phone.follow(reverse("public:notice", args=[notice.number]))
        look(phone)
        assert phone.chrome.get_cookies() == []
        phone.follow(reverse("public:object", args=[notice.number]))
        look(phone)
        phone.fill({"text": text})
        phone.submit()
        look(phone)
        return phone.chrome.find_element(By.ID, "code").text


def follow(phone: Clerk, code: str, *, at: dt.datetime) -> str:
    """What the stranger reads by his code; whoever sat at this browser before has logged out."""
    phone.chrome.delete_all_cookies()
    with clock_at(at):
        phone.visit("public:receipt")
        # Copied from a slip of paper, without minding how it was written.
        phone.fill({"code": code.lower().replace("-", " ")})
        phone.submit()
    look(phone)
    return phone.chrome.find_element(By.ID, "followed").text


def on_the_public_page(phone: Clerk, notice: Notice, *, at: dt.datetime) -> str:
    with clock_at(at):
        phone.visit("public:notice", notice.number)
    return phone.text()


def test_a_strangers_phone_objects_on_the_last_day_and_the_gate_holds(phone: Clerk) -> None:
    t = project_at(S.ON_NOTICE)
    notice = stops.post_notice(t, purpose="plan")
    code, last = object_on(notice, phone, text="名单里有一户已不住在本村。"), notice.runs_until
    assert last is not None

    office = Walker.after(t, clerk=phone)
    office.wait_until(last + dt.timedelta(days=1))
    assert "公示期暂停计算" in on_the_public_page(phone, notice, at=office.at)
    refused = office.why_not("close", on=notice, seat="programme")
    assert "N-07" in refused
    assert "异议" in refused
    gate = office.why_not("approve", on=t.project, seat="leading_group")
    assert "N-01" in gate
    assert "异议" in gate
    assert "经核实" not in follow(phone, code, at=office.at)

    said = Objection.objects.get()
    assert (said.objector, said.text) == ("", "名单里有一户已不住在本村。")
    office.do("answer", on=notice, seat="programme", reason="经核实，该户仍在本村居住。",
              data={"objection_id": said.pk, "upheld": False})  # fmt: skip
    told = follow(phone, code, at=office.at)
    assert "经核实，该户仍在本村居住。" in told
    assert f"{timezone.localtime(office.at):%Y-%m-%d %H:%M}" in told
    now = Notice.objects.get(pk=notice.pk)
    assert now.runs_until is not None
    assert now.runs_until > last
    assert f"{now.runs_until}" in on_the_public_page(phone, notice, at=office.at)

    assert "N-06" in office.why_not("close", on=notice, seat="programme")
    office.wait_until(now.runs_until + dt.timedelta(days=1))
    assert office.do("close", on=notice, seat="programme").state == NoticeState.CLOSED
    assert "N-01" not in office.why_not("approve", on=t.project, seat="leading_group")


def test_an_objection_upheld_voids_the_notice_and_the_project_goes_back_and_hangs_anew(phone: Clerk) -> None:
    t = project_at(S.ON_NOTICE)
    notice = stops.post_notice(t, purpose="plan")
    code, last = object_on(notice, phone, text="路线绕开了三户困难户。"), notice.runs_until
    assert last is not None

    office = Walker.after(t, clerk=phone)
    office.wait_until(last + dt.timedelta(days=1))
    office.do("answer", on=notice, seat="programme", reason="反映属实，退回村里调整路线。",
              data={"objection_id": Objection.objects.get().pk, "upheld": True, "stage": "village"})  # fmt: skip
    assert "反映属实，退回村里调整路线。" in follow(phone, code, at=office.at)
    assert office.project.state == S.RETURNED
    assert office.do("resubmit", seat="village", reason="已调整路线。").state == S.ON_NOTICE
    anew = stops.post_notice(office, purpose="plan")
    assert anew.runs_until is not None
    assert anew.runs_until > last
    assert "N-01" in office.why_not("approve", on=t.project, seat="leading_group")
    assert f"{anew.runs_until}" in on_the_public_page(phone, anew, at=office.at)


@pytest.mark.one_engine
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
