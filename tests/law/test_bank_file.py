"""What goes to the bank and what comes back, row by row."""

from __future__ import annotations

import csv
import datetime as dt
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.payments import bankfile
from workflows.payments.bankfile import BACK, BadBankFile, OrderLine, ResultLine
from workflows.secrecy import Secret

LINE = OrderLine(order="C2026-00001-1", payee="众兴建筑有限公司", bank="通江县农商行",
                 account=Secret.of("6228480402564890018"), fen=12_345_678, purpose="报账")  # fmt: skip
HEAD = ",".join(BACK)


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_file_says_who_gets_how_much_on_which_account() -> None:
    assert table(bankfile.write([LINE]))[1] == [
        "C2026-00001-1", "众兴建筑有限公司", "通江县农商行", "\t6228480402564890018", "123456.78", "报账"
    ]  # fmt: skip


def test_the_same_orders_make_the_same_bytes() -> None:
    assert bankfile.write([LINE]) == bankfile.write([LINE])


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+86", "-1", "＝1"])
def test_no_name_runs_as_a_formula(name: str) -> None:
    line = OrderLine(order="1", payee=name, bank="银行", account=Secret.of("1"), fen=1, purpose="")
    assert table(bankfile.write([line]))[1][1] == f"'{name}"


def test_results_are_read_in_utf_8_and_in_gb_18030() -> None:
    text = f"{HEAD}\r\nA-1,100.00,成功,,L1,2026-03-31\r\nA-2,1.5,失败,账号户名不符,,\r\n"
    expected = [
        ResultLine(order="A-1", fen=10_000, paid=True, bank_reference="L1", paid_on=dt.date(2026, 3, 31)),
        ResultLine(order="A-2", fen=150, paid=False, reason="账号户名不符"),
    ]
    assert bankfile.read(text.encode("utf-8-sig")) == expected
    assert bankfile.read(text.encode("gb18030")) == expected


WRONG = """
A-1,100,好,,L1,2026-03-31        | 结果
A-1,一百,成功,,L1,2026-03-31     | 金额
A-1,-5,成功,,L1,2026-03-31       | 金额
A-1,1.234,成功,,L1,2026-03-31    | 金额
A-1,100,失败,,,                  | 原因
A-1,100,成功,,,2026-03-31        | 流水号
A-1,100,成功,,L1,2026-02-30      | 日期
,100,成功,,L1,2026-03-31         | 订单号
A-1,100,成功                     | 第2行
"""


@pytest.mark.parametrize("row", WRONG.strip().splitlines())
def test_a_wrong_cell_is_named_and_refuses_the_file(row: str) -> None:
    line, _bar, column = row.partition("|")
    with pytest.raises(BadBankFile) as refused:
        bankfile.read(f"{HEAD}\n{line.strip()}\n".encode())
    assert column.strip() in str(refused.value)


def test_one_order_twice_other_headings_or_no_rows_refuse_the_file() -> None:
    twice = f"{HEAD}\nA-1,1,失败,x,,\nA-1,1,失败,x,,\n"
    endless = f"{HEAD}\n{'x' * 200_000},1,失败,x,,\n"
    for text in (endless, twice, "订单号,金额\nA-1,1\n", f"{HEAD}\n", ""):
        with pytest.raises(BadBankFile):
            bankfile.read(text.encode())


@given(content=st.binary(max_size=300))
def test_whatever_the_bytes_they_are_read_or_refused(content: bytes) -> None:
    with suppress(BadBankFile):
        assert bankfile.read(HEAD.encode() + b"\n" + content)
