"""What may be claimed by when: the tables of real counties, to the fen."""

from __future__ import annotations

import itertools
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import official, project_at
from workflows import tranches
from workflows.law import Refused
from workflows.rulebook.load import RulebookError, load, parse
from workflows.rulebook.schema import Rulebook
from workflows.states import ProjectState as S

CITE = 'article = "第一条", source = "某县办法"'


def leaf(value: object) -> str:
    shown = f'"{value}"' if isinstance(value, str) else str(value).replace("'", '"')
    return f"{{ value = {shown}, {CITE} }}"


def book_of(*rows: dict[str, object], more: str = "") -> str:
    """A county's book with these tranches."""
    head = 'name = "x"\ntitle = "某县"\nedition = "1"\neffective_from = 2015-01-01\ninherits = "default"\n'
    body = "".join("[[tranches]]\n" + "".join(f"{k} = {leaf(v)}\n" for k, v in row.items()) for row in rows)
    return head + body + more


def standing(book: Rulebook, **figures: int | None) -> Any:
    """A project of which only the figures matter."""
    known = {"grant_fen": 20_000_000, "total_fen": 21_000_000, "contract_fen": None, "audited_fen": None}
    return SimpleNamespace(book=book, **(known | figures))


# Figures of rules and documents: grant 200,000 yuan, contract 195,000, audited 191,266.
TABLE = """
chongqing-county |              | 80,000  | 180,000 | 195,000
chongqing-county | with audit   | 80,000  | 180,000 | 191,266
qingyuan         |              | 140,000 | 195,000
qingyuan         | with audit   | 140,000 | 191,266
songyang         |              | –
songyang         | with audit   | 191,266
default          |              | 60,000  | 160,000 | –
default          | with audit   | 60,000  | 160,000 | 191,266
henan-county     | with audit   | 60,000  | 160,000 | 191,266
"""


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_all_claims_come_to_what_the_countys_document_says(row: str) -> None:
    name, when, *expected = (cell.strip() for cell in row.split("|"))
    project = standing(load(name), contract_fen=19_500_000, audited_fen=19_126_600 if when else None)
    found = ["–" if c.upto_fen is None else f"{c.upto_fen // 100:,}" for c in tranches.ceilings(project)]
    assert found == expected


def test_a_small_irrigation_grant_comes_half_once_the_own_share_is_in_and_the_rest_once_accepted() -> None:
    book = parse(
        book_of(
            {"code": "一", "trigger": "self_raised", "share_permille": 500, "base": "grant"},
            {"code": "二", "trigger": "accepted", "share_permille": 500, "base": "grant"},
        )
    )
    first, rest = tranches.ceilings(standing(book))
    assert (first.upto_fen, rest.upto_fen) == (10_000_000, 20_000_000)
    project = standing(book, self_raised_fen=100_000)
    project.self_raised_in_fen, project.accepted_at = 99_999, None
    assert not tranches.has_come(project, first.tranche)
    project.self_raised_in_fen = 100_000
    assert tranches.has_come(project, first.tranche)
    assert not tranches.has_come(project, rest.tranche)


def test_the_base_changes_on_the_way_from_the_contract_to_the_audited_price() -> None:
    book = parse(
        book_of(
            {"code": "预付", "trigger": "contract", "share_permille": 300, "base": "contract"},
            {"code": "进度", "trigger": "quantity", "at_permille": 800, "ceiling_permille": 800, "base": "contract"},
            {"code": "结算", "trigger": "audited", "ceiling_permille": 1000, "base": "audited"},
        )
    )
    unsigned = [c.upto_fen for c in tranches.ceilings(standing(book))]
    assert unsigned == [None, None, None]
    figures = {"contract_fen": 19_500_000, "audited_fen": 19_126_600}
    assert [c.upto_fen for c in tranches.ceilings(standing(book, **figures))] == [5_850_000, 15_600_000, 19_126_600]


def test_ten_percent_and_a_retention_of_ten_percent_do_not_overlap() -> None:
    project = standing(load("chongqing-county"))
    before_last, whole = tranches.retained_fen(project, 18_000_000), tranches.retained_fen(project, 20_000_000)
    assert before_last == 1_800_000
    assert whole == 2_000_000, "a tenth of the grant, whatever the last tranche is"
    assert tranches.ceilings(project)[-1].upto_fen == 20_000_000, "the last tenth is claimed whole"


def test_no_more_is_retained_than_the_share_of_the_audited_price() -> None:
    project = standing(load("default"), contract_fen=19_500_000, audited_fen=10_000_000)
    assert tranches.retained_fen(project, 19_500_000) == 300_000


permilles = st.lists(st.integers(1, 999), max_size=9, unique=True).map(lambda found: [*sorted(found), 1000])


@given(upto=permilles, grant=st.integers(1, 10**13))
def test_the_parts_sum_to_the_fen_whatever_their_number(upto: list[int], grant: int) -> None:
    rows = [
        {"code": f"{n}", "trigger": "quantity", "at_permille": n, "ceiling_permille": p, "base": "grant"}
        for n, p in enumerate(upto, 1)
    ]
    found = tranches.ceilings(standing(parse(book_of(*rows)), grant_fen=grant, total_fen=grant))
    ends = [0, *(c.upto_fen or 0 for c in found)]
    parts = [after - before for before, after in itertools.pairwise(ends)]
    assert sum(parts) == grant
    assert all(part >= 0 for part in parts)


WRONG = [
    ([{"code": "一", "trigger": "accepted", "base": "grant"}], "either"),
    ([{"code": "一", "trigger": "accepted", "base": "grant", "share_permille": 900}], "100%"),
    ([{"code": "一", "trigger": "accepted", "base": "grant", "share_permille": 1000, "at_permille": 5}], "degrees"),
    ([{"code": "一", "trigger": "papers_filed", "base": "grant", "share_permille": 1000}], "which papers"),
    ([{"code": "一", "trigger": "self_raised", "base": "contract", "share_permille": 1000}], "no contract yet"),
    ([{"code": "一", "trigger": "quantity", "base": "audited", "share_permille": 1000}], "not known yet"),
]


@pytest.mark.parametrize(("rows", "said"), WRONG)
def test_tranches_that_cannot_be_are_named(rows: list[dict[str, object]], said: str) -> None:
    with translation.override("en"), pytest.raises(RulebookError, match=said):
        parse(book_of(*rows))


OWN_SHARE = book_of(
    {"code": "一", "trigger": "self_raised", "share_permille": 500, "base": "grant"},
    {"code": "二", "trigger": "accepted", "share_permille": 500, "base": "grant"},
)


@pytest.mark.django_db
def test_the_township_not_the_village_certifies_the_own_share(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN_SHARE)
    t = project_at(S.APPROVED, rulebook=str(path))
    share = t.project.self_raised_fen
    first = t.project.book.tranches[0]
    for person, fen, code in (("village", share, "O-01"), ("township", share + 1, "M-11")):
        with pytest.raises(Refused) as refused:
            t.do("record_contribution", seat=person, by=official(t, person), reason="缴款", data={"amount_fen": fen})
        assert code in [r.code for r in refused.value.refusals]
    t.do("record_contribution", seat="township", reason="已到位", data={"amount_fen": share - 1})
    assert not tranches.has_come(t.project, first)
    t.do("record_contribution", seat="township", reason="已到位", data={"amount_fen": 1})
    assert tranches.has_come(t.project, first)


@pytest.mark.django_db
def test_what_was_paid_above_the_audited_price_is_due_back_with_a_term_and_blocks_the_closing(tmp_path: Path) -> None:
    path = tmp_path / "early.toml"
    path.write_text(book_of({"code": "一", "trigger": "plan_issued", "share_permille": 1000, "base": "grant"}))
    t = project_at(S.UNDER_ACCEPTANCE, rulebook=str(path), specimen=1)
    over = t.project.grant_fen - (t.project.audited_fen or 0)
    assert t.project.refund_due_fen == over > 0
    with pytest.raises(Refused) as refused:
        t.do("receive_refund", seat="finance", reason="退回", data={"amount_fen": over + 1})
    assert [r.code for r in refused.value.refusals] == ["M-09"]
    t.do("receive_refund", seat="finance", reason="退回", data={"amount_fen": over - 1})
    assert t.project.refund_due_fen == 1
    t.do("receive_refund", seat="finance", reason="退回", data={"amount_fen": 1})
    assert t.project.refund_due_fen == 0


@pytest.mark.django_db
def test_the_retention_pays_for_a_repair_up_to_what_is_held_where_the_county_says_so() -> None:
    t = project_at(S.HANDED_OVER)
    repair = {"amount_fen": 10**9, "payee": "通江县便民维修队"}
    with pytest.raises(Refused) as refused:
        t.do("repair_from_retention", seat="finance", reason="路面开裂", data=repair)
    assert [r.code for r in refused.value.refusals] == ["M-08"]
    done = t.do("repair_from_retention", seat="finance", reason="路面开裂", data=repair | {"amount_fen": 100})
    assert done.acted is not None
    assert [x.fen for x in done.acted.transfers] == [100]


@pytest.mark.django_db
def test_where_the_county_only_releases_the_retention_no_repair_is_paid_from_it(tmp_path: Path) -> None:
    path = tmp_path / "release.toml"
    path.write_text(book_of(more=f"[retention]\nthen = {leaf('release')}\n"))
    t = project_at(S.HANDED_OVER, rulebook=str(path))
    with pytest.raises(Refused) as refused:
        t.do("repair_from_retention", seat="finance", reason="开裂", data={"amount_fen": 1, "payee": "维修队"})
    assert [r.code for r in refused.value.refusals] == ["M-07"]
