"""Filters `yuan`, `in_yuan` and `wan`: Django's Chinese locale has no thousands separator."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from funds import money

register = template.Library()
NOTHING = "—"


@register.filter
def yuan(fen: int | str | None) -> str:
    """`{{ project.grant_fen|yuan }}` -> 288,204.00; a dash where no amount is known."""
    return NOTHING if fen is None or fen == "" else money.yuan(fen)  # type: ignore[arg-type]


@register.filter
def in_yuan(fen: int | str | None) -> str:
    """`{{ project.grant_fen|in_yuan }}` -> 288,204.00 yuan, in the reader's language; a dash as for :func:`yuan`."""
    return NOTHING if fen is None or fen == "" else _("%(amount)s yuan") % {"amount": money.yuan(fen)}  # type: ignore[arg-type]


@register.filter
def wan(fen: int | str | None) -> str:
    """`{{ project.grant_fen|wan }}` -> 28.8204; a dash where no amount is known."""
    return NOTHING if fen is None or fen == "" else money.wan(fen)  # type: ignore[arg-type]
