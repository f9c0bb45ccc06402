"""Each number that a rulebook ships, against the law or the county document it comes from."""

from __future__ import annotations

from typing import Any

import pytest

from workflows.rulebook import load, overlay
from workflows.rulebook.compare import differences, rows
from workflows.rulebook.schema import ENGINE_DEFAULT, Cited, Rulebook, cited_leaves

WAN_FEN = 1_000_000

# path | value | article
NATIONAL = """
tender.open_tender_fen_min.works                               | 400000000 | 第五条
tender.open_tender_fen_min.goods                               | 200000000 | 第五条
tender.open_tender_fen_min.services                            | 100000000 | 第五条
tender.added_quantity_permille_max                             | 100 | 第四十九条
tender.periods.open_tender.document_days_min                   | 5 | 第十六条
tender.periods.open_tender.clarify_days_min                    | 15 | 第二十三条
tender.periods.open_tender.bid_days_min                        | 20 | 第二十四条
tender.periods.open_tender.bidders_min                         | 3 | 第二十八条
tender.periods.open_tender.committee_min                       | 5 | 第三十七条
tender.periods.open_tender.committee_expert_permille_min       | 666 | 第三十七条
tender.periods.open_tender.committee_odd                       | True | 第三十七条
tender.periods.open_tender.candidates_max                      | 3 | 第五十三条
tender.periods.open_tender.candidate_days_min                  | 3 | 第五十四条
tender.periods.open_tender.contract_days_max                   | 30 | 第四十六条
tender.periods.open_tender.bid_bond_permille_max               | 20 | 第二十六条
tender.periods.open_tender.performance_bond_permille_max       | 100 | 第五十八条
tender.periods.negotiation.bidders_min                         | 3 | 第三十八条
tender.periods.negotiation.committee_min                       | 3 | 第三十八条
tender.periods.inquiry.bidders_min                             | 3 | 第四十条
tender.periods.inquiry.committee_min                           | 3 | 第四十条
retention.permille_max                                         | 30 | 第七条
retention.months                                               | 12 | 第二条
tranches.progress.ceiling_permille                             | 800 | 第一条
checks.audit_notice_working_days_min                           | 3 | 第四十二条
checks.audit_reply_working_days_max                            | 10 | 第四十四条
notices.plan.days_min                                          | 10 | 第四条
notices.contractor.days_min                                    | 3 | 第五十四条
change.growth_permille_max                                     | 100 | 规模增加超过10%须重新报批
acceptance.members_min                                         | 5 | 验收组组成
acceptance.members_max                                         | 7 | 验收组组成
year_end.claims_close                                          | 12-31 | 第十八条
year_end.carried_years_max                                     | 1 | 第五十条
"""

# book | path | value
COUNTIES = """
chongqing-county | tranches.start.trigger              | plan_issued
chongqing-county | tranches.start.ceiling_permille     | 400
chongqing-county | tranches.progress.trigger           | near_completion
chongqing-county | tranches.progress.ceiling_permille  | 900
chongqing-county | tranches.final.trigger              | accepted
chongqing-county | tranches.final.ceiling_permille     | 1000
chongqing-county | tranches.final.base                 | grant
chongqing-county | retention.permille_max              | 100
chongqing-county | retention.months                    | 12
chongqing-county | retention.base                      | grant
chongqing-county | retention.then                      | repair
qingyuan         | tranches.progress.trigger           | completed
qingyuan         | tranches.progress.ceiling_permille  | 700
qingyuan         | tranches.final.trigger              | accepted
qingyuan         | tranches.final.ceiling_permille     | 1000
qingyuan         | tranches.final.base                 | grant
qingyuan         | acceptance.levels                   | ('implementer',)
qingyuan         | year_end.claims_close               | 09-30
songyang         | tranches.final.trigger              | audited
songyang         | tranches.final.base                 | audited
songyang         | acceptance.levels                   | ('township',)
songyang         | year_end.claims_close               | 12-31
henan-county     | tender.self_build_fen_max           | 200000000
henan-county     | notices.plan.post_days_max          | 10
henan-county     | sign_board.post_days_max            | 10
henan-county     | acceptance.levels                   | ('township', 'county')
henan-county     | acceptance.beneficiaries_required   | True
henan-county     | change.growth_permille_max          | 0
henan-county     | change.approver                     | original_approver
hubei-county     | notices.village_entry.days_min      | 7
hubei-county     | notices.village_entry.gate          | project.file
hubei-county     | notices.township_entry.days_min     | 7
hubei-county     | notices.township_entry.gate         | project.pass_township
hubei-county     | notices.plan.days_min               | 7
hubei-county     | notices.contractor.days_min         | 7
hubei-county     | notices.acceptance.days_min         | 7
hubei-county     | tender.self_build_fen_max           | 400000000
hubei-county     | acceptance.levels                   | ('village', 'township', 'county')
"""

# What a county's documents do not say must stay marked as inherited.
NOT_SAID = """
chongqing-county | notices.plan.days_min
chongqing-county | change.growth_permille_max
chongqing-county | year_end.claims_close
chongqing-county | tender.ladder[0].to_fen
qingyuan         | notices.plan.days_min
qingyuan         | notices.claim.days_min
qingyuan         | retention.permille_max
songyang         | tranches.final.ceiling_permille
songyang         | notices.claim.days_min
songyang         | retention.permille_max
henan-county     | tranches.start.ceiling_permille
henan-county     | retention.permille_max
henan-county     | notices.plan.days_min
henan-county     | year_end.claims_close
hubei-county     | tranches.start.ceiling_permille
hubei-county     | retention.permille_max
hubei-county     | change.growth_permille_max
"""


def table(text: str) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]


def leaf(book: Rulebook, path: str) -> Cited[Any]:
    return {row.path: row.cited for row in rows(book)}[path]


@pytest.mark.parametrize(("path", "value", "article"), table(NATIONAL))
def test_the_default_book_gives_the_number_of_the_article(path: str, value: str, article: str) -> None:
    found = leaf(load.load("default"), path)
    assert (str(found.value), found.article, found.inherited) == (value, article, False)


@pytest.mark.parametrize(("name", "path", "value"), table(COUNTIES))
def test_the_county_book_gives_what_the_county_document_gives(name: str, path: str, value: str) -> None:
    found = leaf(load.load(name), path)
    assert str(found.value) == value
    assert not found.inherited
    assert found.article


@pytest.mark.parametrize(("name", "path"), table(NOT_SAID))
def test_what_the_county_does_not_say_is_marked_as_inherited(name: str, path: str) -> None:
    found = leaf(load.load(name), path)
    assert found.inherited
    assert found.value == leaf(load.load("default"), path).value


def test_six_books_are_shipped_and_the_default_comes_first() -> None:
    assert load.shipped() == [
        "default",
        "chongqing-county",
        "henan-county",
        "hubei-county",
        "qingyuan",
        "songyang",
    ]


@pytest.mark.parametrize("name", load.shipped())
def test_every_value_of_a_shipped_book_has_an_article_or_says_it_is_our_own(name: str) -> None:
    for path, cited in cited_leaves(load.load(name)):
        assert cited.article or cited.source == ENGINE_DEFAULT, path


@pytest.mark.parametrize("name", load.shipped())
def test_a_stored_edition_reads_back_as_the_same_book(name: str) -> None:
    book = load.load(name)
    stored = Rulebook.model_validate_json(book.model_dump_json())
    assert stored == book
    assert stored.sha256 == book.sha256


def test_no_two_shipped_books_share_a_digest() -> None:
    assert len({load.load(name).sha256 for name in load.shipped()}) == len(load.shipped())


@pytest.mark.parametrize(
    ("kind", "amount_fen", "route"),
    [
        ("works", 0, "direct_contract"),
        ("works", 5 * WAN_FEN - 1, "direct_contract"),
        ("works", 5 * WAN_FEN, "capable_firm"),
        ("works", 20 * WAN_FEN, "inquiry"),
        ("works", 50 * WAN_FEN, "negotiation"),
        ("works", 400 * WAN_FEN - 1, "negotiation"),
        ("works", 400 * WAN_FEN, "open_tender"),
        ("works", 9_999 * WAN_FEN, "open_tender"),
        ("goods", 200 * WAN_FEN - 1, "inquiry"),
        ("goods", 200 * WAN_FEN, "open_tender"),
        ("services", 100 * WAN_FEN - 1, "negotiation"),
        ("services", 100 * WAN_FEN, "open_tender"),
    ],
)
def test_the_route_follows_from_kind_and_amount(kind: Any, amount_fen: int, route: str) -> None:
    assert load.load("default").route(kind=kind, amount_fen=amount_fen) == route


@pytest.mark.parametrize(
    ("name", "kind", "amount_fen", "route"),
    [
        ("henan-county", "works", 200 * WAN_FEN, "self_build"),
        ("henan-county", "works", 200 * WAN_FEN + 1, "negotiation"),
        ("henan-county", "works", 400 * WAN_FEN, "open_tender"),
        ("henan-county", "goods", 10 * WAN_FEN, "inquiry"),
        ("default", "works", 10 * WAN_FEN, "capable_firm"),
    ],
)
def test_a_village_builds_for_itself_only_where_and_as_far_as_its_book_says(
    name: str, kind: Any, amount_fen: int, route: str
) -> None:
    assert load.load(name).route(kind=kind, amount_fen=amount_fen, self_build=True) == route


def test_a_negative_amount_has_no_route() -> None:
    with pytest.raises(ValueError, match="negative"):
        load.load("default").route(kind="works", amount_fen=-1)


def test_two_thirds_of_every_real_committee_pass_and_less_never_does() -> None:
    """The engine compares experts * 1000 >= members * 666 in whole numbers."""
    periods = load.load("default").tender.periods["open_tender"]
    assert periods.committee_expert_permille_min is not None
    permille = periods.committee_expert_permille_min.value
    for members in range(1, 100):
        for experts in range(members + 1):
            assert (experts * 1000 >= members * permille) == (experts * 3 >= members * 2)


@pytest.mark.parametrize(
    ("name", "sources"),
    [
        ("default", []),
        ("chongqing-county", ["建设工程质量保证金管理办法(建质〔2017〕138号)"]),
        ("qingyuan", ["关于完善建设工程价款结算有关办法的通知(财建〔2022〕183号)"]),
        ("songyang", ["关于完善建设工程价款结算有关办法的通知(财建〔2022〕183号)"]),
        ("henan-county", []),
    ],
)
def test_a_county_that_goes_beyond_national_law_is_warned_with_the_source(name: str, sources: list[str]) -> None:
    assert [breach.source for breach in overlay.breaches(load.load(name))] == sources


def test_books_are_compared_tranche_by_tranche_whatever_their_order() -> None:
    found = {each.path: each for each in differences(load.load("default"), load.load("songyang"))}
    assert found["tranches.start.ceiling_permille"].right is None
    trigger = found["tranches.final.trigger"]
    assert trigger.left is not None
    assert trigger.right is not None
    assert (trigger.left.value, trigger.right.value) == ("accepted", "audited")
    assert "tranches.final.ceiling_permille" not in found
    assert differences(load.load("default"), load.load("default")) == []
