"""A page as its reader gets it: a tree, what it says, in which language; and the tables as they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from workflows.models import Person

LANGUAGES = ("zh-hans", "en")
VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
#: Attributes that are read out or shown.
SPOKEN = ("alt", "aria-label", "data-fits", "data-label", "data-off", "placeholder", "title")
#: Three Latin words in a row are no name and no code: they are a sentence.
ENGLISH = re.compile(r"[A-Za-z][a-z’']+(?:,? [A-Za-z][a-z’']*){2,}")
#: 万 is a unit of ours in both languages.
CHINESE = re.compile(r"(?!万)[\u3400-\u9fff，。；：？！、（）]+")
#: The term of the law itself may stand in brackets behind its English.
GLOSS = re.compile(r"\([\u4e00-\u9fff、]+\)")
#: What people leave behind by looking and by failing to log in; no case and no post hangs on it.
FOOTPRINTS = ("sessions", "axes")
#: Who asked is written down; that changes nothing of what he asked about.
ASKED = "audit.Access"


class _Reader(HTMLParser):
    """Builds the tree, and takes no tag that nobody opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tree, self.open = ET.TreeBuilder(), [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says {names} twice"
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        self.open.append(tag)
        if tag in VOID:
            self._close(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._close(tag)

    def _close(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes what is not open"
        self.tree.end(tag)

    def handle_data(self, data: str) -> None:
        if len(self.open) > 1:
            self.tree.data(data)


class Page:
    """The answer to a request, read."""

    def __init__(self, response: Any) -> None:
        self.status = response.status_code
        self.headers = response.headers
        reader = _Reader()
        reader.feed(response.content.decode())
        reader.close()
        self.root: ET.Element = reader.tree.close()
        self.title = self.root.findtext("head/title", "")

    def all(self, *tags: str) -> list[ET.Element]:
        """The elements of these kinds, in order."""
        return [one for one in self.root.iter() if one.tag in tags]

    def by_id(self, name: str) -> ET.Element | None:
        return next((one for one in self.root.iter() if one.get("id") == name), None)

    def typed(self, name: str) -> str | None:
        """What stands in the control of that name, if one can write in it."""
        control = next((one for one in self.all("input", "textarea") if one.get("name") == name), None)
        if control is None or control.get("type") in ("radio", "checkbox", "file"):
            return None
        return (control.text or "").removeprefix("\n") if control.tag == "textarea" else control.get("value", "")

    def faults(self, name: str) -> str:
        """What is said to be wrong with a field."""
        told = self.by_id(f"id_{name}_wrong")
        return "" if told is None else " ".join(told.itertext()).strip()

    def alerts(self) -> list[str]:
        """Everything the page calls attention to."""
        return ["".join(one.itertext()).strip() for one in self.root.iter() if one.get("role") in ("alert", "status")]

    def words(self) -> Iterator[str]:
        """All that is read: texts and spoken attributes, but not what the reader typed, nor the language's own name."""
        yield from _words(self.root)

    def in_other_language(self, language: str, *, data: re.Pattern[str] | None = None) -> set[str]:
        """Sentences that the reader of a language did not choose; ``data`` is taken out before looking."""
        return {found for text in self.words() if (found := strange(data.sub("", text) if data else text, language))}


def strange(text: str, language: str) -> str:
    """What of a text is a sentence of the other language; empty where nothing is."""
    found = CHINESE.search(GLOSS.sub("", text)) if language == "en" else ENGLISH.search(text)
    return found.group() if found else ""


def _words(element: ET.Element) -> Iterator[str]:
    if element.tag in ("textarea", "script", "style") or (element.get("lang") and element.tag != "html"):
        return
    yield from (element.attrib[name] for name in SPOKEN if name in element.attrib)
    yield element.text or ""
    for child in element:
        yield from _words(child)
        yield child.tail or ""


def browser_of(person: Person | None, language: str = "zh-hans") -> Client:
    """A browser in which a person is logged in and has chosen a language."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if person is not None:
        client.force_login(person)
    return client


def cost(asked: CaptureQueriesContext) -> int:
    """The queries of a page, without those by which the first page of a minute writes the session (config.idle)."""
    return sum("session" not in one["sql"] and "SAVEPOINT" not in one["sql"] for one in asked.captured_queries)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table as it is stored, to be compared with the rows of later."""
    found = {}
    with connection.cursor() as cursor:
        for label, question in _questions().items():
            cursor.execute(question)
            found[label] = cursor.fetchall()
    return found


@cache
def _questions() -> dict[str, str]:
    """Model -> how its table is read from the first row to the last."""
    quote = connection.ops.quote_name
    return {
        meta.label: f"SELECT * FROM {quote(meta.db_table)} ORDER BY {quote(str(meta.pk.column))}"
        for meta in (model._meta for model in apps.get_models())
        if meta.app_label not in FOOTPRINTS and meta.label != ASKED
    }


def stored_words() -> re.Pattern[str]:
    """Every text of every table: names of people, places, posts and papers are the same in both languages."""
    texts = {text for rows in everything().values() for row in rows for text in _texts(row) if CHINESE.search(text)}
    return re.compile("|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True) if len(text) > 1))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith(("{", "[")):
        yield from _texts(json.loads(value))
    elif isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
