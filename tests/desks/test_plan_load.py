"""manage.py load_plan: a good plan is stored once, a bad one leaves nothing behind."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from workflows.models import Area, PlanItem
from workflows.plan import seed

pytestmark = pytest.mark.django_db


def load(path: Path) -> str:
    out = StringIO()
    call_command("load_plan", str(path), stdout=out)
    return out.getvalue()


def refused(path: Path) -> list[str]:
    err = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("load_plan", str(path), stdout=StringIO(), stderr=err)
    assert caught.value.code == 1
    return err.getvalue().splitlines()


def spoilt(tmp_path: Path, sheet: str, cell: str, value: Any) -> Path:
    book = load_workbook(seed.SEED_PLAN)
    book[sheet][cell] = value
    book.save(tmp_path / "plan.xlsx")
    return tmp_path / "plan.xlsx"


def test_the_seed_plan_is_stored_with_its_marks() -> None:
    assert "44366.5" in load(seed.SEED_PLAN)
    item = PlanItem.objects.get(code="P4-01")
    assert (item.amount_fen, item.sources) == (
        26_700_000,
        [["provincial", 15_000_000], ["self_raised", 11_700_000]],
    )
    assert item.area.path == "/D/P4/P4-T/P4-XL/"
    masked = PlanItem.objects.get(code="P1-24")
    assert (masked.quantity, masked.amount_fen) == ("", None)
    assert masked.garbled


def test_loading_the_same_plan_again_changes_nothing() -> None:
    load(seed.SEED_PLAN)
    before = (Area.objects.count(), PlanItem.objects.count())
    load(seed.SEED_PLAN)
    assert (Area.objects.count(), PlanItem.objects.count()) == before == (67, 47)


def test_a_bad_plan_is_refused_by_cell_and_leaves_nothing(tmp_path: Path) -> None:
    lines = refused(spoilt(tmp_path, "项目", "G48", "V99"))
    assert lines[0].startswith("项目!G48: ")
    assert not Area.objects.exists()
    assert not PlanItem.objects.exists()


def test_another_plan_cannot_take_the_codes_of_a_stored_one(tmp_path: Path) -> None:
    load(seed.SEED_PLAN)
    areas, items = Area.objects.count(), PlanItem.objects.count()
    lines = refused(spoilt(tmp_path, "项目", "B48", "另一个项目"))
    assert lines[0].startswith("项目!A48: ")
    lines = refused(spoilt(tmp_path, "区划", "B13", "上龙井村"))
    assert lines[0].startswith("区划!A13: ")
    assert (Area.objects.count(), PlanItem.objects.count()) == (areas, items)
