"""Entering afterwards (补录) at the pages: asked for at the project, approved from the queue, entered, read as late."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals.demo.sheets import sheet
from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import fresh_application, official, walk_on
from workflows.files import path_of
from workflows.models import LateEntry
from workflows.states import LateEntryState, ProjectState

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed() -> Traveller:
    """An application filed some minutes ago by the server's own clock."""
    start = timezone.now() - dt.timedelta(hours=6)
    return walk_on(fresh_application(at=start), until=lambda reached: reached == ProjectState.FILED)


def browser(t: Traveller, office: str) -> Client:
    client = Client()
    client.force_login(official(t, office))
    return client


def shown(t: Traveller) -> int:
    return type(t.project).objects.get(pk=t.project.pk).family_version


def ask(t: Traveller) -> LateEntry:
    """The township asks by the form of the project's page."""
    scan = sheet(name="会议纪要", lines=("会议纪要",))
    happened = timezone.localtime(t.at + dt.timedelta(minutes=2))
    form = {
        "deed": f"{t.project.pk} pass_township", "happened_on": f"{happened:%Y-%m-%d}",
        "happened_time": f"{happened:%H:%M}", "why": "系统停机。", "open_key": "1",
        "files": SimpleUploadedFile("会议纪要.pdf", path_of(scan.sha256).read_bytes()),
    }  # fmt: skip
    answer = browser(t, "township").post(reverse("open", args=[t.project.pk, "late_entry"]), form)
    assert answer.status_code == 302, answer.content.decode()
    return LateEntry.objects.get(root=t.project)


def approve(t: Traveller, late: LateEntry) -> None:
    """The programme office finds it in its queue and approves."""
    boss = browser(t, "programme")
    assert str(late.number) in boss.get(reverse("queue")).content.decode()
    form = {"reason": "属实。", "shown": shown(t)}
    assert boss.post(reverse("act", args=[late.pk, "approve"]), form).status_code == 302


def test_the_whole_way_and_what_the_case_says_afterwards(filed: Traveller) -> None:
    late, clerk = ask(filed), browser(filed, "township")
    approve(filed, late)
    page = clerk.get(reverse("act", args=[late.pk, "enter"]))
    assert page["Location"] == reverse("late-enter", args=[late.pk])
    form = {"reason": "同意上报。", "shown": shown(filed)}
    answer = clerk.post(reverse("late-enter", args=[late.pk]), form)
    assert answer["Location"] == reverse("case", args=[filed.project.pk])
    entry = Entry.objects.get(case_id=filed.project.pk, late=True)
    said = clerk.get(reverse("case", args=[filed.project.pk])).content.decode()
    for told in ("事后补录", "系统停机。", official(filed, "programme").name, str(late.number), "会议纪要.pdf"):
        assert told in said
    auditor = browser(filed, "audit").get(reverse("audit:entry", args=[entry.pk])).content.decode()
    assert "事后补录" in auditor
    assert "系统停机。" in auditor


def test_a_page_that_is_older_than_the_case_enters_nothing(filed: Traveller) -> None:
    late = ask(filed)
    approve(filed, late)
    form = {"reason": "同意上报。", "shown": shown(filed) - 1}
    assert browser(filed, "township").post(reverse("late-enter", args=[late.pk]), form).status_code == 409
    assert LateEntry.objects.get(pk=late.pk).state == LateEntryState.APPROVED
    assert not Entry.objects.filter(late=True).exists()


def test_nobody_else_gets_the_form(filed: Traveller) -> None:
    late = ask(filed)
    approve(filed, late)
    answer = browser(filed, "finance").post(reverse("late-enter", args=[late.pk]), {"shown": shown(filed)})
    assert answer.status_code == 409
    assert "E-10" in answer.content.decode()
