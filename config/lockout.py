"""When failed log-ins lock a door, and whose door it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.http import HttpRequest


class TwoLimitsHandler(AxesDatabaseHandler):
    """Locks a name at one address early, the name everywhere late.

    A low limit on the name alone would let anyone lock out a colleague from the next desk; without
    any limit on it, a guesser would change his address after every few tries.
    """

    def get_failures(self, request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> int:
        """Failures in the unit of AXES_FAILURE_LIMIT, which is the limit of the name alone."""
        weight = settings.LOGIN_FAILURES_OF_NAME_MAX / settings.LOGIN_FAILURES_OF_NAME_AT_ADDRESS_MAX
        return max(
            int(sum(attempts.values_list("failures_since_start", flat=True)) * factor)
            for attempts, factor in zip(self.get_user_attempts(request, credentials), (weight, 1), strict=True)
        )


def client_address(request: HttpRequest) -> str:
    """The address that knocked: the one our outermost own proxy saw, never one the client claims.

    PROXY_COUNT proxies of ours each append the address they saw to X-Forwarded-For.
    """
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < settings.PROXY_COUNT <= len(seen) and seen[-settings.PROXY_COUNT]:
        return seen[-settings.PROXY_COUNT]
    return str(request.META.get("REMOTE_ADDR", ""))
