"""A household list's workbook: read as office programs save it, a bad one refused by cell, all at once."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from workflows.household import example, layout, workbook
from workflows.household.identity import check_sign, is_identity, masked_name
from workflows.household.lines import LINES_MAX, Fault, ListLine
from workflows.household.months import Months
from workflows.plan.model import PlanRefused
from workflows.rulebook import load as rulebooks

BOOK = rulebooks.load("default")
MARCH = Months.read("2026-03", "2026-03")
Spoil = Callable[[Workbook], object]


def filled() -> Workbook:
    return load_workbook(io.BytesIO(example.workbook(book=BOOK, months=MARCH, examples=True)))


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes, *, months: Months = MARCH, compare: Any = lambda lines: ()) -> tuple[ListLine, ...]:
    return workbook.read(name="名单.xlsx", data=data, book=BOOK, months=months, compare=compare)


def refusal(data: bytes, **given: Any) -> dict[str, str]:
    """What a workbook is refused with: cell -> message."""
    with pytest.raises(PlanRefused) as told:
        read(data, **given)
    return {problem.cell: problem.message for problem in told.value.problems}


def put(**cells: Any) -> bytes:
    book = filled()
    for cell, value in cells.items():
        book[layout.LIST][cell] = value
    return saved(book)


def test_the_example_is_read_to_the_fen() -> None:
    lines = read(saved(filled()))
    assert [line.kind for line in lines] == ["money"] * 4 + ["goods"]
    assert [line.amount_fen for line in lines] == [285_00, 505_00, 400_00, 50_00, 480_00]
    assert [line.name for line in lines] == ["赵大山", "钱秀英", "孙小满", "李冬梅", "周长顺"]
    assert lines[0].id_number == example.made_up_identity(1)
    assert lines[0].account == example.made_up_account(1)


def test_the_same_rulebook_and_months_give_the_same_bytes() -> None:
    first, second = (example.workbook(book=BOOK, months=MARCH, examples=True) for _ in range(2))
    assert first == second


def test_full_width_digits_spaces_and_a_small_x_are_what_was_meant() -> None:
    number = next(n for n in range(1, 99) if example.made_up_identity(n).endswith("X"))
    wide = example.made_up_identity(number).lower().translate(str.maketrans("0123456789x", "０１２３４５６７８９ｘ"))
    lines = read(put(C2=f" {wide} ", F2="６２２８ ４８０４ ００００ ００００ ００１", H2="１", J2="２８５．００"))
    assert lines[0].id_number == example.made_up_identity(number)
    assert lines[0].account == "6228480400000000001"


@pytest.mark.parametrize(
    ("cells", "at"),
    [
        ({"C2": 519999195102020000}, "C2"),
        ({"C2": 5.19999195102020e17}, "C2"),
        ({"C2": example.made_up_identity(1)[:17]}, "C2"),
        ({"C2": "519999195102300017"}, "C2"),
        ({"C2": None}, "C2"),
        ({"C2": "5" * 60}, "C2"),
        ({"H2": 10_000_000}, "H2"),
        ({"J2": 10**9}, "J2"),
        ({"C3": example.made_up_identity(1), "G3": "农村低保补差(月人均水平)", "J3": 285, "J7": 1500}, "C3"),
        ({"F2": 6228480400000000001}, "F2"),
        ({"F2": "622848 农行"}, "F2"),
        ({"F2": None}, "F2"),
        ({"E2": None}, "E2"),
        ({"G2": "农村低保"}, "G2"),
        ({"G2": "农村特困失能、半失能人员供养"}, "G2"),
        ({"H2": 1.5}, "H2"),
        ({"H2": 4}, "H2"),
        ({"H2": -1}, "H2"),
        ({"D2": 0}, "D2"),
        ({"D2": "三"}, "D2"),
        ({"J2": 284.99, "J7": 1719.99}, "J2"),
        ({"J2": 285.001}, "J2"),
        ({"J2": None}, "J2"),
        ({"J7": 1719}, "J7"),
        ({"A3": "合计"}, "A3"),
        ({"K6": "化肥", "G6": "农村低保补差(月人均水平)"}, "G6"),
        ({"I6": None}, "I6"),
        ({"B2": None}, "B2"),
        ({"B2": "=1+"}, "B2"),
    ],
)
def test_a_fault_is_told_at_its_cell(cells: dict[str, Any], at: str) -> None:
    assert at in refusal(put(**cells))


def test_every_fault_is_told_at_once() -> None:
    wrong = refusal(put(C2="1", F3=6228480400000000002, J4=1, H5=9))
    assert {"C2", "F3", "J4", "H5"} <= set(wrong)


def test_no_message_repeats_a_number_that_got_into_another_column() -> None:
    number, account = example.made_up_identity(1), example.made_up_account(1)
    told = refusal(put(H2=number, G3=account, D4=account))
    assert {"H2", "G3", "D4"} <= set(told)
    assert not [message for message in told.values() if number in message or account in message]


def test_what_other_batches_say_stands_at_the_cell_too() -> None:
    told = refusal(saved(filled()), compare=lambda lines: [Fault(1, layout.ID, "已在 H2026-00001 中发放")])
    assert told == {"C3": "已在 H2026-00001 中发放"}


def test_a_standard_that_changes_on_the_way_is_paid_by_the_month() -> None:
    told = refusal(saved(filled()), months=Months.read("2026-05", "2026-06"))
    assert "610.00" in told["J2"]
    assert "2026-05–2026-06" in told["J2"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda book: setattr(book[layout.LIST], "title", "Sheet1"),
        lambda book: book.create_sheet("别的").append([1]),
        lambda book: book[layout.LIST].delete_cols(3),
        lambda book: book[layout.LIST].delete_rows(2, 9),
        lambda book: book[layout.LIST].merge_cells("B2:B3"),
    ],
)
def test_a_workbook_of_another_shape_is_refused(spoil: Spoil) -> None:
    book = filled()
    spoil(book)
    assert refusal(saved(book))


def test_a_list_longer_than_a_village_is_refused() -> None:
    book = filled()
    for number in range(LINES_MAX + 1):
        book[layout.LIST].append([number, "某人"])
    assert "A1" in refusal(saved(book))


def test_the_check_sign_is_that_of_the_standard() -> None:
    # The example of GB 11643-1999 itself.
    assert check_sign("11010519491231002") == "X"
    assert is_identity("11010519491231002X")
    for wrong in ("110105194912310021", "11010519491331002X", "11010519491231002x", "1101051949123100", "０" * 18):
        assert not is_identity(wrong)


@pytest.mark.parametrize(
    ("name", "shown"), [("王", "*"), ("王明", "王*"), ("王小明", "王*明"), ("欧阳小明", "欧*小明")]
)
def test_one_character_of_a_name_is_hidden(name: str, shown: str) -> None:
    assert masked_name(name) == shown
