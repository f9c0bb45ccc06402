"""What the database itself refuses to change about the cases: see audit.immutability."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import connection

from audit import checks

#: What an office signed in a special audit, and what was drawn there.
GUARDED: Final = ("workflows_auditsection", "workflows_auditsample")


def differences() -> Iterator[str]:
    """A line for each trigger that is missing, altered or none of ours: for ``manage.py audit verify``."""
    yield from checks.triggers(connection, *GUARDED)
