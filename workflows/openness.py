"""What everybody may see without a name (政务公开): projects, notices and pictures that are public. Decided here alone.

A project is public from the day it goes on notice, and stays so whatever becomes of it. One that never got there is
public only if a notice about it hung: what was once posted in the village is no secret afterwards.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Case as Which
from django.db.models import Exists, OuterRef, Q, QuerySet, When

from workflows.cases import Attachment, Case
from workflows.criticism import Criticism
from workflows.lifecycles import Notice, Project, Rectification
from workflows.states import MeasurementState, NoticeState, RectificationState
from workflows.states import ProjectState as S

#: Where a project has been on notice, by the road itself.
PUBLISHED = (
    S.ON_NOTICE, S.APPROVED, S.PROCURING, S.CONTRACTED, S.BUILDING, S.COMPLETED, S.UNDER_AUDIT, S.UNDER_ACCEPTANCE,
    S.ACCEPTED, S.HANDED_OVER, S.CLOSED, S.SUSPENDED, S.RECTIFYING, S.TERMINATED,
)  # fmt: skip
#: The one kind of paper that shows the site, its board and what was measured, and nobody's papers.
PUBLIC_PAPER = "photos"
PICTURES = ("image/jpeg", "image/png")


def public_projects() -> QuerySet[Project]:
    """The projects that everybody may see."""
    hung = Notice.objects.filter(root_id=OuterRef("pk"), running_since__isnull=False)
    return Project.objects.filter(Q(state__in=PUBLISHED) | Exists(hung))


def public_notices() -> QuerySet[Notice]:
    """The notices that hang or have hung; one that is only prepared is nobody's business yet."""
    return Notice.objects.filter(running_since__isnull=False)


def notices_on(*, at: dt.datetime) -> QuerySet[Notice]:
    """The notices to which anybody may still object: their last day has not passed, or an objection holds it."""
    held = Q(paused_since__isnull=False)
    return public_notices().filter(Q(due_at__gte=at) | held, state=NoticeState.RUNNING)


def notices_over(*, at: dt.datetime) -> QuerySet[Notice]:
    """The notices whose term has run, also those that the office has still to close."""
    return public_notices().exclude(pk__in=notices_on(at=at).values("pk"))


def public_criticisms(project: Case | None = None) -> QuerySet[Criticism]:
    """The terms that lapsed and were criticised in public (通报), newest first: of a project's family, or of all."""
    found = Criticism.objects.select_related("unit", "case__rectification", "case__root")
    if project is not None:
        return found.filter(Q(case_id=project.pk) | Q(case__root_id=project.pk))
    public = public_projects().order_by().values("pk")
    return found.filter(Q(case_id__in=public) | Q(case__root_id__in=public))


def public_listings(project: Case | None = None) -> QuerySet[Rectification]:
    """The orders listed for supervision (挂牌督办) where the rulebook published it: those still listed first."""
    listed = Rectification.objects.filter(listing_public=True, listed_at__isnull=False)
    if project is not None:
        listed = listed.filter(root_id=project.pk)
    shown = listed.select_related("addressee", "root").prefetch_related("items")
    return shown.order_by(Which(When(state=RectificationState.VERIFIED, then=1), default=0), "-listed_at", "-pk")


def public_pictures(project: Project) -> QuerySet[Attachment]:
    """Photos of a project's site, board and signed measurements.

    The photos of postings are left out: a village board shows other papers, too, and the names on them.
    """
    of_site = Q(case_id=project.pk)
    of_works = Q(case__root_id=project.pk, case__kind="measurement", case__state=MeasurementState.SIGNED)
    return Attachment.objects.filter(of_site | of_works, paper=PUBLIC_PAPER, media_type__in=PICTURES)
