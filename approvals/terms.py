"""A term as a badge says it: how long until its last day or since, and whose days they are where that is not plain."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflows import calendar
from workflows.models import Case
from workflows.states import RectificationState


@dataclass(frozen=True, kw_only=True, slots=True)
class Badge:
    """The look and the words of a badge."""

    look: str
    text: str
    #: Behind the text, where no date stands beside the badge that says so itself.
    mark: str = ""


def badge(due_at: dt.datetime | None, at: dt.datetime, *, case: Case | None = None) -> Badge:
    """How long until, or since, a deadline; for ``case`` also whose days are counted, where another's run beside."""
    if due_at is None:
        return Badge(look="", text=_("no term"))
    last = timezone.localdate(due_at)
    days = (last - timezone.localdate(at)).days
    if at > due_at:
        late = max(-days, 1)
        look, text = "b-over", ngettext("%(days)s day overdue", "%(days)s days overdue", late) % {"days": late}
    elif days == 0:
        look, text = "b-soon", _("due today")
    else:
        look = "b-soon" if days <= 7 else "b-calm"
        text = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    if case is not None and under_verification(case):
        text = _("verification: %(term)s") % {"term": text}
    return Badge(look=look, text=text, mark=calendar.provisional(last))


def under_verification(case: Case) -> bool:
    """Whether the evidence of an order waits for its verdict: then the verifier's days run, not the addressee's."""
    return case.kind == "rectification" and case.state == RectificationState.SUBMITTED
