"""What is public as data: JSON and CSV, the same fields as the pages, named in docs/public-data.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from itertools import islice
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from approvals.public.pages import found, read_only, the_project
from approvals.public.serializer import PublicMoney, PublicProject, notices, projects
from audit import export
from workflows.models import Project
from workflows.openness import public_notices

PAGE_ROWS = 200
#: Rows of a table that are read at once: each reading asks twice for their money.
READ_ROWS = 5000
OPEN_ADDRESS = {"Access-Control-Allow-Origin": "*"}
#: The columns of the table, in this order; the sources stand in one cell.
PLAIN = tuple(field.name for field in fields(PublicProject) if field.name not in ("money", "sources"))
MONEY = tuple(field.name for field in fields(PublicMoney))


@read_only()
def projects_json(request: HttpRequest) -> HttpResponseBase:
    """The public projects that the address asks for."""
    page = Paginator(found(request), PAGE_ROWS).get_page(request.GET.get("page"))
    return _json(request, page, "projects", [asdict(one) for one in projects(page)])


@read_only()
def notices_json(request: HttpRequest) -> HttpResponseBase:
    """The notices that hang or have hung."""
    page = Paginator(public_notices().order_by("-running_since", "-pk"), PAGE_ROWS).get_page(request.GET.get("page"))
    return _json(request, page, "notices", [asdict(one) for one in notices(page)])


@read_only()
def project_json(request: HttpRequest, number: str) -> HttpResponseBase:
    """One project and its notices."""
    row = the_project(number)
    [shown] = projects([row])
    mine = [asdict(one) for one in notices(public_notices().filter(root_id=row.pk))]
    return _answer({**asdict(shown), "notices": mine})


@read_only()
def projects_csv(request: HttpRequest) -> HttpResponseBase:
    """The public projects that the address asks for as a table."""
    rows = found(request).iterator(chunk_size=READ_ROWS)
    return export.answer(
        export.table([*PLAIN, *MONEY, "sources"], _lines(rows)), name="projects.csv", headers=OPEN_ADDRESS
    )


def _lines(rows: Iterable[Project]) -> Iterator[list[Any]]:
    left = iter(rows)
    while some := list(islice(left, READ_ROWS)):
        for one in projects(some):
            money = [getattr(one.money, name) for name in MONEY]
            sources = "; ".join(f"{source.name} {source.amount_fen}" for source in one.sources)
            yield [*(_cell(getattr(one, name)) for name in PLAIN), *money, sources]


def _cell(value: Any) -> str | int:
    """Numbers as they are, everything else as text: dates as JSON writes them."""
    return value if isinstance(value, int) else "" if value is None else str(value)


def _json(request: HttpRequest, page: Page[Any], name: str, rows: list[dict[str, Any]]) -> HttpResponseBase:
    """A page of rows, and where the next one is."""
    more = None
    if page.has_next():
        asked = request.GET.copy()
        asked["page"] = str(page.next_page_number())
        more = f"{request.path}?{asked.urlencode()}"
    return _answer({name: rows, "count": page.paginator.count, "next": more})


def _answer(content: dict[str, Any]) -> JsonResponse:
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False}, headers=OPEN_ADDRESS)
