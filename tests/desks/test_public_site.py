"""The public site: who may know what, what it costs, what may be kept on the way, the sign-board."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pikepdf
import pytest
import segno
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from PIL import Image
from pytest_django import Settings

from approvals import stops
from approvals.public import board, kept
from approvals.traveller import Traveller
from audit import qr
from tests.desks.test_cost_of_pages import copy
from tests.desks.test_money_paper import told
from tests.factories import fresh_application, project_at
from tests.law.stages import Stage
from tests.record.archival import breaches
from workflows.files import keep, path_of
from workflows.models import Notice
from workflows.openness import PUBLISHED, public_notices, public_pictures, public_projects
from workflows.states import PUBLIC_STATES
from workflows.states import ProjectState as S

FEW, MANY, QUERIES_MAX = 20, 200, 12


def read(name: str, *args: object, query: str = "", **headers: str) -> Any:
    return Client().get(reverse(f"public:{name}", args=args) + query, headers=headers)


def photo(t: Traveller, *, paper: str = "photos") -> None:
    """A photo of the site as a telephone takes it: with the place where it was taken."""
    picture, notes, out = Image.new("RGB", (2000, 1500), "green"), Image.Exif(), io.BytesIO()
    notes[0x010E] = "王小明家门口"
    notes.get_ifd(0x8825)[2] = (31.0, 54.0, 0.0)
    picture.save(out, "JPEG", exif=notes)
    file = keep(name="王小明.jpg", content=out.getvalue(), media_type="image/jpeg")
    t.do("attach", seat="village", data={"paper": paper}, files=[file])


def test_every_state_has_one_word_for_the_public() -> None:
    told_states = [state for _word, states in PUBLIC_STATES.values() for state in states]
    assert sorted(told_states) == sorted(S.values)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [S.DRAFT, S.FILED, S.JOINT_REVIEW, S.PIPELINE])
def test_nobody_outside_knows_of_a_project_before_it_is_on_notice(state: S) -> None:
    t = fresh_application() if state == S.DRAFT else project_at(state)
    assert read("project", t.project.number).status_code == 404
    assert read("project-json", t.project.number).status_code == 404
    assert read("board", t.project.number).status_code == 404
    for page in ("home", "projects", "projects-csv", "projects-json", "notices-json"):
        assert t.project.title not in b"".join(read(page)).decode()


@pytest.mark.django_db
def test_one_rejected_before_its_notice_stays_unknown_and_one_rejected_after_it_stays_known() -> None:
    early, late = project_at(S.PIPELINE), project_at(S.ON_NOTICE)
    stops.post_notice(late, purpose="plan")
    for t in (early, late):
        t.do("reject", seat="programme" if t is late else "leading_group", reason="条件不具备")
    assert list(public_projects()) == [late.project]
    page = read("project", late.project.number).content.decode()
    assert "已停止" in page


class APublicProject(Stage):
    """A project whose works have begun."""

    state = S.BUILDING

    def test_the_page_says_what_where_how_much_from_whom_and_how_far(self) -> None:
        project = self.t.project
        page = read("project", project.number).content.decode()
        for said in (project.title, project.unit.name, project.responsible, project.contractor, project.description,
                     "实施中", "450,000.00", "50万元"):  # fmt: skip
            assert said in page, said
        for one in Notice.objects.filter(root_id=project.pk):
            assert reverse("public:notice", args=[one.number]) in page

    def test_the_money_adds_up(self) -> None:
        shown = json.loads(read("project-json", self.t.project.number).content)
        money = dict(shown["money"])
        assert money.pop("granted_fen") == sum(money.values()) == shown["grant_fen"]
        assert sum(source["amount_fen"] for source in shown["sources"]) == shown["grant_fen"]

    def test_it_is_found_by_name_place_year_and_how_far(self) -> None:
        project = self.t.project
        place = project.area.parent.code  # type: ignore[union-attr]
        for query in (f"?q={project.title[2:6]}", f"?q={project.unit.name}", f"?place={place}", "?year=2026",
                      "?state=under_way", f"?q={project.number}&year=2026"):  # fmt: skip
            assert project.title in read("projects", query=query).content.decode(), query
        for query in ("?q=无此项目", "?place=0", "?year=1999", "?state=finished", "?q=%00", "?place=%25"):
            assert project.title not in read("projects", query=query).content.decode() or query == "?q=%00", query

    def test_a_page_is_the_same_for_all_knows_no_session_and_may_be_kept(self) -> None:
        for name, args in (("home", ()), ("projects", ()), ("project", (self.t.project.number,))):
            first = read(name, *args)
            assert first["Cache-Control"] == "public, max-age=60"
            assert not first.cookies
            assert read(name, *args, if_none_match=first["ETag"]).status_code == 304
            assert "script-src 'none'" in first["Content-Security-Policy"]
            browser = Client()
            browser.force_login(self.official("village"))
            assert browser.get(reverse(f"public:{name}", args=args)).content == first.content

    def test_a_photo_leaves_without_the_place_where_it_was_taken_and_no_other_paper_does(self) -> None:
        photo(self.t)
        photo(self.t, paper="application_form")
        number, shown = self.t.project.number, public_pictures(self.t.project)
        assert [one.paper for one in shown] == ["photos"]
        answer = read("picture", number, shown[0].pk)
        with Image.open(io.BytesIO(answer.content)) as drawn:
            assert drawn.format == "JPEG"
            assert max(drawn.size) == kept.SIDE_PX
            assert not drawn.getexif()
        hidden = self.t.project.attachments.exclude(paper="photos")
        assert hidden
        assert {read("picture", number, one.pk).status_code for one in hidden} == {404}
        path_of(shown[0].sha256).unlink()
        kept.once(f"{shown[0].sha256}.jpg", bytes)
        assert read("picture", number, shown[0].pk).content == answer.content

    def test_the_evidence_of_a_posting_is_no_public_picture(self) -> None:
        evidence = Notice.objects.filter(root_id=self.t.project.pk).earliest("id").evidence.earliest("id").photo
        assert evidence is not None
        assert read("picture", self.t.project.number, evidence.pk).status_code == 404

    def test_the_table_runs_no_formula(self) -> None:
        cells = list(csv.reader(io.StringIO(b"".join(read("projects-csv")).decode("utf-8-sig"))))
        row = dict(zip(*cells, strict=True))
        assert (row["number"], row["grant_fen"], row["paid_fen"]) == (self.t.project.number, "45000000", "13095000")
        assert "专项资金 45000000" in row["sources"]

    def test_the_board_is_one_sheet_with_all_that_must_stand_on_it(self) -> None:
        content = read("board", self.t.project.number).content
        assert breaches(content) == []
        with pikepdf.open(io.BytesIO(content)) as opened:
            assert len(opened.pages) == 1
            _left, _bottom, width, height = map(float, opened.pages[0].mediabox)
            assert (round(width), round(height)) == (842, 595)
        said, shown = told(content), board.board(self.t.project)
        for words in ("工程公示牌", shown.project.name, shown.project.unit, shown.project.responsible, shown.hotline,
                      shown.project.contractor, shown.supervision, "50万元", "投诉电话", shown.address):  # fmt: skip
            assert words
            assert "".join(words.split()) in said, words

    def test_the_board_in_longer_words_is_one_sheet_too(self) -> None:
        with translation.override("en"):
            content = board.paper(self.t.project)
        with pikepdf.open(io.BytesIO(content)) as opened:
            assert len(opened.pages) == 1

    def test_the_officers_get_the_very_same_board(self) -> None:
        browser = Client()
        browser.force_login(self.official("village"))
        assert (
            reverse("case-board", args=[self.t.project.pk])
            in browser.get(reverse("case", args=[self.t.project.pk])).content.decode()
        )
        mine = browser.get(reverse("case-board", args=[self.t.project.pk]))
        assert mine.content == read("board", self.t.project.number).content

    def test_no_page_asks_more_of_many_projects_than_of_few(self) -> None:
        self.cost_is_bounded()

    def cost_is_bounded(self) -> None:
        copy(self.t.project, 1, FEW)
        few = dict(self.costs())
        copy(self.t.project, FEW + 1, MANY)
        assert public_projects().count() == MANY + 1
        assert dict(self.costs()) == few
        assert max(few.values()) <= QUERIES_MAX

    def costs(self) -> Any:
        number, notice = self.t.project.number, public_notices().earliest("pk").number
        for name, args, query in (
            ("home", (), ""), ("home", (), "?past"), ("notice", (notice,), ""), ("projects", (), ""),
            ("projects", (), "?q=道路&year=2026&state=under_way"), ("project", (number,), ""),
            ("project-json", (number,), ""), ("projects-json", (), ""), ("notices-json", (), ""),
            ("board", (number,), ""),
        ):  # fmt: skip
            read(name, *args, query=query)
            with CaptureQueriesContext(connection) as captured:
                assert read(name, *args, query=query).status_code == 200
            yield f"{name}{query}", len(captured)


@pytest.mark.django_db
def test_a_stranger_chooses_his_language_without_a_login_and_comes_back_to_his_page() -> None:
    client = Client(enforce_csrf_checks=True)
    here = reverse("public:projects")
    assert "公开" in client.get(here).content.decode()
    answer = client.post(reverse("set_language"), {"language": "en", "next": here})
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert "project funds made public" in client.get(here).content.decode()


@pytest.mark.parametrize("base", ["https://gk.example.gov.cn", "https://gk.example.gov.cn/xm/"])
def test_the_code_leads_to_the_projects_page_under_the_countys_own_address(settings: Settings, base: str) -> None:
    settings.PUBLIC_URL = base
    address = board.address_of("P2026-00001")
    assert address == f"{base.rstrip('/')}/p/projects/P2026-00001/"
    drawn = modules(qr.drawing(address))
    assert drawn == {
        (x, y)
        for y, row in enumerate(segno.make_qr(address, error=qr.ERROR_LEVEL).matrix)
        for x, dark in enumerate(row)
        if dark
    }


def modules(svg: str) -> set[tuple[int, int]]:
    """The dark modules of a code, read back from the strokes of its drawing; the quiet zone taken off."""
    [path] = re.findall(r'<path[^>]* d="([^"]+)"', svg)
    dark, x, y = set(), 0.0, 0.0
    for step, given in re.findall(r"([Mmh])(-?[\d. -]+)", path):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", given)]
        if step == "h":
            row, first = int(y) - qr.QUIET_MODULES, int(x) - qr.QUIET_MODULES
            dark |= {(first + n, row) for n in range(int(numbers[0]))}
            x += numbers[0]
        else:
            x, y = (numbers[0], numbers[1]) if step == "M" else (x + numbers[0], y + numbers[1])
    return dark


def test_all_that_has_been_on_notice_is_public() -> None:
    assert set(S) - set(PUBLISHED) == {
        S.DRAFT,
        S.FILED,
        S.JOINT_REVIEW,
        S.PIPELINE,
        S.RETURNED,
        S.WITHDRAWN,
        S.REJECTED,
    }
