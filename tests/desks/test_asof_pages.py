"""The pages of the past: what an auditor sees of a case, two versions of it, a list and the balances."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from approvals.demo.sheets import sheet
from approvals.inspection import compare, told
from approvals.inspection.forms import CompareForm
from approvals.traveller import Traveller
from audit.access import Access
from audit.journal import Fact, facts_of, record
from audit.models import Entry
from tests.factories import official, project_at
from workflows import outcome
from workflows.asof import cases
from workflows.asof.moment import Moment
from workflows.lifecycles import KINDS, all_acts
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db


@pytest.fixture
def t() -> Traveller:
    """A project under way: approved, with money reserved and files attached."""
    return project_at(S.BUILDING)


@pytest.fixture
def auditor(t: Traveller, client: Client) -> Client:
    client.force_login(official(t, "auditor"))
    client.cookies["fundtrail_language"] = "en"
    return client


def page(reader: Client, name: str, *args: int, **asked: str) -> Any:
    return reader.get(reverse(f"inspection:{name}", args=args), asked)


def enter_late(t: Traveller, *, days: int) -> Entry:
    """An act of so many days ago that is written down now, as the record's format allows."""
    last = Entry.objects.filter(case_id=t.project.pk).latest("seq")
    facts = {name: value for name, value in facts_of(last).items() if name in Fact.__slots__}
    facts |= {"happened_at": last.recorded_at - dt.timedelta(days=days), "recorded_at": last.recorded_at, "late": True,
              "act": "project.attach", "state_from": last.state_to, "data": {"paper": "other"}, "money": [],
              "files": [("补交.pdf", "cd" * 32)], "outcome": {"case": {}}}  # fmt: skip
    with transaction.atomic():
        return record(Fact(**facts), seq=last.seq + 1, prev=last.hash)


def test_the_case_is_told_as_it_stood_and_each_value_names_its_entry(t: Traveller, auditor: Client) -> None:
    approved = Entry.objects.get(case_id=t.project.pk, act="project.approve")
    shown = page(auditor, "asof-case", t.project.pk, on=f"{timezone.localdate(approved.happened_at)}")
    assert shown.context["version"].state == S.APPROVED
    text = shown.content.decode()
    assert reverse("audit:entry", args=[approved.pk]) in text
    assert "Approved, plan issued" in text
    assert "Contractor" not in text
    assert "Contractor" in page(auditor, "asof-case", t.project.pk, on="2999-01-01").content.decode()


def test_before_it_was_opened_there_is_nothing_to_tell(t: Traveller, auditor: Client) -> None:
    assert "had not been opened" in page(auditor, "asof-case", t.project.pk, on="2020-01-01").content.decode()
    assert page(auditor, "asof-case", 10**9).status_code == 404


@pytest.mark.parametrize("asked", [{"on": "2026-13-01"}, {"on": "0001-01-01"}, {"basis": "guessed"}])
def test_a_faulty_question_is_refused_on_every_page(t: Traveller, auditor: Client, asked: dict[str, str]) -> None:
    assert page(auditor, "asof-case", t.project.pk, **asked).status_code == 400
    for name in ("asof", "asof-csv", "asof-money"):
        assert page(auditor, name, **asked).status_code == 400, name


@pytest.mark.parametrize("version", ["yesterday", "2026-02-30", "#", "9999-12-31", "²"])
def test_a_version_that_is_neither_day_nor_number_is_refused(t: Traveller, auditor: Client, version: str) -> None:
    assert page(auditor, "compare", t.project.pk, a=version, b="2").status_code == 400


def test_a_late_entry_is_marked_and_differs_between_the_two_bases(t: Traveller, auditor: Client) -> None:
    late = enter_late(t, days=3)
    day = f"{timezone.localdate(late.happened_at)}"
    for basis, known in (("happened", True), ("recorded", False)):
        text = page(auditor, "asof-case", t.project.pk, on=day, basis=basis).content.decode()
        assert ("补交.pdf" in text, "entered afterwards" in text) == (known, known)
        rows = page(auditor, "asof", on=day, basis=basis, late="on").context["count"]
        assert rows == int(known)


def test_of_files_the_digest_decides_and_what_differs_is_marked(t: Traveller, auditor: Client) -> None:
    case = t.project
    for line in ("第一版", "第二版"):
        page_of = sheet(name="方案", lines=(line,))
        t.do("attach", seat="village", data={"paper": "other"}, files=[page_of])
    first, second = Entry.objects.filter(case_id=case.pk).order_by("-seq")[:2][::-1]
    shown = page(auditor, "compare", case.pk, a=f"#{first.seq}", b=f"{second.seq}")
    parts = {part.name: part for part in shown.context["parts"]}
    (new,) = parts["Files"].changed
    assert (new.before, new.after) == ("", facts_of(second)["files"][0]["sha256"])
    assert facts_of(first)["files"][0]["name"] == facts_of(second)["files"][0]["name"]
    assert facts_of(first)["files"][0]["sha256"] in {row.after for row in parts["Files"].same}
    assert not parts["Fields"].changed
    assert "<ins>" in shown.content.decode()


def test_the_whole_road_differs_from_its_beginning_in_state_money_and_contract(t: Traveller, auditor: Client) -> None:
    shown = page(auditor, "compare", t.project.pk)
    changed = {row.name: (row.before, row.after) for part in shown.context["parts"] for row in part.changed}
    assert changed["Stage"] == ("Draft", "Building")
    assert changed["Contractor"][0] == ""
    assert changed["allocated"][0] == "0.00"


def test_the_list_is_counted_summed_filtered_and_taken_out_as_it_is_shown(t: Traveller, auditor: Client) -> None:
    shown = page(auditor, "asof", on="2999-01-01")
    assert (shown.context["count"], shown.context["states"][0][1:]) == (1, (S.BUILDING, 1))
    totals = dict(shown.context["totals"])
    assert totals["allocated"] == t.project.grant_fen
    for asked, count in (({"state": "draft"}, 0), ({"words": t.project.number or ""}, 1), ({"words": "nowhere"}, 0)):
        assert page(auditor, "asof", on="2999-01-01", **asked).context["count"] == count
    for kind in KINDS:
        assert page(auditor, "asof", on="2999-01-01", kind=kind).status_code == 200

    taken = page(auditor, "asof-csv", on="2999-01-01")
    text = b"".join(taken.streaming_content).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["number"], line["stage"]) == (t.project.number, "Building")
    assert Access.objects.filter(kind="export", asked="GET /inspect/asof.csv").count() == 1


def test_the_balances_are_those_of_the_books(t: Traveller, auditor: Client) -> None:
    (standing,) = page(auditor, "asof-money", on="2999-01-01").context["books"].sources.values()
    assert (standing.allocated_fen, standing.unallocated_fen) == (t.project.grant_fen, 0)
    assert not page(auditor, "asof-money", on="1950-01-01").context["books"].sources


def test_no_page_of_the_past_costs_more_than_its_budget(t: Traveller, auditor: Client) -> None:
    for name, args in (("asof", []), ("asof-csv", []), ("asof-money", []), ("asof-case", [t.project.pk]),
                       ("compare", [t.project.pk])):  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            assert page(auditor, name, *args).status_code == 200
        assert len(asked) <= 20, name


def test_every_field_that_the_record_tells_has_a_name() -> None:
    names = {one.attname for kind in KINDS.values() for one in outcome.fields(kind)} - told.HIDDEN
    for kind in KINDS.values():
        for act in [*all_acts(kind), kind.opening.act]:
            names |= set(act.takes.model_fields) if act.takes else set()
    # A receipt is never written down.
    assert {name for name in names if told.name_of(name) == name} == {"receipt"}


def test_a_case_that_ended_long_ago_is_compared_without_its_tables(t: Traveller) -> None:
    entries = cases.entries_of(t.project.pk)
    form = CompareForm({}, today=dt.date(2026, 1, 1), last=9)
    assert form.is_valid()
    with CaptureQueriesContext(connection) as asked:
        before = cases.version(entries, case_id=t.project.pk, moment=form.version("a"))
        after = cases.version(entries, case_id=t.project.pk, moment=Moment.end_of(dt.date(2999, 1, 1)))
        assert compare.parts(before, after, told.Words("project", entries))
    assert {one["sql"].partition(" FROM ")[2].split()[0] for one in asked} <= {'"workflows_edition"'}
