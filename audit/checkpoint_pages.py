"""The auditor's pages on checkpoints: the list, one to print and keep, and the proof of an entry. They only read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from audit import checkpoints, merkle, proof, qr
from audit.models import Checkpoint
from audit.paging import key
from audit.views import readable, readers_only

ROWS = 50


@readers_only
def listing(request: HttpRequest) -> HttpResponse:
    """All checkpoints, newest first, and what has come since the last."""
    found = Checkpoint.objects.order_by("-size")
    before = key(request.GET.get("before"))
    rows = list((found.filter(size__lt=before) if before else found)[: ROWS + 1])
    last, since = checkpoints.last_and_since()
    context = {
        "rows": rows[:ROWS],
        "older": rows[ROWS - 1].size if len(rows) > ROWS else None,
        "last": last,
        "since": since,
        "verifier": checkpoints.signer().verifier,
    }
    return render(request, "audit/checkpoints.html", context)


@readers_only
def one(request: HttpRequest, size: int) -> HttpResponse:
    """One checkpoint on one sheet, with a code that holds the whole of it: to print and keep elsewhere."""
    found = get_object_or_404(Checkpoint, size=size)
    context = {"checkpoint": found, "qr": qr.drawing(found.note), "verifier": checkpoints.signer().verifier}
    return render(request, "audit/checkpoint.html", context)


@readers_only
def note(request: HttpRequest, size: int) -> HttpResponse:
    """The signed note itself."""
    found = get_object_or_404(Checkpoint, size=size)
    name = f"checkpoint-{size}.txt"
    return HttpResponse(
        found.note,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@readers_only
def entry_proof(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The proof of an entry as JSON; 404 where no checkpoint covers it yet."""
    found = get_object_or_404(readable(request).entries(), pk=entry_id)
    try:
        said = proof.of_entry(found)
    except merkle.NoProof as error:
        raise Http404 from error
    return JsonResponse(
        said,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": f'attachment; filename="proof-{entry_id}.json"'},
    )
