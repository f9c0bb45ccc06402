"""A plan's workbook: the seed's is read to the fen, a bad one refused by cell, all at once."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from workflows.plan import seed, workbook
from workflows.plan.model import Plan, PlanRefused

Spoil = Callable[[Workbook], None]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return workbook.read(seed.SEED_PLAN)


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[[Spoil], list[str]]:
    """What the seed's plan is refused with after someone spoilt it."""

    def _refusal(spoil: Spoil) -> list[str]:
        book = load_workbook(seed.SEED_PLAN)
        spoil(book)
        book.save(tmp_path / "plan.xlsx")
        with pytest.raises(PlanRefused) as caught:
            workbook.read(tmp_path / "plan.xlsx")
        return [f"{problem.sheet}!{problem.cell}" for problem in caught.value.problems]

    return _refusal


def put(sheet: str, cell: str, value: Any) -> Spoil:
    def _put(book: Workbook) -> None:
        book[sheet][cell] = value

    return _put


def test_the_seed_plan_is_read_to_the_fen(plan: Plan) -> None:
    assert plan.total_fen == 44_366_500_000
    assert [(each.amount_fen, each.share_permille) for each in plan.categories] == [
        (15_069_500_000, 340),
        (18_176_000_000, 410),
        (4_056_000_000, 91),
        (7_065_000_000, 159),
    ]
    assert (plan.years, plan.start_year) == (3, None)


def test_the_first_year_has_38_items_in_28_villages_of_45(plan: Plan) -> None:
    first = [item for item in plan.items if item.year == 1]
    assert (len(first), len({item.area for item in first})) == (38, 28)
    own = [area for area in plan.areas if area.source == "篇1"]
    assert sum(area.level == "village" for area in own) == 45
    assert sum(area.level == "township" for area in own) == 10


def test_projects_of_the_other_texts_stand_under_their_own_names(plan: Plan) -> None:
    wan = {item.name: item.amount_fen for item in plan.items if item.amount_fen is not None}
    assert wan == {
        "青茶村至双联村村公所通村道路硬化": 880_000_000,
        "鹿池村至双联村四合头组烟基路": 220_000_000,
        "桥地坪组至田坝组通组公路硬化": 50_000_000,
        "薛集村岗东水泥路": 50_000_000,
        "薛集村南小湖排灌站": 50_000_000,
        "下龙井村省级重点村建设": 26_700_000,
    }
    village = next(item for item in plan.items if item.code == "P4-01")
    assert dict(village.sources) == {"provincial": 15_000_000, "self_raised": 11_700_000}
    assert [line.amount_fen for line in village.lines] == [16_300_000, 9_300_000, 800_000, 300_000]


@pytest.mark.parametrize(
    ("name", "three_years", "first_year"),
    [
        ("新修集中供水点", Decimal(156), Decimal(30)),
        ("种植干果", Decimal(7500), Decimal(1500)),
        ("整理土地", None, Decimal(4000)),
        ("种植蔬菜", Decimal(10000), None),
        ("实用技术培训", None, Decimal(4000)),
    ],
)
def test_masked_numbers_stay_unknown_and_misread_ones_are_marked(
    plan: Plan, name: str, three_years: Decimal | None, first_year: Decimal | None
) -> None:
    measure = next(each for each in plan.measures if each.name == name)
    assert (measure.quantity, measure.first_year_quantity) == (three_years, first_year)
    assert measure.garbled


def test_no_amount_of_the_first_text_is_passed_off_as_the_source_s(plan: Plan) -> None:
    assert all(item.amount_fen is None for item in plan.items if item.source == "篇1")


def test_the_shipped_workbook_is_what_the_generator_writes(plan: Plan, tmp_path: Path) -> None:
    seed.write(tmp_path / "one.xlsx")
    seed.write(tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert workbook.read(tmp_path / "one.xlsx") == plan


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "refused_at"),
    [
        ("资金分类", "B2", 15069.4, ["资金分类!B2", "计划!B6"]),
        ("资金分类", "C3", 40, ["资金分类!C3"]),
        ("资金分类", "B2", "一万五", ["资金分类!B2", "计划!B6"]),
        ("资金分类", "E2", None, ["资金分类!E2"]),
        ("资金分类", "B3", -18176, ["资金分类!B3"]),
        ("任务", "E16", 5000, ["任务!E16"]),
        ("任务", "I7", None, ["任务!I7"]),
        ("任务", "C2", "JC", ["任务!C2"]),
        ("区划", "D3", "ZZ", ["区划!D3"]),
        ("区划", "A3", "BZ", ["区划!A3", "区划!A4"]),
        ("区划", "C14", "村", ["计划!B7", "计划!B8"]),
        ("项目", "A3", "P1-01", ["项目!A2", "项目!A3"]),
        ("项目", "C2", "XX", ["项目!C2"]),
        ("项目", "D2", "教育", ["项目!D2"]),
        ("项目", "G2", "V99", ["项目!G2"]),
        ("项目", "F2", 4, ["项目!F2"]),
        ("项目", "K48", 26.8, ["项目!K48"]),
        ("项目", "N48", 14, ["项目!N48", "项目!K48"]),
        ("项目", "L40", "=1+1", ["项目!L40"]),
        ("项目", "L40", 0.0000001, ["项目!L40"]),
        ("项目", "L40", 1e300, ["项目!L40"]),
        ("项目", "L40", True, ["项目!L40"]),
        ("项目", "L48", 5, ["项目!L48"]),
        ("项目", "I25", 12, ["项目!I25"]),
        ("分项", "E2", 16.2, ["项目!K48"]),
        ("分项", "A2", "P9-01", ["分项!A2"]),
        ("资金分类", "A2", "其他", ["资金分类!A2"]),
        ("资金分类", "A2", "产业培育", ["资金分类!A2", "资金分类!A3"]),
        ("计划", "B2", None, ["计划!B2"]),
        ("计划", "B9", 39, ["计划!B9"]),
        ("项目", "AA1", "备注", ["项目!AA1"]),
        ("项目", "A1", "编号", ["项目!A1"]),
    ],
)
def test_a_wrong_cell_is_named(
    refusal: Callable[[Spoil], list[str]],
    sheet: str,
    cell: str,
    value: Any,
    refused_at: list[str],
) -> None:
    assert set(refused_at) <= set(refusal(put(sheet, cell, value)))


def test_every_problem_is_told_at_once(refusal: Callable[[Spoil], list[str]]) -> None:
    def spoil(book: Workbook) -> None:
        book["资金分类"]["C2"] = 35
        book["项目"]["C2"] = "XX"
        book["项目"]["L3"] = "很多"
        book["分项"]["A3"] = "P9"

    assert {"资金分类!C2", "项目!C2", "项目!L3", "分项!A3"} <= set(refusal(spoil))


def test_merged_cells_are_refused(refusal: Callable[[Spoil], list[str]]) -> None:
    assert "项目!C2:C3" in refusal(lambda book: book["项目"].merge_cells("C2:C3"))


def test_a_missing_and_a_misspelt_sheet_are_both_named(
    refusal: Callable[[Spoil], list[str]],
) -> None:
    def spoil(book: Workbook) -> None:
        book["分项"].title = "分项表"

    assert refusal(spoil) == ["分项!A1", "分项表!A1"]


def test_a_sheet_that_never_ends_is_cut_short(refusal: Callable[[Spoil], list[str]]) -> None:
    assert refusal(put("区划", "A1048576", "X")) == ["区划!A1048576"]


def refused(path: Path) -> str:
    with pytest.raises(PlanRefused) as caught:
        workbook.read(path)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].sheet == ""
    return caught.value.problems[0].message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.csv", b"a,b\n"),
        ("plan.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512),
        ("plan.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512),
        ("plan.xlsx", b"%PDF-1.7\n"),
        ("plan.xlsx", b""),
        ("plan.xlsx", b"\0" * (10 * 1024 * 1024 + 1)),
    ],
)
def test_a_disguised_or_oversized_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert refused(tmp_path / name)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.xlsx")


@pytest.mark.parametrize("part", ["xl/worksheets/sheet2.xml", "xl/workbook.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("content", [b"", b"<broken", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', b"0" * 9_000_000])
def test_a_damaged_or_hostile_part_is_refused(tmp_path: Path, part: str, content: bytes) -> None:
    with (
        zipfile.ZipFile(seed.SEED_PLAN) as good,
        zipfile.ZipFile(tmp_path / "bad.xlsx", "w", 8) as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, content if name == part else good.read(name))
    assert refused(tmp_path / "bad.xlsx")
