"""A session ends when nothing was done for a while, and reading pages costs no writes to keep it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from config import idle

NOON = dt.datetime(2026, 3, 2, 12, 0, 5, tzinfo=dt.UTC)


def visit(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch, session: SessionStore, *, at: dt.datetime) -> bool:
    """Whether this visit would write the session, and so slide its end."""
    monkeypatch.setattr(timezone, "now", lambda: at)
    request: HttpRequest = rf.get("/")
    request.session = session
    session.modified = False
    idle.IdleMiddleware(lambda _: HttpResponse())(request)
    return session.modified


def test_alices_session_slides_once_a_minute(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    session = SessionStore()
    session[SESSION_KEY] = "1"
    assert visit(rf, monkeypatch, session, at=NOON)
    assert not visit(rf, monkeypatch, session, at=NOON + dt.timedelta(seconds=50))
    assert visit(rf, monkeypatch, session, at=NOON + dt.timedelta(seconds=60))


def test_a_stranger_gets_no_session(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    session = SessionStore()
    assert not visit(rf, monkeypatch, session, at=NOON)
    assert session.is_empty()


def test_half_an_hour_is_the_end() -> None:
    assert settings.SESSION_COOKIE_AGE == 30 * 60
