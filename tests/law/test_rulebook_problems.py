"""Every kind of mistake in a rulebook is refused at the line it stands on."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from workflows.rulebook import load, overlay, positions
from workflows.rulebook.load import Problem, RulebookError

HEAD = """name = "test"
title = "Test county"
edition = "1"
effective_from = 2026-01-01
inherits = "default"
"""
#: The first line below HEAD.
FIRST = 6
CITE = 'article = "第一条", source = "县办法"'

# subject | text below HEAD, lines parted by \n; V stands for the citation | line | part of message
MISTAKES = r"""
key         | [retention]\npermile_max = { value = 30, V } | 7 | unknown key
section     | [retentions]\nmonths = { value = 1, V } | 6 | unknown key
kind        | [notices.plam]\ndays_min = { value = 1, V } | 6 | unknown key; known: village_entry
missing     | [notices.village_entry]\ndays_min = { value = 7, V } | 6 | places: is missing
no source   | [retention]\nmonths = { value = 12, article = "x" } | 7 | source: is missing
no article  | [retention]\nmonths = { value = 12, source = "x" } | 7 | article: is missing
mark        | [retention]\nmonths = { value = 12, inherited = true, V } | 7 | unknown key
bare number | [retention]\nmonths = 12 | 7 | must be a table
text        | [retention]\nmonths = { value = "12", V } | 7 | must be a whole number
truth       | [retention]\nmonths = { value = true, V } | 7 | must be a whole number
fraction    | [retention]\nmonths = { value = 1.5, V } | 7 | must be a whole number
negative    | [retention]\nmonths = { value = -1, V } | 7 | at least 0
too much    | [retention]\npermille_max = { value = 1001, V } | 7 | at most 1000
whole       | [retention]\npermille_max = { value = 1000, V } | 7 | leaves nothing to pay
termless    | [retention]\nmonths = { value = 0, V } | 7 | needs a term
not bool    | [acceptance]\nmembers_odd = { value = 1, V } | 7 | must be true or false
no list     | [acceptance]\nlevels = { value = "county", V } | 7 | must be a list
code        | [acceptance]\n\nlevels = { value = ["country"], V } | 8 | must be one of: implementer
empty       | [acceptance]\nlevels = { value = [], V } | 7 | at least one level
twice       | [review]\nlevels = { value = ["township", "township"], V } | 7 | listed twice
order       | [review]\nlevels = { value = ["leading_group", "joint"], V } | 7 | comes last
alone       | [review]\njoint_offices = { value = [], V } | 7 | at least one office
checks      | [checks]\norder = { value = ["acceptance"], V } | 7 | each of these once
auditor     | [checks]\naudit_sections = { value = ["finance"], V } | 7 | audit office
gate        | [notices.plan]\ngate = { value = "project.aprove", V } | 7 | must be one of: project
place       | [notices.plan]\nplaces = { value = [], V } | 7 | at least one place
paper       | [papers]\n"claim.submit" = { value = ["reciept"], V } | 7 | must be one of: accept
act         | [papers]\n"claim.sumbit" = { value = ["invoice"], V } | 7 | unknown key
members     | [acceptance]\nmembers_min = { value = 9, V } | 7 | above members_max
state       | [deadlines.field]\ndays = { value = 1, V } | 6 | unknown key; known: filed
no time     | [deadlines.filed]\ndays = { value = 0, V } | 7 | at least 1
no term     | [rectification]\ndeadline_working_days = { value = 0, V } | 7 | at least 1
extension   | [rectification]\nextension_working_days_max = { value = 0, V } | 7 | needs a length
day         | [year_end]\nclaims_close = { value = "02-30", V } | 7 | no such day
month       | [year_end]\nclaims_close = { value = "13-01", V } | 7 | such as 12-31
pair        | [separation]\npairs = { value = [["claim.pay", "claim.pay"]], V } | 7 | from itself
threshold   | [tender.open_tender_fen_min]\nworks = { value = 500_000_000, V } | 6 | ladder ends
"""


def problems(text: str) -> list[Problem]:
    with translation.override("en"), pytest.raises(RulebookError) as refused:
        load.parse(text)
    return refused.value.problems


def county(below: str) -> str:
    return HEAD + below


def rung(kind: str, start: int, end: int | None, route: str) -> str:
    to = "" if end is None else f"to_fen = {{ value = {end}, {CITE} }}\n"
    return (
        f'[[tender.ladder]]\nkind = {{ value = "{kind}", {CITE} }}\n'
        f"from_fen = {{ value = {start}, {CITE} }}\n{to}"
        f'route = {{ value = "{route}", {CITE} }}\n'
    )


OTHERS = rung("goods", 0, None, "open_tender") + rung("services", 0, None, "open_tender")


def tranche(code: str, trigger: str, ceiling: int, *, base: str = "grant", papers: str = "") -> str:
    extra = f"papers = {{ value = [{papers}], {CITE} }}\n" if papers else ""
    return (
        f'[[tranches]]\ncode = {{ value = "{code}", {CITE} }}\n'
        f'trigger = {{ value = "{trigger}", {CITE} }}\n'
        f"ceiling_permille = {{ value = {ceiling}, {CITE} }}\n"
        f'base = {{ value = "{base}", {CITE} }}\n{extra}'
    )


def rows() -> list[tuple[str, str, int, str]]:
    out = []
    for row in MISTAKES.strip().splitlines():
        subject, below, line, message = (cell.strip() for cell in row.split(" | "))
        text = below.replace("\\n", "\n").replace(", V }", f", {CITE} }}")
        out.append((subject, text, int(line), message))
    return out


@pytest.mark.parametrize(("subject", "below", "line", "message"), rows())
def test_the_mistake_is_named_at_its_line(subject: str, below: str, line: int, message: str) -> None:
    found = problems(county(below + "\n"))
    assert any(line == each.line and message in each.message for each in found), found


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (rung("works", 100, None, "open_tender"), 8, "gap after 0"),
        (rung("works", 0, 10**6, "inquiry") + rung("works", 2 * 10**6, None, "open_tender"), 13,
         "gap after 1000000"),
        (rung("works", 0, 10**6, "inquiry") + rung("works", 10, None, "open_tender"), 13,
         "overlaps"),
        (rung("works", 0, None, "open_tender") + rung("works", 10, None, "open_tender"), 12,
         "overlaps"),
        (rung("works", 0, 0, "inquiry"), 9, "above from_fen"),
        (rung("works", 0, 10**6, "inquiry"), 9, "ladder ends at 1000000"),
        (rung("works", 0, None, "inquiry"), 9, "only route is open_tender"),
        (rung("works", 0, 400_000_001, "inquiry"), 10, "only route is open_tender"),
        ("", 6, "ladder ends at 0"),
    ],
)  # fmt: skip
def test_a_ladder_covers_every_amount_below_the_threshold_exactly_once(text: str, line: int, message: str) -> None:
    found = problems(county(text + OTHERS))
    assert any(line == each.line and message in each.message for each in found), found


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("tranches = []", 6, "at least one tranche"),
        (tranche("a", "accepted", 900), 9, "must reach 100%"),
        (tranche("a", "accepted", 1001), 9, "at most 1000"),
        (tranche("a", "completed", 700) + tranche("b", "accepted", 700), 14, "must rise"),
        (tranche("a", "completed", 700) + tranche("a", "accepted", 1000), 12, "listed twice"),
        (tranche("a", "completed", 700) + tranche("b", "plan_issued", 1000), 13, "come after"),
        (tranche("a", "accepted", 700) + tranche("b", "audited", 1000), 13, "come after"),
        (tranche("a", "completed", 1000, base="audited"), 10, "audited price is not known"),
        (tranche("a", "plan_issued", 1000, base="contract"), 10, "no contract yet"),
        (tranche("a", "audited", 1000, papers='"acceptance_form"'), 11, "no acceptance form"),
    ],
)
def test_tranches_rise_along_the_road_to_the_whole(text: str, line: int, message: str) -> None:
    found = problems(county(text))
    assert any(line == each.line and message in each.message for each in found), found


def test_the_order_of_the_checks_decides_which_tranche_may_come_first() -> None:
    swapped = f'[checks]\norder = {{ value = ["acceptance", "special_audit"], {CITE} }}\n'
    text = tranche("a", "accepted", 700) + tranche("b", "audited", 1000, base="audited") + swapped
    assert load.parse(county(text)).checks.order.value == ("acceptance", "special_audit")


def test_a_route_without_periods_is_refused() -> None:
    whole = (load.BOOKS / "default.toml").read_text(encoding="utf-8")
    cut = whole.replace("[tender.periods.capable_firm]", "[tender.periods.self_build]", 1)
    cut = cut.replace("\n[tender.periods.self_build]\n\n", "\n\n", 1)
    assert any("tender.periods.capable_firm is missing" in each.message for each in problems(cut))


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file() -> None:
    text = county(f'[retention]\nmonths = 1\nx = 1\n[change]\napprover = {{ value = "me", {CITE} }}')
    assert [each.line for each in problems(text)] == [7, 8, 10]


def test_a_book_without_a_parent_must_say_everything() -> None:
    missing = {each.path for each in problems('name = "x"\n')}
    assert {"title", "review", "tender", "tranches", "separation"} <= missing


@pytest.mark.parametrize("parent", ["nobody", "../default", ""])
def test_an_unknown_parent_is_refused(parent: str) -> None:
    (found,) = problems(HEAD.replace('"default"', f'"{parent}"'))
    assert found.line == 5
    assert "no such book" in found.message


def test_broken_toml_is_refused_at_its_line() -> None:
    (found,) = problems('name = "x"\ntitle = \nedition = "1"\n')
    assert found.line == 2
    (found,) = problems('name = "x"\nname = "y"\n[')
    assert found.line >= 2


@pytest.mark.parametrize("text", ["a = " + "[" * 9000, "a = " + "9" * 9000])
def test_a_file_made_to_break_the_reader_is_refused(text: str) -> None:
    assert problems(text)[0].line == 1


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "county.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert load.load(path).name == "test"


def test_files_that_are_no_rulebook_are_refused(tmp_path: Path) -> None:
    huge, binary = tmp_path / "huge.toml", tmp_path / "binary.toml"
    huge.write_bytes(b"#" * (load.SIZE_BYTES_MAX + 1))
    binary.write_bytes(b"name = 'x'\n\xff\xfe")
    for path, line in ((huge, 1), (binary, 2), (tmp_path / "absent.toml", 1), (tmp_path, 1)):
        with pytest.raises(RulebookError) as refused:
            load.load(path)
        assert refused.value.problems[0].line == line


def test_a_county_may_drop_a_notice_and_is_warned_when_the_law_asks_for_it() -> None:
    text = f'notices_dropped = {{ value = ["claim"], {CITE} }}\n'
    book = load.parse(county(text))
    assert "claim" not in book.notices
    assert "plan" in book.notices
    with translation.override("en"):
        (warning,) = overlay.warnings(book, text=county(text))
    assert warning.line == FIRST
    assert "claim" in warning.message


def test_a_dropped_notice_stays_dropped_even_where_the_county_describes_it() -> None:
    text = f'notices_dropped = {{ value = ["claim"], {CITE} }}\n[notices.claim]\ndays_min = {{ value = 3, {CITE} }}\n'
    (found,) = problems(county(text))
    assert found.line == FIRST
    assert "dropped and required" in found.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"[tender.periods.open_tender]\nbid_days_min = {{ value = 19, {CITE} }}\n", "minimum 20"),
        (f"[retention]\npermille_max = {{ value = 31, {CITE} }}\n", "maximum 3%"),
        (f"[notices.plan]\ndays_min = {{ value = 9, {CITE} }}\n", "minimum 10"),
        (f"[separation]\npairs = {{ value = [], {CITE} }}\n", "one hand could do both"),
        (tranche("a", "completed", 799) + tranche("b", "accepted", 1000), "not 80%"),
    ],
)
def test_going_beyond_national_law_is_a_warning_at_the_line(text: str, message: str) -> None:
    whole = county(text)
    with translation.override("en"):
        warnings = overlay.warnings(load.parse(whole), text=whole)
    assert any(message in each.message and each.line >= FIRST for each in warnings), warnings


def test_lines_are_found_through_comments_strings_and_nested_tables() -> None:
    text = (
        "# a = 1\n"
        'a = "x # [not] = a table"\n'
        "b.c = [\n  1, # one\n  { d = 2 },\n]\n"
        "[[t]]\nk = '''\n[x]\n'''\n[t.u]\nv = 1979-05-27\n"
        '[[t]]\n"q.r" = """\n\\"""" # end\nlast = [[1, 2], [3]]'
    )
    found = positions.lines(text)
    assert found[("a",)] == 2
    assert found[("b", "c")] == 3
    assert found[("b", "c", 0)] == 4
    assert found[("b", "c", 1, "d")] == 5
    assert found[("t", 0)] == 7
    assert found[("t", 0, "k")] == 8
    assert found[("t", 0, "u", "v")] == 12
    assert found[("t", 1, "q.r")] == 14
    assert found[("t", 1, "last", 1, 0)] == 16
    assert positions.line_of(("t", 1, "nothing"), positions=found) == 13
    assert positions.line_of(("z",), positions=found) == 1
