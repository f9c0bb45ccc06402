"""Account books: of a source of funds, of a project; the project's also as a paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals import papers, picture
from approvals.forms.money import PeriodForm
from approvals.views.common import number_of, officer, the_case
from approvals.views.money import BAD_QUESTION, purpose
from approvals.views.sources import ready_acts
from audit.models import Entry
from funds import idle
from funds.accountbook import Book, Line, account_book
from funds.balances import Standing, balance, by_project, until
from workflows import access, words
from workflows.models import Area, Case, Project

PAGE_ROWS = 50
#: More would keep the reader waiting for minutes and be read by nobody.
PAPER_LINES_MAX = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A line of the book in the reader's words."""

    line: Line
    act: str
    #: The project, where the book is a source's; None also where the reader may not see it.
    project: Case | None


@login_required
@require_safe
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """A source's account book on any period, and its projects."""
    at, person = timezone.now(), officer(request)
    found = get_object_or_404(access.sources(person, at=at), pk=pk)
    form = PeriodForm(request.GET)
    first, last = form.days()
    on = last or timezone.localdate(at)
    standing = balance(on=on, source_id=pk).sources.get(found, Standing())
    context: dict[str, Any] = {
        "source": found,
        "purpose": purpose(found),
        "form": form,
        "on": on,
        "standing": standing,
        "picture": picture.draw([picture.of_source(found, standing)], title=found.name),
        "acts": ready_acts(found, person, at=at),
        "reads_record": person.has_perm("audit.view_entry"),
    }
    if request.GET.get("tab") == "projects":
        page = Paginator(list(by_project(on=on, source_id=pk).items()), PAGE_ROWS).get_page(request.GET.get("page"))
        seen = access.visible(person, at=at).in_bulk([case_id for case_id, _standing in page])
        context |= {"tab": "projects", "page": page}
        context["projects"] = [(seen.get(case_id), stands) for case_id, stands in page]
    else:
        book, page_of = _page(request, source_id=pk, first_day=first, last_day=last)
        seen = access.visible(person, at=at).in_bulk({line.case_id for line in book.lines if line.case_id})
        context |= {"tab": "book", "book": book, "page": page_of, "lines": _shown(book.lines, seen)}
    return render(request, "money/source.html", context, status=200 if form.is_valid() else BAD_QUESTION)


@login_required
@require_safe
def case_money(request: HttpRequest, pk: int) -> HttpResponse:
    """A project's account book and its picture."""
    project, form = the_project(request, pk), PeriodForm(request.GET)
    first, last = form.days()
    on = last or timezone.localdate()
    stands = balance(on=on, case_id=pk)
    book, page = _page(request, case_id=pk, first_day=first, last_day=last)
    rows = picture.of_project(project, stands)
    mine = access.sources(officer(request), at=timezone.now())
    context = {
        "case": project,
        "form": form,
        "on": on,
        "stands": stands,
        "picture": picture.draw(rows, title=_("Money of %(project)s") % {"project": project.title}),
        "ages": idle.labels(),
        "lies": idle.of_projects(on=on, case_id=pk).get(pk),
        "book": book,
        "page": page,
        "lines": _shown(book.lines, {}),
        "reads_record": officer(request).has_perm("audit.view_entry"),
        "readable": set(mine.filter(pk__in=[s.pk for s in stands.sources]).values_list("pk", flat=True)),
    }
    return render(request, "money/case.html", context, status=200 if form.is_valid() else BAD_QUESTION)


@login_required
@require_safe
def case_money_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a paper: the same bytes for the same day, books and language."""
    project, form = the_project(request, pk), PeriodForm(request.GET)
    first, last = form.days()
    if not form.is_valid():
        return case_money(request, pk)
    on = last or timezone.localdate()
    book = account_book(case_id=pk, first_day=first, last_day=on, limit=PAPER_LINES_MAX + 1)
    if len(book.lines) > PAPER_LINES_MAX:
        said = _("A paper holds at most %(most)s lines of the account book; choose a shorter period.")
        messages.warning(request, said % {"most": PAPER_LINES_MAX})
        return redirect("case-money", pk)
    rows = picture.of_project(project, balance(on=on, case_id=pk))
    areas = Area.objects.filter(code__in=project.area.codes).order_by("path").values_list("name", flat=True)
    context = {
        "case": project,
        "places": " ".join(areas),
        "first": first,
        "on": on,
        "picture": picture.draw(rows, title=_("Money of %(project)s") % {"project": project.title}),
        "book": book,
        "lines": _shown(book.lines, {}),
        "entry": last_entry(project, on=on),
    }
    try:
        made = papers.pdf("papers/project_money.html", context)
    except papers.NoGlyph as lacking:
        messages.error(request, str(lacking))
        return redirect("case-money", pk)
    name = f'attachment; filename="{project.number}-{on.isoformat()}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})


def the_project(request: HttpRequest, pk: int) -> Project:
    """The project of that number.

    Raises:
        Http404: there is none that the reader may see, or the case is a sub-case, which has no books.
    """
    case = the_case(request, pk)
    if not isinstance(case, Project):
        raise Http404
    return case


def last_entry(project: Project, *, on: dt.date) -> Entry | None:
    """The last entry of the project's family by the end of a day: what a paper of that day stands on."""
    known = Entry.objects.filter(root_id=project.pk, happened_at__lt=until(on))
    return known.order_by("-id").first()


def _page(request: HttpRequest, **of: Any) -> tuple[Book, Page[int]]:
    """The lines of the page asked for, the last one where it asks for more than there are."""
    asked = max(1, number_of(request.GET.get("page")) or 1)
    book = account_book(offset=(asked - 1) * PAGE_ROWS, limit=PAGE_ROWS, **of)
    page = Paginator(range(book.count), PAGE_ROWS).get_page(asked)
    if page.number != asked:
        book = account_book(offset=(page.number - 1) * PAGE_ROWS, limit=PAGE_ROWS, **of)
    return book, page


def _shown(lines: Sequence[Line], projects: dict[int, Case]) -> list[Shown]:
    return [
        Shown(
            line=line,
            act=words.record("act", line.entry.act) if line.entry else "",
            project=projects.get(line.case_id or 0),
        )
        for line in lines
    ]
