"""Pages that are only read ask once who the reader is; requests that act ask every time."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from workflows.offices import seats_remembered

SAFE = ("GET", "HEAD")


class ReadingMiddleware:
    """A case page asks of some forty acts whether the reader may do them; his posts are the same for all of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE:
            return self.get_response(request)
        with seats_remembered():
            return self.get_response(request)
