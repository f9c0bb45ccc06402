"""The catalogue over a journal of many projects: the command, its exit code, what it narrows to; the document."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from audit.models import Entry
from tests.guards import lifted
from tests.law.journals import Story, lawful
from workflows import checks
from workflows.checks import CHECKS, Severity, book

pytestmark = pytest.mark.django_db
#: A project that stands in no table but the record.
LOST = 900_001
PAGE = Path(__file__).resolve().parents[2] / "docs" / "checks.md"


@pytest.fixture
def story() -> Story:
    """A lawful story, under an edition that is there in this test's database, too."""
    from workflows.models import Edition

    Edition.adopt("default")
    return lawful()


def run(**options: str) -> tuple[str, int]:
    """What the command prints, and its exit code."""
    out, code = io.StringIO(), 0
    with translation.override("en"):
        try:
            call_command("checks", stdout=out, stderr=io.StringIO(), **options)
        except SystemExit as left:
            code = int(left.code or 0)
    return out.getvalue(), code


def test_a_lawful_record_is_read_without_a_finding(story: Story) -> None:
    story.written(LOST)
    assert run() == ("1 projects: 0 breach, 0 warning, 0 note\n", 0)


def test_every_breach_is_told_at_once_and_the_exit_code_is_1(story: Story) -> None:
    """Of one project all, and of the next one as well; a missing act also leaves a gap (CH-04)."""
    bad = story.without("special_audit.sign_section").altered("claim.pay", amount_fen=10**9)
    bad.written(LOST)
    story.without("acceptance.pass_level").written(LOST + 1000)
    said, code = run()
    told = [line[:5] for line in said.splitlines() if line.startswith("CH-")]
    assert told == ["CH-60", "CH-61", "CH-83", "CH-04", "CH-85"]
    assert said.endswith("2 projects: 5 breach, 0 warning, 0 note\n")
    assert code == 1
    pay, order = bad.row("claim.submit"), bad.row("claim.pay")
    shift = LOST - story.root_id
    assert f"{pay.case_number}-{pay.case_id + shift} #" in said
    assert f"{order.case_number}-{order.case_id + shift} #" in said


def test_a_warning_is_no_reason_to_fail(story: Story) -> None:
    story.altered("project.start", late=True, reason="").written(LOST)
    said, code = run()
    assert "CH-02 [warning]" in said
    assert code == 0
    assert run(severity="breach") == ("1 projects: 0 breach, 0 warning, 0 note\n", 0)


def test_one_project_is_asked_for_by_a_case_of_it(story: Story) -> None:
    story.without("acceptance.pass_level").written(LOST)
    written = story.without("special_audit.sign_section").written(LOST + 1000)
    said, code = run(case=next(entry.case_number for entry in written if entry.case_kind == "claim"))
    assert "CH-83" in said
    assert "CH-85" not in said
    assert code == 1


def test_a_county_is_asked_for_by_its_code(story: Story) -> None:
    """The lost project stands in no county; the whole record is read where none is named."""
    from tests.factories import fresh_application

    area = fresh_application().project.area
    story.without("acceptance.pass_level").written(LOST)
    assert run(county=area.code) == ("1 projects: 0 breach, 0 warning, 0 note\n", 0)
    assert run()[1] == 1


@pytest.mark.parametrize("asked", [{"case": "P1999-00001"}, {"county": "nowhere"}])
def test_who_is_not_there_is_not_asked_for(asked: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("checks", **asked)


def test_an_entry_that_cannot_be_read_is_passed_over_and_found_by_what_it_leaves_out(story: Story) -> None:
    written = story.written(LOST)
    number = next(entry.pk for entry in written if entry.act == "acceptance.pass_level")
    with lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET payload = %s WHERE id = %s", [b"{", number])
    assert "CH-85" in run()[0]


def test_two_thousand_entries_cost_no_more_statements_than_two_hundred(story: Story) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            for family in checks.families():
                checks.examine(family)
        return len(captured)

    story.written(LOST)
    statements()
    few = statements()
    for number in range(1, 4):
        story.written(LOST + number * 1000)
    assert Entry.objects.count() > 400
    assert statements() == few


def test_every_check_has_a_title_an_article_and_a_sentence_of_its_own() -> None:
    assert len({str(check.title) for check in CHECKS.values()}) == len(CHECKS)
    assert len({check.name for check in CHECKS.values()}) == len(CHECKS)
    assert all(check.article and check.says and check.waiver for check in CHECKS.values())
    assert {check.severity for check in CHECKS.values()} == set(Severity)


def test_the_document_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == book.render()
