"""Signs a person out who has done nothing for a while (GB/T 22239-2019 8.1.4.1)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

SEEN_KEY = "seen_minute"


class IdleMiddleware:
    """Slides the session's end forward, at most once a minute.

    SESSION_SAVE_EVERY_REQUEST would do the same, but turn every page read into a database write.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        minute = int(timezone.now().timestamp()) // 60
        if SESSION_KEY in request.session and request.session.get(SEEN_KEY) != minute:
            request.session[SEEN_KEY] = minute
        return self.get_response(request)
