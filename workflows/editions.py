"""Editions of rulebooks, and which county works by which from which day on."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from workflows.offices import Area
from workflows.rulebook import load as rulebooks
from workflows.rulebook.schema import Rulebook

#: Books by their digest, parsed once a process: an edition is never changed.
_BOOKS: dict[str, Rulebook] = {}


class EditionChanged(Exception):
    """An edition is never rewritten: running cases are pinned to it."""


class Edition(models.Model):
    """One edition of a county's rulebook (审批程序不变): inserted, never changed.

    A case is pinned to the edition in force when it opened.
    """

    name = models.CharField(max_length=60)
    edition = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, unique=True)
    effective_from = models.DateField()
    #: The merged book as JSON: a later change of the default book cannot reach a running case.
    content = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "edition"], name="edition_once")]
        verbose_name = _("rulebook edition")

    def __str__(self) -> str:
        return f"{self.name} {self.edition}"

    @property
    def book(self) -> Rulebook:
        """The rulebook itself, parsed once a process."""
        if self.sha256 not in _BOOKS:
            _BOOKS[self.sha256] = Rulebook.model_validate_json(self.content)
        return _BOOKS[self.sha256]

    @classmethod
    def adopt(cls, name: str) -> Edition:
        """The edition of the shipped or given rulebook ``name``, stored the first time it is used.

        Raises:
            RulebookError: the book is not in order.
            EditionChanged: an edition of that number is in force with other content.
        """
        book = rulebooks.load(name)
        stored = cls.objects.filter(name=book.name, edition=book.edition).first()
        if stored is None:
            return cls.objects.create(
                name=book.name, edition=book.edition, sha256=book.sha256, effective_from=book.effective_from,
                content=book.model_dump_json(),
            )  # fmt: skip
        if stored.sha256 != book.sha256:
            raise EditionChanged(_("%(book)s was changed; give it a new edition number.") % {"book": stored})
        return stored


class Editions:
    """Every edition by the name that entries give it; asked for once, when first needed."""

    @cached_property
    def _known(self) -> dict[str, Edition]:
        # A book is parsed once a process: what is bulky is read for those alone that were not yet.
        return {str(one): one for one in Edition.objects.defer("content").order_by("effective_from", "pk")}

    def book(self, name: str) -> Rulebook | None:
        """The rulebook of an edition; none where no such edition was ever adopted."""
        return self._known[name].book if name in self._known else None

    def newest_book(self, name: str) -> Rulebook | None:
        """The rulebook of the newest edition of the same county; none where no such edition was ever adopted."""
        if name not in self._known:
            return None
        county = self._known[name].name
        return [one for one in self._known.values() if one.name == county][-1].book


class County(models.Model):
    """Which rulebook a county works by, from a day on; insert-only, the latest in force counts."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="rulebooks")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    since = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["area", "since"], name="county_edition_once_a_day")]

    @classmethod
    def edition_in_force(cls, area: Area, *, on: dt.date) -> Edition:
        """The edition in force on a day in the county ``area`` lies in; the default one if none was set."""
        row = (
            cls.objects.alias(here=models.Value(area.path))
            .filter(here__startswith=F("area__path"), since__lte=on)
            .select_related("edition")
            .order_by("-since", "-id")
            .first()
        )
        return row.edition if row else Edition.adopt("default")
