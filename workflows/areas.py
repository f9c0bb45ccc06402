"""The area tree: province, city, county, township, village."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Levels of the area tree."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County")
    TOWNSHIP = "township", _("Township")
    VILLAGE = "village", _("Village")


class Area(models.Model):
    """A node of the area tree. ``path`` is its ancestors' codes, itself last: ``/51/5119/``."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=160, unique=True)

    class Meta:
        ordering: ClassVar = ["path"]
        verbose_name = _("area")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def plant(cls, *, code: str, name: str, level: str, parent: Area | None = None) -> Area:
        """Add an area below ``parent``; its path follows from there."""
        path = f"{parent.path if parent else '/'}{code}/"
        return cls.objects.create(code=code, name=name, level=level, parent=parent, path=path)

    @property
    def codes(self) -> list[str]:
        """The codes of the areas around it, itself last."""
        return self.path.strip("/").split("/")

    @property
    def paths(self) -> list[str]:
        """The paths of the areas around it, itself last."""
        codes = self.codes
        return ["/" + "/".join(codes[:n]) + "/" for n in range(1, len(codes) + 1)]

    def within(self, other: Area) -> bool:
        """Whether this area is ``other`` or lies in it."""
        return self.path.startswith(other.path)
