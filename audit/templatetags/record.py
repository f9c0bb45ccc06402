"""Words and amounts of the record in the auditor's pages."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from audit import export, labels, paging
from audit.models import Entry

register = template.Library()


@register.filter
def act_label(entry: Entry) -> str:
    """The act in the reader's words."""
    return labels.label("act", entry.act)


@register.filter
def kind_label(entry: Entry) -> str:
    """The kind of case in the reader's words."""
    return labels.label("kind", entry.case_kind)


@register.filter
def from_label(entry: Entry) -> str:
    """The state before, in the reader's words."""
    return labels.label(f"state:{entry.case_kind}", entry.state_from)


@register.filter
def to_label(entry: Entry) -> str:
    """The state after, in the reader's words."""
    return labels.label(f"state:{entry.case_kind}", entry.state_to)


@register.filter
def edition_label(edition: str) -> str:
    """The rulebook and its edition in the reader's words."""
    return labels.label("edition", edition)


@register.filter
def money_label(kind: str) -> str:
    """What a transfer did, in the reader's words."""
    return labels.label("money", kind)


@register.filter
def account_label(code: str) -> str:
    """What the money of an account is, in the reader's words."""
    return labels.label("account", code)


@register.filter
def actor(entry: Entry) -> str:
    """Who acted; an outsider without account, such as the clock, in the reader's words."""
    return entry.actor_name if entry.actor_id is not None else labels.label("outsider", entry.post)


@register.filter
def post_title(post: str) -> str:
    """The post as people call it: what follows the codes of office and unit; none for an outsider."""
    return post.partition(" ")[2] or (post if "@" in post else "")


@register.filter
def counted(count: int) -> str:
    """A number of rows, where counting may have stopped (`audit.paging`)."""
    most = paging.COUNTED_MAX
    return _("more than %(count)d") % {"count": most} if count > most else str(count)


@register.filter
def amount_yuan(amount_fen: int | None) -> str:
    """An amount of fen in yuan with thousands separators; empty where there is none."""
    return "" if amount_fen is None else f"{export.yuan(amount_fen):,}"
