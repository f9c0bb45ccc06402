"""The picture and the paper of a project's money: the books' figures, the same bytes, no box for a character."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from dataclasses import fields
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
import pytest
import weasyprint
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from approvals import fonts, papers, picture, stops
from approvals.demo import county
from approvals.views.books import last_entry
from funds.balances import balance
from funds.models import Source
from tests.desks.pages import Page, browser_of
from tests.factories import fresh_application, official
from tests.law.stages import Stage
from tests.record.archival import breaches
from workflows.states import ProjectState as S

FACES = fonts.faces()
ROW = picture.Row(label="来源", planned_fen=100, received_fen=80, reserved_fen=60, paid_fen=30, retained_fen=10,
                  ordered_fen=5, left_fen=15)  # fmt: skip


def svg(drawn: picture.Picture, **more: Any) -> ET.Element:
    return ET.fromstring(render_to_string("money/picture.html", {"picture": drawn, **more}))


def test_the_lengths_are_in_proportion_to_the_longest() -> None:
    drawn = picture.draw([ROW, picture.Row(label="自筹", planned_fen=25)], title="图")
    first, second = drawn.drawn
    assert (first.planned, first.received, first.reserved) == ("340.00", "272.00", "204.00")
    assert [(bar.name, bar.x, bar.width) for bar in first.bars] == [
        ("paid", "0.00", "102.00"), ("retained", "102.00", "34.00"), ("ordered", "136.00", "17.00"),
        ("left", "153.00", "51.00"),
    ]  # fmt: skip
    assert second.planned == "85.00"
    assert second.bars == []
    assert drawn.total.planned_fen == 125


def test_nothing_at_all_is_drawn_too() -> None:
    assert len(svg(picture.draw([], title="图"))) > 0
    assert picture.draw([picture.Row(label="无", planned_fen=0)], title="图").drawn[0].planned == "0"


def test_the_drawing_is_named_and_brings_no_script_and_no_style() -> None:
    root = svg(picture.draw([ROW], title="示范工程<资金>"))
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext("title") == "示范工程<资金>"
    assert {one.tag for one in root.iter()} == {"svg", "title", "g", "text", "rect"}
    assert not [name for one in root.iter() for name in one.attrib if name == "style" or name.startswith("on")]


class TheMoney(Stage):
    """A project with a part paid and a part held back."""

    state = S.BUILDING

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        stops.post_board(cls.t)
        stops.claim_tranche(cls.t, code="start")
        cls.t.do("record_contribution", seat="township", reason="已缴", data={"amount_fen": 123_00})

    def rows(self) -> list[picture.Row]:
        day = timezone.localdate(self.t.at)
        return picture.of_project(self.t.project, balance(on=day, case_id=self.t.project.pk))

    def test_the_rows_are_the_books_and_the_plan(self) -> None:
        grant, own, labour = self.rows()
        project = self.t.project
        assert grant.planned_fen == grant.received_fen == grant.reserved_fen == project.grant_fen
        assert grant.paid_fen > 0
        assert grant.reserved_fen == grant.paid_fen + grant.retained_fen + grant.ordered_fen + grant.left_fen
        assert (own.planned_fen, own.received_fen) == (project.self_raised_fen, 123_00)
        assert labour.planned_fen == project.labour_fen

    def test_a_source_is_drawn_with_its_document_and_what_is_left_of_it(self) -> None:
        source = Source.objects.get()
        row = picture.of_source(source, balance(on=timezone.localdate(self.t.at), source_id=source.pk).money)
        assert row.planned_fen == row.received_fen == source.amount_fen
        assert row.received_fen == row.paid_fen + row.retained_fen + row.ordered_fen + row.left_fen

    def paper(self, language: str = "zh-hans") -> bytes:
        address = reverse("case-money-pdf", args=[self.t.project.pk])
        answer = browser_of(self.official("auditor"), language).get(address, {"until": "2036-01-01"})
        assert answer["Content-Type"] == "application/pdf"
        return answer.content

    def test_the_paper_says_what_the_books_say_and_which_entry_it_stands_on(self) -> None:
        text = told(self.paper())
        entry = last_entry(self.t.project, on=timezone.localdate(self.t.at))
        assert entry is not None
        for said in ("项目资金明细账", self.t.project.number, self.t.project.title, entry.hash, "第1页，共"):
            assert "".join(str(said).split()) in text, said
        for row in self.rows():
            for field in fields(row):
                if field.name.endswith("_fen"):
                    assert f"{getattr(row, field.name) / 100:,.2f}" in text

    def test_every_glyph_is_the_one_that_the_font_draws_for_its_character(self) -> None:
        """A paper whose text is right and whose shapes are another character's passes any search in its text."""
        files = {family.replace(" ", "-"): address.removeprefix("file://") for family, address in FACES.items()}
        assert breaches(self.paper()) == []
        inside = fonts_of(self.paper())
        assert len(inside) == len(files)
        for name, glyphs in inside.items():
            with TTFont(files[name.rpartition("+")[2]], lazy=True) as font:
                drawn = font.getBestCmap()
                wrong = {char for glyph, char in glyphs.items() if font.getGlyphID(drawn[ord(char)]) != glyph}
            # The dash has a form of its own in Chinese text (OpenType locl).
            assert wrong <= {"—"}
            assert len(glyphs) > 20

    def test_the_same_books_give_the_same_bytes(self) -> None:
        first = self.paper()
        assert first == self.paper()
        assert first != self.paper("en")


@pytest.mark.django_db
def test_a_character_without_a_glyph_fails_the_paper() -> None:
    t = fresh_application()
    title = "示范工程\U0001f4b0"
    t.do("save_draft", seat="village", data=county.application(county.SPECIMENS[0], title=title, at=t.at))
    pages = browser_of(official(t, "village"))
    answer = pages.get(reverse("case-money-pdf", args=[t.project.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("case-money", args=[t.project.pk]), 302)]
    assert "以下字符无法打印：\U0001f4b0" in " ".join(Page(answer).alerts())


#: A line of a font's map: glyph and character.
PAIR = re.compile(r"^<([0-9a-f]{4})> <([0-9a-f]+)>$", re.MULTILINE)


def told(paper: bytes) -> str:
    """The words of a PDF as its own maps from glyphs to characters give them, blanks taken out."""
    with pikepdf.open(io.BytesIO(paper)) as opened:
        return "".join("".join(words(page)) for page in opened.pages)


def words(page: pikepdf.Page) -> Any:
    fonts = {name: mapped(font) for name, font in page.obj.Resources.Font.items()}
    current: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        operator = str(instruction.operator)
        if operator == "Tf":
            current = fonts[str(operands[0])]
        elif operator in ("TJ", "Tj"):
            pieces = operands[0] if operator == "TJ" else [operands[0]]
            for piece in pieces:
                if isinstance(piece, pikepdf.String):
                    octets = bytes(piece)
                    codes = (int.from_bytes(octets[n : n + 2], "big") for n in range(0, len(octets), 2))
                    yield from ("".join(current[code].split()) for code in codes)


def test_a_digest_is_drawn_sign_by_sign() -> None:
    """The fonts have one shape for "ff" and one for "ffi"; in a digest they would be read as another length."""
    faces = "".join(f'@font-face {{ font-family: "{name}"; src: url("{file}") }}' for name, file in FACES.items())
    lines = "".join(f"<p style='font: 9pt \"{name}\"'>0ffa fi ffi fl</p>" for name in FACES)
    for glyphs in fonts_of(papers.drawn(f"<style>{faces}</style>{lines}")).values():
        assert sorted(glyphs.values()) == sorted(" 0afil")


def fonts_of(paper: bytes) -> dict[str, dict[int, str]]:
    """Font -> glyph -> character."""
    with pikepdf.open(io.BytesIO(paper)) as opened:
        return {str(font.BaseFont): mapped(font) for page in opened.pages for font in page.obj.Resources.Font.values()}


def mapped(font: Any) -> dict[int, str]:
    """Glyph -> character, from the font's ToUnicode."""
    pairs = PAIR.findall(font.ToUnicode.read_bytes().decode())
    return {int(glyph, 16): bytes.fromhex(char).decode("utf-16-be") for glyph, char in pairs if char != "ffff"}


def test_a_paper_reads_nothing_but_its_fonts() -> None:
    for address in ("file:///etc/hostname", "http://127.0.0.1:9/", "data:text/css,x"):
        with pytest.raises(papers.Forbidden):
            weasyprint.HTML(string=f'<img src="{address}">', url_fetcher=papers._FontsOnly()).write_pdf()


#: Run in a process of its own; what the paper is about matters little.
MAKE_ONE = """
import django, hashlib
django.setup()
from approvals import papers, picture
rows = [picture.Row(label="专项资金", planned_fen=5, received_fen=5, reserved_fen=4, paid_fen=3, left_fen=1)]
about = {"number": "P2026-00001", "title": "示范村道路工程", "unit": {"name": "示范村民委员会"}}
made = papers.pdf("papers/project_money.html", {"case": about, "picture": picture.draw(rows, title="图")})
print(hashlib.sha256(made).hexdigest())
"""


def test_another_process_makes_the_same_bytes() -> None:
    made = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        environment.pop("SOURCE_DATE_EPOCH", None)
        ran = subprocess.run(
            [sys.executable, "-c", MAKE_ONE], env=environment, capture_output=True, text=True, check=True
        )
        made.add(ran.stdout)
    assert len(made) == 1
