"""The account books as tables to take away, each line with the standing that it left."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.forms.money import PeriodForm
from approvals.views.books import the_project
from approvals.views.common import officer
from approvals.views.money import BAD_QUESTION
from audit import export
from funds.accountbook import Line, account_book
from funds.balances import COLUMNS
from workflows import access, words

#: More lines are no table that an office opens; a shorter period gives the rest.
LINES_MAX = 100_000


@login_required
@require_safe
def source_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A source's book on any period."""
    found = get_object_or_404(access.sources(officer(request), at=timezone.now()), pk=pk)
    return _answer(request, name=f"source-{found.pk}", source_id=found.pk)


@login_required
@require_safe
def case_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A project's book on any period."""
    project = the_project(request, pk)
    return _answer(request, name=str(project.number), case_id=project.pk)


def _answer(request: HttpRequest, *, name: str, **of: int) -> HttpResponseBase:
    form = PeriodForm(request.GET)
    first, last = form.days()
    if not form.is_valid():
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return HttpResponse(said, status=BAD_QUESTION, content_type="text/plain; charset=utf-8")
    book = account_book(first_day=first, last_day=last, limit=LINES_MAX, **of)
    headings = [_("happened at"), _("case"), _("number in the case"), _("act"), _("person"), _("on behalf of"),
                _("unit"), _("Why"), _("source"), _("Reason"), _("debit"), _("credit"),
                _("amount (yuan)")]  # fmt: skip
    columns = [*headings, *(f"{label} ({_('yuan')})" for label in COLUMNS.values())]
    return export.answer(export.table(columns, map(_cells, book.lines)), name=_("money-%s.csv") % name)


def _cells(line: Line) -> list[str | int | Decimal]:
    entry, when = line.entry, timezone.localtime(line.happened_at).isoformat(" ", "seconds")
    by: list[str | int | Decimal] = [_("no entry of the record"), *[""] * 5]
    if entry is not None:
        by = [entry.case_number, entry.seq, words.record("act", entry.act), entry.actor_name, entry.behalf_name,
              entry.unit_name]  # fmt: skip
    after = map(export.yuan, line.after.figures.values())
    return [
        when,
        *by,
        line.label,
        line.source.name,
        line.reason,
        line.debit,
        line.credit,
        export.yuan(line.fen),
        *after,
    ]
