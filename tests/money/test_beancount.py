"""The books as a beancount file, added up by a program that is not ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from funds.beancount import PLACES, quoted
from funds.books import balance_identity
from funds.routes import OF_CASE, OF_SOURCE
from tests.money.conftest import opened
from tests.money.orders import Clerk

BEAN_CHECK = Path(sys.executable).with_name("bean-check")


def checked(file: Path) -> str:
    """What bean-check says of the file; empty when it accepts it."""
    done = subprocess.run([BEAN_CHECK, "--no-cache", file], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert (done.returncode == 0) == (said == ""), said
    return said


def export(room: Path) -> Path:
    file = room / "books.beancount"
    call_command("funds", "export", "--beancount", str(file))
    return file


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(8))
def test_random_books_pass_bean_check_and_come_to_our_totals(seed: int, tmp_path: Path) -> None:
    Clerk(seed).work(150)
    file = export(tmp_path)
    assert checked(file) == ""
    ours = balance_identity()
    asserted = {line.split()[2]: line.split()[3] for line in file.read_text().splitlines() if " balance " in line}
    for kind in (*OF_SOURCE, *OF_CASE):
        fen = getattr(ours, f"{kind}_fen") * (-1 if kind == "issued" else 1)
        assert asserted.get(PLACES[kind], "0.00").replace(".", "").lstrip("-0") == str(abs(fen)).lstrip("0"), kind


@pytest.mark.django_db
def test_one_fen_too_much_anywhere_is_found(tmp_path: Path) -> None:
    Clerk(3).work(200)
    file = export(tmp_path)
    text = file.read_text()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE funds_account SET credits_fen = credits_fen + 1 WHERE kind = 'paid'")
        assert cursor.rowcount > 0
    assert "Balance failed" in checked(export(tmp_path))
    postings = [line for line in text.splitlines() if line.startswith("  Expenses:Paid")]
    account, amount, _cny = postings[0].split()
    file.write_text(text.replace(postings[0], f"  {account}  {float(amount) + 0.01:.2f} CNY", 1))
    assert "does not balance" in checked(file)


@pytest.mark.django_db
def test_empty_books_are_a_valid_file(tmp_path: Path) -> None:
    assert checked(export(tmp_path)) == ""


@pytest.mark.django_db
def test_no_name_can_break_out_of_its_string(tmp_path: Path) -> None:
    names = [
        'a" \n2026-01-01 open Assets:Gift',
        "two\nlines",
        "back\\slash\\",
        "=HYPERLINK(1)",
        "＝1",
        "汉字",
        "\t; no",
    ]
    for name in names:
        source = opened(amount_fen=1, arrived=False)
        # The name is what somebody typed; the rest of the source does not matter here.
        source.pk, source.name = None, name
        source.save(force_insert=True)
    Clerk(1).work(20)
    file = export(tmp_path)
    assert checked(file) == ""
    assert "Assets:Gift" not in [word for line in file.read_text().splitlines() for word in line.split()[2:3]]


@pytest.mark.parametrize(
    ("text", "in_the_file"),
    [
        ("plain", '"plain"'), ('a"b', '"a\\"b"'), ("a\\", '"a\\\\"'), ("a\nb", '"a b"'), ("=1+1", "\"'=1+1\""),
        ("＋1", "\"'＋1\""), ("", '""'), ("\ud800", '" "'),
    ],
)  # fmt: skip
def test_strings_are_quoted(text: str, in_the_file: str) -> None:
    assert quoted(text) == in_the_file


@pytest.mark.django_db
def test_a_file_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no-such-folder"):
        call_command("funds", "export", "--beancount", str(tmp_path / "no-such-folder" / "x"))
