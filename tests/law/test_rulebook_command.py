"""What a clerk sees of `manage.py rulebook`."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from workflows.rulebook import load


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of the command, in English."""
    out, err = StringIO(), StringIO()
    with translation.override("en"):
        try:
            call_command("rulebook", *arguments, stdout=out, stderr=err)
        except SystemExit as leave:
            return int(leave.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_a_good_file_passes_and_its_breaches_of_national_law_are_warnings() -> None:
    code, out, err = run("check", str(load.BOOKS / "chongqing-county.toml"))
    assert (code, err) == (0, "")
    warning, summary = out.splitlines()
    assert "chongqing-county.toml:28: warning: retention.permille_max" in warning
    assert "10% is above the national maximum 3%" in warning
    assert "建质〔2017〕138号" in warning
    assert summary.endswith("1 warnings")


def test_a_bad_file_fails_with_each_mistake_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('inherits = "default"\n[retention]\nmonths = 3\n', encoding="utf-8")
    code, out, err = run("check", str(path))
    assert (code, out) == (1, "")
    assert f"{path}:3: retention.months: must be a table" in err
    assert f"{path}:1: name: is missing" in err


@pytest.mark.parametrize("name", load.shipped())
def test_every_shipped_book_can_be_read_with_sources_and_marks(name: str) -> None:
    code, out, _err = run("show", name)
    assert code == 0
    assert load.load(name).sha256 in out
    line = next(line for line in out.splitlines() if "open_tender_fen_min.works" in line)
    assert "400 wan yuan" in line
    assert "第五条" in line
    assert (" * " in line) == (name != "default")


def test_two_books_are_shown_side_by_side_only_where_they_differ() -> None:
    code, out, _err = run("diff", "default", "qingyuan")
    assert code == 0
    line = next(line for line in out.splitlines() if "year_end.claims_close" in line)
    assert line.split()[-2:] == ["12-31", "09-30"]
    assert "open_tender_fen_min" not in out


def test_a_book_differs_in_nothing_from_itself() -> None:
    assert run("diff", "default", "default")[1] == "The two rulebooks say the same.\n"


@pytest.mark.parametrize("door", ["check", "show"])
def test_an_unknown_name_is_answered_with_the_known_ones(door: str) -> None:
    code, _out, err = run(door, "nowhere")
    assert code == 1
    assert "chongqing-county" in err
