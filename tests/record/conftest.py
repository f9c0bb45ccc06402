from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from tests.record import cases


@pytest.fixture(autouse=True)
def _cases_that_remember(settings: object, tmp_path: Path) -> Iterator[None]:
    cases.REMEMBERED.clear()
    settings.AUDIT_HEADS = "tests.record.cases.heads"  # type: ignore[attr-defined]
    settings.AUDIT_LABELS = None  # type: ignore[attr-defined]
    settings.AUDIT_CHECKS = ("audit.kept_figures.differences",)  # type: ignore[attr-defined]
    settings.CHECKPOINT_DIR = tmp_path  # type: ignore[attr-defined]
    with translation.override("en"):
        yield
