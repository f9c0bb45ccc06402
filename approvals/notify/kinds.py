"""The kinds of notification: what each says, and how it reaches one who has chosen nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows import calendar
from workflows.states import label
from workflows.words import act, listed


class Channel(models.TextChoices):
    """How a notification leaves the app; in the app it is shown always."""

    ONCE = "once", _("by mail at once")
    DIGEST = "digest", _("in the daily mail")
    NONE = "none", _("not by mail")


class Kind(models.TextChoices):
    """What a notification is about."""

    TRAY = "tray", _("A case in my unit's tray")
    LAID = "laid", _("A case on my own desk")
    HANDED = "handed", _("A case handed over to me")
    RETURNED = "returned", _("A case of mine returned")
    DECIDED = "decided", _("A case of mine ended")
    REMINDER = "reminder", _("Reminder of a term")
    ESCALATED = "escalated", _("A lapsed term brought before me")
    MEASURE = "measure", _("What the clock did after a lapsed term")
    URGED = "urged", _("A case urged")
    COPIED = "copied", _("A case copied to me")
    EMPTY = "empty", _("A case before an empty post below")
    VACANT = "vacant", _("A post below has fallen empty")
    FILLED = "filled", _("A post below is held again")


#: Who has chosen nothing is mailed at once only what has a term, and the rest once a day.
AT_ONCE = frozenset({Kind.REMINDER, Kind.ESCALATED, Kind.MEASURE})
#: What lies in a unit's tray is nobody's own yet: it stands in the daily mail or nowhere.
NEVER_AT_ONCE = frozenset({Kind.TRAY})


def usual(kind: str) -> Channel:
    """The channel of a kind for one who has chosen nothing."""
    return Channel.ONCE if kind in AT_ONCE else Channel.DIGEST


def channels(kind: str) -> list[Channel]:
    """The channels that one may choose for a kind."""
    return [channel for channel in Channel if channel != Channel.ONCE or kind not in NEVER_AT_ONCE]


SAID = {
    Kind.TRAY: _("Lies in your unit's tray: %(state)s."),
    Kind.LAID: _("Lies on your desk: %(state)s."),
    Kind.HANDED: _("%(by)s has handed it over to you."),
    Kind.RETURNED: _("Has come back to you: %(state)s."),
    Kind.DECIDED: _("Has come to its end: %(state)s."),
    Kind.REMINDER: _("Its term ends on %(due)s."),
    Kind.ESCALATED: _("Its term ended on %(due)s, and it still waits for %(unit)s."),
    Kind.MEASURE: _("%(act)s: its term ended on %(due)s."),
    Kind.URGED: _("%(by)s urges you to deal with it."),
    Kind.COPIED: _("%(by)s has sent you a copy: %(text)s"),
    Kind.EMPTY: _("Waits for %(unit)s, where nobody holds a post."),
    Kind.VACANT: _(
        "Nobody holds a post at %(unit)s. Cases waiting there: %(count)s; delays reported to it: %(raised)s. %(cases)s"
    ),
    Kind.FILLED: _("Somebody holds a post at %(unit)s again."),
}
#: Added where it was to be told at a desk at which nobody sits.
INSTEAD = _("It waits for %(empty)s, where nobody holds a post.")
#: A reminder of a draft that nobody has touched.
IDLE = _("Has lain as a draft for %(idle)s days.")
#: A reminder that comes after the term.
LAPSED = _("Its term ended on %(due)s.")


def told(kind: str, *, case_kind: str, facts: Mapping[str, Any], at: dt.datetime) -> str:
    """What a notification of ``at`` says, in the reader's language; what is not known stands as a dash."""
    given: dict[str, Any] = dict.fromkeys(("by", "due", "state", "text", "unit", "count", "raised", "act"), "—")
    given |= {"cases": "", **facts}
    if isinstance(given["cases"], list):
        given["cases"] = listed(given["cases"])
    if given["state"] != "—":
        given["state"] = label(case_kind, str(given["state"]))
    if given["act"] != "—":
        given["act"] = act(f"{case_kind}.{given['act']}")
    said = SAID[Kind(kind)]
    if kind == Kind.REMINDER and "idle" in facts:
        said = IDLE
    if facts.get("due"):
        due = dt.date.fromisoformat(facts["due"])
        given["due"] = calendar.last_day(due)
        if kind == Kind.REMINDER and due < timezone.localdate(at):
            said = LAPSED
    sentences = [said, INSTEAD] if facts.get("empty") else [said]
    return " ".join(gettext(str(one)) % given for one in sentences).strip()
