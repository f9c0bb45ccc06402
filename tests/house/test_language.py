"""Whatever a user reads exists in Chinese."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("approvals", "audit", "config", "funds", "workflows")
CATALOGUE = ROOT / "config" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}

Key = tuple[str, str | None]


def used() -> Iterator[tuple[str, Key]]:
    """Where each message stands, and the message with its context."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield from extracted(path, path.read_text())
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield from extracted(path, templatize(path.read_text(), origin=str(path)))


def extracted(path: Path, python: str) -> Iterator[tuple[str, Key]]:
    for line, message, _, context in extract("python", io.BytesIO(python.encode()), KEYWORDS):
        key = message[0] if isinstance(message, tuple) else message
        yield f"{path.relative_to(ROOT)}:{line}", (key, context)


def test_every_message_has_a_chinese_translation() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    translated = {
        (entry.id[0] if isinstance(entry.id, tuple) else entry.id, entry.context)
        for entry in catalogue
        if entry.string and not entry.fuzzy
    }
    missing = [f"{place}: {key[0]}" for place, key in used() if key not in translated]
    assert not missing, "\n".join(missing)


def test_a_translation_keeps_every_placeholder_of_its_message() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    broken = {entry.id: list(map(str, errors)) for entry, errors in catalogue.check()}
    assert not broken


def test_chinese_text_is_punctuated_in_chinese() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    western = re.compile(r"[\u4e00-\u9fff》”][,;:?]|[,;:?][\u4e00-\u9fff《“]")
    assert not [text for entry in catalogue for text in [str(entry.string)] if entry.id and western.search(text)]


@pytest.mark.parametrize("text", ["{% load i18n %}{% translate 'One' %}"])
def test_templates_are_searched_too(text: str) -> None:
    found = list(extracted(ROOT / "templates" / "x.html", templatize(text)))
    assert [key for _, key in found] == [("One", None)]


def test_shares_are_told_in_percent_as_offices_write_them() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    told = [f"{entry.id} {entry.string}" for entry in catalogue if entry.id]
    # A rulebook's keys end in _permille; they are names, not words.
    assert not [text for text in told if re.search(r"‰|千分|(?<![a-z_])permille(?!_)", text)]
