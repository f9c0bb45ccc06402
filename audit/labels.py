"""Words for acts, states and kinds, from whoever knows them: the record itself knows only codes."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string


def label(kind: str, name: str) -> str:
    """The reader's word for a code.

    `kind` is "act", "kind", "edition", "money", "account", "outsider" or "state:<kind of case>". The setting
    AUDIT_LABELS names a callable of the same two arguments; without it, and for a code it does not know,
    the code itself.
    """
    path: str | None = getattr(settings, "AUDIT_LABELS", None)
    if not path or not name:
        return name
    words: Callable[[str, str], str] = import_string(path)
    return str(words(kind, name) or name)
