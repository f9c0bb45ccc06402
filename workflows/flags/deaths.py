"""The register of deaths, as the civil affairs bureau hands it over: identity number or its print, day of death."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from workflows.household import prints
from workflows.household.identity import is_identity


class NotARegister(ValueError):
    """A line says neither a number nor its print, or no day; the message names the line."""


def register() -> dict[str, dt.date]:
    """The register that the settings name (DEATH_REGISTER), by print; empty where they name none."""
    path = settings.DEATH_REGISTER
    return dict(read(Path(path))) if path else {}


def read(path: Path) -> Iterator[tuple[str, dt.date]]:
    """Print -> day of death, under every key in use.

    Two columns, no heading: an identity number or the print of one, and the day as 2026-03-01.

    Raises:
        NotARegister: a line is neither.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for n, cells in enumerate(csv.reader(lines), 1):
            if not cells:
                continue
            try:
                who, day = cells[0].strip().upper(), dt.date.fromisoformat(cells[1].strip())
            except (IndexError, ValueError) as error:
                raise NotARegister(f"{path.name}:{n}") from error
            if is_identity(who):
                yield from ((one, day) for one in prints.of_number(who))
            elif len(who) == prints.LENGTH:
                yield who.lower(), day
            else:
                raise NotARegister(f"{path.name}:{n}")
