"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("approvals", "audit", "benchmarks", "config", "funds", "tests", "workflows")
LINES_A_FILE_MAX = 300
LINES_A_FUNCTION_MAX = 50


def sources() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def named(path: Path, node: ast.AST | None = None) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[Path, ast.AST]]:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, kinds):
                yield path, node


def test_no_code_of_the_law_reads_the_clock() -> None:
    """Time is an argument; commands and views alone ask what it is."""
    clocks = {("timezone", "now"), ("datetime", "now"), ("datetime", "today"), ("date", "today"), ("time", "time")}
    read = [
        named(path, node)
        for path, node in nodes(ast.Attribute)
        if path.relative_to(ROOT).parts[0] == "workflows" and "management" not in path.parts
        and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in clocks
    ]  # fmt: skip
    assert not read


def test_no_file_is_too_long_to_be_read_at_one_sitting() -> None:
    long = {named(p): n for p in sources() if (n := len(p.read_text().splitlines())) > LINES_A_FILE_MAX}
    assert not long


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        named(path, node): length
        for path, node in nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        if (length := node.end_lineno - node.lineno + 1) > LINES_A_FUNCTION_MAX  # type: ignore[attr-defined]
    }
    assert not long


def test_deleting_one_thing_never_takes_another_along() -> None:
    cascades = [
        named(path, node)
        for path, node in nodes(ast.Attribute, ast.Name)
        if "CASCADE" in (getattr(node, "attr", ""), getattr(node, "id", ""))
    ]
    assert not cascades


def test_no_error_is_swallowed_unnamed() -> None:
    bare = [
        named(path, node)
        for path, node in nodes(ast.ExceptHandler)
        if node.type is None  # type: ignore[attr-defined]
    ]
    assert not bare


def test_nothing_is_left_to_be_done() -> None:
    word = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    marked = [
        named(path) for path in (*sources(), *(ROOT / "templates").rglob("*.html")) if word.search(path.read_text())
    ]
    assert not marked


def test_the_arrows_between_the_rooms_go_one_way(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == 0, capsys.readouterr().out


def test_only_one_package_brings_django_fsm() -> None:
    # Plain django-fsm installs the same module under another licence and other defaults.
    assert metadata.packages_distributions()["django_fsm"] == ["django-fsm-2"]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_by_hash_and_none_by_address(name: str) -> None:
    text = (ROOT / name).read_text()
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if not entry.startswith("#")]
    assert entries
    assert [e for e in entries if "==" not in e or "--hash=sha256:" not in e] == []
    assert "://" not in text
    assert "--index" not in text


def test_buttons_wear_the_house_s_colours() -> None:
    # Red, plain, back: the framework's own are neither of the palette nor of its contrast.
    ours = re.compile(r"\bbtn-(?!(?:red|plain|back|sm|group|close)\b)[a-z-]+")
    strange = {named(path): found for path in (ROOT / "templates").rglob("*.html")
               if (found := ours.findall(path.read_text()))}  # fmt: skip
    assert not strange


def test_templates_bring_no_script_or_style_of_their_own() -> None:
    # The content security policy would refuse them, in the browser and without a word here.
    inline = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", re.I)
    brought = [
        named(path)
        for path in (ROOT / "templates").rglob("*.html")
        if "papers" not in path.parts and inline.search(path.read_text())
    ]
    assert not brought
