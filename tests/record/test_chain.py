from __future__ import annotations

import hashlib
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import chain, journal
from tests.record.cases import AT, fact

#: Input as another program might hold it -> its canonical bytes, from the rules of RFC 8785.
VECTORS = [
    ({}, "{}"),
    ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
    ({"n": None, "t": True, "f": False}, '{"f":false,"n":null,"t":true}'),
    ({"list": [3, [], {"y": 0, "x": -1}]}, '{"list":[3,[],{"x":-1,"y":0}]}'),
    ({"村": "双联"}, '{"村":"双联"}'),
    # Control characters short where JSON has a short form, else \u00xx in lower case.
    ({"c": '\u0008\t\n\u000c\r"\\\u000f\u001f\u007f/'}, '{"c":"\\b\\t\\n\\f\\r\\"\\\\\\u000f\\u001f\u007f/"}'),
    # Keys by UTF-16 code units: U+1F600 is D83D DE00 and stands before U+FB33.
    ({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "1": 4}, '{"1":4,"\u20ac":3,"\U0001f600":2,"\ufb33":1}'),
    ({"max": 2**53 - 1, "min": -(2**53) + 1}, '{"max":9007199254740991,"min":-9007199254740991}'),
]  # fmt: skip


@pytest.mark.parametrize(("data", "text"), VECTORS)
def test_the_same_facts_have_one_form(data: dict[str, Any], text: str) -> None:
    assert chain.canonical(data) == text.encode()


@pytest.mark.parametrize(
    "value",
    [0.5, 1.0, math.nan, Decimal(1), 2**53, -(2**53), AT, b"x", {1, 2}, {1: "key"}, "\ud800", {"\ud800": 1}, object()],
)  # fmt: skip
def test_what_has_no_single_form_is_refused(value: object) -> None:
    with pytest.raises(chain.NotCanonical):
        chain.canonical({"value": value})


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-chain.INTEGER_MAX, chain.INTEGER_MAX) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), _values, max_size=5))
def test_canonical_is_the_inverse_of_parsing(data: dict[str, Any]) -> None:
    content = chain.canonical(data)
    assert json.loads(content) == data
    assert chain.canonical(json.loads(content)) == content


def test_a_hash_covers_the_entry_before_and_the_payload() -> None:
    by_hand = hashlib.sha256(b"\x00" * 32 + b'{"a":1}').hexdigest()
    assert chain.link(prev=chain.GENESIS, payload=b'{"a":1}') == by_hand
    assert chain.link(prev="11" * 32, payload=b'{"a":1}') != by_hand


def test_the_documented_example_is_what_the_code_computes() -> None:
    document = Path("docs/record.md").read_text(encoding="utf-8")
    payload = chain.canonical(journal.payload_of(fact(), seq=1, prev=chain.GENESIS))
    assert payload.decode() in document
    assert chain.link(prev=chain.GENESIS, payload=payload) in document
