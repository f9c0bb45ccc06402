"""Time in stage: what the entries say, against the term of their edition, and the cases behind each figure."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit import journal
from audit.access import Access
from tests.desks.pages import cost
from tests.factories import fresh_application, official
from tests.law.stages import Stage
from tests.record.cases import fact
from workflows import calendar
from workflows.states import ProjectState
from workflows.waits import Spread, elapsed

#: Case -> township and the days of its filing and of the township's word: 2, 12 and no end yet.
PLANTED = {
    900001: ("甲乡", dt.date(2025, 3, 3), dt.date(2025, 3, 5)),
    900002: ("乙乡", dt.date(2025, 3, 3), dt.date(2025, 3, 19)),
    900003: ("", dt.date(2025, 3, 3), None),
}
EDITION = "default 2026"


def plant() -> None:
    """Three projects that only the record knows: no row of theirs stands in any other table."""
    for case_id, (township, filed, passed) in PLANTED.items():
        acts = [("open", "", "draft", filed), ("file", "draft", "filed", filed)]
        if passed:
            acts.append(("pass_township", "filed", "pipeline", passed))
        prev = ""
        with transaction.atomic():
            for seq, (act, start, to, day) in enumerate(acts, 1):
                at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))
                said = fact(
                    case_id=case_id, case_number=f"P{case_id}", case_title=f"工程{case_id}", root_id=case_id,
                    act=f"project.{act}", state_from=start, state_to=to, happened_at=at, recorded_at=at,
                    edition=EDITION, unit_name=township if act == "pass_township" else "双联村委会",
                )  # fmt: skip
                prev = journal.record(said, seq=seq, prev=prev).hash


class TimePages(Stage):
    state = ProjectState.FILED

    def setUp(self) -> None:
        plant()
        self.client = Client()
        self.client.force_login(official(self.t, "auditor"))

    def row(self, **asked: str):  # type: ignore[no-untyped-def]
        page = self.client.get(reverse("inspection:time"), {"until": "2025-12-31", **asked})
        return next((row for row in page.context["rows"] if row.key[:2] == ("project", "filed")), None)

    def test_a_stage_is_measured_by_the_term_of_its_edition(self) -> None:
        row = self.row()
        term = self.t.project.book.deadlines["filed"]
        assert row.key.limit == (term.days.value, term.day_kind.value) == (10, "working")
        assert (row.spread.count, row.spread.open, row.spread.over) == (3, 1, 2)
        assert row.median == 12
        assert row.spread.over_percent == 67

    def test_working_days_are_counted_as_the_law_counts_them(self) -> None:
        for start in (dt.date(2024, 9, 27), dt.date(2024, 12, 30), dt.date(2025, 2, 1), dt.date(2031, 1, 1)):
            for days in (0, 1, 9, 70, 400):
                end = start + dt.timedelta(days=days)
                for kind in ("working", "calendar"):
                    expected = calendar.elapsed(start, end, day_kind=kind)
                    assert elapsed(start, end, day_kind=kind) == expected, (start, end, kind)
        assert elapsed(dt.date(2025, 3, 5), dt.date(2025, 3, 3), day_kind="working") == 0

    def test_percentiles_are_days_that_occurred(self) -> None:
        spread = Spread()
        spread.lasted.update({1: 5, 2: 4, 40: 1})
        assert (spread.at_most(50), spread.at_most(90), spread.longest) == (1, 2, 40)

    def test_it_narrows(self) -> None:
        assert self.row(township="甲乡").spread.lasted == {2: 1}
        assert self.row(unit="双联").spread.count == 3
        assert self.row(unit="不存在") is None
        assert self.row(which="open").spread.count == 1
        assert self.row(which="over").spread.count == 2
        assert self.row(since="2025-03-04") is None
        assert self.row(kind="claim") is None

    def test_a_faulty_question_is_answered_as_one(self) -> None:
        faulty = {"since": "2025-12-31", "until": "2025-01-01"}
        for name in ("time", "time-csv"):
            assert self.client.get(reverse(f"inspection:{name}"), faulty).status_code == 400

    def test_each_row_opens_its_cases_the_slowest_first(self) -> None:
        page = self.client.get(reverse("inspection:time-stage", args=["project", "filed"]), {"until": "2025-12-31"})
        assert [wait.began.case_id for wait in page.context["waits"]] == [900003, 900002, 900001]
        for case_id in PLANTED:
            self.assertContains(page, reverse("audit:case", args=[case_id]))
        assert self.client.get(reverse("inspection:time-stage", args=["project", "nowhere"])).status_code == 404

    def test_the_picture_says_what_the_table_says(self) -> None:
        page = self.client.get(reverse("inspection:time"))
        self.assertContains(page, "<svg")
        self.assertNotContains(page, "style=")
        [picture] = [one for one in page.context["pictures"] if one.rows[0].key.kind == "project"]
        assert all(row.key.limit for row in picture.rows)
        assert picture.rows[0].cut

    def test_both_tables_are_taken_away_and_that_is_written_down(self) -> None:
        table = b"".join(self.client.get(reverse("inspection:time-csv"))).decode("utf-8-sig").splitlines()
        assert len(table) >= 2
        of_stage = reverse("inspection:time-stage-csv", args=["project", "filed"])
        lines = b"".join(self.client.get(of_stage)).decode("utf-8-sig").splitlines()
        assert [line for line in lines if "P900002" in line and "2025-03-19" in line and ",12," in line]
        assert Access.objects.filter(kind="export", asked__contains="/inspect/time/").count() == 2

    def test_queries_do_not_grow_with_the_record(self) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                self.client.get(reverse("inspection:time"))
            return cost(captured)

        asked()
        before = asked()
        fresh_application()
        assert asked() == before <= 20

    def test_another_countys_cases_do_not_count(self) -> None:
        other = fresh_application(rulebook="henan-county")
        page = self.client.get(reverse("inspection:time-stage", args=["project", other.project.state]))
        self.assertNotContains(page, reverse("audit:case", args=[other.project.pk]))
