from __future__ import annotations

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from funds.forms import YuanField
from funds.money import (
    FEN_MAX,
    FractionOfFen,
    NotAnAmount,
    TooLarge,
    largest_remainder,
    parse,
    percent,
    wan,
    yuan,
)

SAID = """
125000              12500000
125,000.00          12500000
125,000.00元        12500000
12.5万              12500000
12.5万元            12500000
44,366.5万          44366500000
26.7万              26700000
0.000001万          1
0.01                1
1.50                150
1.000               100
007                 700
０                  0
１２．５万          12500000
１２５，０００．００  12500000
￥1,234.56          123456
100000000000        10000000000000
"""


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_an_amount_is_read_to_the_fen(line: str) -> None:
    text, fen = line.split()
    assert parse(text) == int(fen)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "元", "万", "12.", ".5", "1e5", "1E5", "NaN", "nan", "inf", "Infinity", "-1", "+1",
        "--1", "1.2.3", "12,5", "1,2345", "1234,567", ",123", "1,,234", "12 5", "12.5亿", "12.5 千",
        "0x10", "1_000", "١٢", "十二", "12.5万万", "12.5元万", "USD 5", "1;2", "=1+1", "9" * 41,
    ],
)  # fmt: skip
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse(text)


@pytest.mark.parametrize("text", ["0.001", "125,000.005", "0.0000001万", "26.70000001万"])
def test_a_fraction_of_a_fen_is_refused_not_rounded(text: str) -> None:
    with pytest.raises(FractionOfFen):
        parse(text)


@pytest.mark.parametrize("text", ["100000000000.01", "10000000.000001万", "9" * 40])
def test_more_than_the_largest_amount_is_refused(text: str) -> None:
    with pytest.raises(TooLarge):
        parse(text)


@pytest.mark.parametrize(
    ("fen", "in_yuan", "in_wan"),
    [
        (28_820_400, "288,204.00", "28.8204"),
        (26_700_000, "267,000.00", "26.7"),
        (44_366_500_000, "443,665,000.00", "44,366.5"),
        (0, "0.00", "0"),
        (1, "0.01", "0.000001"),
        (-150, "-1.50", "-0.00015"),
        (1_000_000, "10,000.00", "1"),
    ],
)
def test_an_amount_is_written_with_separators(fen: int, in_yuan: str, in_wan: str) -> None:
    assert (yuan(fen), wan(fen)) == (in_yuan, in_wan)


@pytest.mark.parametrize(
    ("permille", "said"),
    [(305, "30.5%"), (300, "30%"), (1000, "100%"), (5, "0.5%"), (0, "0%"), (-200, "-20%"), (-5, "-0.5%")],
)
def test_a_share_is_written_in_percent_without_idle_zeros(permille: int, said: str) -> None:
    assert percent(permille) == said


@given(st.integers(min_value=0, max_value=FEN_MAX))
def test_reading_undoes_writing(fen: int) -> None:
    assert parse(yuan(fen)) == fen == parse(wan(fen) + "万")


@pytest.mark.parametrize("amount", [1.5, 1.0, True, "100"])
def test_only_whole_fen_are_written(amount: object) -> None:
    with pytest.raises(TypeError):
        yuan(amount)  # type: ignore[arg-type]


@given(st.dictionaries(st.integers(1, 9), st.integers(1, FEN_MAX), min_size=1, max_size=6), st.data())
def test_shares_sum_and_none_exceeds_its_weight(weights: dict[int, int], data: st.DataObject) -> None:
    fen = data.draw(st.integers(0, sum(weights.values())))
    parts = largest_remainder(fen, weights=weights)
    assert sum(parts.values()) == fen
    assert all(0 <= parts[name] <= weights[name] for name in weights)


def test_the_odd_fen_goes_to_the_largest_remainder_and_ties_to_the_first() -> None:
    assert largest_remainder(100, weights={1: 1, 2: 1, 3: 1}) == {1: 34, 2: 33, 3: 33}
    assert largest_remainder(10, weights={1: 15, 2: 67, 3: 18}) == {1: 1, 2: 7, 3: 2}


def test_the_filters_write_amounts_and_a_dash_for_none() -> None:
    page = Template("{% load money %}{{ fen|yuan }} {{ fen|wan }} {{ none|yuan }} {{ missing|wan }}")
    assert page.render(Context({"fen": 28_820_400, "none": None})) == "288,204.00 28.8204 — —"


@pytest.mark.parametrize(("entered", "fen"), [("12.5万", 12_500_000), (" 3 ", 300), ("0.01", 1), ("3.00", 300)])
def test_the_field_gives_fen(entered: str, fen: int) -> None:
    assert YuanField().clean(entered) == fen


@pytest.mark.parametrize("entered", ["", "0", "0.00", "1.001", "abc", "-5", "100000000000.01", "2.01"])
def test_the_field_refuses_what_is_missing_garbled_or_out_of_bounds(entered: str) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        YuanField(fen_max=200).clean(entered)


def test_the_field_leaves_an_optional_blank_empty_and_shows_yuan() -> None:
    field = YuanField(required=False)
    assert field.clean("") is None
    assert field.prepare_value(28_820_400) == "288,204.00"
    assert not field.has_changed(28_820_400, "28.8204万")
    assert field.has_changed(28_820_400, "oops")
