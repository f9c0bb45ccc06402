"""How often somebody without a name may speak: by address and by case, without puzzles and without keeping addresses.

A puzzle (captcha) keeps out the old man with his first telephone before it keeps out a machine. What is kept of an
address is a keyed digest that changes every day: enough to count with, nothing to find anybody by.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class TooOften(Exception):
    """More was said from here, or about this, than one person says; the message says what to do instead."""


class Knock(models.Model):
    """That somebody spoke. Gone after a day."""

    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["digest", "at"]), models.Index(fields=["at"])]
        verbose_name = _("knock at the public site")

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.at:%Y-%m-%d %H:%M}"


def knock(*, address: str, about: int, at: dt.datetime) -> None:
    """Count one who speaks from an address about a case.

    Each knock is written before it is counted, so that many at once do not slip through together. An address that is
    too loud is not counted against the case: it cannot keep others from speaking about it.

    Raises:
        TooOften: it is one too many.
    """
    Knock.objects.filter(at__lt=at - DAY).delete()
    day = at.date().isoformat()
    of_address, of_case = _digest(f"address {day} {address}"), _digest(f"case {about}")
    if _count(of_address, since=at - HOUR, at=at) > settings.PUBLIC_SAYS_OF_ADDRESS_HOUR_MAX:
        raise TooOften(_("Very much was sent from your connection within an hour. Try again in an hour, or telephone."))
    if _count(of_case, since=at - DAY, at=at) > settings.PUBLIC_SAYS_ABOUT_CASE_DAY_MAX:
        raise TooOften(_("Very much was said about this today. Please telephone, or write to the address given."))


def _count(digest: str, *, since: dt.datetime, at: dt.datetime) -> int:
    Knock.objects.create(digest=digest, at=at)
    return Knock.objects.filter(digest=digest, at__gt=since).count()


def _digest(what: str) -> str:
    return salted_hmac("approvals.public.knocks", what, algorithm="sha256").hexdigest()
