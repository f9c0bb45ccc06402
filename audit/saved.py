"""Questions to the record that an auditor asks again: kept under a name, for himself or for every other reader."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

#: So many of one person's: a list, not an archive.
OWN_MAX = 50


class SavedSearch(models.Model):
    """What was asked, as the address of the search page says it; no part of the record, and may be deleted."""

    #: A plain number, as everywhere in this room.
    owner_id = models.BigIntegerField()
    owner_name = models.CharField(_("person"), max_length=150)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("search"), max_length=1000)
    #: Whether the other readers of the record see it; they never change it.
    shared = models.BooleanField(_("shared"), default=False)

    class Meta:
        db_table = "audit_saved_search"
        default_permissions = ()
        ordering: ClassVar = ["name", "id"]
        verbose_name = _("saved search")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner_id", "name"], name="saved_search_name_once_an_owner"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="saved_search_asks_something"),
        ]

    def __str__(self) -> str:
        return self.name


def parted(seen: models.QuerySet[SavedSearch], *, owner_id: int) -> tuple[list[SavedSearch], list[SavedSearch]]:
    """A reader's own searches, and those of others, of all that he sees."""
    found = seen[: OWN_MAX * 4]
    return [one for one in found if one.owner_id == owner_id], [one for one in found if one.owner_id != owner_id]
