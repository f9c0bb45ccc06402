"""Rows that several workers share out among themselves."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def held(rows: models.QuerySet[M], limit: int) -> models.QuerySet[M]:
    """Rows that nobody else is at, the oldest first, held until the transaction ends."""
    return rows.order_by("id").select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit]
