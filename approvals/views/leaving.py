"""Leaving: what somebody leaves behind, who follows, and the sheet that both sign (离岗交接)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from approvals import leaving as desks_left
from approvals import papers
from approvals.forms.people import LeavingForm
from approvals.views.acting import CONFLICT, UNPROCESSABLE
from approvals.views.common import holder_of
from audit.models import Entry
from workflows import handover
from workflows.models import Person
from workflows.offices import Office
from workflows.register import NotAllowed

#: So many cases of a post stand on the page; the sheet has them all.
SHOWN_MAX = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    """All that lies at a person's posts; handing it over, post by post."""
    at = timezone.now()
    by = holder_of(Office.SECADMIN, request, at=at)
    today, person = timezone.localdate(at), get_object_or_404(Person, pk=pk)
    left = desks_left.left_at(list(desks_left.posts_of(person, on=today)), at=at)
    form, status = LeavingForm(request.POST or None, posts=[one.post for one in left], by=by), 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            given = form.cleaned_data
            try:
                handover.hand_over(
                    by=by, person=person, to=form.successors, until=given["until"], reason=given["reason"], at=at,
                    lying=desks_left.lying_at(left),
                )  # fmt: skip
            except NotAllowed as refused:
                form.add_error(None, str(refused))
                status = CONFLICT
            else:
                desks_left.clear_left(at)
                messages.success(
                    request, _("Handed over, and written into the record. Print the sheet and have it signed.")
                )
                return redirect("leaving", pk)
    return render(request, "desks/leaving.html", _shown(person, left, form, today=today), status=status)


def _shown(person: Person, left: list[desks_left.Left], form: LeavingForm, *, today: dt.date) -> dict[str, Any]:
    opened = desks_left.opened_by(person)
    return {
        "person": person, "form": form, "today": today, "most": SHOWN_MAX,
        "left": [(one, form[f"post-{one.post.pk}"], one.tasks[:SHOWN_MAX]) for one in left],
        "loans": desks_left.loans_of(person, on=today),
        "opened": opened[:SHOWN_MAX], "opened_count": opened.count(),
        "sheets": [desks_left.sheet_of(entry) for entry in desks_left.sheets_of(person)],
    }  # fmt: skip


@login_required
@require_safe
def sheet_pdf(request: HttpRequest, entry: int) -> HttpResponse:
    """The sheet of a hand-over, to print and sign."""
    holder_of(Office.SECADMIN, request, at=timezone.now())
    row = get_object_or_404(Entry, pk=entry, act=desks_left.HAND_OVER)
    sheet = desks_left.sheet_of(row)
    try:
        content = papers.pdf("papers/hand_over.html", {"sheet": sheet})
    except papers.NoGlyph as lacking:
        messages.error(request, str(lacking))
        return redirect("leaving", sheet.person.pk)
    headers = {"Content-Disposition": f'inline; filename="hand-over-{row.seq}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
