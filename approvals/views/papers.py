"""A paper of a case, as the browser shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from approvals import papers
from approvals.views.common import the_case
from workflows.models import Case

Kind = TypeVar("Kind", bound=Case)


def case_paper(request: HttpRequest, pk: int, kind: type[Kind], make: Callable[[Kind], bytes]) -> HttpResponse:
    """The paper that ``make`` makes of a case of the kind; a character that cannot be printed is told on its page.

    Raises:
        Http404: there is no such case, or no such paper of it yet.
    """
    row = the_case(request, pk)
    if not isinstance(row, kind):
        raise Http404
    try:
        content = make(row)
    except LookupError as missing:
        raise Http404 from missing
    except papers.NoGlyph as lacking:
        messages.error(request, str(lacking))
        return redirect("case", pk)
    name = f'inline; filename="{make.__name__}-{row.number}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})
