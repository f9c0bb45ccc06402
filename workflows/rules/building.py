"""Rules of the works: the sign-board at the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflows import calendar
from workflows.law import Call, Unmet, Verdict, rule

if TYPE_CHECKING:
    from workflows.lifecycles.project import Project

BOARD = _("Seven Systems no. 3 (公示制); rulebook, sign_board")


@rule("W-01", BOARD,
      _("The sign-board stands since a day between the start of the works and today, shown by one photo."),
      remedy=_("Attach one photo and enter the day on which it was really put up."), reads_form=True)  # fmt: skip
def board_is_shown(project: Project, call: Call) -> Verdict:
    started, today = project.started_on, timezone.localdate(call.at)
    return len(call.files) == 1 and (started or today) <= call.data.posted_on <= today


@rule("W-02", BOARD, _("The sign-board was due by %(until)s; a later one needs a reason."),
      remedy=_("Write why it was put up late."), reads_form=True)  # fmt: skip
def late_board_is_explained(project: Project, call: Call) -> Verdict:
    """It must be put up all the same, so lateness is explained and not refused."""
    until = project.board_due_on
    return (
        until is None
        or call.data.posted_on <= until
        or bool(call.reason.strip())
        or Unmet(until=calendar.last_day(until))
    )


@rule("W-03", BOARD, _("The works have no sign-board, which was due by %(until)s."),
      remedy=_("Put it up and record it with a photo."))  # fmt: skip
def board_stands(project: Project, call: Call) -> Verdict:
    until = project.board_due_on
    return until is None or project.board_posted_on is not None or Unmet(until=calendar.last_day(until))
