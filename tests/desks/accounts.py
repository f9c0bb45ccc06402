"""One account of every kind that could knock at a page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from approvals.demo.county import FOUNDED
from approvals.traveller import Traveller
from audit import checkpoints
from tests.factories import official
from workflows.models import Area, Person, Post, Unit
from workflows.offices import Level, Office

#: Account -> the two letters that head its column in the tables.
COLUMNS = {
    "nobody": "··", "village": "vi", "other village": "ov", "township": "to", "other township": "ot",
    "programme": "pr", "finance": "fi", "roads": "ro", "water": "wa", "leading_group": "lg", "procurement": "pc",
    "supervision": "sv", "audit": "au", "discipline": "di", "auditor": "ad", "sysadmin": "sy", "secadmin": "se",
    "superuser": "su", "retired": "re",
}  # fmt: skip


def cast(t: Traveller) -> dict[str, Person | None]:
    """The account of each name in COLUMNS: the traveller's county, its neighbours, a superuser, a retired clerk."""
    people: dict[str, Person | None] = {str(office): official(t, office) for office in Office}
    village = Unit.objects.select_related("area__parent__parent").get(pk=t.project.unit_id)
    township, county = village.area.parent, village.area.parent.parent  # type: ignore[union-attr]
    assert township is not None
    people["other village"] = _neighbour(Office.VILLAGE, Level.VILLAGE, below=township)
    people["other township"] = _neighbour(Office.TOWNSHIP, Level.TOWNSHIP, below=county)
    people["superuser"] = Person.objects.create_superuser("root", None, name="超级用户")
    retired = _hired("retired", village)
    retired.retired_on = dt.date(2020, 1, 1)
    retired.save()
    people["retired"] = retired
    people["nobody"] = None
    return {name: people[name] for name in COLUMNS}


def of_the_record(entry: int) -> dict[str, tuple[str, dict[str, Any]]]:
    """The auditor's pages on an entry and on a checkpoint of it, as the access table asks for addresses."""
    signed = checkpoints.make(timezone.now())
    assert signed is not None
    numbers = {"entry": entry, "proof": entry, "checkpoint": signed.size, "checkpoint-note": signed.size}
    return {f"audit:{name}": (reverse(f"audit:{name}", args=[number]), {}) for name, number in numbers.items()}


def _neighbour(office: Office, level: Level, *, below: Area | None) -> Person:
    area = Area.plant(code=f"N{office}", name=f"邻{office.label}", level=level, parent=below)
    unit = Unit.objects.create(code=f"N-{office}", name=area.name, office=office, area=area)
    return _hired(f"neighbour-{office}", unit)


def _hired(username: str, unit: Unit) -> Person:
    person = Person.objects.create_user(username, None, name=username)
    Post.objects.create(person=person, unit=unit, title="经办", since=FOUNDED)
    return person
