"""The door's own witness: logins by signal, refusals and files taken out by what a request was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote_plus

from axes.helpers import get_client_ip_address
from axes.signals import user_locked_out
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from audit.access import REFUSED, Kind, note, reading

#: Routes whose number is a case's.
CASES = ("cases/", "audit/cases/", "inspect/asof/", "inspect/compare/", "inspect/cases/",
         "inspect/timeline/")  # fmt: skip
#: An address may hold a number that no column does.
NUMBER_MAX = 2**63 - 1


class GateMiddleware:
    """Writes down, for who is logged in, each refusal, each file that leaves, and what of people was shown.

    A write that fails fails the request: nothing is read or taken out unseen.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with reading() as counted:
            response = self.get_response(request)
        for kind, detail in _told(request, response, counted):
            if request.user.is_authenticated:
                witness(request, response, kind, detail=detail)
        return response


def _told(request: HttpRequest, response: HttpResponseBase, counted: Counter[str]) -> Iterator[tuple[Kind, str]]:
    # An address that is none of ours refuses nobody anything.
    if response.status_code in REFUSED and request.resolver_match is not None:
        yield Kind.REFUSED, " ".join(getattr(response, "rules", ()))
    # What was opened only to be compared and answered with a redirect was read by nobody.
    if counted and not 300 <= response.status_code < 400:
        yield Kind.PERSONAL, " ".join(f"{what}:{count}" for what, count in sorted(counted.items()))
    if response.status_code < 300 and response.has_header("Content-Disposition"):
        yield Kind.EXPORT, unquote_plus(request.GET.urlencode())


def witness(request: HttpRequest, response: HttpResponseBase, kind: Kind, *, detail: str) -> None:
    """Write down what the reader of this request did or was refused."""
    match, user = request.resolver_match, request.user
    number = match.kwargs.get("pk", match.kwargs.get("case_id")) if match and match.route.startswith(CASES) else None
    if number is not None and number > NUMBER_MAX:
        number = None
    note(
        kind, at=timezone.now(), person_id=user.pk, person_name=str(user), address=_address(request),
        asked=f"{request.method} {request.path}", case_id=number, status=response.status_code, detail=detail,
    )  # fmt: skip


def _address(request: HttpRequest | None) -> str:
    return str(get_client_ip_address(request) or "") if request else ""


def _came(sender: Any, request: HttpRequest | None, user: Any, **_more: Any) -> None:
    note(Kind.LOGIN, at=timezone.now(), person_id=user.pk, person_name=str(user), address=_address(request))


def _left(sender: Any, request: HttpRequest | None, user: Any, **_more: Any) -> None:
    if user is not None:
        note(Kind.LOGOUT, at=timezone.now(), person_id=user.pk, person_name=str(user), address=_address(request))


def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any) -> None:
    _knocked(Kind.FAILED, credentials.get("username"), request)


def _locked(sender: Any, request: HttpRequest | None, username: str | None, **_more: Any) -> None:
    _knocked(Kind.LOCKED, username, request)


def _knocked(kind: Kind, username: str | None, request: HttpRequest | None) -> None:
    """Only a name that some account bears is written down: people type passwords where the name belongs."""
    known = get_user_model()._default_manager.filter(username=username or "").first()
    note(
        kind, at=timezone.now(), address=_address(request), person_id=known.pk if known else None,
        person_name=str(known) if known else "",
    )  # fmt: skip


def listen() -> None:
    """Hear of logins; once, when the application starts."""
    user_logged_in.connect(_came, dispatch_uid="access_came")
    user_logged_out.connect(_left, dispatch_uid="access_left")
    user_login_failed.connect(_failed, dispatch_uid="access_failed")
    user_locked_out.connect(_locked, dispatch_uid="access_locked")
