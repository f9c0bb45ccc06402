"""Looking through the record: two passes over its entries, project by project and person by person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from audit.models import Entry
from workflows.editions import Editions
from workflows.flags import FLAGS
from workflows.flags.decisions import decisions
from workflows.flags.story import Story, days, stories
from workflows.flags.words import Hit, Setting
from workflows.lifecycles import KINDS
from workflows.rulebook import load as rulebooks
from workflows.rulebook.schema import Rulebook

#: Told now and then how many entries were read.
Progress = Callable[[int], None]
#: A mark on its way to its group: flag, edition, group, mark.
Marked = tuple[str, Hashable]


class Books:
    """The rulebook behind an entry's edition: its own thresholds, and the parameters of its county's newest edition.

    Parameters say what is worth a look today, so that old projects are looked at with today's.
    """

    def __init__(self) -> None:
        self._editions = Editions()
        self._known: dict[str, Rulebook] = {}

    def of(self, edition: str) -> Rulebook:
        """Whatever became of the edition, there are parameters: at last those of the default book."""
        if edition not in self._known:
            own = self._editions.book(edition) or _default()
            newest = self._editions.newest_book(edition) or own
            limits = newest.flags or own.flags or _default().flags
            self._known[edition] = own.model_copy(update={"flags": limits})
        return self._known[edition]


@lru_cache(maxsize=1)
def _default() -> Rulebook:
    return rulebooks.load("default")


def look(
    *, today: dt.date, deaths: Mapping[str, dt.date] | None = None, progress: Progress = lambda count: None
) -> list[Hit]:
    """Every flag raised, by code, then the newest first.

    Memory holds one project at a time, the marks that the comparisons over all projects need, and the hits.
    """
    books = Books()
    known = Entry.objects.filter(case_kind__in=KINDS)
    settings = _settings(books, today, deaths or {})
    groups: dict[Marked, tuple[str, list[Any]]] = {}
    hits: list[Hit] = []
    count = 0
    for story in stories(known):
        hits += of_story(story, settings(story.edition))
        for flag in FLAGS.values():
            for group, mark in flag.marks(story, settings(story.edition)) if flag.marks else ():
                groups.setdefault((flag.code, group), (story.edition, []))[1].append(mark)
        count += len(story.rows)
        progress(count)
    hits += _weighed(groups, settings)
    for rows in days(known.filter(act__in=decisions())):
        for flag in FLAGS.values():
            hits += flag.of_day(flag, rows, settings(rows[-1].edition)) if flag.of_day else ()
    return sorted(hits, key=lambda hit: (hit.flag.code, -hit.rows[-1].id, hit.key))


def _settings(books: Books, today: dt.date, deaths: Mapping[str, dt.date]) -> Callable[[str], Setting]:
    made: dict[str, Setting] = {}

    def of(edition: str) -> Setting:
        if edition not in made:
            made[edition] = Setting(book=books.of(edition), today=today, deaths=deaths)
        return made[edition]

    return of


def of_story(story: Story, setting: Setting) -> Iterator[Hit]:
    """The flags that one project raises by itself."""
    for flag in FLAGS.values():
        if flag.within is not None:
            yield from flag.within(flag, story, setting)


def of_project(root_id: int, *, today: dt.date, deaths: Mapping[str, dt.date] | None = None) -> list[Hit]:
    """The same of one project, read by the index: what its own page shows."""
    settings = _settings(Books(), today, deaths or {})
    found = stories(Entry.objects.filter(root_id=root_id, case_kind__in=KINDS))
    return [hit for story in found for hit in of_story(story, settings(story.edition))]


def _weighed(groups: Mapping[Any, tuple[str, list[Any]]], settings: Callable[[str], Setting]) -> Iterable[Hit]:
    for (code, group), (edition, marks) in groups.items():
        flag = FLAGS[code]
        assert flag.weigh is not None
        yield from flag.weigh(flag, group, marks, settings(edition))
