"""The pages of the money: the same figures as the command's, running balances, dates, who may read what."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals import stops
from audit.journal import facts_of
from audit.models import Entry
from funds.balances import COLUMNS, balance
from funds.models import Source, Transfer
from funds.money import yuan
from tests.desks.pages import LANGUAGES, Page, browser_of, stored_words
from tests.factories import MORNING, official
from tests.law.stages import Stage
from tests.money.bulk import others
from workflows import treasury
from workflows.models import Claim
from workflows.states import ProjectState as S

#: After every test's story, whatever day the machine thinks it is.
LATE = "2036-01-01"


def cells(page: Page, caption: str) -> list[list[str]]:
    """The rows of the table of that caption: the amounts alone."""
    table = next(t for t in page.all("table") if t.findtext("caption") == caption)
    rows = [[" ".join(" ".join(cell.itertext()).split()) for cell in row.iter("td")] for row in table.iter("tr")]
    return [row for row in rows if row]


class Paying(Stage):
    """A project of which a part is paid, and a second source with a dangerous name that was partly returned."""

    state = S.BUILDING
    finance: Client
    second: Source

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        stops.post_board(cls.t)
        stops.claim_tranche(cls.t, code="start")
        by = official(cls.t, "finance")
        given = Source.objects.get()
        facts = {n: getattr(given, n) for n in ("kind", "manager", "channel", "purpose", "nature", "procedure", "year")}
        cls.second = treasury.open_source(
            **facts, name="=1+1", document_number="@SUM(A1)", amount_fen=900_00, by=by, at=cls.t.at
        )
        treasury.receive(source=cls.second, by=by, at=cls.t.at, fen=700_00)
        treasury.give_back(source=cls.second, by=by, at=cls.t.at, fen=50_00, reason="上缴")
        treasury.carry_over(source=cls.second, by=by, at=cls.t.at, fen=100_00, reason="结转")
        promised = treasury.open_source(
            **facts, name="尚未到账", document_number="2", amount_fen=1, by=by, at=cls.t.at
        )  # fmt: skip
        assert promised.received_on is None

    def get(self, office: str, route: str, *args: Any, language: str = "zh-hans", **asked: Any) -> Any:
        return browser_of(self.official(office), language).get(reverse(route, args=args), asked)


class TheBalance(Paying):
    def told(self, on: str) -> dict[str, Any]:
        out = io.StringIO()
        call_command("funds", "balance", "--on", on, "--json", stdout=out)
        told: dict[str, Any] = json.loads(out.getvalue())
        return told

    def test_page_command_and_csv_say_the_same_on_every_day(self) -> None:
        first, last = MORNING.date(), self.t.at.date()
        names = [name for name in COLUMNS if name != "counted"]
        for on in (first, first + (last - first) / 2, last):
            told = self.told(on.isoformat())
            assert told["holds"]
            lines = [*told["sources"], told["money"]]
            table = csv.reader(io.StringIO(self.csv(on.isoformat())))
            head, *rows = list(table)
            start = len(head) - len(COLUMNS)
            for said, row in zip(lines, rows, strict=False):
                written = dict(zip(COLUMNS, row[start:], strict=True))
                assert {n: written[n].replace(".", "") for n in names} == {n: f"{said[f'{n}_fen']:03d}" for n in names}
            shown = cells(Page(self.get("finance", "money", on=on.isoformat())), "按资金来源")
            for said, cell in zip(lines, shown, strict=True):
                amounts = [re.findall(r"[\d,]+\.\d\d", text)[0] for text in cell[1:]]
                assert amounts == [yuan(said[f"{n}_fen"]) for n in names if n != "ordered"]

    def csv(self, on: str) -> str:
        answer = self.get("finance", "money-csv", on=on)
        return b"".join(answer.streaming_content).decode().removeprefix("\ufeff")

    def test_no_cell_of_the_csv_runs_as_a_formula(self) -> None:
        row = next(row for row in csv.reader(io.StringIO(self.csv(LATE))) if row[0] == str(self.second.pk))
        assert row[1] == "'=1+1"
        assert row[3] == "'@SUM(A1)"

    def book(self, office: str, route: str, pk: int, **asked: str) -> list[list[str]]:
        answer = self.get(office, route, pk, **asked)
        return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode().removeprefix("\ufeff"))))

    def test_the_books_as_tables_hold_each_line_once_and_no_formula(self) -> None:
        _head, *rows = self.book("finance", "source-csv", self.second.pk)
        assert len(rows) == Transfer.objects.filter(source=self.second).count() > 1
        assert {row[8] for row in rows} == {"'=1+1"}
        _head, *rows = self.book("finance", "case-money-csv", self.t.project.pk)
        moved = Transfer.objects.filter(case_id=self.t.project.pk).order_by("happened_at", "pk")
        sign = [-row.fen if row.reverses_id else row.fen for row in moved]
        assert [row[12].replace(".", "") for row in rows] == [f"{fen:03d}" for fen in sign]
        assert self.book("finance", "source-csv", self.second.pk, since=LATE)[1:] == []
        assert self.get("finance", "source-csv", self.second.pk, since="x").status_code == 400
        assert self.get("village", "source-csv", self.second.pk).status_code == 404

    def test_the_identity_is_shown_as_adding_up(self) -> None:
        text = " ".join(Page(self.get("auditor", "money", on=LATE)).words())
        whole = balance(on=dt.date.fromisoformat(LATE)).money
        assert "等式成立" in text
        for name in ("quota", "allocated", "unallocated", "paid", "retained", "unpaid"):
            assert yuan(getattr(whole, f"{name}_fen")) in text
        assert "尚未到账" in text

    def test_a_day_that_is_none_is_refused_kindly(self) -> None:
        source, case = self.second.pk, self.t.project.pk
        asked = {"money": (), "money-csv": (), "source": (source,), "case-money": (case,), "case-money-pdf": (case,)}
        for route, args in asked.items():
            for day in ("2026-13-01", "gestern", "0001-01-01", "9999-12-31", "\0", "2026-02-30T"):
                answer = self.get("finance", route, *args, on=day, until=day)
                assert answer.status_code == 400, (route, day)
                assert re.search("日期|1949|2999", answer.content.decode()), (route, day)
        backwards = self.get("finance", "source", source, since="2026-05-02", until="2026-05-01")
        assert backwards.status_code == 400


class TheBooks(Paying):
    def test_every_page_goes_on_where_the_last_one_ended(self) -> None:
        source = self.second
        by, at = self.official("finance"), self.t.at
        for number in range(60):
            move = treasury.carry_over if number % 2 else treasury.replan
            move(source=source, by=by, at=at, fen=100 + number, reason=f"第{number}次")
        first, second = (cells(Page(self.get("finance", "source", source.pk, page=n)), "明细账") for n in (1, 2))
        assert (len(first), len(second)) == (50, 1 + 13)
        assert second[0][0] == "承前"
        assert second[0][1:] == first[-1][5:]
        stands = balance(on=dt.date.fromisoformat(LATE), source_id=source.pk).money
        assert second[-1][5] == yuan(stands.unallocated_fen)
        beyond = cells(Page(self.get("finance", "source", source.pk, page=99)), "明细账")
        assert beyond == second

    def test_a_period_begins_with_what_was_there(self) -> None:
        day = self.t.at.date() + dt.timedelta(days=1)
        page = Page(self.get("finance", "source", self.second.pk, since=day.isoformat(), until=LATE))
        assert "该期间没有资金变动" in " ".join(page.words())
        first = cells(Page(self.get("finance", "source", self.second.pk, since=self.t.at.date().isoformat())), "明细账")
        assert first[0] == ["承前", "0.00", "0.00", "0.00", "0.00"]

    def test_a_line_says_who_by_which_act_why_and_leads_to_its_entry(self) -> None:
        entry = Entry.objects.get(act="sources.give_back")
        page = Page(self.get("auditor", "source", self.second.pk))
        assert reverse("audit:entry", args=[entry.pk]) in [link.get("href") for link in page.all("a")]
        row = next(row for row in cells(page, "明细账") if "上缴" in row[2])
        assert f"SOURCES #{entry.seq}" in row[0]
        assert entry.actor_name in row[1]
        assert row[4] == "50.00"
        # Who may not read the record sees its number and no link.
        other = Page(self.get("finance", "source", self.second.pk))
        assert not [link for link in other.all("a") if "/audit/" in (link.get("href") or "")]

    def test_a_projects_book_is_read_by_whoever_may_see_it(self) -> None:
        project = self.t.project
        for office in ("village", "township", "finance", "procurement"):
            rows = cells(Page(self.get(office, "case-money", project.pk)), "明细账")
            assert len(rows) == Transfer.objects.filter(case_id=project.pk).count() > 0
            assert yuan(project.grant_fen) in rows[0]
        claim = Claim.objects.get(root=project)
        assert self.get("finance", "case-money", claim.pk).status_code == 404
        links = [link.get("href") for link in Page(self.get("finance", "case", project.pk)).all("a")]
        assert links.count(reverse("case-money", args=[project.pk])) == 1

    def test_the_projects_of_a_source_are_listed(self) -> None:
        source = next(iter(self.t.sources))
        page = Page(self.get("finance", "source", source, tab="projects", until=LATE))
        assert [row[1] for row in cells(page, "安排的项目")] == [yuan(self.t.project.grant_fen)]

    def test_nothing_is_left_untranslated(self) -> None:
        # Reasons stand in the record alone.
        reasons = {facts_of(entry)["reason"] for entry in Entry.objects.exclude(case_id__lt=0)} - {""}
        words = re.compile("|".join([*map(re.escape, reasons), stored_words().pattern]))
        for route, args in (("money", ()), ("source", (self.second.pk,)), ("case-money", (self.t.project.pk,)),
                            ("source-new", ()), ("source-act", (self.second.pk, "receive"))):  # fmt: skip
            for language in LANGUAGES:
                page = Page(self.get("finance", route, *args, language=language))
                assert page.in_other_language(language, data=words) == set(), (route, language)


class TheCost(Paying):
    def queries(self) -> dict[str, int]:
        found = {}
        for route, args, asked in (
            ("money", (), {"on": LATE}), ("money-csv", (), {"on": LATE}), ("source", (self.second.pk,), {}),
            ("source", (self.second.pk,), {"tab": "projects"}), ("case-money", (self.t.project.pk,), {}),
        ):  # fmt: skip
            client = browser_of(self.official("finance"))
            client.get(reverse(route, args=args), asked)
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(reverse(route, args=args), asked)
                for _chunk in answer:
                    pass
            found[f"{route} {asked}"] = len(captured)
        return found

    def test_a_page_asks_no_more_of_many_sources_and_transfers(self) -> None:
        others(self.second, transfers=20, first=5000)
        few = self.queries()
        facts = {n: getattr(self.second, n) for n in ("kind", "manager", "channel", "purpose", "nature", "procedure")}
        for number in range(20):
            source = treasury.open_source(
                **facts, year=2026, name=f"来源{number}", document_number="3", amount_fen=1000, at=self.t.at,
                by=self.official("finance"),
            )  # fmt: skip
            treasury.receive(source=source, by=self.official("finance"), at=self.t.at)
        others(self.second, transfers=2000, first=9000)
        assert self.queries() == few
        assert max(few.values()) <= 20
