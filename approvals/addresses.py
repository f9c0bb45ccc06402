"""Our addresses as they are found from outside: in mails and on sign-boards."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def absolute(route: str, *parts: int | str) -> str:
    """The whole address of a page."""
    return settings.PUBLIC_URL.rstrip("/") + reverse(route, args=parts)
