"""Every article of law that is cited has a row in docs/citations.md, and the row names its use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

from funds.ledger import LedgerRefused
from workflows.checks import CHECKS
from workflows.law import RULES
from workflows.lawgraph import every_act
from workflows.rulebook import load
from workflows.rulebook.schema import cited_leaves

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "citations.md").read_text()
ROW = re.compile(r"^\| (\w+) \([^|]*\) \| (\d+) \| ([^|]+) \| ([^|]+) \| (?:yes|no|part|beginning)\b[^|]* \|$", re.M)
ARTICLES = re.compile(r"([一-鿿]+) art\. (\d+(?:(?:, | and )\d+)*)")
NUMERAL = re.compile(r"第([一二三四五六七八九十]+)条")
DIGITS = "〇一二三四五六七八九"


def in_words(text: str) -> Iterator[tuple[str, int]]:
    """``预算法 art. 13 and 42`` -> (预算法, 13), (预算法, 42)."""
    for law, numbers in ARTICLES.findall(text):
        yield from ((law, int(number)) for number in re.findall(r"\d+", numbers))


def number_of(numeral: str) -> int:
    """``四十二`` -> 42, ``十`` -> 10."""
    tens, ten, ones = numeral.rpartition("十")
    return (DIGITS.index(tens or "一") * 10 if ten else 0) + (DIGITS.index(ones) if ones else 0)


def cited_by_code() -> Iterator[tuple[tuple[str, int], str]]:
    named = [(rule.code, rule.article) for rule in RULES.values()]
    named += [(f"`{code}`", act.article) for code, act in every_act()]
    named += [(refused.code, refused.article) for refused in LedgerRefused.__subclasses__()]
    for name, article in named:
        yield from ((cited, name) for cited in in_words(str(article)))


def cited_by_book(name: str) -> Iterator[tuple[str, int]]:
    for _path, cited in cited_leaves(load.load(name)):
        law = re.match(r"\w+", cited.source)
        assert law is not None
        yield from ((law[0], number_of(numeral)) for numeral in NUMERAL.findall(cited.article or ""))


def rows() -> dict[tuple[str, int], str]:
    return {(law, int(article)): used for law, article, used, _says in ROW.findall(PAGE)}


def test_numerals_are_read() -> None:
    assert [number_of(numeral) for numeral in ("七", "十", "十八", "二十", "四十二")] == [7, 10, 18, 20, 42]


def test_every_article_cited_in_code_has_a_row_that_names_the_use() -> None:
    page = rows()
    with translation.override("en"):
        cited = list(cited_by_code())
    assert len(cited) > 100
    assert [(law, name) for law, name in cited if name not in re.split(r", ", page.get(law, ""))] == []


def test_every_article_that_a_check_cites_has_a_row() -> None:
    page = rows()
    with translation.override("en"):
        cited = {law for check in CHECKS.values() for law in in_words(str(check.article))}
    assert len(cited) > 20
    assert cited - set(page) == set()


def test_every_article_cited_in_a_shipped_rulebook_has_a_row() -> None:
    page = rows()
    assert {law for name in load.shipped() for law in cited_by_book(name)} - set(page) == set()


def test_every_document_without_articles_is_on_the_page() -> None:
    sources = {
        cited.source
        for name in load.shipped()
        for _path, cited in cited_leaves(load.load(name))
        if not NUMERAL.search(cited.article or "") and not cited.source.startswith("Fundtrail")
    }
    assert [source for source in sorted(sources) if f"| {source} |" not in PAGE] == []
