"""Cases that no clock brings on: drafts of an empty village, suspended projects, waits without a term.

They break no rule, so no reminder and no report names them. Who looks over the county has to see that they stand still.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from workflows import vacancy
from workflows.cases import Case
from workflows.rulebook.schema import Rulebook
from workflows.states import ProjectState, running

DRAFT = ProjectState.DRAFT.value
#: A maker is reminded of an idle draft so often, each time after the same number of days, and then no more.
IDLE_REMINDERS_MAX = 3


class Why(models.TextChoices):
    """Why nothing brings a case on."""

    EMPTY_DRAFT = "empty_draft", _("draft of a unit in which nobody holds a post")
    SUSPENDED = "suspended", _("suspended")
    NO_TERM = "no_term", _("waits without a term")


def still(cases: QuerySet[Case], *, on: dt.date) -> QuerySet[Case]:
    """Those of ``cases`` that stand still, the longest first, each with its reason as ``why`` (:class:`Why`)."""
    sits = Exists(vacancy.manned(on).filter(unit_id=OuterRef("unit_id")))
    draft = Q(state=DRAFT)
    reasons = models.Case(
        When(Q(~sits) & draft, then=Value(Why.EMPTY_DRAFT.value)),
        When(kind="project", state=ProjectState.SUSPENDED, then=Value(Why.SUSPENDED.value)),
        When(~draft & Q(due_at__isnull=True), then=Value(Why.NO_TERM.value)),
        default=Value(""),
        output_field=models.CharField(),
    )
    found: QuerySet[Case] = cases.filter(running()).annotate(why=reasons).exclude(why="")
    return found.order_by("state_since", "pk")


def reason(case: Case) -> Why:
    """Why a case of :func:`still` stands still."""
    return Why(case.__dict__["why"])


def idle_draft_days(book: Rulebook) -> int | None:
    """After how many days without an act the maker of a draft is reminded of it; none where the rulebook says none."""
    days = book.clock.remind_idle_draft_days if book.clock else None
    return days.value if days else None


def idle_drafts(edition_id: int, *, days: int, at: dt.datetime) -> QuerySet[Case]:
    """Drafts of an edition that nobody has touched for ``days``, and that have not outlasted their last reminder."""
    since = at - dt.timedelta(days=days)
    until = at - dt.timedelta(days=days * (IDLE_REMINDERS_MAX + 1))
    return Case.objects.filter(edition_id=edition_id, state=DRAFT, touched_at__lte=since, touched_at__gt=until)
