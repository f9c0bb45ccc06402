"""The auditor's pages: search, one entry, one case, export. They only read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit import chain, journal, net, paging, reach, saved, takeout
from audit.models import Checkpoint, Entry, Leaf
from audit.search import SearchForm
from audit.verify import hash_holds

#: The one right that opens these pages; the desks grant it to auditor, discipline and security.
RIGHT = "audit.view_entry"

View = Callable[..., HttpResponseBase]


def only_with(right: str, *methods: str) -> Callable[[View], View]:
    """Only for who holds the right, and by reading unless other methods are named.

    A stranger goes to the login, others get 403.
    """

    def guard(view: View) -> View:
        @require_http_methods(methods or ("GET", "HEAD"))
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


readers_only = only_with(RIGHT)


def readable(request: HttpRequest) -> reach.Reach:
    """What the reader of the page may read at all."""
    return reach.of(request.user, right=RIGHT, at=timezone.now())


@readers_only
def search(request: HttpRequest) -> HttpResponse:
    """History by case, person, unit, act and period, newest first."""
    form, within = SearchForm(request.GET), readable(request)
    page = paging.page_asked(form.found(within.entries()), request.GET)
    own, others = saved.parted(within.searches(), owner_id=request.user.pk or 0)
    given = request.GET.copy()
    for name in ("before", "after"):
        given.pop(name, None)
    context = {
        "form": form, "page": page, "counted_max": paging.COUNTED_MAX, "formats": takeout.FORMATS, "saved": own,
        "shared": others, "query": given.urlencode() if form.is_valid() and any(given.values()) else "",
    }  # fmt: skip
    return render(request, "audit/search.html", context, status=200 if form.is_valid() else 400)


@readers_only
def download(request: HttpRequest, form_name: str = "csv") -> HttpResponseBase:
    """What the same search found, in one of the forms in which the record is taken out, streamed."""
    form_of_file = takeout.FORMATS.get(form_name)
    if form_of_file is None:
        raise Http404
    form = SearchForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "page": paging.page(Entry.objects.none())}
        return render(request, "audit/search.html", context, status=400)
    name = f"{_('record')}-{timezone.localdate().isoformat()}.{form_of_file.suffix}"
    pieces = form_of_file.write(form.found(readable(request).entries()))
    return _file(takeout.as_bytes(pieces), name=name, media_type=form_of_file.media_type)


@readers_only
def models(request: HttpRequest) -> HttpResponse:
    """What may follow what in each kind of case, as files with which an event log is compared."""
    nets = [net.of_kind(kind) for kind in net.kinds()]
    return render(request, "audit/models.html", {"nets": nets})


@readers_only
def model(request: HttpRequest, kind: str, suffix: str) -> HttpResponseBase:
    """The model of one kind; with ``ended`` only of cases that came to an end."""
    if kind not in net.kinds() or suffix not in takeout.MODELS:
        raise Http404
    ended = bool(request.GET.get("ended"))
    media_type, _write = takeout.MODELS[suffix]
    pieces = takeout.model(net.of_kind(kind), suffix=suffix, ended=ended)
    return _file(pieces, name=f"{kind}.{suffix}", media_type=media_type)


def _file(pieces: Iterator[bytes], *, name: str, media_type: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
    return StreamingHttpResponse(pieces, content_type=media_type, headers=headers)


@readers_only
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry whole: payload, hashes, and whether they still agree."""
    within = readable(request).entries()
    found = get_object_or_404(within, pk=entry_id)
    beside = {
        other.seq: other
        for other in Entry.objects.filter(case_id=found.case_id, seq__in=(found.seq - 1, found.seq + 1))
    }
    leaf = Leaf.objects.filter(entry_id=found.pk).first()
    covering = Checkpoint.objects.filter(size__gt=leaf.idx).order_by("size").first() if leaf else None
    before = beside.get(found.seq - 1)
    # Of a register, the entries beside it may be another area's: they hold the chain together and are not opened.
    shown = {other.seq: other for other in within.filter(pk__in=[other.pk for other in beside.values()])}
    context = {
        "entry": found,
        "before": shown.get(found.seq - 1),
        "after": shown.get(found.seq + 1),
        "facts": _facts(found),
        "hash_holds": hash_holds(found.prev_hash, found.octets, found.hash),
        "leaf": leaf,
        "checkpoint": covering,
        "link_holds": found.prev_hash == (before.hash if before else chain.GENESIS),
    }
    return render(request, "audit/entry.html", context)


@readers_only
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """The whole history of one case, newest first."""
    found = readable(request).entries().filter(case_id=case_id)
    page = paging.page_asked(found, request.GET)
    if not page.count:
        raise Http404
    last = page.rows[0] if page.rows else found.latest("seq")
    context = {"page": page, "last": last, "counted_max": paging.COUNTED_MAX}
    return render(request, "audit/case.html", context)


def _facts(entry: Entry) -> dict[str, Any]:
    """The payload for reading; an altered one is shown as far as it can be read."""
    try:
        facts = journal.facts_of(entry)
    except ValueError:
        return {"raw": entry.octets.decode("utf-8", "backslashreplace")}
    data = facts.get("data")
    return {
        "reason": facts.get("reason"),
        "files": [f for f in _listed(facts.get("files")) if isinstance(f, dict)],
        "money": [m for m in _listed(facts.get("money")) if isinstance(m, dict)],
        "data": data.items() if isinstance(data, dict) else (),
        "data_sha256": facts.get("data_sha256"),
        "raw": json.dumps(facts, ensure_ascii=False, indent=2),
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
