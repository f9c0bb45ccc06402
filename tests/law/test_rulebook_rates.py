"""The table of household standards: what it may not say, whose it is, and which rate holds on a day."""

from __future__ import annotations

import datetime as dt

import pytest

from workflows.household import rates
from workflows.household.months import Months
from workflows.rulebook import load as rulebooks
from workflows.rulebook.compare import differences
from workflows.rulebook.load import RulebookError
from workflows.rulebook.schema import Rulebook

DEFAULT = rulebooks.load("default")
HEAD = 'name = "c"\ntitle = "县"\nedition = "1"\neffective_from = 2026-01-01\ninherits = "default"\n'


def row(*, code: str = "grain", title: str = "种粮补贴", rate_fen: object = 10_000, unit: str = "mu",
        every: str = "once", from_day: str = "2026-01-01", until_day: str = "") -> str:  # fmt: skip
    values = {"code": f'"{code}"', "title": f'"{title}"', "rate_fen": rate_fen, "unit": f'"{unit}"',
              "every": f'"{every}"', "from_day": from_day, "until_day": until_day}  # fmt: skip
    cited = [
        f'{key} = {{ value = {value}, article = "第一条", source = "县文件" }}'
        for key, value in values.items()
        if value
    ]
    return "\n".join(["[[standards]]", *cited, ""])


def parsed(*rows: str) -> Rulebook:
    return rulebooks.parse(HEAD + "".join(rows))


def wrong(*rows: str) -> list[str]:
    with pytest.raises(RulebookError) as told:
        parsed(*rows)
    return [problem.path for problem in told.value.problems]


def test_the_seeds_rates_ship_with_the_rise_at_the_end_of_may() -> None:
    before, after = dt.date(2026, 5, 31), dt.date(2026, 6, 1)
    known = {code: tuple(_yuan(code, day) for day in (before, after)) for code in rates.known(DEFAULT)}
    assert known == {
        "rural_dibao": (385, 470), "rural_dibao_topup": (285, 325), "tekun_institution": (505, 615),
        "tekun_home": (400, 510), "tekun_disabled": (None, 915), "disabled_living": (50, 60),
        "disabled_nursing": (50, 70), "care_disabled": (1200, 1200), "care_half_disabled": (300, 300),
        "care_home": (600, 600), "care_centre": (1000, 1000), "care_public_home": (1200, 1200),
    }  # fmt: skip


def _yuan(code: str, day: dt.date) -> int | None:
    rate = rates.rate_on(DEFAULT, code, day)
    return None if rate is None else rate.rate_fen.value // 100


def test_a_county_replaces_the_whole_table_or_keeps_it() -> None:
    assert rates.known(rulebooks.parse(HEAD)) == rates.known(DEFAULT)
    assert rates.known(parsed(row())) == {"grain": "种粮补贴"}
    assert any(each.path.startswith("standards.grain 2026-01-01") for each in differences(DEFAULT, parsed(row())))


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        ([row(), row(from_day="2026-06-01")], "standards[1].from_day.value"),
        ([row(until_day="2026-06-01"), row(from_day="2026-06-01")], "standards[1].from_day.value"),
        ([row(from_day="2026-06-01"), row(until_day="2026-12-31")], "standards[1].from_day.value"),
        ([row(until_day="2025-12-31")], "standards[0].until_day.value"),
        ([row(until_day="2026-05-31"), row(from_day="2026-06-01", title="别的")], "standards[1].title.value"),
        ([row(until_day="2026-05-31"), row(from_day="2026-06-01", unit="head")], "standards[1].unit.value"),
        ([row(until_day="2026-05-31"), row(from_day="2026-06-01", every="month")], "standards[1].every.value"),
        ([row(rate_fen="0")], "standards[0].rate_fen.value"),
        ([row(unit="kilo")], "standards[0].unit.value"),
        ([row(from_day='"May"')], "standards[0].from_day.value"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_by_line(rows: list[str], path: str) -> None:
    assert path in wrong(*rows)


def test_a_day_after_the_end_is_no_overlap() -> None:
    book = parsed(row(until_day="2026-05-31"), row(from_day="2026-06-01", rate_fen=12_345))
    assert _rates(book, 5, 6) == [10_000, 12_345]


def _rates(book: Rulebook, *months: int) -> list[int]:
    found = [rates.rate_on(book, "grain", dt.date(2026, month, 1)) for month in months]
    return [rate.rate_fen.value for rate in found if rate is not None]


def test_a_fraction_of_a_fen_is_dropped_once_and_once_means_one_month() -> None:
    book = parsed(row(rate_fen=12_345))
    assert rates.due_fen(book, "grain", 1_001, Months.read("2026-03", "2026-05")) == 12_357
    monthly = parsed(row(rate_fen=12_345, every="month"))
    assert rates.due_fen(monthly, "grain", 1_001, Months.read("2026-03", "2026-05")) == 37_072
    assert rates.due_fen(book, "grain", 1_000, Months.read("2025-12", "2025-12")) is None
