"""The first page of the auditor's desk: what in his county wants a look today, the worst first. It only reads."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Count, Exists, Model, OuterRef, QuerySet, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from approvals.inspection import checks, flags, looks
from approvals.models import WAITING, DeskTask
from approvals.views.common import officer
from approvals.views.rows import SHOWN, Row
from audit import checkpoints, saved
from audit.views import readers_only
from workflows import access, standstill
from workflows.checks import Severity
from workflows.flags import verdicts
from workflows.reach import Reach

#: So many rows of each heap; behind each stands the page that has them all.
HEAP_ROWS = 6
#: The checks are made on so many projects, those that were acted on last; their own page reads more.
PROJECTS_MAX = 50
Heaped = TypeVar("Heaped", bound=Model)


def heap(found: QuerySet[Heaped]) -> tuple[list[Heaped], int]:
    """The first rows of a heap, and how many there are in all; one query."""
    rows = list(found.annotate(in_all=Window(Count("pk")))[:HEAP_ROWS])
    return rows, rows[0].__dict__["in_all"] if rows else 0


@readers_only
def overview(request: HttpRequest) -> HttpResponse:
    """Open flags, findings of the checks, what is overdue on which desk, the last checkpoint, searches kept."""
    at, person = timezone.now(), officer(request)
    raised = [one for one in flags.seen_by(person, at=at) if one.state == verdicts.OPEN]
    looked = checks.seen_by(person, at=at, projects_max=PROJECTS_MAX).findings
    found = [one for one in looked if one.check.severity != Severity.NOTE]
    visible = access.visible(person, at=at)
    late = DeskTask.objects.filter(
        # Asked of each task that waits, which are few, and not of every case that he sees.
        Exists(visible.filter(pk=OuterRef("process__case_id"))),
        status__in=WAITING,
        process__case__due_at__lt=at,
        process__case__paused_at__isnull=True,
    )
    longest, late_count = heap(late.select_related(*SHOWN).order_by("process__case__due_at", "pk"))
    stands, still_count = heap(standstill.still(visible, on=timezone.localdate(at)).select_related("unit"))
    last, since = checkpoints.last_and_since()
    own, shared = saved.parted(Reach(person, at=at).searches(), owner_id=person.pk)
    context = {
        "at": at, "flags": raised[:HEAP_ROWS], "flags_count": len(raised),
        "findings": found[:HEAP_ROWS], "findings_count": len(found),
        "late": [Row.of(task, at=at) for task in longest], "late_count": late_count,
        "still": [(case, standstill.reason(case).label) for case in stands], "still_count": still_count,
        "looked": looks.told(at), "last": last, "since": since, "saved": [*own, *shared],
    }  # fmt: skip
    return render(request, "inspection/overview.html", context)
