"""The auditor's page of checks: everything at once, narrowed, with the entries behind; and the panel of a project."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.inspection import checks as inspection
from approvals.traveller import Traveller
from audit.access import Access
from tests.factories import official, project_at
from tests.law.journals import Story, lawful
from workflows.models import Area, Edition
from workflows.offices import Level
from workflows.states import ProjectState

pytestmark = pytest.mark.django_db

PAGE, EXPORT = reverse("inspection:checks"), reverse("inspection:checks-export")
#: A project that stands in no table but the record.
LOST = 900_001


@pytest.fixture
def t() -> Traveller:
    return project_at(ProjectState.FILED)


@pytest.fixture
def auditor(client: Client, t: Traveller) -> Client:
    client.force_login(official(t, "auditor"))
    client.cookies["fundtrail_language"] = "en"
    return client


@pytest.fixture
def bad() -> Story:
    """A section left out, and a contract of another price, above which claims then lie; and a warning."""
    Edition.adopt("default")
    story = lawful().without("special_audit.sign_section").altered("project.sign_contract", amount_fen=1)
    return story.altered("project.start", late=True, reason="")


def codes(response: Any) -> list[str]:
    return [finding.check.code for finding in response.context["page"]]


def test_a_lawful_county_has_no_finding(auditor: Client) -> None:
    answer = auditor.get(PAGE)
    assert codes(answer) == []
    assert answer.context["answer"].projects == 1
    assert "agrees with itself" in answer.content.decode()


def test_all_findings_stand_there_at_once_with_their_entries(auditor: Client, bad: Story) -> None:
    """Also of a project whose row is lost: what counts is the record."""
    written = bad.written(LOST)
    answer = auditor.get(PAGE)
    assert codes(answer) == ["CH-83", "CH-62", "CH-32", "CH-02"]
    text = answer.content.decode()
    contract = next(entry for entry in written if entry.act == "project.sign_contract")
    assert reverse("audit:entry", args=[contract.pk]) in text
    assert f"{contract.case_number} #{contract.seq}" in text
    assert [count for _look, _name, count in answer.context["answer"].counts] == [3, 1, 0]


def test_the_page_narrows_by_severity_check_and_period(auditor: Client, bad: Story) -> None:
    bad.written(LOST)
    assert codes(auditor.get(PAGE, {"severity": "warning"})) == ["CH-02"]
    assert codes(auditor.get(PAGE, {"check": "CH-32"})) == ["CH-32"]
    day = bad.row("project.sign_contract").day.isoformat()
    assert codes(auditor.get(PAGE, {"since": day, "until": day})) == ["CH-32"]
    assert auditor.get(PAGE, {"since": "2026-02-01", "until": "2026-01-01"}).status_code == 400
    assert auditor.get(PAGE, {"severity": "grave"}).status_code == 400


def test_the_page_narrows_by_township(auditor: Client, t: Traveller, bad: Story) -> None:
    """The lost project stands in none."""
    bad.written(LOST)
    home = Area.objects.get(code=t.project.area.codes[-2])
    other = Area.plant(code="other", name="他乡", level=Level.TOWNSHIP, parent=home.parent)
    assert auditor.get(PAGE, {"township": home.code}).context["answer"].projects == 1
    assert auditor.get(PAGE, {"township": other.code}).context["answer"].projects == 0


def test_another_countys_projects_are_not_read(client: Client, t: Traveller) -> None:
    stranger = project_at(ProjectState.FILED, rulebook="songyang")
    client.force_login(official(stranger, "auditor"))
    assert client.get(PAGE).context["answer"].projects == 1


def test_the_csv_holds_all_of_it_and_stands_in_the_access_log(auditor: Client, bad: Story) -> None:
    bad.written(LOST)
    answer = auditor.get(EXPORT, {"check": "CH-32"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, row = csv.reader(io.StringIO(text))
    assert head[:2] == ["Severity", "Code"]
    assert row[:2] == ["breach", "CH-32"]
    assert "0.01 yuan" in row[4]
    assert Access.objects.latest("id").detail == "check=CH-32"
    assert auditor.get(EXPORT, {"check": "nonsense"}).status_code == 400


def test_what_is_not_read_is_said(auditor: Client, bad: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    bad.written(LOST)
    monkeypatch.setattr(inspection, "PROJECTS_MAX", 1)
    answer = auditor.get(PAGE)
    assert answer.context["answer"].more
    assert "manage.py checks" in answer.content.decode()


def test_more_projects_cost_no_more_statements(auditor: Client, bad: Story) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            auditor.get(PAGE)
        return len(captured)

    bad.written(LOST)
    statements()
    few = statements()
    for number in range(1, 4):
        bad.written(LOST + number * 1000)
    assert statements() == few <= 20


def test_a_projects_page_shows_its_findings_to_who_reads_the_record(auditor: Client, t: Traveller) -> None:
    page = reverse("case", args=[t.project.pk])
    answer = auditor.get(page)
    assert answer.context["findings"] == []
    assert 'id="checks"' in answer.content.decode()
    village = Client()
    village.force_login(official(t, "village"))
    answer = village.get(page)
    assert answer.context["findings"] is None
    assert 'id="checks"' not in answer.content.decode()


def test_a_projects_page_has_a_badge_where_something_was_found(
    auditor: Client, t: Traveller, bad: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad.written(LOST)
    found = inspection.of_project(LOST)
    monkeypatch.setattr("approvals.views.case.of_project", lambda root: found)
    text = auditor.get(reverse("case", args=[t.project.pk])).content.decode()
    assert 'class="badge b-over" href="#checks"' in text
    assert "4 findings" in text
